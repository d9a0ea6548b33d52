"""Rays become colours: every few layers the input comes in again."""

import keras
from keras import layers

H = W = 10
NUM_SAMPLES = 4
POS_ENCODE_DIMS = 16


def get_nerf_model(num_layers, num_pos):
    inputs = keras.Input(shape=(num_pos, 2 * 3 * POS_ENCODE_DIMS + 3))
    x = inputs
    for i in range(num_layers):
        x = layers.Dense(units=64, activation="relu")(x)
        if i % 4 == 0 and i > 0:
            # Inject residual connection.
            x = layers.concatenate([x, inputs], axis=-1)
    outputs = layers.Dense(units=4)(x)
    return keras.Model(inputs=inputs, outputs=outputs)


num_pos = H * W * NUM_SAMPLES
model = get_nerf_model(num_layers=8, num_pos=num_pos)
