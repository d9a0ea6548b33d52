from tensorflow import keras
from tensorflow.keras import layers


def double_conv_block(x, n_filters):
    x = layers.Conv2D(n_filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    x = layers.Conv2D(n_filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
    return x


def downsample_block(x, n_filters):
    f = double_conv_block(x, n_filters)
    p = layers.MaxPool2D(2)(f)
    p = layers.Dropout(0.3)(p)
    return f, p


def upsample_block(x, conv_features, n_filters):
    x = layers.Conv2DTranspose(n_filters, 3, 2, padding="same")(x)
    x = layers.concatenate([x, conv_features])
    x = layers.Dropout(0.3)(x)
    x = double_conv_block(x, n_filters)
    return x


def build_unet_model():
    inputs = layers.Input(shape=(32, 32, 3))
    skips = []
    p = inputs
    for n in (4, 8, 16, 32):
        f, p = downsample_block(p, n)
        skips.append(f)
    u = double_conv_block(p, 64)
    for n, skip in zip((32, 16, 8, 4), reversed(skips)):
        u = upsample_block(u, skip, n)
    outputs = layers.Conv2D(3, 1, padding="same", activation="softmax")(u)
    return keras.Model(inputs, outputs, name="U-Net")


model = build_unet_model()
