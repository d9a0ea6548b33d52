import keras
from keras import layers

NUMERIC = ["age", "hours", "gain"]
CATEGORICAL = {"work": 9, "education": 16, "colour": 3}


def create_model_inputs():
    inputs = {}
    for feature_name in NUMERIC:
        inputs[feature_name] = layers.Input(name=feature_name, shape=(), dtype="float32")
    for feature_name in CATEGORICAL:
        inputs[feature_name] = layers.Input(name=feature_name, shape=(), dtype="int32")
    return inputs


def encode_inputs(inputs, use_embedding=False):
    encoded_features = []
    for feature_name in inputs:
        if feature_name in CATEGORICAL:
            if use_embedding:
                embedding = layers.Embedding(input_dim=CATEGORICAL[feature_name], output_dim=int(CATEGORICAL[feature_name] ** 0.5))
                encoded_feature = embedding(inputs[feature_name])
            else:
                encoded_feature = layers.CategoryEncoding(CATEGORICAL[feature_name], output_mode="one_hot")(layers.Reshape((1,))(inputs[feature_name]))
        else:
            encoded_feature = keras.ops.expand_dims(inputs[feature_name], -1)
        encoded_features.append(encoded_feature)
    return layers.concatenate(encoded_features)


def create_wide_and_deep_model(hidden_units=[32, 32], dropout_rate=0.1):
    inputs = create_model_inputs()
    wide = encode_inputs(inputs)
    wide = layers.BatchNormalization()(wide)

    deep = encode_inputs(inputs, use_embedding=True)
    for units in hidden_units:
        deep = layers.Dense(units)(deep)
        deep = layers.BatchNormalization()(deep)
        deep = layers.ReLU()(deep)
        deep = layers.Dropout(dropout_rate)(deep)

    merged = layers.concatenate([wide, deep])
    outputs = layers.Dense(units=2, activation="softmax")(merged)
    model = keras.Model(inputs=inputs, outputs=outputs)
    return model


model = create_wide_and_deep_model()
