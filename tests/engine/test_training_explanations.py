"""Sentences about errors of a training, from the texts that Keras and TensorFlow really give."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.keras

TEXTS = [
    (
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(32,),"
        " output.shape=(32, 10)",
        "The labels are one class number each, but the output gives 10 numbers.",
    ),
    (
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(32,),"
        " output.shape=(32, 28, 28, 10)",
        "The output still has 28 × 28 × 10 per sample",
    ),
    (
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=(32, 10),"
        " output.shape=(32, 10)",
        "one-hot rows already",
    ),
    (
        "Graph execution error:\n\nDetected at node X\n  File a\nReceived a label value of 9 which is outside the valid"
        " range of [0, 9).  Label values: 1 2\n\t [[{{node X}}]]",
        "the output has only 9 units, for the classes 0 to 8. Give it 10 units.",
    ),
    ("Received a label value of -1 which is outside the valid range of [0, 9)", "counted from 0"),
    ("Data cardinality is ambiguous. Make sure ... 'x' sizes: 8\n'y' sizes: 6", "There are 8 samples but 6 labels"),
    ("indices[0,0] = 10 is not in [0, 10)", "Set its input_dim to 11 or more."),
    ("Invalid dtype: object", "A column of the data holds text"),
    ("could not convert string to float: 'Adelie'", "A column of the data holds text"),
    ("Incompatible shapes: [32,2] vs. [32,3]", "their sizes are 32 × 2 and 32 × 3"),
    ("OOM when allocating tensor with shape[1,2]", "not enough memory"),
]


@pytest.mark.parametrize(("text", "sentence"), TEXTS)
def test_the_text_becomes_a_sentence(text: str, sentence: str) -> None:
    from studio.engine.training_explanations import of_training

    assert sentence in of_training(ValueError(text), 3)


def test_the_unknown_names_its_line() -> None:
    from studio.engine.training_explanations import of_training

    assert of_training(ValueError("Odd thing. More"), 7) == "The program stopped at line 7 with an error: Odd thing."
    assert of_training(KeyError("mpg"), 7) == "The program stopped at line 7: it looked for 'mpg', which is not there."
    assert "too deep" in of_training(RecursionError("maximum recursion depth exceeded"), 7)
    assert of_training(MemoryError(), 0).startswith("The computer has not enough memory")


def test_a_network_beyond_memory_is_refused_before_it_is_built() -> None:
    import keras

    from studio.engine.memory import why_not_build

    def build() -> keras.Model:
        inputs = keras.Input((10,))
        return keras.Model(inputs, keras.layers.Dense(1000)(inputs))

    assert why_not_build(build, free_bytes=10**9) == ""
    refusal = why_not_build(build, free_bytes=200_000)
    assert "11,000 parameters" in refusal
    assert why_not_build(lambda: 1 / 0, free_bytes=1) == ""
    assert why_not_build(build, free_bytes=0) == ""
