"""Which columns of a table count: gated residual networks as functions, one for each column."""

import keras
from keras import layers, ops

FEATURES = {"age": None, "wage": None, "education": ["school", "college"], "sex": ["f", "m"]}
ENCODING = 8


def make_inputs():
    return {
        name: keras.Input(shape=(1,), name=name, dtype="float32" if words is None else "string")
        for name, words in FEATURES.items()
    }


def encode(inputs):
    encoded = []
    for name, tensor in inputs.items():
        if FEATURES[name] is not None:
            lookup = layers.StringLookup(vocabulary=FEATURES[name], output_mode="int", num_oov_indices=1)
            index = lookup(tensor)
            encoded.append(layers.Flatten()(layers.Embedding(len(FEATURES[name]) + 1, ENCODING)(index)))
        else:
            encoded.append(layers.Dense(ENCODING)(tensor))
    return encoded


def gate(x, units):
    linear, sigmoid = layers.Dense(units), layers.Dense(units, activation="sigmoid")
    return linear(x) * sigmoid(x)


def gated_residual(inputs, units, dropout_rate=0.15):
    x = layers.Dense(units, activation="elu")(inputs)
    x = layers.Dropout(dropout_rate)(layers.Dense(units)(x))
    if inputs.shape[-1] != units:
        inputs = layers.Dense(units)(inputs)
    x = inputs + gate(x, units)
    return layers.LayerNormalization()(x)


def variable_selection(inputs, units):
    v = layers.concatenate(inputs)
    v = gated_residual(v, units)
    v = ops.expand_dims(layers.Dense(units=len(inputs), activation="softmax")(v), axis=-1)
    x = [gated_residual(each, units) for each in inputs]
    x = ops.stack(x, axis=1)
    return ops.squeeze(ops.matmul(ops.transpose(v, axes=[0, 2, 1]), x), axis=1)


inputs = make_inputs()
selected = variable_selection(encode(inputs), ENCODING)
outputs = layers.Dense(units=1, activation="sigmoid")(selected)
model = keras.Model(inputs=inputs, outputs=outputs)
