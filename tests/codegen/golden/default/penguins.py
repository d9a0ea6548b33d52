"""Penguins: two questions at once (drawn with Layer Studio)."""

import math
from pathlib import Path

import keras
import numpy as np
import pandas as pd
from keras import layers

DATA = Path(__file__).with_name("penguins.csv")
SPECIES = ("Adelie", "Chinstrap", "Gentoo")
ISLAND = ("Biscoe", "Dream", "Torgersen")
SEX = ("female", "male")
BODY = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
SEED = 0
EPOCHS = 40
BATCH_SIZE = 16


def class_numbers(*columns):
    """One class number per row for the combination of classes in `columns`."""
    return np.unique(np.column_stack(columns), axis=0, return_inverse=True)[1].ravel()


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
    table = table.dropna(subset=[*BODY, "sex"])
    x = {
        "body": table[BODY].to_numpy("float32"),
        "island": pd.Categorical(table["island"], ISLAND).codes[:, None],
    }
    y = {
        "species": pd.Categorical(table["species"], SPECIES).codes,
        "sex": pd.Categorical(table["sex"], SEX).codes,
    }
    train, validation, _ = split_by_class(
        class_numbers(y["species"], y["sex"]), validation=0.2, test=0.0, seed=0
    )
    return take((x, y), train), take((x, y), validation), None


def build_model():
    """Build the network; it is not trained yet."""
    body = keras.Input(shape=(4,), name="body")
    island = keras.Input(shape=(1,), dtype="int32", name="island")
    normalization = layers.Normalization()(body)

    branch_1 = layers.Embedding(3, 2)(island)
    branch_1 = layers.Flatten()(branch_1)

    x = layers.Concatenate()([normalization, branch_1])
    x = layers.Dense(16, activation="relu", name="shared")(x)
    species = layers.Dense(3, activation="softmax", name="species_probabilities")(x)
    sex = layers.Dense(2, activation="softmax", name="sex_probabilities")(x)
    return keras.Model(
        inputs={"body": body, "island": island},
        outputs={"species": species, "sex": sex},
    )


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss={
            "species": keras.losses.SparseCategoricalCrossentropy(),
            "sex": keras.losses.SparseCategoricalCrossentropy(),
        },
        metrics={
            "species": [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
            "sex": [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
        },
    )


def adapt_layers(model, data):
    """Let Normalization layers measure the training data."""
    x, _ = data[0]
    model.get_layer("normalization").adapt(x["body"])


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
    for scores, truth in zip(predictions["sex"], y["sex"][:5], strict=True):
        print(f"sex: predicted {SEX[scores.argmax()]}, true {SEX[truth]}")


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
