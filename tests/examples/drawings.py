"""The networks of the gallery, drawn by the program's own edits.

``python -m tests.examples.drawings`` writes ``resources/examples``; a test says when the files and this module differ.
Sizes and settings were chosen so that each learns in seconds on two cores. Those of tables and of text are in
``drawings_of_rows``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from studio import layout, storage
from studio.assets import resource
from studio.catalog.values import ParameterRef
from studio.core import edits, rules
from studio.core.project import BLOCK, INPUT, OUTPUT, Block, BlockParameter, Graph, Project
from tests.examples.drawing import CATALOG, STEP_X, STEP_Y, Drawing, convolution, dense
from tests.examples.drawings_of_rows import (
    book_mlp,
    moods,
    penguins,
    sine,
    spirals,
    two_branches,
    wide_and_deep,
    wine_regularized,
    word_order,
    xor,
)


def digits_cnn() -> Project:
    drawing = Drawing("Tiny digits", "bundled", "digits8x8")
    picture = drawing.node(INPUT, 0, name="picture")
    end = drawing.chain(
        1,
        picture,
        ("Rescaling", {"scale": 0.0625}),
        convolution(16, 3, padding="same"),
        ("MaxPooling2D", {}),
        convolution(32, 3),
        ("Flatten", {}),
        dense(10, "softmax", "probabilities"),
    )
    drawing.node(OUTPUT, 7, end, name="digit")
    return drawing.train(0.003, epochs=10)


def small_cnn() -> Project:
    drawing = Drawing("Handwritten digits", "bundled", "mnist5k")
    picture = drawing.node(INPUT, 0, name="picture")
    end = drawing.chain(
        1,
        picture,
        ("Rescaling", {"scale": 1 / 255}),
        convolution(16, 3),
        ("MaxPooling2D", {}),
        convolution(32, 3),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        ("Dropout", {"rate": 0.3}),
        dense(10, "softmax", "probabilities"),
    )
    drawing.node(OUTPUT, 9, end, name="digit")
    return drawing.train(0.003, epochs=6)


def lenet() -> Project:
    drawing = Drawing("LeNet-5", "bundled", "mnist5k")
    picture = drawing.node(INPUT, 0, name="picture")
    end = drawing.chain(
        1,
        picture,
        ("Rescaling", {"scale": 1 / 255}),
        ("Conv2D", {"filters": 6, "kernel_size": 5, "padding": "same", "activation": "tanh", "name": "c1"}),
        ("AveragePooling2D", {"pool_size": 2, "name": "s2"}),
        ("Conv2D", {"filters": 16, "kernel_size": 5, "activation": "tanh", "name": "c3"}),
        ("AveragePooling2D", {"pool_size": 2, "name": "s4"}),
        ("Flatten", {}),
        dense(120, "tanh", "c5"),
        dense(84, "tanh", "f6"),
        dense(10, "softmax", "probabilities"),
    )
    drawing.node(OUTPUT, 10, end, name="digit")
    return drawing.train(0.002, epochs=8)


def three_sizes() -> Project:
    drawing = Drawing("Small, medium and large", "bundled", "mnist5k")
    picture = drawing.node(INPUT, 0, name="picture", column=1)
    start = drawing.chain(1, picture, ("Rescaling", {"scale": 1 / 255}), ("MaxPooling2D", {}), column=1)
    sizes = (("small", 1), ("medium", 3), ("large", 5))
    looks = [
        drawing.chain(3, start, convolution(8, kernel, padding="same", name=name), column=column)
        for column, (name, kernel) in enumerate(sizes)
    ]
    joined = drawing.node("Concatenate", 4, looks, column=1)
    end = drawing.chain(
        5,
        joined,
        convolution(16, 3),
        ("MaxPooling2D", {}),
        ("Flatten", {}),
        dense(10, "softmax", "probabilities"),
        column=1,
    )
    drawing.node(OUTPUT, 9, end, name="digit", column=1)
    return drawing.train(0.003, epochs=6)


def residual() -> Project:
    drawing = Drawing("Residual blocks", "bundled", "fashion5k")
    key = f"b{drawing.project.next_id}"
    parameters = (BlockParameter("filters", 16),)
    block = Block(key, "residual", Graph(), parameters)
    drawing.project = replace(drawing.project, blocks={key: block}, next_id=drawing.project.next_id + 1)
    filters = ParameterRef("filters")
    entry = drawing.node(INPUT, 0, name="inputs", graph=key)
    first = drawing.node(
        "Conv2D", 1, entry, graph=key, filters=filters, kernel_size=3, padding="same", activation="relu"
    )
    second = drawing.node("Conv2D", 2, first, graph=key, filters=filters, kernel_size=3, padding="same")
    steady = drawing.node("BatchNormalization", 3, second, graph=key)
    both = drawing.node("Add", 4, [steady, entry], graph=key, column=0.5)
    bent = drawing.node("ReLU", 5, both, graph=key, column=0.5)
    drawing.node(OUTPUT, 6, bent, name="outputs", graph=key, column=0.5)

    picture = drawing.node(INPUT, 0, name="picture")
    start = drawing.chain(
        1,
        picture,
        ("Rescaling", {"scale": 1 / 255}),
        convolution(16, 3, strides=2, padding="same", name="stem"),
    )
    one = drawing.node(BLOCK, 3, start, name="residual_1", block=key)
    pooled = drawing.node("MaxPooling2D", 4, one)
    two = drawing.node(BLOCK, 5, pooled, name="residual_2", block=key)
    end = drawing.chain(6, two, ("GlobalAveragePooling2D", {}), dense(10, "softmax", "probabilities"))
    drawing.node(OUTPUT, 8, end, name="kind")
    return drawing.train(0.003, epochs=8)


def autoencoder() -> Project:
    drawing = Drawing("Digits through a narrow place", "bundled", "digits8x8")
    drawing.project = edits.set_data(drawing.project, replace(drawing.project.data, features=("x",), targets=("x",)))
    picture = drawing.node(INPUT, 0, name="picture")
    end = drawing.chain(
        1,
        picture,
        ("Rescaling", {"scale": 0.0625}),
        ("GaussianNoise", {"stddev": 0.3, "name": "noise"}),
        ("Flatten", {}),
        dense(64, "relu"),
        dense(16, "relu", "code"),
        dense(64, "relu"),
        dense(64, None, "pixels"),
        ("Reshape", {"target_shape": (8, 8, 1)}),
    )
    drawing.node(OUTPUT, 9, end, name="clean_picture")
    return drawing.train(0.003, epochs=30)


def siamese() -> Project:
    drawing = Drawing("Siamese twins", "made", "digit_pairs", samples=3000, noise=0.15)
    ends = [drawing.node(INPUT, 0, name=name, column=column) for column, name in enumerate(("left", "right"))]
    layers = (
        convolution(16, 3, name="looks"),
        convolution(32, 3, name="looks_again"),
        ("Flatten", {"name": "laid_out"}),
        dense(32, None, "described"),
    )
    first = drawing.chain(1, ends[0], *layers)
    for row, (_, params) in enumerate(layers, start=1):
        original = next(node for node in drawing.project.main.nodes.values() if node.name == params["name"])
        again = f"n{drawing.project.next_id}"
        drawing.project = edits.share(drawing.project, original.id, STEP_X, row * STEP_Y)
        drawing.join(ends[1], again, rules.ports_of(drawing.project, CATALOG, original)[0][0].name)
        ends[1] = again
    difference = drawing.node("Subtract", 5, [first, ends[1]], name="difference", column=0.5)
    end = drawing.chain(6, difference, dense(16, "relu"), dense(1, "sigmoid", "probability"), column=0.5)
    drawing.node(OUTPUT, 8, end, name="same", column=0.5)
    return drawing.train(0.003, epochs=12)


def self_attention() -> Project:
    drawing = Drawing("Rows that look at each other", "bundled", "digits8x8")
    picture = drawing.node(INPUT, 0, name="picture")
    rows = drawing.chain(
        1, picture, ("Rescaling", {"scale": 0.0625}), ("Reshape", {"target_shape": (8, 8)}), dense(32, None, "rows")
    )
    attention = drawing.node("MultiHeadAttention", 4, rows, name="heads", num_heads=4, key_dim=8, column=0.5)
    drawing.join(rows, attention, "value")
    both = drawing.node("Add", 5, [rows, attention])
    end = drawing.chain(
        6,
        both,
        ("LayerNormalization", {}),
        ("Flatten", {}),
        dense(32, "relu"),
        dense(10, "softmax", "probabilities"),
    )
    drawing.node(OUTPUT, 10, end, name="digit")
    return drawing.train(0.003, epochs=12)


def inception() -> Project:
    drawing = Drawing("Inception blocks", "bundled", "digits8x8")
    key = f"b{drawing.project.next_id}"
    block = Block(key, "inception", Graph(), (BlockParameter("filters", 8),))
    drawing.project = replace(drawing.project, blocks={key: block}, next_id=drawing.project.next_id + 1)
    entry = drawing.node(INPUT, 0, name="inputs", graph=key, column=1)
    looks = [
        drawing.node(
            "Conv2D", 1, entry, name=f"look_{size}", graph=key, column=column, filters=ParameterRef("filters"),
            kernel_size=size, padding="same", activation="relu",
        )
        for column, size in enumerate((1, 3, 5))
    ]  # fmt: skip
    joined = drawing.node("Concatenate", 2, looks, graph=key, column=1)
    drawing.node(OUTPUT, 3, joined, name="outputs", graph=key, column=1)

    picture = drawing.node(INPUT, 0, name="picture")
    start = drawing.chain(1, picture, ("Rescaling", {"scale": 0.0625}))
    one = drawing.node(BLOCK, 2, start, name="inception_1", block=key)
    pooled = drawing.node("MaxPooling2D", 3, one)
    two = drawing.node(BLOCK, 4, pooled, name="inception_2", block=key, filters=16)
    end = drawing.chain(5, two, ("GlobalAveragePooling2D", {}), dense(10, "softmax", "probabilities"))
    drawing.node(OUTPUT, 7, end, name="digit")
    return drawing.train(0.005, epochs=12)


GALLERY: dict[str, tuple[str, Callable[[], Project]]] = {
    "book_mlp": ("Input, body, output: two labels learned from a truth table of three switches", book_mlp),
    "xor": ("Why a hidden layer is needed: no straight line parts the two classes", xor),
    "spirals": ("What depth is good for: a border that winds", spirals),
    "sine": ("Regression: one number from one number, bent by relu", sine),
    "wine_regularized": (
        "Normalization, noise, batch normalization and dropout against learning by heart",
        wine_regularized,
    ),
    "two_branches": ("The book's two branches, joined by Concatenate", two_branches),
    "penguins": ("Two inputs, one of them an embedded word, and two outputs with a loss each", penguins),
    "wide_and_deep": ("A short and a long way to the same number, added up", wide_and_deep),
    "moods": ("Text: sentences become groups of words, and groups become an answer", moods),
    "word_order": ("A bidirectional LSTM reads word after word, from both ends", word_order),
    "digits_cnn": ("Convolution, pooling and Flatten on the smallest pictures", digits_cnn),
    "small_cnn": ("A small convolutional network on real handwriting", small_cnn),
    "lenet": ("The classic of 1998, layer by layer", lenet),
    "three_sizes": ("Three kernels look at the same picture, and Concatenate joins what they see", three_sizes),
    "residual": ("A block, defined once and used twice, with a way around it", residual),
    "inception": ("A block with a parameter: kernels of three sizes, with other filters at each use", inception),
    "siamese": ("One set of layers looks at two pictures: do both show the same digit?", siamese),
    "autoencoder": ("Noisy pictures go through a narrow place and come out clean", autoencoder),
    "self_attention": ("Each row of a picture asks all others what they show", self_attention),
}


"""Name -> sentence and drawing, the simplest first."""


def drawn(name: str) -> Project:
    """The project as it is in the gallery: every graph tidied."""
    project = GALLERY[name][1]()
    for key in project.graphs():
        project = layout.tidy(project, graph=key, catalog=CATALOG)
    return project


def index() -> str:
    """The text of ``index.toml``."""
    rows = ["# The gallery, in the order in which it is shown. Written by tests/examples/drawings.py.\n"]
    for name, (sentence, draw) in GALLERY.items():
        full_stop = "" if sentence.endswith("?") else "."
        rows.append(f'[[example]]\nname = "{name}"\ntitle = "{draw().title}"\nsentence = "{sentence}{full_stop}"\n')
    return "\n".join(rows)


def write(folder: Path) -> None:
    """Write every project and the index."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in GALLERY:
        (folder / f"{name}.studio").write_text(storage.dumps(drawn(name)), encoding="utf-8")
    (folder / "index.toml").write_text(index(), encoding="utf-8")


if __name__ == "__main__":
    write(resource("examples"))
