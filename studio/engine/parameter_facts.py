"""What one constructor parameter of Keras takes: its kind, its choices and its bounds.

Three sources, in this order: the parameter's name (Keras names things alike everywhere), the first words of its
docstring entry, the type of its default. What can be asked is asked: choices, bounds and lengths are tried on the
constructor, and an answer counts only where the constructor also refuses nonsense. The first sentence of Keras's own
words comes along as ``told``, for forms of what our words do not know yet; no file of ours keeps it.
"""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from typing import Any

from studio.engine.samples import SAMPLES

NONSENSE = "surely_not_a_choice"
"""A string that no parameter accepts on purpose: a constructor that takes it does not check its strings."""

_SUFFIXES: tuple[tuple[str, str], ...] = (
    ("_initializer", "initializer"),
    ("_regularizer", "regularizer"),
    ("_constraint", "constraint"),
    ("activation", "activation"),
    ("dtype", "dtype"),
    ("seed", "seed"),
    ("bias_axes", "text"),  # "de": the letters of an equation
    ("axes", "axis"),
    ("axis", "axis"),
)

_BY_NAME: Mapping[str, str] = {
    "arguments": "dict",
    "average": "choice",
    "backward_layer": "layer",
    "batch_size": "int",
    "beta": "float",
    "bin_boundaries": "list",
    "boundaries": "list",
    "cell": "layer",
    "cells": "list",
    "class_id": "int",
    "class_weight": "dict",
    "classes": "int",
    "cropping": "ints",
    "backup_dir": "text",
    "data_format": "choice",
    "dilation_rate": "ints",
    "dims": "shape",
    "directory": "text",
    "exclude_layers": "list",
    "embeddings_metadata": "dict",
    "encoding": "text",
    "equation": "text",
    "filename": "text",
    "filepath": "text",
    "flash_attention": "bool",
    "function": "code",
    "gptq_unpacked_column_size": "int",
    "idf_weights": "list",
    "ignore_class": "int",
    "inner_optimizer": "dict",
    "input_dim": "int",
    "kernel_size": "ints",
    "label_smoothing": "float",
    "label_weights": "list",
    "layer": "layer",
    "layers": "list",
    "mask": "code",
    "max_value": "float",
    "mean": "list",
    "min_delta": "float",
    "min_value": "float",
    "monitor": "text",
    "name": "text",
    "ngrams": "int",
    "noise_shape": "shape",
    "on_epoch_begin": "code",
    "on_epoch_end": "code",
    "on_train_batch_begin": "code",
    "on_train_batch_end": "code",
    "on_train_begin": "code",
    "on_train_end": "code",
    "output_dim": "int",
    "output_padding": "ints",
    "output_shape": "shape",
    "output_size": "ints",
    "pool_size": "ints",
    "renorm_clipping": "dict",
    "salt": "int",
    "schedule": "code",
    "separator": "text",
    "quantization_config": "dict",
    "shape": "shape",
    "size": "ints",
    "strides": "ints",
    "target_class_ids": "list",
    "target_shape": "shape",
    "thresholds": "list",
    "tile_grid_size": "ints",
    "top_k": "int",
    "value_range": "list",
    "values": "list",
    "variance": "list",
    "vocabulary": "list",
    "weights": "list",
}
"""Kinds that neither a default nor a docstring tells, by the name of the parameter."""

_VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "fill_mode": ("constant", "reflect", "nearest", "wrap"),
    "interpolation": ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"),
    "mode": ("auto", "min", "max"),
    "reduction": ("none", "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"),
    "window": ("hann", "hamming"),
}
"""Strings that are worth trying, or that docstrings are trusted with, by the name of the parameter."""

_ALSO: Mapping[str, tuple[str, ...]] = {"save_freq": ("int",), "update_freq": ("int",)}
"""Other kinds that a choice takes where no constructor may be tried."""

_KIND_WORDS: tuple[tuple[str, str], ...] = (
    (r"^(an? )?(optional )?(\w+ )?(bool|boolean)\b|^whether\b|^if true\b", "bool"),
    (r"^(an? )?(optional )?((non-negative|positive|python) )?(int|integer)\b|^(the )?(maximum )?number of\b", "int"),
    (r"^(an? )?(optional )?((single|small|scalar|non-negative|positive|python) )?(float|number|scalar|fraction)\b",
     "float"),
    (r"^(the )?(exponential decay rate|learning rate)|^a (python )?float", "float"),
    (r"^(an? )?(optional )?(str|string)\b", "text"),
)  # fmt: skip


def docstring_entries(doc: str | None) -> dict[str, str]:
    """The entries under "Args:" of a docstring by parameter name, each as one line."""
    # A template that Keras fills in unindented spoils cleandoc, so the section is found at any indentation.
    section = re.search(r"^( *)(?:Args|Arguments):\n(.*?)(?=^\1\S|\Z)", inspect.cleandoc(doc or ""), re.M | re.S)
    if section is None:
        return {}
    start = rf"{section.group(1)} {{1,4}}[`*]*(\w+)`?\s*(?:\([^)]*\))?:"
    entries = re.split(rf"^(?={start})", section.group(2), flags=re.M)
    found = [(match, entry) for entry in entries if entry and (match := re.match(start, entry))]
    return {match.group(1): " ".join(entry[match.end() :].split()) for match, entry in found}


SENTENCE_LENGTH = 160
"""A hint is one line or two."""


def first_sentence(text: str | None) -> str:
    """The first sentence of a docstring or of an entry of it, without its marks; "" where it is too long for a hint."""
    flat = " ".join((text or "").partition("\n\n")[0].split()).replace("`", "").replace("**", "")
    match = re.match(r"(.{8,}?[.!?])(?= [A-Z(]|$)", flat)
    sentence = match.group(1) if match else flat
    if not match and sentence:
        sentence = sentence.rstrip(".,:;") + "."
    return sentence[:1].upper() + sentence[1:] if len(sentence) <= SENTENCE_LENGTH else ""


def parameter_facts(
    parameter: inspect.Parameter, entry: str, siblings: Collection[str], tries: Callable[..., bool]
) -> dict[str, Any]:
    """Everything about one parameter; ``tries(name=value)`` tells whether the constructor takes a value.

    ``entry`` is its docstring entry; ``siblings`` are the names of the other parameters, which docstrings quote too.
    """
    name = parameter.name
    has_default = parameter.default is not inspect.Parameter.empty
    default = plain(parameter.default) if has_default else None
    kind = _kind(name, default, entry)
    facts: dict[str, Any] = {"name": name, "kind": kind}
    if told := first_sentence(entry):
        facts["told"] = told
    if has_default:
        facts["default"] = default

    def takes(value: Any) -> bool:
        return tries(**{name: value})

    checks_strings = takes(_sample(name, default)) and not takes(NONSENSE)
    if kind == "choice":
        choices = _choices(name, default, entry, siblings, takes, checks_strings)
        also = [other for other, value in (("bool", True), ("int", 3)) if checks_strings and takes(value)]
        also = also or list(_ALSO.get(name, ()))
        facts |= {"choices": choices} if choices else {"kind": "text"}
        facts |= {"also": also} if choices and also else {}
    if kind == "shape" and takes(2) and not takes(NONSENSE):
        facts["also"] = ["int"]
    if (has_default and default is None) or _takes_none(kind, entry, takes):
        facts["allows_none"] = True
    if kind in ("int", "float"):
        facts |= _bounds(kind, takes)
    if kind in ("ints", "float"):
        facts |= _lengths(kind, takes)
    return facts


def plain(value: Any) -> Any:
    """A default as JSON can hold it. What it cannot hold is nothing that a person could have typed: None."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else None


def tryer(owner: Callable[..., Any], required: Mapping[str, Any]) -> Callable[..., bool]:
    """A function that tells whether ``owner`` can be constructed with the values given, and forgets the result."""

    def tries(**values: Any) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                owner(**(dict(required) | values))
        except Exception:
            return False
        return True

    return tries


def _sample(name: str, default: Any) -> Any:
    return default if default is not None else SAMPLES.get(name)


def _kind(name: str, default: Any, entry: str) -> str:
    for suffix, kind in _SUFFIXES:
        if name == suffix or name.endswith("_" + suffix.removeprefix("_")):
            return kind
    if isinstance(default, bool | float):
        return "bool" if isinstance(default, bool) else "float"
    if name == "padding" and not isinstance(default, str):
        return "ints"
    if name in _BY_NAME:
        return _BY_NAME[name]
    if isinstance(default, list):
        return "list"
    if isinstance(default, str):
        return "choice"
    lowered = entry.lower().replace("`", "")
    for pattern, kind in _KIND_WORDS:
        if re.search(pattern, lowered):
            return "choice" if kind == "text" and re.search(r"\bone of\b", lowered) else kind
    if isinstance(default, int):
        return "int"
    return "choice" if re.search(r"\bone of\b|\beither\b", lowered) else _kind_by_habit(name)


def _kind_by_habit(name: str) -> str:
    """The last resort: names that count something are whole numbers, the rest is a number."""
    counts = r"(num_|max_|n$|units|filters|height$|width$)|.*(_dim|_steps|_length|_rank|_frequency|_size|bins)$"
    return "int" if re.match(counts, name) else "float"


def _choices(
    name: str,
    default: Any,
    entry: str,
    siblings: Collection[str],
    takes: Callable[[Any], bool],
    checks_strings: bool,
) -> list[str]:
    """The strings that Keras accepts, the default first, or nothing where they cannot be told."""
    if name == "data_format":
        return ["channels_last", "channels_first"]
    quoted = re.findall(r"[\"'`]([a-z][a-z0-9_+]*|[A-Z]{2,})[\"'`]", entry)
    known = _VOCABULARY.get(name, ())
    known = known if default in (None, *known) else ()
    candidates = [default] * isinstance(default, str)
    if checks_strings:
        candidates += [word for word in [*quoted, *known] if takes(word)]
    else:
        # Where Keras checks nothing, its docstring decides.
        candidates += [word for word in quoted if word not in siblings and (not known or word in known)]
    candidates = list(dict.fromkeys(candidates))
    # One lonely string is an example, not a choice.
    return candidates if len(candidates) > 1 or checks_strings or name in _ALSO else []


def _takes_none(kind: str, entry: str, takes: Callable[[Any], bool]) -> bool:
    if kind in ("activation", "regularizer", "constraint"):
        return True
    return kind in ("axis", "choice") and "None" in entry and takes(None)


def _bounds(kind: str, takes: Callable[[Any], bool]) -> dict[str, float]:
    """Bounds that the constructor itself insists on."""
    if kind == "int":
        if takes(1) and not takes(-1):
            return {"low": 0 if takes(0) else 1}
        return {}
    bounds: dict[str, float] = {}
    if takes(0.5) and not takes(-0.5) and not takes(-2.0):
        bounds["low"] = 0.0
    if takes(0.5) and not takes(1.5):
        bounds["high"] = 1.0
    return bounds


def _lengths(kind: str, takes: Callable[[Any], bool]) -> dict[str, Any]:
    """How many numbers a value may have (0 stands for one bare number), where the constructor insists."""
    number: Any = 1 if kind == "ints" else 0.5
    pair = (number, number)
    lengths = [0] if takes(number) else []
    lengths += [length for length in range(1, 5) if takes((number,) * length)]
    facts: dict[str, Any] = {}
    if kind == "float":
        return {"lengths": lengths} if lengths == [0, 2] else {}
    if 0 < len(lengths) < 5:
        facts["lengths"] = lengths
    if any(takes((pair,) * n) and not takes(((1, 1, 1),) * n) for n in lengths if n):
        facts["takes_pairs"] = True
    if takes(number) and not takes(-1):
        facts["low"] = 0 if takes(0) else 1
    return facts
