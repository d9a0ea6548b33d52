import keras
from keras import layers

num_patches, embedding_dim, num_blocks, dropout_rate = 16, 32, 2, 0.2


def mixer_block(x, hidden_units):
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = keras.ops.transpose(y, axes=(0, 2, 1))
    y = layers.Dense(num_patches)(keras.activations.gelu(layers.Dense(hidden_units)(y)))
    y = layers.Dropout(dropout_rate)(y)
    x = layers.Add()([x, keras.ops.transpose(y, axes=[0, 2, 1])])
    y = layers.LayerNormalization(epsilon=1e-6)(x)
    y = layers.Dense(units=hidden_units, activation="gelu")(y)
    y = layers.Dense(units=embedding_dim)(y)
    return x + y


inputs = layers.Input(shape=(32, 32, 3))
patches = layers.Conv2D(embedding_dim, 8, strides=8)(inputs)
x = layers.Reshape((num_patches, embedding_dim))(patches)
for _ in range(num_blocks):
    x = mixer_block(x, 48)
representation = layers.GlobalAveragePooling1D()(x)
representation = layers.Dropout(rate=dropout_rate)(representation)
logits = layers.Dense(10)(representation)
model = keras.Model(inputs=inputs, outputs=logits)
