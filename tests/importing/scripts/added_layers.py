from keras.models import Sequential
from keras.layers import *
import keras
model = Sequential()
model.add(Dense(64, input_shape=(20,), activation="relu"))
# half of it
model.add(Dropout(0.5))
for units in [32, 16]:
    model.add(Dense(units, activation=keras.activations.relu, kernel_initializer=keras.initializers.HeNormal(seed=1)))
model.add(Dense(1, activation="sigmoid"))
model.compile("rmsprop", "binary_crossentropy", ["accuracy"])
