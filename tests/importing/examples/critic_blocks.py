"""A critic of pictures: blocks that are given their activation as a layer, and a norm for each picture alone."""

import keras
from keras import layers

start = keras.initializers.RandomNormal(mean=0.0, stddev=0.02)


def block(
    x,
    filters,
    activation,
    kernel_size=(3, 3),
    strides=(1, 1),
    use_norm=False,
    use_dropout=False,
    drop=0.5,
):
    x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", kernel_initializer=start)(x)
    if use_norm:
        x = layers.GroupNormalization(groups=-1, gamma_initializer=start)(x)
    if activation:
        x = activation(x)
    if use_dropout:
        x = layers.Dropout(drop)(x)
    return x


def get_critic(filters=4, name=None):
    pictures = layers.Input(shape=(28, 28, 1), name=name + "_pictures")
    x = layers.ZeroPadding2D((2, 2))(pictures)
    x = block(x, filters, activation=layers.LeakyReLU(0.2), kernel_size=(5, 5), strides=(2, 2))
    for number in range(3):
        filters *= 2
        x = block(
            x,
            filters,
            activation=layers.LeakyReLU(0.2),
            strides=(2, 2) if number < 2 else (1, 1),
            use_norm=True,
            use_dropout=number == 1,
            drop=0.3,
        )
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    return keras.models.Model(pictures, layers.Dense(1)(x), name=name)


model = get_critic(name="critic")
