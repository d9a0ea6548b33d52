import keras
from keras import layers

projection_dim = 24


def tokenizer(x, channels=(16, projection_dim), *, kernel_size=3, stride=1):
    for c in channels:
        x = layers.ZeroPadding2D(1)(x)
        x = layers.Conv2D(c, kernel_size, stride, padding="valid", use_bias=False, activation="relu", kernel_initializer="he_normal")(x)
        x = layers.MaxPooling2D(3, 2, "same")(x)
    return x


inputs = layers.Input((32, 32, 3))
x = tokenizer(inputs)
x = keras.ops.reshape(x, (-1, keras.ops.shape(x)[1] * keras.ops.shape(x)[2], keras.ops.shape(x)[-1]))
for i in range(2):
    n = layers.LayerNormalization(epsilon=1e-5)(x)
    x = x + layers.MultiHeadAttention(2, projection_dim, dropout=0.1)(query=n, value=n)
representation = layers.LayerNormalization(epsilon=1e-5)(x)
weights = keras.ops.softmax(layers.Dense(1)(representation), axis=1)
weights = keras.ops.transpose(weights, axes=(0, 2, 1))
weighted = keras.ops.squeeze(keras.ops.matmul(weights, representation), -2)
model = keras.Model(inputs, layers.Dense(10)(weighted))
