class WarmUp(keras.optimizers.schedules.LearningRateSchedule):
    """Rise from nothing to a rate, then fall with the square root of the steps."""

    def __init__(self, rate=0.001, steps=200):
        self.rate = rate
        self.steps = steps

    def __call__(self, step):
        step = ops.cast(step, "float32") + 1.0
        rising = step / self.steps
        return self.rate * ops.minimum(rising, ops.sqrt(self.steps / step))

    def get_config(self):
        return {"rate": self.rate, "steps": self.steps}
