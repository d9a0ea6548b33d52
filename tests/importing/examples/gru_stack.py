from keras import Sequential
from keras.layers import *

model = Sequential(name="forecast")
model.add(Input(shape=(24, 5)))
for units in [32, 32, 16]:
    model.add(GRU(units, return_sequences=units != 16, dropout=0.1 if units > 16 else 0.0))
    if units == 32:
        model.add(LayerNormalization())
model.add(Dense(1))
model.compile(optimizer="rmsprop", loss="mse", metrics=["mae"])
