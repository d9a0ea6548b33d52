"""The book's network (drawn with Layer Studio)."""

import math

import keras
import numpy as np
from keras import layers

SEED = 0
EPOCHS = 5
BATCH_SIZE = 8


def truth_table(copies=100):
    """Every combination of three switches: is any of them on, are at least two on?"""
    rows = np.array(list(np.ndindex(2, 2, 2)), dtype="float32")
    rows = np.tile(rows, (copies, 1))
    a, b, c = rows.T
    count = a + b + c
    return {
        "A": a,
        "B": b,
        "C": c,
        "any": (count >= 1).astype("float32"),
        "at_least_two": (count >= 2).astype("float32"),
    }


def split_at_random(rows, validation, test, seed):
    """Row numbers of the training, validation and test part, drawn by lot."""
    order = np.random.default_rng(seed).permutation(rows)
    first = rows - round(rows * (validation + test))
    second = rows - round(rows * test)
    return np.split(order, [first, second])


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    table = truth_table()
    x = np.column_stack([table["A"], table["B"], table["C"]])
    y = np.column_stack([table["any"], table["at_least_two"]])
    train, validation, _ = split_at_random(len(x), validation=0.2, test=0.0, seed=0)
    return (x[train], y[train]), (x[validation], y[validation]), None


def build_model():
    """Build the network; it is not trained yet."""
    switches = keras.Input(shape=(3,), name="switches")
    x = layers.Dense(10, activation="relu")(switches)
    x = layers.Dense(5, activation="relu")(x)
    labels = layers.Dense(2, activation="sigmoid")(x)
    return keras.Model(switches, labels)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.03),
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
    predictions = model.predict(x[:5], verbose=0)
    for predicted, truth in zip(predictions, y[:5], strict=True):
        print(f"predicted {predicted.round(3)}, true {truth.round(3)}")


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
