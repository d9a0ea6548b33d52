"""EfficientNetB0 (drawn with Layer Studio)."""

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


def conv_bn_silu(inputs, filters, kernel_size=1, strides=1, padding="same", *, name):
    """Apply Conv2D, BatchNormalization and Activation."""
    x = layers.Conv2D(
        filters,
        kernel_size,
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer=keras.initializers.VarianceScaling(2.0, mode="fan_out"),
        name=f"{name}_conv",
    )(inputs)
    x = layers.BatchNormalization(axis=3, name=f"{name}_bn")(x)
    return layers.Activation("silu", name=f"{name}_activation")(x)


def mbconv(
    inputs,
    kernel_size,
    reduce_filters,
    expand_filters,
    project_filters,
    padding="same",
    strides=1,
    *,
    name,
):
    """Apply DepthwiseConv2D, gate the result, then apply Conv2D."""
    x = layers.DepthwiseConv2D(
        kernel_size,
        strides=strides,
        padding=padding,
        use_bias=False,
        depthwise_initializer=keras.initializers.VarianceScaling(2.0, mode="fan_out"),
        name=f"{name}_dwconv",
    )(inputs)
    x = layers.BatchNormalization(axis=3, name=f"{name}_bn")(x)
    skip = layers.Activation("silu", name=f"{name}_activation")(x)
    x = layers.GlobalAveragePooling2D(name=f"{name}_se_squeeze")(skip)
    x = layers.Reshape((1, 1, expand_filters), name=f"{name}_se_reshape")(x)
    x = layers.Conv2D(
        reduce_filters,
        (1, 1),
        padding="same",
        activation="silu",
        kernel_initializer=keras.initializers.VarianceScaling(2.0, mode="fan_out"),
        name=f"{name}_se_reduce",
    )(x)
    x = layers.Conv2D(
        expand_filters,
        (1, 1),
        padding="same",
        activation="sigmoid",
        kernel_initializer=keras.initializers.VarianceScaling(2.0, mode="fan_out"),
        name=f"{name}_se_expand",
    )(x)
    x = layers.Multiply(name=f"{name}_se_excite")([skip, x])
    x = layers.Conv2D(
        project_filters,
        (1, 1),
        padding="same",
        use_bias=False,
        kernel_initializer=keras.initializers.VarianceScaling(2.0, mode="fan_out"),
        name=f"{name}_project_conv",
    )(x)
    return layers.BatchNormalization(axis=3, name=f"{name}_project_bn")(x)


def residual(
    inputs, filters, kernel_size, reduce_filters, project_filters, rate, *, name
):
    """Apply conv_bn_silu, mbconv and Dropout, and add the input."""
    x = conv_bn_silu(inputs, filters, name=f"{name}_expand")
    x = mbconv(x, kernel_size, reduce_filters, filters, project_filters, name=name)
    x = layers.Dropout(rate, noise_shape=(None, 1, 1, 1), name=f"{name}_drop")(x)
    return layers.Add(name=f"{name}_add")([x, inputs])


def build_model():
    """Build the network; it is not trained yet."""
    input_layer = keras.Input(shape=(32, 32, 3))
    x = layers.Rescaling(1 / 255)(input_layer)
    x = layers.Normalization(axis=3)(x)
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="stem_conv_pad")(x)
    x = conv_bn_silu(x, 32, kernel_size=3, strides=2, padding="valid", name="stem")
    x = mbconv(x, 3, 8, 32, 16, name="block1a")
    x = conv_bn_silu(x, 96, name="block2a_expand")
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="block2a_dwconv_pad")(x)
    x = mbconv(x, 3, 4, 96, 24, padding="valid", strides=2, name="block2a")
    x = residual(x, 144, 3, 6, 24, 0.025, name="block2b")
    x = conv_bn_silu(x, 144, name="block3a_expand")
    x = layers.ZeroPadding2D(((1, 2), (1, 2)), name="block3a_dwconv_pad")(x)
    x = mbconv(x, 5, 6, 144, 40, padding="valid", strides=2, name="block3a")
    x = residual(x, 240, 5, 10, 40, 0.05, name="block3b")
    x = conv_bn_silu(x, 240, name="block4a_expand")
    x = layers.ZeroPadding2D(((0, 1), (0, 1)), name="block4a_dwconv_pad")(x)
    x = mbconv(x, 3, 10, 240, 80, padding="valid", strides=2, name="block4a")
    x = residual(x, 480, 3, 20, 80, 3 * 0.025, name="block4b")
    x = residual(x, 480, 3, 20, 80, 5 * 0.0175, name="block4c")
    x = conv_bn_silu(x, 480, name="block5a_expand")
    x = mbconv(x, 5, 20, 480, 112, name="block5a")
    x = residual(x, 672, 5, 28, 112, 0.1125, name="block5b")
    x = residual(x, 672, 5, 28, 112, 0.125, name="block5c")
    x = conv_bn_silu(x, 672, name="block6a_expand")
    x = layers.ZeroPadding2D(((1, 2), (1, 2)), name="block6a_dwconv_pad")(x)
    x = mbconv(x, 5, 28, 672, 192, padding="valid", strides=2, name="block6a")
    for letter, rate in [("b", 3 * 0.05), ("c", 0.1625), ("d", 5 * 0.035)]:
        x = residual(x, 1152, 5, 48, 192, rate, name=f"block6{letter}")
    x = conv_bn_silu(x, 1152, name="block7a_expand")
    x = mbconv(x, 3, 48, 1152, 320, name="block7a")
    x = conv_bn_silu(x, 1280, name="top")
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    x = layers.Dropout(0.2, name="top_dropout")(x)
    output = layers.Dense(
        7,
        activation="softmax",
        kernel_initializer=keras.initializers.VarianceScaling(
            1 / 3, mode="fan_out", distribution="uniform"
        ),
        name="predictions",
    )(x)
    return keras.Model(input_layer, output)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    )


def adapt_layers(model, data):
    """Let Normalization layers measure the training data."""
    x, _ = data[0]
    for layer in model.layers:
        if isinstance(layer, layers.Normalization) and layer.input_mean is None:
            before = keras.Model(model.inputs, layer.input)
            layer.adapt(before.predict(x, verbose=0))


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
    adapt_layers(model, data)
    history = train(model, data)
    model.save("model.keras")

    x, y = data[0]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
