import keras
from keras import layers


def get_model():
    inputs = keras.Input(shape=(128,))
    outputs = layers.Dense(1)(inputs)
    return keras.Model(inputs, outputs)


model1, model2, model3 = [get_model() for _ in range(3)]
inputs = keras.Input(shape=(128,))
y1, y2, y3 = (m(inputs) for m in (model1, model2, model3))
outputs = layers.average([y1, y2, y3])
model = ensemble_model = keras.Model(inputs=inputs, outputs=outputs)
