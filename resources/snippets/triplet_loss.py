def triplet_semi_hard(y_true, y_pred):
    """Let rows of one class lie nearer to each other than to others, by a margin of 1.

    Of each pair of a class, the nearest row of another class beyond it is taken; where
    there is none, the farthest. The model gives a row of numbers, the targets are classes.
    """
    labels = ops.reshape(y_true, (-1,))
    points = y_pred / (ops.norm(y_pred, axis=-1, keepdims=True) + 1e-7)
    distances = 2.0 - 2.0 * ops.matmul(points, ops.transpose(points))
    is_same = ops.equal(labels[:, None], labels[None, :])
    near, far = distances[:, :, None], distances[:, None, :]
    is_other = ops.logical_not(is_same)[:, None, :]
    is_beyond = ops.logical_and(is_other, far > near)
    beyond = ops.min(ops.where(is_beyond, far, 9.0), axis=-1)
    farthest = ops.max(ops.where(is_other, far, 0.0), axis=-1)
    other = ops.where(ops.any(is_beyond, axis=-1), beyond, farthest)
    pairs = ops.cast(is_same, distances.dtype)
    pairs -= ops.diag(ops.diagonal(pairs))
    misses = ops.relu(distances - other + 1.0) * pairs
    return ops.sum(misses) / (ops.sum(pairs) + 1e-7)
