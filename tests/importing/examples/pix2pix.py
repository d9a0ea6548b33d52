"""One picture to another: functions that give back small models, in lists, joined from the last to the first."""

import tensorflow as tf

OUTPUT_CHANNELS = 3


def downsample(filters, size, apply_batchnorm=True):
    initializer = tf.random_normal_initializer(0.0, 0.02)
    result = tf.keras.Sequential()
    result.add(
        tf.keras.layers.Conv2D(
            filters, size, strides=2, padding="same", kernel_initializer=initializer, use_bias=False
        )
    )
    if apply_batchnorm:
        result.add(tf.keras.layers.BatchNormalization())
    result.add(tf.keras.layers.LeakyReLU())
    return result


def upsample(filters, size, apply_dropout=False):
    initializer = tf.random_normal_initializer(0.0, 0.02)
    result = tf.keras.Sequential()
    result.add(
        tf.keras.layers.Conv2DTranspose(
            filters, size, strides=2, padding="same", kernel_initializer=initializer, use_bias=False
        )
    )
    result.add(tf.keras.layers.BatchNormalization())
    if apply_dropout:
        result.add(tf.keras.layers.Dropout(0.5))
    result.add(tf.keras.layers.ReLU())
    return result


def Generator():
    inputs = tf.keras.layers.Input(shape=[64, 64, 3])
    down_stack = [
        downsample(8, 4, apply_batchnorm=False),
        downsample(16, 4),
        downsample(32, 4),
        downsample(64, 4),
    ]
    up_stack = [
        upsample(32, 4, apply_dropout=True),
        upsample(16, 4, apply_dropout=True),
        upsample(8, 4),
    ]
    initializer = tf.random_normal_initializer(0.0, 0.02)
    last = tf.keras.layers.Conv2DTranspose(
        OUTPUT_CHANNELS, 4, strides=2, padding="same", kernel_initializer=initializer, activation="tanh"
    )
    x = inputs
    skips = []
    for down in down_stack:
        x = down(x)
        skips.append(x)
    skips = reversed(skips[:-1])
    for up, skip in zip(up_stack, skips):
        x = up(x)
        x = tf.keras.layers.Concatenate()([x, skip])
    x = last(x)
    return tf.keras.Model(inputs=inputs, outputs=x)


def Discriminator():
    initializer = tf.random_normal_initializer(0.0, 0.02)
    inp = tf.keras.layers.Input(shape=[64, 64, 3], name="input_image")
    tar = tf.keras.layers.Input(shape=[64, 64, 3], name="target_image")
    x = tf.keras.layers.concatenate([inp, tar])
    down1 = downsample(8, 4, False)(x)
    zero_pad1 = tf.keras.layers.ZeroPadding2D()(down1)
    conv = tf.keras.layers.Conv2D(16, 4, strides=1, kernel_initializer=initializer, use_bias=False)(zero_pad1)
    last = tf.keras.layers.Conv2D(1, 4, strides=1, kernel_initializer=initializer)(conv)
    return tf.keras.Model(inputs=[inp, tar], outputs=last)


model = generator = Generator()
discriminator = Discriminator()
