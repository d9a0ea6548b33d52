class AlmostIdentity(keras.initializers.Initializer):
    """Ones on the diagonal and a little noise, so that a layer begins as a copy."""

    def __init__(self, noise=0.01):
        self.noise = noise

    def __call__(self, shape, dtype=None):
        rows, columns = shape[-2], shape[-1]
        kernel = ops.broadcast_to(ops.eye(rows, columns, dtype=dtype), shape)
        return kernel + keras.random.normal(shape, stddev=self.noise, dtype=dtype)

    def get_config(self):
        return {"noise": self.noise}
