"""Functions of TensorFlow on tensors of Keras 2, as its models hold them: the config of each, and what it gives.

``python -m tests.importing.keras_2.functions`` writes them to ``functions.json`` with tf_keras 2.21, the last Keras 2,
which the program itself does not need. The tests read what stands there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_suffix(".json")

TABLE = "(None, 4, 6)"
"""The shape of ``x`` and ``y``; ``p`` is a picture and ``i`` are whole numbers from 0 to 4."""

FUNCTIONS: tuple[str, ...] = (
    "x + y", "x - 1.0", "1.0 - x", "x * y", "2.0 * x", "x / (y + 2.0)", "1.0 / (x + 2.0)", "x ** 2.0", "-x",
    "abs(-x)", "x @ tf.transpose(y, [0, 2, 1])", "x > y", "x <= 0.5", "tf.equal(i, 2)", "tf.not_equal(i, 2)",
    "x % 0.3", "i // 2", "i % 2", "x[:, 0]", "x[:, 1:, ::2]", "x[..., -1]", "x[:, tf.newaxis]", "tf.add(x, y)",
    "tf.math.maximum(x, y)", "tf.minimum(x, 0.5)", "tf.math.pow(x, y)", "tf.math.squared_difference(x, y)",
    "tf.math.floordiv(i, 2)", "tf.math.divide_no_nan(x, y)", "tf.logical_and(x > 0.3, y > 0.3)",
    "tf.logical_or(x > 0.7, y > 0.7)", "tf.logical_not(x > y)", "tf.exp(x)", "tf.math.log(x + 1.0)",
    "tf.math.log1p(x)", "tf.math.expm1(x)", "tf.sqrt(x)", "tf.square(x)", "tf.math.rsqrt(x + 1.0)",
    "tf.math.reciprocal(x + 1.0)", "tf.sin(x)", "tf.cos(x)", "tf.math.tan(x)", "tf.math.asin(x)", "tf.math.acos(x)",
    "tf.math.atan(x)", "tf.math.sinh(x)", "tf.math.cosh(x)", "tf.tanh(x)", "tf.floor(x * 9.0)",
    "tf.math.ceil(x * 9.0)", "tf.round(x * 9.0)", "tf.sign(x - 0.5)", "tf.math.erf(x)", "tf.sigmoid(x)",
    "tf.math.log_sigmoid(x)", "tf.math.softplus(x)", "tf.nn.softsign(x)", "tf.nn.relu(x - 0.5)",
    "tf.nn.relu6(x * 9.0)", "tf.nn.elu(x - 0.5)", "tf.nn.selu(x - 0.5)", "tf.nn.silu(x)", "tf.nn.gelu(x)",
    "tf.nn.gelu(x, approximate=True)", "tf.nn.leaky_relu(x - 0.5)", "tf.nn.leaky_relu(x - 0.5, alpha=0.1)",
    "tf.nn.softmax(x)", "tf.nn.softmax(x, axis=1)", "tf.nn.log_softmax(x)", "tf.nn.l2_normalize(x, axis=-1)",
    "tf.math.l2_normalize(x - 0.5, axis=1, epsilon=1e-6)", "tf.reduce_mean(x, axis=1)",
    "tf.reduce_sum(x, axis=[1, 2])", "tf.reduce_max(x, axis=-1, keepdims=True)", "tf.reduce_min(x, axis=1)",
    "tf.reduce_prod(x, axis=1)", "tf.math.reduce_std(x, axis=1)", "tf.math.reduce_variance(x, axis=-1)",
    "tf.reduce_any(x > 0.9, axis=1)", "tf.reduce_all(x > 0.1, axis=1)", "tf.math.reduce_logsumexp(x, axis=1)",
    "tf.norm(x, axis=-1)", "tf.cumsum(x, axis=1)", "tf.math.cumprod(x, axis=1)", "tf.reduce_sum([x, y], axis=0)",
    "tf.reduce_mean([x, y], axis=[0, 2])", "tf.math.add_n([x, y, x])", "tf.transpose([x, y], [1, 0, 2, 3])",
    "tf.argmin(x, axis=-1)", "tf.argmax(x, axis=-1)", "tf.math.top_k(x, 2)[0]", "tf.sort(x, axis=-1)",
    "tf.concat([x, y], axis=-1)", "tf.stack([x, y], axis=1)", "tf.split(x, 2, axis=-1)[1]",
    "tf.split(x, [1, 2, 3], axis=2)[2]", "tf.split(x, [1, 2, -1], axis=2)[2]", "tf.unstack(x, axis=1)[2]",
    "tf.unstack(x, num=4, axis=1)[3]", "tf.reshape(x, [-1, 24])", "tf.transpose(x, [0, 2, 1])",
    "tf.compat.v1.transpose(x, perm=[0, 2, 1])", "tf.expand_dims(x, -1)", "tf.squeeze(x[:, :, :1], axis=-1)",
    "tf.tile(x, [1, 2, 1])", "tf.repeat(x, 2, axis=1)", "tf.reverse(x, axis=[1])", "tf.roll(x, shift=1, axis=1)",
    "tf.pad(x, [[0, 0], [1, 2], [0, 0]])", "tf.pad(x, [[0, 0], [1, 1], [0, 0]], mode='REFLECT')",
    "tf.pad(x, [[0, 0], [0, 0], [0, 1]], constant_values=3.0)", "tf.cast(x * 5.0, 'int32')", "tf.cast(i, tf.float32)",
    "tf.identity(x)", "tf.stop_gradient(x)", "tf.zeros_like(x)", "tf.ones_like(x)", "tf.clip_by_value(x, 0.2, 0.8)",
    "tf.where(x > 0.5, x, y)", "tf.one_hot(i, 5)", "tf.one_hot(i, depth=5, axis=-1)", "tf.gather(x, [0, 2], axis=1)",
    "tf.linalg.matmul(x, y, transpose_b=True)", "tf.einsum('bij,bkj->bik', x, y)",
    "tf.linalg.diag_part(tf.matmul(x, y, transpose_b=True))", "tf.image.resize(p, [4, 6])",
    "tf.image.resize(p, (16, 16), method='nearest')", "tf.image.flip_left_right(p)", "tf.image.rgb_to_grayscale(p)",
    "tf.nn.avg_pool2d(p, 2, 2, 'VALID')", "tf.nn.max_pool2d(p, 2, 2, 'SAME')",
    "tf.nn.depth_to_space(p[..., :1] * [1.0, 2.0, 3.0, 4.0], 2)", "tf.nn.bias_add(x, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])",
    "K.mean(x, axis=1)", "K.sum(x, axis=-1, keepdims=True)", "K.max(x, axis=1)", "K.sqrt(x)", "K.square(x)",
    "K.abs(-x)", "K.exp(x)", "K.log(x + 1.0)", "K.pow(x, 2)", "K.clip(x, 0.2, 0.8)", "K.concatenate([x, y], axis=-1)",
    "K.expand_dims(x, axis=1)", "K.squeeze(K.expand_dims(x, 1), 1)", "K.permute_dimensions(x, (0, 2, 1))",
    "K.repeat_elements(x, 2, axis=1)", "K.l2_normalize(x, axis=-1)", "K.softmax(x)", "K.relu(x - 0.5)",
    "K.sigmoid(x)", "K.tanh(x)", "K.batch_dot(x, y, axes=2)", "K.dot(x, tf.ones((6, 2)))", "K.stack([x, y], axis=1)",
    "K.reshape(x, (-1, 24))", "K.cast(x, 'float16')", "K.maximum(x, y)", "K.argmax(x, axis=-1)", "K.std(x, axis=1)",
    "K.var(x, axis=1)", "K.reverse(x, 1)", "K.flatten(x)", "K.batch_flatten(x)", "K.hard_sigmoid(x * 5.0)",
    "K.one_hot(i, 5)", "K.resize_images(p, 2, 2, 'channels_last')", "K.spatial_2d_padding(p)",
    "K.temporal_padding(x)", "K.cumsum(x, axis=1)", "K.prod(x, axis=1)", "K.any(x > 0.9, axis=1)",
    "K.all(x > 0.1, axis=1)", "K.round(x * 9.0)", "K.sign(x - 0.5)", "K.switch(x > 0.5, x, y)",
    "tf.reshape(x, [tf.shape(x)[0], -1])", "tf.reshape(x, [tf.shape(x)[0], tf.shape(x)[1] * 2, 3])",
    "tf.reshape(x, tf.stack([tf.shape(x)[0], 24]))", "tf.reshape(x, tf.concat([tf.shape(x)[:1], [24]], axis=0))",
    "tf.reshape(p, (-1, tf.shape(p)[1] * tf.shape(p)[2], 3))", "tf.image.resize(p, tf.shape(p)[1:3] * 2)",
    "tf.tile(x, [1, tf.shape(x)[1], 1])", "x / tf.cast(tf.shape(x)[1], 'float32')",
    "tf.cast(tf.shape(x)[2] - 1, 'float32') * x", "x + tf.cast(tf.range(tf.shape(x)[2]), 'float32')",
    "tf.reshape(tf.reshape(x, [-1, 6]) + 1.0, [tf.shape(x)[0], tf.shape(x)[1] // 2, 12])",
    "tf.unstack(x + y, axis=1)[1]", "x * tf.cast(tf.shape(x)[0], 'float32')",
    "tf.zeros((tf.shape(x)[0], 2)) + x[:, 0, :2]",
    "K.bias_add(x, tf.ones((6,)))", "K.elu(x - 0.5)", "K.softplus(x)", "K.softsign(x)",
)  # fmt: skip
"""What each model does with its inputs, as one expression. ``K`` is ``tf_keras.backend``."""


def rows() -> dict[str, Any]:
    """What goes in."""
    import numpy as np

    random = np.random.default_rng(0)
    return {
        "x": random.random((2, 4, 6)).round(3).astype("float32"),
        "y": random.random((2, 4, 6)).round(3).astype("float32"),
        "p": random.random((2, 8, 8, 3)).round(3).astype("float32"),
        "i": random.integers(0, 5, (2, 4)).astype("int32"),
    }


def main() -> None:
    """Write what Keras 2 says and gives."""
    import numpy as np
    import tensorflow as tf
    import tf_keras

    begin: Mapping[str, Callable[[], Any]] = {
        "x": lambda: tf_keras.Input((4, 6), name="x"),
        "y": lambda: tf_keras.Input((4, 6), name="y"),
        "p": lambda: tf_keras.Input((8, 8, 3), name="p"),
        "i": lambda: tf_keras.Input((4,), dtype="int32", name="i"),
    }
    given, lines = rows(), []
    for text in FUNCTIONS:
        tf_keras.backend.clear_session()
        used = {name: make() for name, make in begin.items() if name in compile(text, "", "eval").co_names}
        try:
            result = eval(text, {"tf": tf, "K": tf_keras.backend, **used})
            model = tf_keras.Model(list(used.values()), result)
            found = model([given[name] for name in used]) if len(used) > 1 else model(given[next(iter(used))])
        except Exception as error:
            print(f"{text}: {type(error).__name__}: {error}")
            continue
        values = np.asarray(found)
        told = {
            "dtype": str(values.dtype),
            "shape": values.shape,
            "values": values.astype("float64").round(5).ravel().tolist(),
        }
        lines.append(f"{json.dumps(text)}: {json.dumps({'model': json.loads(model.to_json()), 'gives': told})}")
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
