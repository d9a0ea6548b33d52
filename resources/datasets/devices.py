"""Functions of scripts that train on several devices or computers."""

import keras
import tensorflow as tf


def all_devices():
    """All graphics cards of this computer: each does its share of every batch."""
    cards = tf.config.list_logical_devices("GPU")
    devices = cards or tf.config.list_logical_devices("CPU")
    return tf.distribute.MirroredStrategy([device.name for device in devices])


def build_variables(model, data):
    """Make the variables of optimizer, loss and metrics on every device.

    Keras would do so in fit, and spend the first batch on it. Private names of Keras 3.
    """
    row = keras.tree.map_structure(lambda array: array[:1], data[0])
    model._symbolic_build(data_batch=row)
    model._maybe_symbolic_build = lambda *args, **kwargs: None


def mend_logs():
    """Let Keras take the metrics of a worker as they are.

    WORKAROUND(Keras 3, issue 20585): all workers have put theirs together already; fit
    would do so once more, and fails. Remove when it does not.
    """
    from keras.src.backend.tensorflow import trainer

    trainer._collective_all_reduce_multi_worker = lambda strategy: False


def place():
    """The number of this process, and how many processes and devices there are in all."""
    if keras.config.backend() != "jax" or keras.distribution.distribution() is None:
        return 0, 1, 1
    import jax

    return jax.process_index(), jax.process_count(), jax.device_count()
