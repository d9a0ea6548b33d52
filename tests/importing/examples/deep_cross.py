import keras
from keras import layers

features = [keras.Input((1,), name=f"f{i}") for i in range(6)]
x0 = cross = layers.concatenate(features)
for _ in range(3):
    units = cross.shape[-1]
    x = layers.Dense(units)(cross)
    cross = x0 * x + cross
cross = layers.BatchNormalization()(cross)
deep = x0
for units in [32, 16]:
    deep = layers.Dropout(0.1)(layers.ReLU()(layers.BatchNormalization()(layers.Dense(units)(deep))))
merged = layers.concatenate([cross, deep])
model = keras.Model(inputs=features, outputs=layers.Dense(7, activation="softmax")(merged))
