def hamming_loss(y_true, y_pred):
    """The share of labels that are wrong, where a row may have several of them."""
    wrong = ops.not_equal(y_true > 0.5, y_pred > 0.5)
    return ops.mean(ops.cast(wrong, "float32"), axis=-1)
