class WeightedSum(keras.layers.Layer):
    """Add two tensors of one shape; how much of each is learned."""

    def build(self, first_shape, second_shape):
        self.share = self.add_weight(shape=(), initializer="zeros", name="share")

    def call(self, first, second):
        share = ops.sigmoid(self.share)
        return share * first + (1.0 - share) * second
