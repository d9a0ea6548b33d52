"""The networks of the gallery, drawn by the program's own edits.

``python -m tests.examples.drawings`` writes ``resources/examples``; a test says when the files and this module differ.
Sizes and settings were chosen so that each learns in seconds on two cores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from studio import catalog, data, layout, storage
from studio.assets import resource
from studio.catalog.values import KerasObject, ParameterRef, Value
from studio.core import edits, rules
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Block, BlockParameter, Graph, OutputPlan, PortRef, Project

STEP_Y = 88
STEP_X = 224

CATALOG = catalog.load()


class Drawing:
    """A project that grows node by node; rows go down, columns to the right."""

    def __init__(self, title: str, kind: Literal["made", "bundled"], name: str, **params: Value) -> None:
        source = data.choose(kind, name, params=params)
        self.project = edits.set_data(replace(Project(), title=title), source)

    def node(
        self,
        type: str,
        row: float,
        after: str | Sequence[str] = (),
        *,
        name: str | None = None,
        column: float = 0,
        graph: str = MAIN,
        block: str | None = None,
        **params: Value,
    ) -> str:
        """Add a node below those that it takes, and give back its id."""
        identifier = f"n{self.project.next_id}"
        place = {"x": column * STEP_X, "y": row * STEP_Y}
        self.project = edits.add_node(self.project, type, name=name, params=params, block=block, graph=graph, **place)
        inputs, _ = rules.ports_of(self.project, CATALOG, self.project.graph(graph).nodes[identifier])
        for source in [after] if isinstance(after, str) else after:
            self.join(source, identifier, inputs[0].name, graph)
        return identifier

    def join(self, source: str, target: str, port: str, graph: str = MAIN) -> None:
        """Draw an edge from the first output of a node to a port."""
        _, outputs = rules.ports_of(self.project, CATALOG, self.project.graph(graph).nodes[source])
        before = self.project
        ends = PortRef(source, outputs[0].name), PortRef(target, port)
        self.project = edits.connect(self.project, CATALOG, *ends, graph=graph)
        assert self.project is not before, f"no edge from {source} to {target}"

    def chain(self, first_row: float, after: str, *layers: tuple[str, dict[str, Value]], column: float = 0) -> str:
        """Add layers one below the other; ``name`` among the parameters is the node's name."""
        for index, (type, params) in enumerate(layers):
            chosen = dict(params)
            name = chosen.pop("name", None)
            assert name is None or isinstance(name, str)
            after = self.node(type, first_row + index, after, name=name, column=column, **chosen)
        return after

    def train(
        self, learning_rate: float, epochs: int, batch_size: int = 32, callbacks: tuple[KerasObject, ...] = ()
    ) -> Project:
        """Say how it learns; gives the finished project."""
        plan = replace(
            self.project.training,
            optimizer=KerasObject("Adam", {"learning_rate": learning_rate}),
            epochs=epochs,
            batch_size=batch_size,
            callbacks=callbacks,
        )
        self.project = edits.set_training(self.project, plan)
        return self.project


def dense(units: int, activation: str | None = None, name: str | None = None) -> tuple[str, dict[str, Value]]:
    """A Dense layer for ``Drawing.chain``."""
    params: dict[str, Value] = {"units": units}
    if activation:
        params["activation"] = activation
    if name:
        params["name"] = name
    return "Dense", params


def book_mlp() -> Project:
    drawing = Drawing("The book's network", "made", "truth_table")
    switches = drawing.node(INPUT, 0, name="switches")
    end = drawing.chain(1, switches, dense(10, "relu"), dense(5, "relu"), dense(2, "sigmoid"))
    drawing.node(OUTPUT, 4, end, name="labels")
    return drawing.train(0.03, epochs=5, batch_size=8)


def xor() -> Project:
    drawing = Drawing("XOR", "made", "xor", samples=400, noise=0.15)
    point = drawing.node(INPUT, 0, name="point")
    end = drawing.chain(1, point, dense(8, "tanh", "hidden"), dense(1, "sigmoid", "probability"))
    drawing.node(OUTPUT, 3, end, name="label")
    return drawing.train(0.05, epochs=20)


def spirals() -> Project:
    drawing = Drawing("Two spirals", "made", "spirals", samples=1000, noise=0.05)
    point = drawing.node(INPUT, 0, name="point")
    end = drawing.chain(
        1, point, dense(32, "relu"), dense(32, "relu"), dense(32, "relu"), dense(1, "sigmoid", "probability")
    )
    drawing.node(OUTPUT, 5, end, name="label")
    return drawing.train(0.01, epochs=60)


def sine() -> Project:
    drawing = Drawing("A sine wave", "made", "sine", samples=800, noise=0.1)
    x = drawing.node(INPUT, 0, name="x")
    end = drawing.chain(1, x, dense(64, "relu"), dense(64, "relu"), dense(1, None, "height"))
    drawing.node(OUTPUT, 4, end, name="y")
    return drawing.train(0.005, epochs=60)


def wine_regularized() -> Project:
    drawing = Drawing("Wine, well regularized", "bundled", "wine")
    measurements = drawing.node(INPUT, 0, name="measurements")
    end = drawing.chain(
        1,
        measurements,
        ("Normalization", {}),
        ("GaussianNoise", {"stddev": 0.1}),
        dense(24, "relu"),
        ("BatchNormalization", {}),
        ("Dropout", {"rate": 0.3}),
        dense(3, "softmax", "probabilities"),
    )
    drawing.node(OUTPUT, 7, end, name="cultivar")
    stop = KerasObject("EarlyStopping", {"patience": 15, "restore_best_weights": True})
    return drawing.train(0.01, epochs=60, batch_size=16, callbacks=(stop,))


def two_branches() -> Project:
    drawing = Drawing("Two branches, one answer", "bundled", "breast_cancer")
    cells = drawing.node(INPUT, 0, name="cells", column=0.5)
    scaled = drawing.node("Normalization", 1, cells, column=0.5)
    ends = [
        drawing.chain(2, scaled, *[dense(units, "relu", f"{branch}_l{n}") for n in (1, 2, 3)], column=column)
        for column, (branch, units) in enumerate((("b1", 10), ("b2", 3)))
    ]
    joined = drawing.node("Concatenate", 5, ends, column=0.5)
    end = drawing.chain(6, joined, dense(5, "relu", "m1_l1"), dense(1, "sigmoid", "m1_l2"), column=0.5)
    drawing.node(OUTPUT, 8, end, name="diagnosis", column=0.5)
    return drawing.train(0.005, epochs=20)


def penguins() -> Project:
    drawing = Drawing("Penguins: two questions at once", "bundled", "penguins")
    project = drawing.project
    numbers = project.data.features
    drawing.project = edits.set_columns(project, features=[*numbers, "island"], targets=["species", "sex"])
    body = drawing.node(INPUT, 0, name="body", column=0)
    island = drawing.node(INPUT, 0, name="island", column=1)
    drawing.project = edits.bind(drawing.project, body, numbers)
    drawing.project = edits.bind(drawing.project, island, ["island"])
    scaled = drawing.chain(1, body, ("Normalization", {}))
    place = drawing.chain(1, island, ("Embedding", {"input_dim": 3, "output_dim": 2}), ("Flatten", {}), column=1)
    joined = drawing.node("Concatenate", 3, [scaled, place], column=0.5)
    shared = drawing.chain(4, joined, dense(16, "relu", "shared"), column=0.5)
    for column, name in enumerate(("species", "sex")):
        classes = len(drawing.project.data.column(name).classes)  # type: ignore[union-attr]
        end = drawing.chain(5, shared, dense(classes, "softmax", f"{name}_probabilities"), column=column)
        output = drawing.node(OUTPUT, 6, end, name=name, column=column)
        drawing.project = edits.bind(drawing.project, output, [name])
    return drawing.train(0.01, epochs=40, batch_size=16)


def wide_and_deep() -> Project:
    drawing = Drawing("Miles per gallon, wide and deep", "bundled", "auto_mpg")
    car = drawing.node(INPUT, 0, name="car", column=0.5)
    scaled = drawing.node("Normalization", 1, car, column=0.5)
    deep = drawing.chain(2, scaled, dense(32, "relu"), dense(32, "relu"), dense(1, None, "deep"), column=0)
    wide = drawing.chain(4, scaled, dense(1, None, "wide"), column=1)
    both = drawing.node("Add", 5, [deep, wide], column=0.5)
    output = drawing.node(OUTPUT, 6, both, name="mpg", column=0.5)
    plan = OutputPlan(loss=KerasObject("Huber", {"delta": 2.0}), metrics=(KerasObject("MeanAbsoluteError"),))
    drawing.project = edits.set_output_plan(drawing.project, output, plan)
    return drawing.train(0.01, epochs=60)


def convolution(filters: int, kernel: int, **params: Value) -> tuple[str, dict[str, Value]]:
    """A Conv2D layer with relu for ``Drawing.chain``."""
    return "Conv2D", {"filters": filters, "kernel_size": kernel, "activation": "relu", **params}


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


def moods() -> Project:
    drawing = Drawing("A good or a bad mood", "made", "moods", samples=2000)
    text = drawing.node(INPUT, 0, name="sentence")
    end = drawing.chain(
        1,
        text,
        (
            "TextVectorization",
            {
                "max_tokens": 200,
                "ngrams": 2,
                "output_mode": "multi_hot",
                "pad_to_max_tokens": True,
                "name": "word_groups",
            },
        ),
        dense(16, "relu"),
        dense(1, "sigmoid", "probability"),
    )
    drawing.node(OUTPUT, 4, end, name="mood")
    return drawing.train(0.005, epochs=12)


def word_order() -> Project:
    drawing = Drawing("Words in their order", "made", "moods", samples=1000)
    text = drawing.node(INPUT, 0, name="sentence")
    end = drawing.chain(
        1,
        text,
        ("TextVectorization", {"max_tokens": 100, "output_sequence_length": 12, "name": "words"}),
        ("Embedding", {"input_dim": 100, "output_dim": 16, "mask_zero": True}),
        ("Bidirectional", {"layer": KerasObject("LSTM", {"units": 16})}),
        dense(1, "sigmoid", "probability"),
    )
    drawing.node(OUTPUT, 5, end, name="mood")
    return drawing.train(0.01, epochs=8)


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
    drawing.project = edits.set_columns(drawing.project, features=["x"], targets=["x"])
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
    attention = drawing.node("MultiHeadAttention", 4, rows, name="attention", num_heads=4, key_dim=8, column=0.5)
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
