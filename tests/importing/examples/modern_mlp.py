"""Patches mixed with gates: layers of its own that split and multiply."""

import keras
from keras import layers

input_shape = (32, 32, 3)
patch_size = 8
num_patches = (32 // patch_size) ** 2
embedding_dim = 16
num_blocks = 2
dropout_rate = 0.2


class gMLPLayer(layers.Layer):
    def __init__(self, num_patches, embedding_dim, dropout_rate, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.channel_projection1 = keras.Sequential(
            [layers.Dense(units=embedding_dim * 2, activation="gelu"), layers.Dropout(rate=dropout_rate)]
        )
        self.channel_projection2 = layers.Dense(units=embedding_dim)
        self.spatial_projection = layers.Dense(units=num_patches, bias_initializer="Ones")
        self.normalize1 = layers.LayerNormalization(epsilon=1e-6)
        self.normalize2 = layers.LayerNormalization(epsilon=1e-6)

    def spatial_gating_unit(self, x):
        u, v = keras.ops.split(x, indices_or_sections=2, axis=2)
        v = self.normalize2(v)
        v_channels = keras.ops.transpose(v, axes=(0, 2, 1))
        v_projected = self.spatial_projection(v_channels)
        v_projected = keras.ops.transpose(v_projected, axes=(0, 2, 1))
        return u * v_projected

    def call(self, inputs):
        x = self.normalize1(inputs)
        x_projected = self.channel_projection1(x)
        x_spatial = self.spatial_gating_unit(x_projected)
        x_projected = self.channel_projection2(x_spatial)
        return inputs + x_projected


class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.position = layers.Embedding(num_patches, projection_dim)
        self.projection = layers.Dense(projection_dim)
        self.num_patches = num_patches

    def call(self, patches):
        positions = keras.ops.arange(0, self.num_patches)
        return self.projection(patches) + self.position(positions)


def build_classifier(blocks, positional_encoding=False):
    inputs = layers.Input(shape=input_shape)
    patches = keras.ops.image.extract_patches(inputs, size=(patch_size, patch_size))
    patches = layers.Reshape((num_patches, patches.shape[-1]))(patches)
    x = layers.Dense(units=embedding_dim)(patches) if not positional_encoding else PatchEncoder(num_patches, embedding_dim)(patches)
    x = blocks(x)
    representation = layers.GlobalAveragePooling1D()(x)
    representation = layers.Dropout(rate=dropout_rate)(representation)
    logits = layers.Dense(10)(representation)
    return keras.Model(inputs=inputs, outputs=logits)


gmlp_blocks = keras.Sequential([gMLPLayer(num_patches, embedding_dim, dropout_rate) for _ in range(num_blocks)])
model = build_classifier(gmlp_blocks)
