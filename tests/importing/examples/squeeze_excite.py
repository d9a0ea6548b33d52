import keras
from keras import layers


def squeeze_excite_block(inputs, ratio=8):
    filters = inputs.shape[-1]
    se = layers.GlobalAveragePooling2D()(inputs)
    se = layers.Reshape((1, 1, filters))(se)
    se = layers.Dense(filters // ratio, activation="relu", kernel_initializer="he_normal", use_bias=False)(se)
    se = layers.Dense(filters, activation="sigmoid", kernel_initializer="he_normal", use_bias=False)(se)
    return inputs * se


inputs = keras.Input((32, 32, 3))
x = inputs
for width in range(16, 65, 16):
    x = layers.Conv2D(width, 3, padding="same")(x)
    x = squeeze_excite_block(x, ratio=4)
    if width % 32 == 0:
        x = layers.MaxPooling2D()(x)
x = layers.GlobalMaxPooling2D()(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x), name="se_net")
