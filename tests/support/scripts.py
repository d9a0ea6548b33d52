"""Hand-written scripts in the form of an exported file, for the trainer."""

from __future__ import annotations

from textwrap import dedent

_SCRIPT = '''
"""A script in the form of an exported file."""

import keras
import numpy as np
from keras import layers

SEED = 7
BATCH_SIZE = {batch_size}


def load_data():
    numbers = np.random.default_rng(SEED)
    x = numbers.normal(size=({rows}, 4)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("int32")
    {data}
    half = len(x) // 2
    return (x, y), (x[:half], y[:half]), None


def build_model():
    inputs = keras.Input(shape=(4,))
    x = layers.Dense(8, activation="relu")(inputs)
    outputs = {last}(x)
    return keras.Model(inputs, outputs, name="net")


def compile_model(model):
    model.compile(
        optimizer={optimizer},
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
        {compiling}
    )


class EpochBatches(keras.utils.PyDataset):
    def __init__(self, x, y):
        super().__init__()
        self.x, self.y = x, y
        self.epoch = -1
        self.on_epoch_end()

    def __len__(self):
        return -(-len(self.x) // BATCH_SIZE)

    def __getitem__(self, index):
        rows = self.order[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
        return self.x[rows], self.y[rows]

    def on_epoch_end(self):
        self.epoch += 1
        self.order = np.random.default_rng([SEED, self.epoch]).permutation(len(self.x))


def train(model, data, callbacks=()):
    (x, y), validation, _ = data
    return model.fit(
        EpochBatches(x, y),
        epochs={epochs},
        validation_data=validation,
        callbacks=[*callbacks{callbacks}],
        verbose=0,
    )


def main():
    keras.utils.set_random_seed(SEED)
    data = load_data()
    model = build_model()
    compile_model(model)
    history = train(model, data)
    print(repr([float(loss) for loss in history.history["loss"]]))


if __name__ == "__main__":
    main()
'''


def training_script(
    *,
    epochs: int = 3,
    rows: int = 100,
    batch_size: int = 16,
    data: str = "",
    last: str = "layers.Dense(2)",
    optimizer: str = "keras.optimizers.Adam()",
    callbacks: str = "",
    compiling: str = "",
) -> str:
    """The text of a script that trains a small classifier; the arguments put other things in its places."""
    return dedent(_SCRIPT).format(
        epochs=epochs,
        rows=rows,
        batch_size=batch_size,
        data=data or "pass",
        last=last,
        optimizer=optimizer,
        compiling=compiling,
        callbacks=f", {callbacks}" if callbacks else "",
    )
