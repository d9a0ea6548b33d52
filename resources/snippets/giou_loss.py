def giou_loss(y_true, y_pred):
    """How far two boxes (top, left, bottom, right) are from covering each other: GIoU."""

    def area(low, high):
        sides = ops.maximum(high - low, 0.0)
        return sides[..., 0] * sides[..., 1]

    y_true = ops.cast(y_true, y_pred.dtype)
    (low, high), (own_low, own_high) = ops.split(y_true, 2, -1), ops.split(y_pred, 2, -1)
    both = area(ops.maximum(low, own_low), ops.minimum(high, own_high))
    either = area(low, high) + area(own_low, own_high) - both
    around = area(ops.minimum(low, own_low), ops.maximum(high, own_high))
    return 1.0 - both / (either + 1e-7) + (around - either) / (around + 1e-7)
