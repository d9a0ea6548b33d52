"""Each mistake that beginners make in a drawing gets its own plain sentence; the bad graph is really given to Keras."""

from __future__ import annotations

import pytest

from studio.protocol import Call, UpdateGraph

pytestmark = pytest.mark.keras

MISTAKES = [
    ("layers.Conv2D(3, 3)", ["(784,)"], "needs a picture (height × width × channels), but gets a row of 784 numbers"),
    ("layers.Conv2D(3, 3)", ["(784,)"], "A Reshape to 28 × 28 × 1 fits."),
    ("layers.Conv2D(3, 3)", ["(3072,)"], "A Reshape to 32 × 32 × 3 fits."),
    (
        "layers.Conv2D(3, 3)",
        ["(28, 28)"],
        "still need a channel: this layer gets 28 × 28 and needs 28 × 28 × 1",
    ),
    ("layers.MaxPooling2D()", ["(10,)"], "needs a picture"),
    ("layers.UpSampling2D()", ["(10,)"], "needs a picture"),
    ("layers.ZeroPadding2D()", ["(10,)"], "needs a picture"),
    ("layers.Conv2DTranspose(3, 3)", ["(10,)"], "needs a picture"),
    ("layers.Conv1D(3, 3)", ["(10,)"], "needs a sequence (steps × values), but gets a row of 10 numbers"),
    ("layers.MaxPooling1D()", ["(10,)"], "needs a sequence"),
    ("layers.LSTM(4)", ["(10,)"], "let that one give its whole sequence: return_sequences=True"),
    ("layers.GRU(4)", ["(8, 8, 3)"], "reads a sequence (steps × values), but gets 8 × 8 × 3"),
    ("layers.SimpleRNN(4)", ["(4,)"], "return_sequences=True"),
    ("layers.GlobalAveragePooling2D()", ["(10,)"], "There is no picture left to reduce here"),
    ("layers.GlobalMaxPooling1D()", ["(10,)"], "There is no sequence left to reduce here"),
    ("layers.RepeatVector(3)", ["(10, 2)"], "RepeatVector repeats one row of numbers, but gets 10 × 2"),
    ("layers.Concatenate()", ["(26, 26, 8)", "(24, 24, 8)"], 'are 26 × 26 × 8 and 24 × 24 × 8. Padding "same"'),
    (
        "layers.Concatenate()",
        ["(26, 26, 8)", "(784,)"],
        "branch is still 26 × 26 × 8, the other a row of 784 numbers",
    ),
    ("layers.Add()", ["(10,)", "(12,)"], "Add needs inputs of equal size, but gets 10 and 12"),
    ("layers.Average()", ["(10,)", "(12,)"], "Average needs inputs of equal size, but gets 10 and 12"),
    ("layers.Multiply()", ["(4, 3)", "(4, 2)"], "Multiply needs inputs of equal size, but gets 4 × 3 and 4 × 2"),
    ("layers.Subtract()", ["(10,)"], "Subtract takes exactly two inputs, but gets 1"),
    ("layers.Subtract()", ["(1,)", "(1,)", "(1,)"], "Subtract takes exactly two inputs, but gets 3"),
    ("layers.Dot(axes=1)", ["(10,)"], "Dot takes exactly two inputs, but gets 1"),
    ("layers.Dot(axes=1)", ["(10,)", "(12,)"], "they are 10 and 12"),
    ("layers.MaxPooling2D()", ["(1, 1, 4)"], "only 1 × 1 here, too small to pool by 2 × 2"),
    ("layers.AveragePooling1D(9)", ["(4, 2)"], "only 4 here, too small to pool by 9"),
    ("layers.Conv2D(8, 9)", ["(8, 8, 1)"], "only 8 × 8 here, smaller than the kernel (9 × 9)"),
    ("layers.Conv1D(8, 9)", ["(8, 1)"], "only 8 here, smaller than the kernel (9)"),
    ("layers.Cropping2D(6)", ["(10, 10, 3)"], "More is cut off than there is: the input is 10 × 10 × 3."),
    ("layers.Reshape((3, 3))", ["(4,)"], "The 4 numbers of the input (4) do not fit into 3 × 3, which takes 9."),
    ("layers.Reshape((3, -1))", ["(4,)"], "do not fit"),
    ("layers.Dense(3)", ["(None,)"], "a size of the input is open (?)"),
    ("layers.Dense(3)", ["(None,)"], "marks or counts them needs Max tokens and Pad to max tokens."),
    ("layers.Conv2D(3, 3)", ["(8, 8, None)"], "a size of the input is open (8 × 8 × ?)"),
    ("layers.Concatenate(axis=3)", ["(4,)", "(4,)"], "The axis does not exist"),
    ("layers.BatchNormalization(axis=4)", ["(4,)"], "The axis does not exist"),
    ("layers.Permute((3, 1))", ["(4, 4, 3)"], "dims has to name each dimension"),
    ("layers.Dropout(50)", ["(4,)"], "rate is a fraction between 0 and 1 (0.5 means half), not 50."),
    ("layers.Dense(-3)", ["(4,)"], "units has to be a whole number above 0, not -3."),
    ("layers.Conv2D(3, 0)", ["(8, 8, 1)"], "kernel_size has to be one whole number above 0, or 2 of them, not 0."),
    ("layers.Conv2D(3, (1, 2, 3))", ["(8, 8, 1)"], "not (1, 2, 3)."),
    ('layers.Dense(3, activation="reul")', ["(4,)"], "Keras knows no activation called reul."),
    ('layers.Dense(3, kernel_initializer="he")', ["(4,)"], "Keras knows no initializer called he."),
    ("layers.Dense()", ["(4,)"], "This layer still needs a value for units."),
    ("layers.Dense(3, unit=4)", ["(4,)"], "Dense has no parameter unit in this Keras."),
    ("keras.Input(shape=3)", [], "The shape of one sample is a list of whole numbers without the batch"),
    ("keras.Input(shape=(-3,))", [], "The sizes in a shape are 1 or more"),
]


@pytest.mark.parametrize(("expression", "shapes", "sentence"), MISTAKES)
def test_a_mistake_is_told_in_a_sentence(expression: str, shapes: list[str], sentence: str) -> None:
    from studio.engine.checker import Checker

    checker = Checker()
    inputs = [Call(f"n{i}", "input", f"keras.Input(shape={shape})") for i, shape in enumerate(shapes)]
    port = "sequence" if "LSTM" in expression or "GRU" in expression or "RNN" in expression else "inputs"
    taken = ((port, tuple((call.id, 0) for call in inputs)),)
    kind = "layer" if shapes else "input"
    checker.update(UpdateGraph(1, 1, True, (*inputs, Call("bad", kind, expression, taken if shapes else ()))))
    answer = checker.infer()["bad"]
    assert sentence in answer.problem
    assert answer.problem.endswith(".")
    assert "\n" not in answer.problem
    assert "\x1b" not in answer.details
    assert "Error" in answer.details


def test_an_unknown_error_is_told_in_keras_s_own_first_sentence() -> None:
    from studio.engine.explanations import of_call

    assert of_call("Odd", [], "Very odd. And more.\nAnd more.") == "Keras refuses this layer: Very odd."
    assert len(of_call("Odd", [], "x" * 10_000)) < 300
    assert of_call("", [(None,)], "") != ""


@pytest.mark.parametrize("index", range(20))
def test_no_rule_breaks_on_missing_shapes(index: int) -> None:
    from studio.engine import explanations

    texts = [
        "expected min_ndim=4, found ndim=2",
        "Inputs have incompatible shapes",
        "Computed output size would be zero or negative",
        "requires inputs with matching shapes except for the concatenation axis",
        "must be fully-defined",
        "tuple index out of range",
    ]
    layers = [
        "",
        "Dense",
        "Conv2D",
        "LSTM",
        "Add",
        "Concatenate",
        "MaxPooling2D",
        "GlobalMaxPooling1D",
        "Conv1D",
        "Dot",
    ]
    shapes = [[], [()], [(None,)], [(None, None), (None,)]]
    for text in texts:
        assert explanations.of_call(layers[index % len(layers)], shapes[index % len(shapes)], text)
