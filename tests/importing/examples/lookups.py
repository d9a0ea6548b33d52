import keras
from keras import layers
import tensorflow as tf

NUMERIC = ["age", "trestbps"]
CATEGORICAL_INT = {"sex": [0, 1], "cp": [0, 1, 2, 3, 4]}
CATEGORICAL_STR = {"thal": ["normal", "fixed", "reversible"]}


def encode_numerical_feature(feature, name):
    normalizer = layers.Normalization(mean=50.0, variance=9.0)
    return normalizer(feature)


def encode_categorical_feature(feature, name, vocab, is_string):
    lookup_class = layers.StringLookup if is_string else layers.IntegerLookup
    lookup = lookup_class(vocabulary=vocab, output_mode="multi_hot")
    return lookup(feature)


inputs = {}
for name in NUMERIC:
    inputs[name] = keras.Input(shape=(1,), name=name)
for name in CATEGORICAL_INT:
    inputs[name] = keras.Input(shape=(1,), name=name, dtype="int64")
for name in CATEGORICAL_STR:
    inputs[name] = keras.Input(shape=(1,), name=name, dtype="string")

encoded = [encode_numerical_feature(inputs[n], n) for n in NUMERIC]
for n, vocab in CATEGORICAL_INT.items():
    encoded.append(encode_categorical_feature(inputs[n], n, vocab, False))
for n, vocab in CATEGORICAL_STR.items():
    encoded += [encode_categorical_feature(inputs[n], n, vocab, is_string=True)]
all_features = layers.concatenate(encoded)
wide = layers.BatchNormalization()(all_features)
deep = all_features
for units in [32, 32]:
    deep = layers.Dense(units)(deep)
    deep = layers.BatchNormalization()(deep)
    deep = layers.ReLU()(deep)
    deep = layers.Dropout(0.1)(deep)
merged = layers.concatenate([wide, deep])
output = layers.Dense(1, activation="sigmoid")(merged)
model = keras.Model([*inputs.values()], output)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
