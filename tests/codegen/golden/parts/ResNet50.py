"""ResNet50 (drawn with Layer Studio)."""

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


def bottleneck(inputs, filters, out_filters, strides=1, *, name):
    """Apply Conv2D three times, with BatchNormalization and Activation."""
    x = layers.Conv2D(filters, (1, 1), strides=strides, name=f"{name}_1_conv")(inputs)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=f"{name}_1_bn")(x)
    x = layers.Activation("relu", name=f"{name}_1_relu")(x)
    x = layers.Conv2D(filters, (3, 3), padding="same", name=f"{name}_2_conv")(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=f"{name}_2_bn")(x)
    x = layers.Activation("relu", name=f"{name}_2_relu")(x)
    x = layers.Conv2D(out_filters, (1, 1), name=f"{name}_3_conv")(x)
    return layers.BatchNormalization(axis=3, epsilon=1.001e-5, name=f"{name}_3_bn")(x)


def projection(inputs, filters, out_filters, strides=2, *, name):
    """Add the results of 2 branches, then apply Activation."""
    shortcut = layers.Conv2D(
        out_filters, (1, 1), strides=strides, name=f"{name}_0_conv"
    )(inputs)
    shortcut = layers.BatchNormalization(
        axis=3,
        epsilon=1.001e-5,
        name=f"{name}_0_bn",
    )(shortcut)
    x = bottleneck(inputs, filters, out_filters, strides=strides, name=name)
    x = layers.Add(name=f"{name}_add")([shortcut, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def residual_bottleneck(inputs, filters, out_filters, *, name):
    """Apply bottleneck, add the input, then apply Activation."""
    x = bottleneck(inputs, filters, out_filters, name=name)
    x = layers.Add(name=f"{name}_add")([inputs, x])
    return layers.Activation("relu", name=f"{name}_out")(x)


def build_model():
    """Build the network; it is not trained yet."""
    input_layer = keras.Input(shape=(64, 64, 3))
    x = layers.ZeroPadding2D((3, 3), name="conv1_pad")(input_layer)
    x = layers.Conv2D(64, (7, 7), strides=(2, 2), name="conv1_conv")(x)
    x = layers.BatchNormalization(axis=3, epsilon=1.001e-5, name="conv1_bn")(x)
    x = layers.Activation("relu", name="conv1_relu")(x)
    x = layers.ZeroPadding2D(name="pool1_pad")(x)
    x = layers.MaxPooling2D((3, 3), strides=(2, 2), name="pool1_pool")(x)
    for stage, filters, out_filters, strides, blocks in [
        (2, 64, 256, 1, 3),
        (3, 128, 512, 2, 4),
        (4, 256, 1024, 2, 6),
        (5, 512, 2048, 2, 3),
    ]:
        x = projection(
            x, filters, out_filters, strides=strides, name=f"conv{stage}_block1"
        )
        for number in range(2, blocks + 1):
            x = residual_bottleneck(
                x, filters, out_filters, name=f"conv{stage}_block{number}"
            )
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    output = layers.Dense(7, activation="softmax", name="predictions")(x)
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
