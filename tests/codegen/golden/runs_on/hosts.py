"""Two spirals (drawn with Layer Studio)."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers

SEED = 0
EPOCHS = 60
BATCH_SIZE = 32


def spirals(samples=600, noise=0.03, turns=1.25, seed=0):
    """Points on two spirals that wind around each other, one class each."""
    rng = np.random.default_rng(seed)
    label = np.arange(samples) % 2
    radius = np.sqrt(rng.uniform(0.02, 1.0, samples))
    angle = 2.0 * np.pi * turns * radius + np.pi * label
    x = radius * np.cos(angle) + rng.normal(0.0, noise, samples)
    y = radius * np.sin(angle) + rng.normal(0.0, noise, samples)
    return {"x": x.astype("float32"), "y": y.astype("float32"), "label": label}


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
    table = spirals(noise=0.05, samples=1000)
    x = np.column_stack([table["x"], table["y"]])
    y = table["label"].astype("int32")
    train, validation, _ = split_by_class(y, validation=0.2, test=0.0, seed=0)
    return (x[train], y[train]), (x[validation], y[validation]), None


def build_model():
    """Build the network; it is not trained yet."""
    point = keras.Input(shape=(2,), name="point")
    x = layers.Dense(32, activation="relu")(point)
    x = layers.Dense(32, activation="relu")(x)
    x = layers.Dense(32, activation="relu")(x)
    label = layers.Dense(1, activation="sigmoid", name="probability")(x)
    return keras.Model(point, label)


def compile_model(model):
    """Choose the optimizer, the loss and the metrics."""
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
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


def build_variables(model, data):
    """Make the variables of optimizer, loss and metrics on every device.

    Keras would do so in fit, and spend the first batch on it. Private names of Keras 3.
    """
    row = keras.tree.map_structure(lambda array: array[:1], data[0])
    model._symbolic_build(data_batch=row)
    model._maybe_symbolic_build = lambda *args, **kwargs: None


def mend_logs():
    """Let Keras take the metrics of a worker as they are.

    WORKAROUND(Keras 3, issue 20585): all workers have put theirs together already; fit
    would do so once more, and fails. Remove when it does not.
    """
    from keras.src.backend.tensorflow import trainer

    trainer._collective_all_reduce_multi_worker = lambda strategy: False


def on_one_device(model, data):
    """The trained model on one device, so that one process can save it and ask it."""
    keras.utils.clear_session(free_memory=False)
    alone = build_model()
    compile_model(alone)
    alone.set_weights(model.get_weights())
    return alone


def main():
    """Load the data, build the model, train it, save it and show what it learned.

    On every computer tell which one it is, then start the script there:
    TF_CONFIG='{"cluster": {"worker": ["host0:2222", "host1:2222"]}, "task":
                {"type": "worker", "index": 0}}'
    """
    # Before anything else: TensorFlow connects the workers only then.
    workers = tf.distribute.MultiWorkerMirroredStrategy()
    mend_logs()
    keras.utils.set_random_seed(SEED)
    data = load_data()
    with workers.scope():
        model = build_model()
        compile_model(model)
        build_variables(model, data)
    history = train(model, data)
    if workers.cluster_resolver.task_id:
        return  # the first worker saves and shows
    model = on_one_device(model, data)
    model.save("model.keras")

    x, y = data[1]
    print(model.evaluate(x, y, verbose=0, return_dict=True))
    show_predictions(model, x, y)
    plot_curves(history)


if __name__ == "__main__":
    main()
