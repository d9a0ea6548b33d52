from tensorflow import keras
from tensorflow.keras import layers, models

def stream(shape, name):
    inp = keras.Input(shape=shape, name=f"{name}_input")
    x = inp
    for i, f in enumerate([16, 32, 64], start=1):
        x = layers.TimeDistributed(layers.Conv2D(f, 3, padding="same", activation="relu"), name=f"{name}_conv{i}")(x)
        x = layers.TimeDistributed(layers.MaxPooling2D(), name=f"{name}_pool{i}")(x)
    x = layers.TimeDistributed(layers.Flatten())(x)
    x = layers.LSTM(32, name=f"{name}_lstm")(x)
    return models.Model(inp, x, name=name)

rgb = stream((8, 32, 32, 3), "rgb")
flow = stream((8, 32, 32, 2), "flow")
merged = layers.concatenate([rgb.output, flow.output])
merged = layers.Dropout(0.5)(merged)
out = layers.Dense(10, activation="softmax", name="action")(merged)
model = models.Model(inputs=[rgb.input, flow.input], outputs=out)
model.compile(optimizer="adam", loss={"action": "categorical_crossentropy"}, metrics={"action": ["accuracy"]})
