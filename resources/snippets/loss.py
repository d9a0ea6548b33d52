def squared_error(y_true, y_pred):
    """The mean of the squared errors of each row."""
    return ops.mean(ops.square(y_true - y_pred), axis=-1)
