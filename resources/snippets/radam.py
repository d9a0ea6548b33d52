class RectifiedAdam(keras.optimizers.Optimizer):
    """Adam that holds back while it knows little of the gradients (Liu et al. 2020).

    Without the weight decay and the warm-up of the old one in TensorFlow Addons.
    """

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        name="rectified_adam",
        **kwargs,
    ):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means, self.squares = self.add_optimizer_variables(
            variables, ["mean", "square"]
        )

    def update_step(self, gradient, variable, learning_rate):
        kind = variable.dtype
        rate, gradient = ops.cast(learning_rate, kind), ops.cast(gradient, kind)
        step = ops.cast(self.iterations + 1, kind)
        mean = self.means[self._get_variable_index(variable)]
        square = self.squares[self._get_variable_index(variable)]
        self.assign_add(mean, (1 - self.beta_1) * (gradient - mean))
        self.assign_add(square, (1 - self.beta_2) * (ops.square(gradient) - square))
        power = ops.power(ops.cast(self.beta_2, kind), step)
        longest = 2 / (1 - self.beta_2) - 1
        length = longest - 2 * step * power / (1 - power)
        many = ops.maximum(length, 5.0)
        trust = ops.sqrt(
            (many - 4) * (many - 2) * longest / ((longest - 4) * (longest - 2) * many)
        )
        unbiased = mean / (1 - ops.power(ops.cast(self.beta_1, kind), step))
        spread = ops.sqrt(square / (1 - power)) + self.epsilon
        change = ops.where(length > 5.0, trust * unbiased / spread, unbiased)
        self.assign_sub(variable, rate * change)

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
