"""Rows that look at each other (drawn with Layer Studio)."""

import math
from pathlib import Path

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

DATA = Path(__file__).with_name("digits8x8.npz")
SEED = 0
EPOCHS = 12
BATCH_SIZE = 32


def split_by_class(labels, validation, test, seed):
    """Row numbers of the three parts, each with the same share of every class."""
    rng = np.random.default_rng(seed)
    place = np.empty(len(labels))  # of each row among its class, from 0 to 1
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    part = np.digitize(place, [1 - validation - test, 1 - test])
    return [np.flatnonzero(part == number) for number in range(3)]


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    arrays = np.load(DATA)
    x = arrays["x"][..., None].astype("float32")
    y = arrays["y"].astype("int32")
    train, validation, _ = split_by_class(y, validation=0.2, test=0.0, seed=0)
    return (x[train], y[train]), (x[validation], y[validation]), None


def build_model():
    """Build the network; it is not trained yet."""
    picture = keras.Input(shape=(8, 8, 1), name="picture")
    x = layers.Rescaling(1 / 16)(picture)
    x = layers.Reshape((8, 8))(x)
    rows = layers.Dense(32, name="rows")(x)
    x = layers.MultiHeadAttention(num_heads=4, key_dim=8, name="heads")(rows, rows)
    x = layers.Add()([rows, x])
    x = layers.LayerNormalization()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(32, activation="relu")(x)
    digit = layers.Dense(10, activation="softmax", name="probabilities")(x)
    return keras.Model(picture, digit)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.003),
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

    x, y = data[1]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
