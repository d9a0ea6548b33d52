def contrastive_loss(y_true, distance):
    """For pairs: 1 means alike. Draw those together, push the others one apart."""
    y_true = ops.cast(y_true, distance.dtype)
    alike = y_true * ops.square(distance)
    apart = (1.0 - y_true) * ops.square(ops.maximum(1.0 - distance, 0.0))
    return ops.mean(alike + apart, axis=-1)
