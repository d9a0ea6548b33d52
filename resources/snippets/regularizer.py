class Smooth(keras.regularizers.Regularizer):
    """Weights that stand side by side shall not differ much."""

    def __init__(self, strength=0.01):
        self.strength = strength

    def __call__(self, x):
        return self.strength * ops.sum(ops.square(x[1:] - x[:-1]))

    def get_config(self):
        return {"strength": self.strength}
