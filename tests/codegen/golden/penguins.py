"""Penguins (drawn with Layer Studio)."""

import math
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers

DATA = Path(__file__).with_name("penguins.csv")
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
ISLAND = ("Biscoe", "Dream", "Torgersen")
SIZE = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
SEED = 0
EPOCHS = 20
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


def take(arrays, rows):
    """The same rows of every array."""
    return keras.tree.map_structure(lambda array: array[rows], arrays)


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    table = pd.read_csv(DATA)
    table = table.dropna(subset=[*SIZE, "body_mass_g"])
    x = {
        "size": table[SIZE].to_numpy("float32"),
        "island": pd.Categorical(table["island"], ISLAND).codes[:, None],
    }
    y = {
        "species": pd.Categorical(table["species"], SPECIES).codes,
        "body_mass_g": table[["body_mass_g"]].to_numpy("float32"),
    }
    train, validation, _ = split_by_class(
        y["species"], validation=0.2, test=0.0, seed=0
    )
    return take((x, y), train), take((x, y), validation), None


def build_model():
    """Build the network; it is not trained yet."""
    size = keras.Input(shape=(3,), name="size")
    island = keras.Input(shape=(1,), dtype="int32", name="island")

    branch_1 = layers.Normalization()(size)
    branch_1 = layers.Dense(16, activation="relu")(branch_1)

    branch_2 = layers.Embedding(3, 2)(island)
    branch_2 = layers.Flatten()(branch_2)

    x = layers.Concatenate()([branch_1, branch_2])
    x = layers.Dense(16, activation="relu")(x)
    species = layers.Dense(3, activation="softmax", name="species_scores")(x)
    body_mass_g = layers.Dense(1, name="weight")(x)
    return keras.Model(
        inputs={"size": size, "island": island},
        outputs={"species": species, "body_mass_g": body_mass_g},
    )


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.001),
        loss={
            "species": keras.losses.SparseCategoricalCrossentropy(),
            "body_mass_g": keras.losses.MeanSquaredError(),
        },
        loss_weights={"species": 1.0, "body_mass_g": 1e-6},
        metrics={
            "species": [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
            "body_mass_g": [keras.metrics.MeanAbsoluteError()],
        },
    )


def adapt_layers(model, data):
    """Let Normalization layers measure the training data."""
    x, _ = data[0]
    model.get_layer("normalization").adapt(x["size"])


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
    for scores, truth in zip(predictions["species"], y["species"][:5], strict=True):
        print(f"species: predicted {SPECIES[scores.argmax()]}, true {SPECIES[truth]}")
    for predicted, truth in zip(
        predictions["body_mass_g"], y["body_mass_g"][:5], strict=True
    ):
        print(f"body_mass_g: predicted {predicted.item():.4g}, true {truth.item():.4g}")


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

    x, y = data[1]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
