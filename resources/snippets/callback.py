class TellWeights(keras.callbacks.Callback):
    """Print how large the weights of the first layer are, after each epoch."""

    def on_epoch_end(self, epoch, logs=None):
        weights = self.model.get_weights()
        if weights:
            print(f"epoch {epoch + 1}: {np.abs(weights[0]).mean():.4f}")
