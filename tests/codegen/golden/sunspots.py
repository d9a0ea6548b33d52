"""Sunspots (drawn with Layer Studio)."""

import math
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers

DATA = Path(__file__).with_name("sunspots.csv")
SEED = 0
EPOCHS = 20
BATCH_SIZE = 32


def split_in_order(rows, validation, test):
    """Row numbers of the parts: training first, then validation, then test."""
    first = rows - round(rows * (validation + test))
    second = rows - round(rows * test)
    return np.split(np.arange(rows), [first, second])


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    table = pd.read_csv(DATA)
    x = table[["year"]].to_numpy("float32")
    y = table[["sunspots"]].to_numpy("float32")
    train, validation, test = split_in_order(len(x), validation=0.2, test=0.1)
    return (x[train], y[train]), (x[validation], y[validation]), (x[test], y[test])


def build_model():
    """Build the network; it is not trained yet."""
    year = keras.Input(shape=(1,), name="year")
    x = layers.Rescaling(0.001)(year)
    x = layers.Reshape((1, 1))(x)
    x, state_h, state_c = layers.LSTM(16, return_state=True)(x)
    x = layers.Concatenate()([x, state_h, state_c])
    sunspots = layers.Dense(1)(x)
    return keras.Model(year, sunspots)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss=keras.losses.MeanSquaredError(),
        metrics=[keras.metrics.MeanAbsoluteError()],
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

    x, y = data[2]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
