class ShiftAndScale(keras.layers.Layer):
    """Shift and scale each feature by weights that are learned."""

    def build(self, input_shape):
        self.shift = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", name="shift"
        )
        self.scale = self.add_weight(
            shape=(input_shape[-1],), initializer="ones", name="scale"
        )

    def call(self, inputs):
        return inputs * self.scale + self.shift
