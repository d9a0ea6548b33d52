import keras
from keras import layers
NUMERIC = ["age", "trestbps", "chol"]
CATEGORICAL = {"sex": [0, 1], "cp": [0, 1, 2, 3], "thal": ["fixed", "normal", "reversible"]}

def create_model_inputs():
    inputs = {}
    for feature_name in NUMERIC:
        inputs[feature_name] = layers.Input(name=feature_name, shape=(1,), dtype="float32")
    for feature_name in CATEGORICAL:
        kind = "string" if isinstance(CATEGORICAL[feature_name][0], str) else "int64"
        inputs[feature_name] = layers.Input(name=feature_name, shape=(1,), dtype=kind)
    return inputs

def encode_inputs(inputs, use_embedding=False):
    encoded = []
    for name in inputs:
        if name in CATEGORICAL.keys():
            vocabulary = CATEGORICAL[name]
            lookup_class = layers.StringLookup if isinstance(vocabulary[0], str) else layers.IntegerLookup
            lookup = lookup_class(vocabulary=vocabulary, output_mode="int" if use_embedding else "one_hot", name=f"{name}_lookup")
            value = lookup(inputs[name])
            if use_embedding:
                value = layers.Embedding(len(vocabulary) + 1, 4)(value)
            encoded.append(value)
        else:
            encoded.append(layers.Normalization(axis=None, mean=0.5, variance=1.0)(inputs[name]))
    return layers.concatenate(encoded)

class GLU(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.linear = layers.Dense(units)
        self.sigmoid = layers.Dense(units, activation="sigmoid")
    def call(self, inputs):
        return self.linear(inputs) * self.sigmoid(inputs)

inputs = create_model_inputs()
features = encode_inputs(inputs)
x = GLU(16)(features)
for units in [32, 16]:
    x = layers.Dense(units)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = GLU(units)(x)
outputs = layers.Dense(units=1, activation="sigmoid")(x)
model = keras.Model(inputs=inputs, outputs=outputs)
