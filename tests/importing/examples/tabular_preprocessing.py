import keras
from keras import layers
from keras.layers import StringLookup, IntegerLookup, CategoryEncoding, Discretization

floats = ["age", "trestbps", "chol"]
ints = {"sex": 2, "cp": 5}
all_inputs, encoded = [], []
for name in floats:
    one = keras.Input(shape=(1,), name=name)
    all_inputs.append(one)
    encoded.append(layers.Normalization(mean=[0.5], variance=[1.5])(one))
all_inputs += [keras.Input(shape=(1,), name=name, dtype="int64") for name in ints]
encoded.extend(
    CategoryEncoding(num_tokens=count, output_mode="multi_hot")(each)
    for each, count in zip(all_inputs[len(floats):], ints.values())
)
all_features = layers.Concatenate()(encoded)
x = layers.Dense(32, activation="relu")(all_features)
x = layers.Dropout(0.5)(x)
output = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(all_inputs, output)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
