"""A U-Net whose blocks are functions that give functions; a Lambda tells the shape that comes out of it."""

import keras
from keras import layers, ops

WIDTHS = [4, 8, 12]
DEPTH = 2
SIZE = 16


@keras.saving.register_keras_serializable()
def waves(x):
    steps = ops.exp(ops.linspace(ops.log(1.0), ops.log(100.0), 4))
    angles = ops.cast(6.28 * steps, "float32") * x
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=3)


def residual(width):
    def apply(x):
        if x.shape[3] == width:
            shortcut = x
        else:
            shortcut = layers.Conv2D(width, kernel_size=1)(x)
        x = layers.BatchNormalization(center=False, scale=False)(x)
        x = layers.Conv2D(width, kernel_size=3, padding="same", activation="swish")(x)
        x = layers.Conv2D(width, kernel_size=3, padding="same")(x)
        return layers.Add()([x, shortcut])

    return apply


def down(width):
    def apply(x):
        x, skips = x
        for _ in range(DEPTH):
            x = residual(width)(x)
            skips.append(x)
        return layers.AveragePooling2D(pool_size=2)(x)

    return apply


def up(width):
    def apply(x):
        x, skips = x
        x = layers.UpSampling2D(size=2, interpolation="bilinear")(x)
        for _ in range(DEPTH):
            x = layers.Concatenate()([x, skips.pop()])
            x = residual(width)(x)
        return x

    return apply


def network():
    pictures = keras.Input(shape=(SIZE, SIZE, 3), name="pictures")
    noise = keras.Input(shape=(1, 1, 1), name="noise")
    e = layers.Lambda(waves, output_shape=(1, 1, 8))(noise)
    e = layers.UpSampling2D(size=SIZE, interpolation="nearest")(e)
    x = layers.Concatenate()([layers.Conv2D(WIDTHS[0], kernel_size=1)(pictures), e])
    skips = []
    for width in WIDTHS[:-1]:
        x = down(width)([x, skips])
    for _ in range(DEPTH):
        x = residual(WIDTHS[-1])(x)
    for width in reversed(WIDTHS[:-1]):
        x = up(width)([x, skips])
    x = layers.Conv2D(3, kernel_size=1, kernel_initializer="zeros")(x)
    return keras.Model([pictures, noise], x, name="denoiser")


model = network()
