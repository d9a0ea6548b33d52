class Between(keras.constraints.Constraint):
    """Keep every weight between two bounds."""

    def __init__(self, low=-1.0, high=1.0):
        self.low = low
        self.high = high

    def __call__(self, w):
        return ops.clip(w, self.low, self.high)

    def get_config(self):
        return {"low": self.low, "high": self.high}
