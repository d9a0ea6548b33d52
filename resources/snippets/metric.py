def within_a_tenth(y_true, y_pred):
    """The share of predictions that are off by less than 0.1."""
    return ops.mean(ops.cast(ops.abs(y_true - y_pred) < 0.1, "float32"), axis=-1)
