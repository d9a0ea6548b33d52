import keras
from keras import layers

inp = layers.Input(shape=(None, 16, 16, 1))
x = inp
for k in (5, 3, 1):
    x = layers.ConvLSTM2D(filters=8, kernel_size=(k, k), padding="same", return_sequences=True, activation="relu")(x)
    if k > 1:
        x = layers.BatchNormalization()(x)
x = layers.Conv3D(filters=1, kernel_size=(3, 3, 3), activation="sigmoid", padding="same")(x)
model = keras.models.Model(inp, x)
model.compile(loss=keras.losses.binary_crossentropy, optimizer=keras.optimizers.Adam())
