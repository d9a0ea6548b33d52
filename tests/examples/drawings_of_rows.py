"""The networks of the gallery that learn from tables, made-up points and text."""

from __future__ import annotations

from dataclasses import replace

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import INPUT, OUTPUT, OutputPlan, Project
from tests.examples.drawing import Drawing, dense


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
    data = replace(project.data, features=(*numbers, "island"), targets=("species", "sex"))
    drawing.project = edits.set_data(project, data)
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
                "name": "ngrams",
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
