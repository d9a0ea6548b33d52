class MatthewsCorrelation(keras.metrics.Metric):
    """Correlation of class numbers with one probability per class, from -1 to 1."""

    def __init__(self, classes=3, name="matthews_correlation", **kwargs):
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
        total, agreed = ops.sum(self.counts), ops.trace(self.counts)
        rows, columns = ops.sum(self.counts, axis=1), ops.sum(self.counts, axis=0)
        above = agreed * total - ops.sum(rows * columns)
        spread = ops.square(total) - ops.sum(ops.square(rows))
        spread *= ops.square(total) - ops.sum(ops.square(columns))
        return above / (ops.sqrt(spread) + 1e-7)
