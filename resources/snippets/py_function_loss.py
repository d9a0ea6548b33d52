def row_weights(y_true):
    """Plain NumPy: runs outside the graph, so no gradient goes through it."""
    return np.where(np.abs(y_true.numpy()) > 0.5, 2.0, 1.0).astype("float32")


def weighted_error(y_true, y_pred):
    """The squared error, where large targets count twice.

    Three things make tf.py_function work: set_shape on what it gives, all that has
    a gradient in TensorFlow's own operations, and no jit_compile=True.
    """
    y_true = tf.cast(y_true, y_pred.dtype)
    weights = tf.py_function(row_weights, [y_true], tf.float32)
    weights.set_shape(y_true.shape)
    return tf.reduce_mean(weights * tf.square(y_true - y_pred), axis=-1)
