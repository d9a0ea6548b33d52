"""Columns of a table that attend to each other; normalization comes as a function with its arguments."""

from functools import partial

import keras
from keras import layers, ops

NUMBERS = ["age", "hours"]
WORDS = {"work": ["private", "state", "own"], "school": ["a", "b", "c", "d"]}
WIDTH = 8
FACTORS = [2, 1]


def make_inputs():
    inputs = {}
    for name in NUMBERS + list(WORDS.keys()):
        if name in NUMBERS:
            inputs[name] = layers.Input(name=name, shape=(), dtype="float32")
        else:
            inputs[name] = layers.Input(name=name, shape=(), dtype="int32")
    return inputs


def encoded(inputs):
    words, numbers = [], []
    for name in inputs:
        if name in WORDS:
            embed = layers.Embedding(input_dim=len(WORDS[name]), output_dim=WIDTH)
            words.append(embed(inputs[name]))
        else:
            numbers.append(ops.expand_dims(inputs[name], -1))
    return words, numbers


def make_mlp(units, rate, activation, normalization, name=None):
    stack = []
    for each in units:
        stack.append(normalization())
        stack.append(layers.Dense(each, activation=activation))
        stack.append(layers.Dropout(rate))
    return keras.Sequential(stack, name=name)


def make_model(blocks, heads):
    inputs = make_inputs()
    words, numbers = encoded(inputs)
    x = ops.stack(words, axis=1)
    numbers = layers.concatenate(numbers)
    for number in range(blocks):
        attended = layers.MultiHeadAttention(heads, WIDTH, dropout=0.1, name=f"attention_{number}")(x, x)
        x1 = layers.Add(name=f"skip1_{number}")([attended, x])
        x1 = layers.LayerNormalization(name=f"norm1_{number}", epsilon=1e-6)(x1)
        forward = make_mlp(
            units=[WIDTH],
            rate=0.1,
            activation=keras.activations.gelu,
            normalization=partial(layers.LayerNormalization, epsilon=1e-6),
            name=f"forward_{number}",
        )(x1)
        x = layers.Add(name=f"skip2_{number}")([forward, x1])
    features = layers.concatenate([layers.Flatten()(x), layers.LayerNormalization(epsilon=1e-6)(numbers)])
    units = [factor * features.shape[-1] for factor in FACTORS]
    features = make_mlp(units, 0.2, keras.activations.selu, layers.BatchNormalization, name="mlp")(features)
    return keras.Model(inputs=inputs, outputs=layers.Dense(1, activation="sigmoid", name="score")(features))


model = make_model(blocks=2, heads=2)
