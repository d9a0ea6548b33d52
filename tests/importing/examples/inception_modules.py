import keras
from keras import layers as L


def conv(x, filters, size, **more):
    return L.Conv2D(filters, size, padding=more.pop("padding", "same"), activation="relu", **more)(x)


def inception(x, f1, f3r, f3, f5r, f5, proj):
    one = conv(x, f1, 1)
    three = conv(conv(x, f3r, 1), f3, 3)
    five = conv(conv(x, f5r, 1), f5, 5)
    pool = conv(L.MaxPooling2D(3, strides=1, padding="same")(x), proj, 1)
    return L.Concatenate(axis=-1)([one, three, five, pool])


inputs = keras.Input((32, 32, 3))
x = conv(inputs, 16, 7, strides=2)
rows = [(16, 24, 32, 4, 8, 8), (32, 32, 48, 8, 24, 16)]
for row in rows:
    x = inception(x, *row)
else:
    x = L.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, L.Dense(5)(x))
