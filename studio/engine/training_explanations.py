"""Errors of a training in one plain sentence: a table from what Keras, TensorFlow and Python say to words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from studio.engine.explanations import by, plain_text

MEMORY: Final = "The computer has not enough memory for this. Try a smaller batch or a smaller network."


def of_training(error: BaseException, line: int) -> str:
    """The sentence about an error that ended a run. ``line`` is where in the script it happened, 0 if not known."""
    match error:
        case MemoryError():
            return MEMORY
        case ModuleNotFoundError(name=name):
            return f"The Python package {name} is not installed, which the program needs."
        case FileNotFoundError(filename=name):
            return f"The file {name} is missing."
        case SyntaxError():
            return f"Line {line} of the program is not valid Python: {error.msg}."
        case RecursionError():
            return "This network is too deep: Keras can build about 900 layers one after the other, not more."
        case SystemExit():
            return "The program ended itself before the training was over."
    text = plain_text(error)
    for pattern, words in _RULES:
        found = re.search(pattern, text, re.DOTALL)
        if found is not None:
            return words(found)
    where = f" at line {line}" if line else ""
    if isinstance(error, KeyError):
        return f"The program stopped{where}: it looked for {_first_sentence(text)}, which is not there."
    return f"The program stopped{where} with an error: {_first_sentence(text)}"


def of_divergence(loss: float, step: int, epoch: int, learning_rate: float, x: Any) -> str:
    """Why the loss is no number any more, and what to try. ``x`` is the input of the training data, as arrays."""
    became = "NaN (not a number)" if loss != loss else "infinite"
    start = f"The loss became {became} at step {step}, in epoch {epoch}"
    numbers = [array for array in x if array.dtype.kind == "f" and array.size]
    if any(np.isnan(array).any() for array in numbers):
        return f"{start}: the training data hold gaps (NaN). Leave out or fill the rows with gaps."
    slower = (
        f"Try a learning rate of {learning_rate / 10:.2g}" if learning_rate == learning_rate else "Try smaller steps"
    )
    largest = max((float(np.abs(array).max()) for array in numbers), default=0.0)
    if largest > 100:
        slower += f", or scale the inputs, which reach {largest:.4g}, with a Normalization layer"
    return f"{start}: its steps were too large. {slower}."


def _first_sentence(text: str) -> str:
    if text.startswith("Graph execution error"):
        lines = [line.strip() for line in text.splitlines()]
        told = [line for line in lines if line and not line.startswith(("[[", "File ", "Detected", "Graph", "Stack"))]
        text = told[-1] if told else text
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].strip()
    return first if len(first) <= 240 else first[:239] + "…"


def _sizes(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _sample(text: str) -> str:
    sizes = _sizes(text)[1:]
    return "one number" if not sizes else f"{sizes[0]} numbers" if len(sizes) == 1 else " × ".join(sizes)


def _ranks_differ(match: re.Match[str]) -> str:
    target, output = _sizes(match[1]), _sizes(match[2])
    if len(output) > 2:
        return _still_a_picture(match[2])
    if len(target) < len(output):
        return (
            f"The labels are one class number each, but the output gives {_sample(match[2])}. Use the sparse loss"
            " (SparseCategoricalCrossentropy), or for a yes-or-no question one unit with sigmoid."
        )
    return f"The labels hold {_sample(match[1])} per sample, the output {_sample(match[2])}: they have to be equal."


def _sparse_rank(match: re.Match[str]) -> str:
    target, output = _sizes(match[1]), _sizes(match[2])
    if len(target) == len(output):
        return (
            "The labels are one-hot rows already, but the loss is a sparse one, which takes class numbers. Use"
            " CategoricalCrossentropy."
        )
    return _still_a_picture(match[2])


def _still_a_picture(shape: str) -> str:
    return f"The output still has {_sample(shape)} per sample where one row is needed: flatten before the last Dense."


def _label_out_of_range(match: re.Match[str]) -> str:
    label, low, end = (int(number) for number in match.groups())
    if label < low:
        return f"The data hold the class number {label}, but classes are counted from 0."
    return (
        f"The data hold the class number {label}, but the output has only {end} units, for the classes 0 to {end - 1}."
        f" Give it {label + 1} units."
    )


def _other_input(match: re.Match[str]) -> str:
    return f"The network expects {_sample(match[1])} per sample, but the data have {_sample(match[2])}."


def _vocabulary(match: re.Match[str]) -> str:
    return (
        f"The data hold the number {match[1]}, but the Embedding knows only {match[2]} different ones. Set its"
        f" input_dim to {int(match[1]) + 1} or more."
    )


def _widths_differ(match: re.Match[str]) -> str:
    return (
        f"The targets and the output do not fit together: their sizes are {by(_numbers(match[1]))} and"
        f" {by(_numbers(match[2]))}. Give the output as many units as there are targets."
    )


def _numbers(text: str) -> list[int | None]:
    return [int(number) if number.isdigit() else None for number in _sizes(text)]


_SHAPE: Final = r"\(([^)]*)\)"
_TARGET_AND_OUTPUT: Final = rf"Received: target\.shape={_SHAPE}, output\.shape={_SHAPE}"

_RULES: Final[list[tuple[str, Callable[[re.Match[str]], str]]]] = [
    (r"ResourceExhausted|OOM when allocating|[Oo]ut of memory|Unable to allocate", lambda match: MEMORY),
    (rf"must have the same rank \(ndim\)\. {_TARGET_AND_OUTPUT}", _ranks_differ),
    (
        rf"must have rank \(ndim\) `target\.ndim - 1`\. Received: target\.shape={_SHAPE}, output\.shape={_SHAPE}",
        _sparse_rank,
    ),
    (r"Received a label value of (-?\d+) which is outside the valid range of \[(\d+), (\d+)\)", _label_out_of_range),
    (rf"expected shape={_SHAPE}, found shape={_SHAPE}", _other_input),
    (
        r"Data cardinality is ambiguous.*'x' sizes: (\d+).*'y' sizes: (\d+)",
        lambda match: f"There are {match[1]} samples but {match[2]} labels: each sample needs one.",
    ),
    (r"indices\[[\d,]+\] = (-?\d+) is not in \[0, (\d+)\)", _vocabulary),
    (
        r"Invalid dtype: (?:object|str)|could not convert string to float|Failed to convert a NumPy array",
        lambda match: "A column of the data holds text where numbers are needed. Leave it out, or encode it.",
    ),
    (r"Incompatible shapes: \[([\d,]+)\] vs\. \[([\d,]+)\]", _widths_differ),
    (r"Dimensions must be equal.*input shapes: \[([^\]]*)\], \[([^\]]*)\]", _widths_differ),
    (
        r"No space left on device",
        lambda match: "The disk is full, so the run could not write its files.",
    ),
]
