class CohenKappa(keras.metrics.Metric):
    """Agreement beyond chance, for class numbers and one probability per class."""

    def __init__(self, classes=3, name="cohen_kappa", **kwargs):
        super().__init__(name=name, **kwargs)
        self.classes = classes
        self.counts = self.add_weight(
            shape=(classes, classes), initializer="zeros", name="counts"
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        rows = ops.one_hot(ops.cast(ops.reshape(y_true, (-1,)), "int32"), self.classes)
        columns = ops.one_hot(ops.argmax(y_pred, axis=-1), self.classes)
        self.counts.assign_add(ops.matmul(ops.transpose(rows), columns))

    def result(self):
        total = ops.sum(self.counts)
        agreed = ops.trace(self.counts) / (total + 1e-7)
        rows, columns = ops.sum(self.counts, axis=1), ops.sum(self.counts, axis=0)
        chance = ops.sum(rows * columns) / (ops.square(total) + 1e-7)
        return (agreed - chance) / (1.0 - chance + 1e-7)
