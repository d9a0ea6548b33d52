"""InceptionV3 (drawn with Layer Studio)."""

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


def conv_bn_relu(inputs, filters, kernel_size, strides=1, padding="same"):
    """Apply Conv2D, BatchNormalization and Activation."""
    x = layers.Conv2D(
        filters, kernel_size, strides=strides, padding=padding, use_bias=False
    )(inputs)
    x = layers.BatchNormalization(axis=3, scale=False)(x)
    return layers.Activation("relu")(x)


def inception_a(inputs, filters, *, name):
    """Concatenate the results of 4 branches."""
    branch_1 = conv_bn_relu(inputs, 64, 1)

    branch_2 = conv_bn_relu(inputs, 48, 1)
    branch_2 = conv_bn_relu(branch_2, 64, 5)

    branch_3 = conv_bn_relu(inputs, 64, 1)
    branch_3 = conv_bn_relu(branch_3, 96, 3)
    branch_3 = conv_bn_relu(branch_3, 96, 3)

    branch_4 = layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same")(inputs)
    branch_4 = conv_bn_relu(branch_4, filters, 1)

    return layers.Concatenate(axis=3, name=name)(
        [branch_1, branch_2, branch_3, branch_4]
    )


def inception_b(inputs, filters, *, name):
    """Concatenate the results of 4 branches."""
    branch_1 = conv_bn_relu(inputs, 192, 1)

    branch_2 = conv_bn_relu(inputs, filters, 1)
    branch_2 = conv_bn_relu(branch_2, filters, (1, 7))
    branch_2 = conv_bn_relu(branch_2, 192, (7, 1))

    branch_3 = conv_bn_relu(inputs, filters, 1)
    branch_3 = conv_bn_relu(branch_3, filters, (7, 1))
    branch_3 = conv_bn_relu(branch_3, filters, (1, 7))
    branch_3 = conv_bn_relu(branch_3, filters, (7, 1))
    branch_3 = conv_bn_relu(branch_3, 192, (1, 7))

    branch_4 = layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same")(inputs)
    branch_4 = conv_bn_relu(branch_4, 192, 1)

    return layers.Concatenate(axis=3, name=name)(
        [branch_1, branch_2, branch_3, branch_4]
    )


def inception_c(inputs):
    """Concatenate the results of 4 branches."""
    branch_1 = conv_bn_relu(inputs, 320, 1)

    branch_2 = conv_bn_relu(inputs, 384, 1)

    branch_2a = conv_bn_relu(branch_2, 384, (1, 3))
    branch_2b = conv_bn_relu(branch_2, 384, (3, 1))
    branch_2 = layers.Concatenate(axis=3)([branch_2a, branch_2b])

    branch_3 = conv_bn_relu(inputs, 448, 1)
    branch_3 = conv_bn_relu(branch_3, 384, 3)

    branch_3a = conv_bn_relu(branch_3, 384, (1, 3))
    branch_3b = conv_bn_relu(branch_3, 384, (3, 1))
    branch_3 = layers.Concatenate(axis=3)([branch_3a, branch_3b])

    branch_4 = layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same")(inputs)
    branch_4 = conv_bn_relu(branch_4, 192, 1)

    return layers.Concatenate(axis=3)([branch_1, branch_2, branch_3, branch_4])


def build_model():
    """Build the network; it is not trained yet."""
    input_layer = keras.Input(shape=(75, 75, 3))
    x = conv_bn_relu(input_layer, 32, 3, strides=2, padding="valid")
    x = conv_bn_relu(x, 32, 3, padding="valid")
    x = conv_bn_relu(x, 64, 3)
    x = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = conv_bn_relu(x, 80, 1, padding="valid")
    x = conv_bn_relu(x, 192, 3, padding="valid")
    x = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
    for number, filters in [(0, 32), (1, 64), (2, 64)]:
        x = inception_a(x, filters, name=f"mixed{number}")

    branch_1 = conv_bn_relu(x, 384, 3, strides=2, padding="valid")

    branch_2 = conv_bn_relu(x, 64, 1)
    branch_2 = conv_bn_relu(branch_2, 96, 3)
    branch_2 = conv_bn_relu(branch_2, 96, 3, strides=2, padding="valid")

    pool = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = layers.Concatenate(axis=3, name="mixed3")([branch_1, branch_2, pool])
    for number, filters in [(4, 128), (5, 160), (6, 160), (7, 192)]:
        x = inception_b(x, filters, name=f"mixed{number}")

    branch_1 = conv_bn_relu(x, 192, 1)
    branch_1 = conv_bn_relu(branch_1, 320, 3, strides=2, padding="valid")

    branch_2 = conv_bn_relu(x, 192, 1)
    branch_2 = conv_bn_relu(branch_2, 192, (1, 7))
    branch_2 = conv_bn_relu(branch_2, 192, (7, 1))
    branch_2 = conv_bn_relu(branch_2, 192, 3, strides=2, padding="valid")

    pool = layers.MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = layers.Concatenate(axis=3, name="mixed8")([branch_1, branch_2, pool])
    x = inception_c(x)
    x = inception_c(x)
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
