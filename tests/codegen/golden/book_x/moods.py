"""A good or a bad mood (drawn with Layer Studio)."""

import math

import keras
import keras.layers as L
import numpy as np

SEED = 0
EPOCHS = 12
BATCH_SIZE = 32


def moods(samples=600, seed=0):
    """Sentences made of words: class 1 where somebody liked it; "not" turns that around."""
    rng = np.random.default_rng(seed)
    things = ["the film", "the soup", "this book", "our hotel", "my trip", "the play"]
    starts = ["honestly", "i thought", "for me", "my sister says", "we all found"]
    degrees = ["very", "really", "quite", "so", "rather"]
    likes = ["good", "great", "lovely", "funny", "exciting", "wonderful", "charming"]
    dislikes = ["bad", "dull", "awful", "boring", "poor", "terrible", "tiring"]
    texts, moods_of_texts = [], []
    for _ in range(samples):
        mood, is_turned = rng.integers(2), rng.random() < 0.35
        word = rng.choice(likes if mood ^ is_turned else dislikes)
        degree = rng.choice(degrees)
        said = f"not {degree} {word}" if is_turned else f"{degree} {word}"
        texts.append(f"{rng.choice(starts)} {rng.choice(things)} was {said}")
        moods_of_texts.append(mood)
    return {"text": np.array(texts), "mood": np.array(moods_of_texts)}


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
    """The same rows of every array, as tensors: Keras takes no arrays of text."""
    return keras.tree.map_structure(
        lambda array: keras.ops.convert_to_tensor(array[rows]), arrays
    )


def load_data():
    """Return (x, y) for training, validation and test; None for a part without rows."""
    table = moods(samples=2000)
    x = table["text"]
    y = table["mood"].astype("int32")
    train, validation, _ = split_by_class(y, validation=0.2, test=0.0, seed=0)
    return take((x, y), train), take((x, y), validation), None


def build_model():
    """Build the network; it is not trained yet."""
    sentence = L.Input(shape=(), dtype="string", name="sentence")
    x = L.TextVectorization(
        max_tokens=200,
        ngrams=2,
        output_mode="multi_hot",
        pad_to_max_tokens=True,
        name="ngrams",
    )(sentence)
    x = L.Dense(16, activation="relu")(x)
    mood = L.Dense(1, activation="sigmoid", name="probability")(x)
    return keras.Model(sentence, mood)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
    )


def adapt_layers(model, data):
    """Let TextVectorization layers measure the training data."""
    x, _ = data[0]
    model.get_layer("ngrams").adapt(x)


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
        return keras.tree.map_structure(
            lambda array: keras.ops.take(array, rows, axis=0), self.data
        )

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
    for predicted, truth in zip(
        predictions, keras.ops.convert_to_numpy(y[:5]), strict=True
    ):
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
    adapt_layers(model, data)
    history = train(model, data)
    model.save("model.keras")

    x, y = data[1]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
