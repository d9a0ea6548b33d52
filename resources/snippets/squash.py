@keras.saving.register_keras_serializable(package="own")
class Squash(keras.layers.Layer):
    """Squeeze vectors so that none is longer than one."""

    def __init__(self, axis=-1, strength=1.0, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
        self.strength = strength

    def call(self, inputs):
        square = ops.sum(ops.square(inputs), axis=self.axis, keepdims=True)
        length = ops.sqrt(square + 1e-7)
        return inputs / length * square / (self.strength + square)

    def get_config(self):
        return {
            **super().get_config(),
            "axis": self.axis,
            "strength": self.strength,
        }
