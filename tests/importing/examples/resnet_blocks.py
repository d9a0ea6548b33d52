import tensorflow as tf

L = tf.keras.layers


def conv_bn(x, filters, kernel=3, stride=1, *, act=True, name=None):
    x = L.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False, name=None if name is None else name + "_conv")(x)
    x = L.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name and f"{name}_bn")(x)
    return L.ReLU(name=name and f"{name}_relu")(x) if act else x


def residual(x, filters, stride=1, name="res"):
    shortcut = x
    if stride != 1:
        shortcut = conv_bn(x, filters, 1, stride, act=False, name=f"{name}_short")
    y = conv_bn(x, filters, stride=stride, name=f"{name}_1")
    y = conv_bn(y, filters, act=False, name=f"{name}_2")
    return L.Activation("relu", name=f"{name}_out")(L.Add(name="%s_add" % name if False else name + "_add")([shortcut, y]))


inputs = tf.keras.Input((32, 32, 3))
x = conv_bn(inputs, 16)
table = {"stage1": (2, 16, 1), "stage2": (2, 32, 2), "stage3": (2, 64, 2)}
for stage, (count, filters, stride) in table.items():
    for i in range(count):
        x = residual(x, filters, stride if i == 0 else 1, name=f"{stage}_{i:02d}")
x = L.GlobalAveragePooling2D()(x)
model = tf.keras.Model(inputs, L.Dense(10, "softmax")(x))
