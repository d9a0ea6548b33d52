"""Siamese twins (drawn with Layer Studio)."""

import math

import keras
import numpy as np
from keras import layers

SEED = 0
EPOCHS = 12
BATCH_SIZE = 32


def digit_pairs(samples=2000, noise=0.2, seed=0):
    """Two noisy digits, each near the middle of 8 x 8 pixels: are they the same digit?"""
    font = np.array(
        [
            list("111101101101111"), list("010110010010111"), list("111001111100111"),
            list("111001111001111"), list("101101111001001"), list("111100111001111"),
            list("111100111101111"), list("111001001010010"), list("111101111101111"),
            list("111101111001111"),
        ],
        dtype="float32",
    ).reshape(10, 5, 3)  # fmt: skip
    rng = np.random.default_rng(seed)
    digits = rng.integers(0, 10, size=(2, samples))
    is_copied = rng.random(samples) < 0.45
    digits[1, is_copied] = digits[0, is_copied]
    pictures = rng.normal(0.0, noise, size=(2, samples, 8, 8)).astype("float32")
    for side, row in np.ndindex(2, samples):
        top, left = rng.integers(1, 3), rng.integers(2, 4)
        pictures[side, row, top : top + 5, left : left + 3] += font[digits[side, row]]
    return {
        "left": pictures[0],
        "right": pictures[1],
        "same": (digits[0] == digits[1]).astype("float32"),
    }


def split_at_random(rows, validation, test, seed):
    """Row numbers of the training, validation and test part, drawn by lot."""
    order = np.random.default_rng(seed).permutation(rows)
    first = rows - round(rows * (validation + test))
    second = rows - round(rows * test)
    return np.split(order, [first, second])


def take(arrays, rows):
    """The same rows of every array."""
    return keras.tree.map_structure(lambda array: array[rows], arrays)


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    table = digit_pairs(noise=0.15, samples=3000)
    x = {
        "left": table["left"][..., None].astype("float32"),
        "right": table["right"][..., None].astype("float32"),
    }
    y = table["same"][:, None]
    train, validation, _ = split_at_random(
        len(x["left"]), validation=0.2, test=0.0, seed=0
    )
    return take((x, y), train), take((x, y), validation), None


def build_model():
    """Build the network; it is not trained yet."""
    left = keras.Input(shape=(8, 8, 1), name="left")
    right = keras.Input(shape=(8, 8, 1), name="right")

    # Branch 1
    looks = layers.Conv2D(16, 3, activation="relu", name="looks")
    described_1 = looks(left)
    looks_again = layers.Conv2D(32, 3, activation="relu", name="looks_again")
    described_1 = looks_again(described_1)
    laid_out = layers.Flatten(name="laid_out")
    described_1 = laid_out(described_1)
    described = layers.Dense(32, name="described")
    described_1 = described(described_1)

    # Branch 2
    described_2 = looks(right)
    described_2 = looks_again(described_2)
    described_2 = laid_out(described_2)
    described_2 = described(described_2)

    x = layers.Subtract(name="difference")([described_1, described_2])
    x = layers.Dense(16, activation="relu")(x)
    same = layers.Dense(1, activation="sigmoid", name="probability")(x)
    return keras.Model(inputs={"left": left, "right": right}, outputs=same)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.003),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
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
    predictions = model.predict(take(x, slice(5)), verbose=0)
    for predicted, truth in zip(predictions, y[:5], strict=True):
        print(f"predicted {predicted.item():.4g}, true {truth.item():.4g}")


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

    x, y = data[1]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
