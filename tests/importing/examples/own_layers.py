"""A Vision Transformer with layers of its own."""
import tensorflow as tf
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers
from tensorflow.keras import backend as K

image_size = 32
patch_size = 8
num_patches = (image_size // patch_size) ** 2
BATCH_SIZE = 32
SCALE = np.array([1.0, 2.0, 3.0])
bce = keras.losses.BinaryCrossentropy(from_logits=False)


def split(images):
    return tf.reshape(images, [-1, num_patches, patch_size * patch_size * 3])


class Patches(layers.Layer):
    def __init__(self, patch_size):
        super(Patches, self).__init__()
        self.patch_size = patch_size

    def call(self, images):
        return split(images * 1.0)


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim=32):
        super().__init__()
        self.projection = layers.Dense(units=projection_dim)
        self.position_embedding = layers.Embedding(input_dim=num_patches, output_dim=projection_dim)

    def call(self, patch):
        positions = tf.range(start=0, limit=num_patches, delta=1)
        return self.projection(patch) + self.position_embedding(positions)


class Attention(layers.Layer):
    """Own attention."""

    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs[0] + inputs[1])


class Scaled(Attention):
    def call(self, inputs):
        return K.sum(self.dense(inputs), axis=1) * 1.0, inputs


def mish(x):
    return x * tf.math.tanh(tf.math.softplus(x))


def make_loss(alpha):
    def weighted(y_true, y_pred):
        "Weighted loss."
        return alpha * bce(y_true, y_pred) + BATCH_SIZE * 0.0
    return weighted


def dice(y_true, y_pred):
    return K.mean(y_true * y_pred)


class Tell(keras.callbacks.Callback):
    def __init__(self, every=2):
        super().__init__()
        self.every = every
    def on_epoch_end(self, epoch, logs=None):
        print(epoch, logs)


class MyAcc(keras.metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(y_true - y_pred)

inputs = keras.Input((image_size, image_size, 3))
patches = Patches(patch_size)(inputs)
x = PatchEncoder(num_patches, projection_dim=16)(patches)
y = PatchEncoder(num_patches, 16)(patches)
x = Attention(16)([x, y])
x = layers.Dense(16, activation=mish)(x)
x = layers.Lambda(lambda t: t * 2.0 + SCALE[0], name="twice")(x)
z, w = Scaled(4, name="scaled")(x)
x = layers.Lambda(K.abs)(z)
outputs = layers.Dense(1, activation="sigmoid", kernel_regularizer=lambda w: 0.0 * K.sum(w))(x)
model = keras.Model(inputs, outputs)
model.compile("adam", loss=make_loss(0.3), metrics=[dice, MyAcc(name="mine"), "mae"])
model.fit(x=keras.random.uniform((2, 32, 32, 3)), y=np.zeros((2, 1)), epochs=3, callbacks=[Tell(3)], verbose=0)
