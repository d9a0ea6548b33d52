@keras.saving.register_keras_serializable(package="own")
class FocalLoss(keras.losses.Loss):
    """Binary cross-entropy that counts what is already right less."""

    def __init__(self, alpha=0.25, gamma=2.0, name="focal_loss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.alpha = alpha
        self.gamma = gamma

    def call(self, y_true, y_pred):
        y_true = ops.cast(y_true, y_pred.dtype)
        y_pred = ops.clip(y_pred, 1e-7, 1.0 - 1e-7)
        right = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
        weight = y_true * self.alpha + (1.0 - y_true) * (1.0 - self.alpha)
        loss = -weight * (1.0 - right) ** self.gamma * ops.log(right)
        return ops.mean(loss, axis=-1)

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha, "gamma": self.gamma}
