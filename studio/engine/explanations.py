"""Keras's errors about a layer in one plain sentence: a table from (layer, Keras's text) to words.

The engine knows no names of nodes, so the sentences say "this layer" and speak of shapes, without the batch.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.protocol import Shape

_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def plain_text(error: BaseException) -> str:
    """What the error says, without terminal colours and without the dump of arguments that Keras appends."""
    text = _ANSI.sub("", str(error))
    # Keras counts the tensors of a scope: the number tells nobody anything, and another order of edits gives another.
    text = re.sub(r"\bkeras_tensor_\d+", "keras_tensor", text)
    text = re.sub(r"^Exception encountered when calling [^\n]*\n+", "", text)
    return text.partition("\n\nArguments received by")[0].strip() or type(error).__name__


def in_words(shape: Shape) -> str:
    """The shape of one sample: "28 × 28 × 1", "a row of 10 numbers"."""
    sample = shape[1:]
    if not sample:
        return "one number"
    if len(sample) == 1:
        return "a row of any length" if sample[0] is None else f"a row of {sample[0]} numbers"
    return by(sample)


def by(sizes: Sequence[int | None]) -> str:
    """Sizes with a multiplication sign; "?" where one is open."""
    return " × ".join("?" if size is None else str(size) for size in sizes)


@dataclass(frozen=True, slots=True)
class _Case:
    """What went wrong: class name of the layer, shapes of its inputs in order, and the match in Keras's text."""

    layer: str
    shapes: tuple[Shape, ...]
    match: re.Match[str]

    @property
    def shape(self) -> Shape:
        return self.shapes[0] if self.shapes else (None,)


@dataclass(frozen=True, slots=True)
class _Rule:
    text: re.Pattern[str]
    layers: re.Pattern[str]
    words: Callable[[_Case], str]


_RULES: list[_Rule] = []

_RECURRENT = r"LSTM|GRU|SimpleRNN|RNN|Bidirectional"
_PICTURES = r".*(Conv\w*2D\w*|Pooling2D|Padding2D|Cropping2D|UpSampling2D|Dropout2D)"


def _rule(text: str, layers: str = ".*") -> Callable[[Callable[[_Case], str]], Callable[[_Case], str]]:
    def keep(words: Callable[[_Case], str]) -> Callable[[_Case], str]:
        _RULES.append(_Rule(re.compile(text, re.DOTALL), re.compile(f"(?:{layers})$"), words))
        return words

    return keep


def of_call(layer: str, shapes: Sequence[Shape], text: str) -> str:
    """The sentence about a layer that could not be made or called. ``text`` is Keras's own."""
    for rule in _RULES:
        match = rule.text.search(text)
        if match is not None and rule.layers.match(layer):
            return rule.words(_Case(layer, tuple(shapes), match))
    return _keras_says(layer, text)


def _keras_says(layer: str, text: str) -> str:
    first = re.split(r"(?<=[.!?])\s|\n", text, maxsplit=1)[0].strip()
    if len(first) > 240:
        first = first[:239] + "…"
    what = "operation" if layer[:1].islower() else "layer"
    return f"Keras refuses this {what}: {first}"


# ---- too few or too many dimensions ----------------------------------------------------------------------------------

_NDIM = r"expected (?:min_|max_)?ndim=(\d+), found ndim=(\d+)"


@_rule(_NDIM, r"GlobalAveragePooling.*|GlobalMaxPooling.*")
def _nothing_to_average(case: _Case) -> str:
    what = "picture" if "2D" in case.layer else "sequence" if "1D" in case.layer else "volume"
    if len(case.shape) > 2:
        return f"This layer reduces a {what} to one row of numbers, but gets {in_words(case.shape)}."
    return (
        f"There is no {what} left to reduce here: this layer gets {in_words(case.shape)}. Remove it, or move it before"
        " the Flatten."
    )


@_rule(r"with at least 3 dimensions", "TimeDistributed")
def _nothing_for_steps(case: _Case) -> str:
    return (
        "What is applied to every time step takes a sequence (steps × what one step has), but gets"
        f" {in_words(case.shape)}."
    )


@_rule(_NDIM, _PICTURES)
def _no_picture(case: _Case) -> str:
    sizes = case.shape[1:]
    if len(sizes) == 1:
        fit = _square(sizes[0])
        hint = f" A Reshape to {fit} fits." if fit else " A Reshape can make one of it."
        return f"This layer needs a picture (height × width × channels), but gets {in_words(case.shape)}.{hint}"
    if len(sizes) == 2:
        return (
            f"Grey pictures still need a channel: this layer gets {by(sizes)} and needs {by((*sizes, 1))}. Give the"
            f" input that shape, or add a Reshape to {by((*sizes, 1))}."
        )
    return f"This layer needs a picture (height × width × channels), but gets {in_words(case.shape)}."


def _square(count: int | None) -> str:
    for channels in (1, 3):
        if count and count % channels == 0:
            side = round((count // channels) ** 0.5)
            if side > 1 and side * side * channels == count:
                return by((side, side, channels))
    return ""


@_rule(_NDIM, _RECURRENT)
def _no_sequence(case: _Case) -> str:
    if len(case.shape) == 2:
        return (
            f"This layer reads a sequence (steps × values), but gets {in_words(case.shape)}. If another recurrent layer"
            " stands before it, let that one give its whole sequence: return_sequences=True."
        )
    return f"This layer reads a sequence (steps × values), but gets {in_words(case.shape)}; a Reshape can make one."


@_rule(_NDIM, r".*1D\w*")
def _no_steps(case: _Case) -> str:
    return (
        f"This layer needs a sequence (steps × values), but gets {in_words(case.shape)}. A Reshape can make one of it."
    )


@_rule(_NDIM, r"RepeatVector")
def _no_row(case: _Case) -> str:
    return f"RepeatVector repeats one row of numbers, but gets {in_words(case.shape)}. Flatten it first."


@_rule(_NDIM)
def _other_rank(case: _Case) -> str:
    needed = int(case.match[1]) - 1
    sizes = "one size" if needed == 1 else f"{needed} sizes"
    return f"This layer needs {sizes} per sample, but gets {in_words(case.shape)}."


# ---- merging ---------------------------------------------------------------------------------------------------------


@_rule(r"requires inputs with matching shapes except for the concatenation axis", "Concatenate")
def _concatenation(case: _Case) -> str:
    ranks = {len(shape) for shape in case.shapes}
    if len(ranks) > 1:
        picture = max(case.shapes, key=len)
        row = min(case.shapes, key=len)
        return (
            f"One branch is still {in_words(picture)}, the other {in_words(row)}: flatten the larger one, or reduce it"
            " by GlobalAveragePooling."
        )
    hint = ' Padding "same" in the layers before lines them up.' if ranks == {4} else ""
    return (
        f"All sizes but the joined one have to be equal here, but the inputs are"
        f" {_listed([by(shape[1:]) for shape in case.shapes])}.{hint}"
    )


@_rule(r"Inputs have incompatible shapes|[Ii]ncompatible shapes", r"Add|Average|Maximum|Minimum|Multiply|Subtract")
def _unequal(case: _Case) -> str:
    sizes = _listed([by(shape[1:]) for shape in case.shapes])
    return f"{case.layer} needs inputs of equal size, but gets {sizes}. Make them equal, or use Concatenate."


@_rule(r"should be called on exactly 2 inputs|requires exactly 2 inputs|exactly two inputs|on a list of 2 inputs")
def _two_inputs(case: _Case) -> str:
    return f"{case.layer} takes exactly two inputs, but gets {len(case.shapes)}."


@_rule(r"Incompatible input shapes: axis values (\S+) .* != (\S+)", "Dot")
def _dot(case: _Case) -> str:
    return f"Dot multiplies along dimensions of equal size, but they are {case.match[1]} and {case.match[2]}."


@_rule(r"operands could not be broadcast|[Cc]annot broadcast|[Ii]ncompatible shapes|not broadcastable", r"[a-z]\w*")
def _not_broadcast(case: _Case) -> str:
    sizes = _listed([by(shape[1:]) if shape[1:] else "one number" for shape in case.shapes])
    return f"{case.layer} works number by number, but gets {sizes}; sizes have to be equal, or 1 in one of them."


@_rule(r"[Ii]nner dimensions|mismatch.*core dimension|not aligned|Matrix size-incompatible", r"matmul|dot|inner")
def _not_multiplied(case: _Case) -> str:
    sizes = " and ".join(by(shape[1:]) for shape in case.shapes)
    return f"The last size of the first must be the last but one of the second here, but they are {sizes}."


@_rule(r"too many entries|too many indices", r"get_item")
def _too_many_entries(case: _Case) -> str:
    return f"The slice has more entries than its input has axes: with the rows there are {len(case.shape)}."


# ---- sizes that do not work out --------------------------------------------------------------------------------------


@_rule(r"output size would be zero or negative", r".*Pooling.*")
def _pooled_to_nothing(case: _Case) -> str:
    window = re.search(r"pool_size=[\[(]([\d ,]+)[\])]", case.match.string)
    size = by([int(number) for number in re.findall(r"\d+", window[1])]) if window else "the window"
    return (
        f"The input is only {by(case.shape[1:-1])} here, too small to pool by {size}. Remove this layer, or set padding"
        ' to "same".'
    )


@_rule(r"output size would be zero or negative", r".*Conv.*")
def _convolved_to_nothing(case: _Case) -> str:
    rank = len(case.shape) - 2
    kernel = re.search(r"kernel shape=\(([\d, ]+)\)", case.match.string)
    size = by([int(number) for number in re.findall(r"\d+", kernel[1])][:rank]) if kernel else "the kernel"
    return (
        f"The input is only {by(case.shape[1:-1])} here, smaller than the kernel ({size}). Take a smaller kernel, pool"
        ' less before it, or set padding to "same".'
    )


@_rule(r"`cropping` argument should be smaller than", r"Cropping.*")
def _cropped_away(case: _Case) -> str:
    return f"More is cut off than there is: the input is {in_words(case.shape)}."


@_rule(r"total size of the tensor must be unchanged.* Received: input_shape=\(([^)]*)\), target_shape=\(([^)]*)\)")
def _reshaped(case: _Case) -> str:
    have, want = ([int(number) for number in re.findall(r"-?\d+", text)] for text in case.match.groups())
    total = f"The {math.prod(have)} numbers of the input ({by(have)})"
    if -1 in want:
        rest = -math.prod(want)
        open_want = by([None if size == -1 else size for size in want])
        return f"{total} do not fit into {open_want}: {rest} does not divide them."
    return f"{total} do not fit into {by(want)}, which takes {math.prod(want)}."


@_rule(
    r"must be fully-defined|last dimension .*should be defined|found undefined|found `None`|The channel dimension"
    r"|'NoneType' and 'int'"
)
def _open_size(case: _Case) -> str:
    text = (
        f"The number of weights is not known: a size of the input is open ({by(case.shape[1:])}). Give the input a"
        " fixed shape"
    )
    if len(case.shape) == 2:  # A lookup that learns its words gives as many numbers as it finds.
        return f"{text}; a lookup of words that marks or counts them needs Max tokens and Pad to max tokens."
    return f"{text}."


@_rule(r"batch size must be static", f"{_RECURRENT}|ConvLSTM.*")
def _open_batch(case: _Case) -> str:
    return "A stateful layer needs a fixed batch size. Set batch_size at the Input, or switch stateful off."


@_rule(r"(?:tuple|list) index out of range|[Ii]nvalid (?:value for argument )?`?axis|axis.* out of (?:bounds|range)")
def _no_such_axis(case: _Case) -> str:
    return (
        f"The axis does not exist: the input has {len(case.shape)} dimensions with the batch ({in_words(case.shape)})."
    )


@_rule(r"Invalid permutation argument")
def _permutation(case: _Case) -> str:
    return "dims has to name each dimension of a sample once, counted from 1, as in (2, 1)."


# ---- values of parameters --------------------------------------------------------------------------------------------


@_rule(r"argument `rate`\. Expected a (?:float )?value between 0 and 1\. Received: rate=(\S+)")
def _rate(case: _Case) -> str:
    return f"rate is a fraction between 0 and 1 (0.5 means half), not {case.match[1]}."


@_rule(r"value for `(\w+)`, expected a positive integer\. Received: \w+=(.+)")
def _positive(case: _Case) -> str:
    return f"{case.match[1]} has to be a whole number above 0, not {case.match[2].strip()}."


@_rule(r"The `(\w+)` argument must be a tuple of (\d+) integers?\. Received \w+=(.+?)(?:, including .*)?$")
def _whole_numbers(case: _Case) -> str:
    name, count, value = case.match.groups()
    more = "" if count == "1" else f", or {count} of them"
    return f"{name} has to be one whole number above 0{more}, not {value.strip().rstrip('.')}."


@_rule(r"Could not interpret (\w+) ?(?:function |object )?identifier: (\S+)")
def _unknown_word(case: _Case) -> str:
    return f"Keras knows no {case.match[1].lower()} called {case.match[2].strip(chr(39))}."


@_rule(r"`?(\w+)`? ?(?:argument )?(?:must|should) be (?:one of|either) (.+?)\.? ?Received:? ?(?:\w+=)?(.+)$")
def _one_of(case: _Case) -> str:
    name, choices, value = (part.strip(" .`:") for part in case.match.groups())
    return f"{name} has to be one of {choices}, not {value}."


@_rule(r"__init__\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)")
def _missing(case: _Case) -> str:
    return f"This layer still needs a value for {_names(case.match[1])}."


@_rule(r"call\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)|missing a required argument: (.+)")
def _unfed(case: _Case) -> str:
    return f"Nothing is connected to the port {_names(case.match[1] or case.match[2])} of this layer yet."


@_rule(r"Unrecognized keyword arguments? passed to (\w+): \{(.+)\}")
def _unknown_parameters(case: _Case) -> str:
    unknown = _listed(re.findall(r"'(\w+)': ", case.match[2]))
    return f"{case.match[1]} has no parameter {unknown} in this Keras."


@_rule(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
def _unknown_parameter(case: _Case) -> str:
    return f"{case.match[1]} has no parameter {case.match[2]} in this Keras."


@_rule(r"Cannot convert '(.+)' to a shape\. Negative")
def _negative_shape(case: _Case) -> str:
    return f"The sizes in a shape are 1 or more, or None for open, not {case.match[1]}."


@_rule(r"Cannot convert '(.+)' to a shape")
def _no_shape(case: _Case) -> str:
    return f"The shape of one sample is a list of whole numbers without the batch, such as (3,), not {case.match[1]}."


def _names(text: str) -> str:
    return _listed(re.findall(r"'(\w+)'", text)) or text


def _listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
