"""MobileNetV3Small (drawn with Layer Studio)."""

import math

import keras
import numpy as np
from keras import layers

SEED = 0
EPOCHS = 20
BATCH_SIZE = 32


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    raise NotImplementedError("Choose data in the program, or return your arrays here.")


def conv_bn(inputs, filters, kernel_size=1, strides=1, *, name):
    """Apply Conv2D and BatchNormalization."""
    x = layers.Conv2D(
        filters, kernel_size, strides=strides, padding="same", use_bias=False, name=name
    )(inputs)
    return layers.BatchNormalization(momentum=0.999, name=f"{name}_bn")(x)


def depthwise_bn_relu(inputs, strides, padding, *, name):
    """Apply DepthwiseConv2D, BatchNormalization and ReLU."""
    x = layers.DepthwiseConv2D(
        (3, 3), strides=strides, padding=padding, use_bias=False, name=name
    )(inputs)
    x = layers.BatchNormalization(momentum=0.999, name=f"{name}_bn")(x)
    return layers.ReLU()(x)


def squeeze_excite_block(inputs, filters, out_filters, *, name):
    """Apply GlobalAveragePooling2D, Conv2D and Conv2D, and multiply by the input."""
    x = layers.GlobalAveragePooling2D(keepdims=True, name=f"{name}_avg_pool")(inputs)
    x = layers.Conv2D(filters, (1, 1), padding="same", name=f"{name}_conv")(x)
    x = layers.ReLU(name=f"{name}_relu")(x)
    x = layers.Conv2D(out_filters, (1, 1), padding="same", name=f"{name}_conv_1")(x)
    x = x + 3.0
    x = layers.ReLU(max_value=6.0)(x)
    x = x * (1 / 6)
    return layers.Multiply(name=f"{name}_mul")([inputs, x])


def mbconv(
    inputs, excite_filters, filters, project_filters, strides=1, padding="same", *, name
):
    """Apply DepthwiseConv2D, squeeze_excite_block and conv_bn."""
    x = layers.DepthwiseConv2D(
        (5, 5),
        strides=strides,
        padding=padding,
        use_bias=False,
        name=f"{name}_depthwise",
    )(inputs)
    x = layers.BatchNormalization(momentum=0.999, name=f"{name}_depthwise_bn")(x)
    x = layers.Activation("hard_silu")(x)
    x = squeeze_excite_block(x, excite_filters, filters, name=f"{name}_squeeze_excite")
    return conv_bn(x, project_filters, name=f"{name}_project")


def residual(inputs, filters, excite_filters, project_filters, *, name):
    """Apply conv_bn, Activation and mbconv, and add the input."""
    x = conv_bn(inputs, filters, name=f"{name}_expand")
    x = layers.Activation("hard_silu")(x)
    x = mbconv(x, excite_filters, filters, project_filters, name=name)
    return layers.Add(name=f"{name}_add")([inputs, x])


def build_model():
    """Build the network; it is not trained yet."""
    input_layer = keras.Input(shape=(32, 32, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1.0)(input_layer)
    x = conv_bn(x, 16, kernel_size=3, strides=2, name="conv")
    x = layers.Activation("hard_silu")(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="expanded_conv_depthwise_pad")(x)
    x = depthwise_bn_relu(x, strides=2, padding="valid", name="expanded_conv_depthwise")
    x = squeeze_excite_block(x, 8, 16, name="expanded_conv_squeeze_excite")
    x = conv_bn(x, 16, name="expanded_conv_project")
    x = conv_bn(x, 72, name="expanded_conv_1_expand")
    x = layers.ReLU()(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="expanded_conv_1_depthwise_pad")(x)
    x = depthwise_bn_relu(
        x, strides=2, padding="valid", name="expanded_conv_1_depthwise"
    )
    expanded_conv_1_project = conv_bn(x, 24, name="expanded_conv_1_project")
    x = conv_bn(expanded_conv_1_project, 88, name="expanded_conv_2_expand")
    x = layers.ReLU()(x)
    x = depthwise_bn_relu(
        x, strides=1, padding="same", name="expanded_conv_2_depthwise"
    )
    x = conv_bn(x, 24, name="expanded_conv_2_project")
    x = layers.Add(name="expanded_conv_2_add")([expanded_conv_1_project, x])
    x = conv_bn(x, 96, name="expanded_conv_3_expand")
    x = layers.Activation("hard_silu")(x)
    x = layers.ZeroPadding2D(((1, 2), (1, 2)), name="expanded_conv_3_depthwise_pad")(x)
    x = mbconv(x, 24, 96, 40, strides=2, padding="valid", name="expanded_conv_3")
    x = residual(x, 240, 64, 40, name="expanded_conv_4")
    x = residual(x, 240, 64, 40, name="expanded_conv_5")
    x = conv_bn(x, 120, name="expanded_conv_6_expand")
    x = layers.Activation("hard_silu")(x)
    x = mbconv(x, 32, 120, 48, name="expanded_conv_6")
    x = residual(x, 144, 40, 48, name="expanded_conv_7")
    x = conv_bn(x, 288, name="expanded_conv_8_expand")
    x = layers.Activation("hard_silu")(x)
    x = layers.ZeroPadding2D(((1, 2), (1, 2)), name="expanded_conv_8_depthwise_pad")(x)
    x = mbconv(x, 72, 288, 96, strides=2, padding="valid", name="expanded_conv_8")
    x = residual(x, 576, 144, 96, name="expanded_conv_9")
    x = residual(x, 576, 144, 96, name="expanded_conv_10")
    x = conv_bn(x, 576, name="conv_1")
    x = layers.Activation("hard_silu")(x)
    x = layers.GlobalAveragePooling2D(keepdims=True)(x)
    x = layers.Conv2D(1024, (1, 1), padding="same", name="conv_2")(x)
    x = layers.Activation("hard_silu")(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Conv2D(7, (1, 1), padding="same", name="logits")(x)
    x = layers.Flatten()(x)
    output = layers.Activation("softmax", name="predictions")(x)
    return keras.Model(input_layer, output)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )


class Batches(keras.utils.PyDataset):
    """Batches of rows, in an order that depends on the seed and the epoch only."""

    def __init__(self, x, y, batch_size, seed):
        super().__init__()
        self.data = (x, y)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = -1
        self.order = np.arange(len(keras.tree.flatten(x)[0]))

    def __len__(self):
        return math.ceil(len(self.order) / self.batch_size)

    def __getitem__(self, index):
        start = index * self.batch_size
        rows = self.order[start : start + self.batch_size]
        return keras.tree.map_structure(lambda array: array[rows], self.data)

    def on_epoch_begin(self):
        self.epoch += 1
        rng = np.random.default_rng([self.seed, self.epoch])
        self.order = rng.permutation(len(self.order))


def train(model, data, callbacks=()):
    """Train the model; the result holds the loss and the metrics of every epoch."""
    (x, y), validation, _ = data
    return model.fit(
        Batches(x, y, BATCH_SIZE, SEED),
        epochs=EPOCHS,
        validation_data=validation,
        callbacks=list(callbacks),
        shuffle=False,
        verbose=2,
    )


def show_predictions(model, x, y):
    """Print the predictions for a few rows beside what is true."""
    predictions = model.predict(x[:5], verbose=0)
    for scores, truth in zip(predictions, y[:5], strict=True):
        print(f"predicted {scores.argmax()}, true {truth}")


def plot_curves(history):
    """Draw the loss and the metrics of every epoch into curves.png."""
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        print("Install matplotlib to see the curves.")
        return
    values = history.history
    names = [name for name in values if f"val_{name}" in values] or ["loss"]
    epochs = range(1, len(values["loss"]) + 1)
    _, axes = plt.subplots(1, len(names), figsize=(5 * len(names), 4), squeeze=False)
    for axis, name in zip(axes[0], names, strict=True):
        axis.plot(epochs, values[name], label="training")
        if f"val_{name}" in values:
            axis.plot(epochs, values[f"val_{name}"], "--", label="validation")
        axis.set(title=name, xlabel="epoch")
        axis.legend()
    plt.savefig("curves.png")


def main():
    """Load the data, build the model, train it, save it and show what it learned."""
    keras.utils.set_random_seed(SEED)
    data = load_data()
    model = build_model()
    compile_model(model)
    history = train(model, data)
    model.save("model.keras")

    x, y = data[0]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
