import tensorflow as tf
from tensorflow.keras import layers as L
from tensorflow.keras.models import Model

def conv_bn(x, filters, kernel_size=3, strides=1, activation=True):
    x = L.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False)(x)
    x = L.BatchNormalization()(x)
    if activation:
        x = L.Activation("relu")(x)
    return x

def residual_block(x, filters, downsample=False):
    shortcut = x
    x = conv_bn(x, filters, strides=2 if downsample else 1)
    x = conv_bn(x, filters, activation=False)
    if downsample:
        shortcut = conv_bn(shortcut, filters, 1, strides=2, activation=False)
    x = L.Add()([shortcut, x])
    return L.Activation("relu")(x)

def make_model(input_shape, num_classes):
    inputs = tf.keras.Input(shape=input_shape)
    x = L.Rescaling(1.0 / 255)(inputs)
    x = conv_bn(x, 32)
    for i, (filters, depth) in enumerate([(32, 2), (64, 2), (128, 2)]):
        for j in range(depth):
            x = residual_block(x, filters, downsample=(j == 0 and i > 0))
    x = L.GlobalAveragePooling2D()(x)
    if num_classes == 2:
        units, act = 1, "sigmoid"
    else:
        units, act = num_classes, "softmax"
    return Model(inputs, L.Dense(units, activation=act)(x), name="small_resnet")

model = make_model(input_shape=(32, 32) + (3,), num_classes=10)
model.summary()
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.cifar10.load_data()
x_train = x_train.astype("float32")
model.compile(optimizer=tf.keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=64, epochs=5, validation_split=0.2, callbacks=[tf.keras.callbacks.EarlyStopping(patience=3)])
