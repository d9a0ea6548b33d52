"""What ``keras.ops`` offers to a drawing: every public function that works on symbolic tensors, as plain data.

Keras is asked: a function is called with symbolic tensors and with plain values, and what it takes and gives is noted.
Arguments that take a tensor become ports, the others parameters. Where a port takes a number or an array too, there is
a parameter of the same name, and the port is gone while that has a value.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import keras
import numpy as np

from studio.engine.operation_samples import KINDS, KINDS_OF, NEVER_TENSORS, PLAIN, SAMPLES, SPECIAL, Sample
from studio.engine.parameter_facts import docstring_entries, parameter_facts

_CODE: Final = "It runs Python functions of one's own, which no file of a drawing may hold."
_NO_TENSOR: Final = "It takes no tensor of the network: it makes numbers out of nothing."
_NO_RESULT: Final = "It tells something about a tensor and gives none."
_NOT_SYMBOLIC: Final = "In this version of Keras it does not work on the tensors of a drawing."

_BROKEN: Final = "In this version of Keras it fails as soon as it runs, whatever it is given."

LEFT_OUT: Final[Mapping[str, str]] = {
    "adaptive_average_pool": _BROKEN,
    "adaptive_max_pool": _BROKEN,
    "histogram": _BROKEN,
    "convert_to_numpy": _NO_RESULT,
    "nonzero": "How many tensors it gives depends on the shape of what it takes.",
}
"""Public functions that do not appear although a symbolic call works, and why; the others are asked."""

_OF_CODE: Final = frozenset({"body", "body_fun", "branches", "f", "false_fn", "fun", "function", "pyfunc"})
"""Arguments that are Python functions."""

_TWO: Final = ("meshgrid",)
"""Functions that give as many tensors as they take: here always two."""

_COUNTED: Final[Mapping[str, tuple[str, int]]] = {
    "array_split": ("indices_or_sections", 1), "dsplit": ("indices_or_sections", 1),
    "hsplit": ("indices_or_sections", 1), "split": ("indices_or_sections", 1), "unravel_index": ("shape", 0),
    "unstack": ("num", 0), "vsplit": ("indices_or_sections", 1),
}  # fmt: skip
"""Functions that give a list: the parameter that tells how many, a number or a list and how many more than it has."""

_MANY: Final[Mapping[str, tuple[int, int | None]]] = {"einsum": (1, None)}
"""How many tensors a list of them may have, where the sample equation alone would decide."""

_OPERATORS: Final[Mapping[str, str]] = {
    "add": "+", "sub": "-", "mul": "*", "matmul": "@", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "ne": "!=", "and": "&", "or": "|", "xor": "^", "neg": "-",
    "invert": "~",
}  # fmt: skip
_UNARY: Final = ("neg", "invert")


@dataclass(slots=True)
class _Asked:
    """A function with arguments that it takes: tensors by name (a list of them in a port that takes many)."""

    name: str
    function: Any
    plain: dict[str, Any] = field(default_factory=dict)
    samples: dict[str, Sample] = field(default_factory=dict)
    takes_list: bool = False

    def arguments(self, others: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any], list[Any]]:
        """Positional arguments, keywords, and the tensors among them; ``others`` take the place of samples."""
        values: dict[str, Any] = dict(self.plain)
        tensors = []
        for name, sample in self.samples.items():
            if name not in others:
                made = [sample.tensor() for _ in range(2 if self.takes_list else 1)]
                tensors += made
                values[name] = made if self.takes_list else made[0]
        values |= others
        positional: list[Any] = []
        has_list = any(each.kind is each.VAR_POSITIONAL for each in _parameters(self.function))
        for each in _parameters(self.function):
            if each.kind is each.VAR_POSITIONAL and each.name in values:
                given = values.pop(each.name)
                positional += given if isinstance(given, list) else [given]
            elif has_list and each.kind is each.POSITIONAL_OR_KEYWORD and each.name in values:
                positional.append(values.pop(each.name))
        return positional, values, tensors

    def result(self, **others: Any) -> Any:
        """What it gives where all of it are tensors that depend on every tensor given; None otherwise."""
        positional, keywords, tensors = self.arguments(others)
        tensors += [each for each in keras.tree.flatten(list(others.values())) if isinstance(each, keras.KerasTensor)]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = self.function(*positional, **keywords)
            found = keras.tree.flatten(made)
        except Exception:
            return None
        if not found or not all(isinstance(each, keras.KerasTensor) for each in found):
            return None
        known = _sources(found)
        return made if all(id(each) in known for each in tensors) else None


def operations() -> tuple[dict[str, Any], dict[str, str]]:
    """The functions by their path under ``keras.ops`` ("mean", "image.resize"), and those left out, with reasons."""
    found: dict[str, Any] = {}
    left_out: dict[str, str] = {}
    with _warm():
        for name, function in _public():
            reason, asked = _ask(name, function)
            if asked is None:
                left_out[name] = reason
            else:
                found[name] = _facts(asked)
        _note_operators(found)
    return _without_twins(found), dict(sorted(left_out.items()))


@contextmanager
def _warm() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _public() -> Iterator[tuple[str, Any]]:
    """Every public function once: those of ``keras.ops`` itself first, then what only a module below it has."""
    seen: set[int] = set()
    for place in ("", "image", "linalg", "nn", "numpy"):
        module = getattr(keras.ops, place) if place else keras.ops
        for name in sorted(dir(module)):
            function = getattr(module, name)
            if not name.startswith("_") and inspect.isfunction(function) and id(function) not in seen:
                seen.add(id(function))
                yield f"{place}.{name}" if place else name, function


def _parameters(function: Any) -> list[inspect.Parameter]:
    return [each for each in inspect.signature(function).parameters.values() if each.kind is not each.VAR_KEYWORD]


def _ask(name: str, function: Any) -> tuple[str, _Asked | None]:
    parameters = _parameters(function)
    if name in LEFT_OUT:
        return LEFT_OUT[name], None
    if any(each.name in _OF_CODE for each in parameters):
        return _CODE, None
    special = SPECIAL.get(name, {})
    plain = {key: value for key, value in special.items() if not isinstance(value, Sample)}
    needed = [each for each in parameters if each.default is each.empty and each.name not in special]
    plain |= {each.name: PLAIN[each.name] for each in needed if each.name in PLAIN}
    told = {key: value for key, value in special.items() if isinstance(value, Sample)}
    open_names = [each.name for each in needed if each.name not in PLAIN]
    if not open_names and not told:
        return _NO_TENSOR, None
    for sample in SAMPLES:
        for takes_list in (False, True):
            asked = _Asked(name, function, plain, {**dict.fromkeys(open_names, sample), **told}, takes_list)
            asked.samples = {each.name: asked.samples[each.name] for each in parameters if each.name in asked.samples}
            made = asked.result()
            if made is not None and (hasattr(made, "shape") or all(hasattr(each, "shape") for each in made)):
                return "", asked
    asked = _Asked(name, function, plain, {**dict.fromkeys(open_names, SAMPLES[0]), **told})
    positional, keywords, _ = asked.arguments({})
    try:
        function(*positional, **keywords)
    except Exception:
        return _NOT_SYMBOLIC, None
    return _NO_RESULT, None


def _sources(tensors: list[Any]) -> set[int]:
    """The ids of all tensors from which these are made."""
    found: set[int] = set()
    open_tensors = list(tensors)
    while open_tensors:
        tensor = open_tensors.pop()
        if id(tensor) not in found:
            found.add(id(tensor))
            history = getattr(tensor, "_keras_history", None)
            if history is not None and history.operation is not None:
                open_tensors += history.operation._inbound_nodes[history.node_index].input_tensors
    return found


def _facts(asked: _Asked) -> dict[str, Any]:
    made = asked.result()
    outputs = keras.tree.flatten(made)
    operation = outputs[0]._keras_history.operation
    result: dict[str, Any] = {"class": type(operation).__name__, "arguments": _arguments(asked.function)}
    ports = [*asked.samples, *_optional_ports(asked)]
    ports = [each.name for each in _parameters(asked.function) if each.name in ports]
    operands = _operands(asked, ports)
    result["parameters"] = _parameter_facts(asked, ports, operands)
    result["inputs"] = [_port(asked, name) for name in ports]
    result["outputs"] = _names(len(outputs))
    if asked.name in _COUNTED:
        result["counted_by"] = list(_COUNTED[asked.name])
    for each in result["parameters"]:
        if each["kind"] != "bool" or not isinstance(each.get("default"), bool):
            continue
        flipped = asked.result(**{each["name"]: not each["default"]})
        count = len(keras.tree.flatten(flipped)) if flipped is not None else len(outputs)
        if count > len(outputs):
            result.setdefault("outputs_if", {})[each["name"]] = [each["name"].removeprefix("return_")]
        elif count < len(outputs):
            result.setdefault("outputs_unless", {})[each["name"]] = _names(count)
    return result


def _arguments(function: Any) -> list[str]:
    """All arguments in Keras's order; one that takes all further ones has a star."""
    return [f"*{each.name}" * (each.kind is each.VAR_POSITIONAL) or each.name for each in _parameters(function)]


def _names(count: int) -> list[str]:
    return ["output", *(f"output_{number}" for number in range(1, count))]


def _optional_ports(asked: _Asked) -> list[str]:
    """Arguments that take a tensor although nobody must give one."""
    first = next(iter(asked.samples.values()))
    shapes = dict.fromkeys([first.shape, first.shape[-1:], first.shape[:-1], (4,), ()])
    tried = [Sample(shape, dtype) for shape in shapes for dtype in (first.dtype, "bool", "int32")]
    if asked.takes_list:
        return []
    return [
        each.name
        for each in _parameters(asked.function)
        if each.default is None and each.name not in PLAIN and each.name not in NEVER_TENSORS
        and any(asked.result(**{each.name: sample.tensor()}) is not None for sample in tried)
    ]  # fmt: skip


def _operands(asked: _Asked, ports: list[str]) -> dict[str, bool]:
    """The ports where an array may stand instead, and whether a single number may.

    What a function works on is always a tensor: the first argument is plain only where the two are equals (1 - x).
    """
    found = {}
    for name in [] if asked.takes_list else ports:
        sample = asked.samples.get(name) or Sample((4,))
        array = np.zeros([size or 2 for size in sample.shape], sample.dtype)
        takes_number = any(asked.result(**{name: number}) is not None for number in (2.0, 1))
        is_equal = name != ports[0] or (len(ports) == 2 and takes_number)
        if is_equal and (takes_number or asked.result(**{name: array}) is not None):
            found[name] = takes_number
    return found


def _port(asked: _Asked, name: str) -> dict[str, Any]:
    port: dict[str, Any] = {"name": name}
    if name not in asked.samples or any(
        each.name == name and each.default is None for each in _parameters(asked.function)
    ):
        port["is_optional"] = True
    if asked.takes_list:
        sample = asked.samples[name]
        counts = [n for n in range(1, 4) if asked.result(**{name: [sample.tensor() for _ in range(n)]}) is not None]
        fewest, most = _MANY.get(asked.name, (counts[0], None if counts[-1] == 3 else counts[-1]))
        if asked.name in _TWO:
            fewest, most = 2, 2
        port |= {"takes_many": True, "fewest": fewest, "most": most}
    return port


def _parameter_facts(asked: _Asked, ports: list[str], operands: Mapping[str, bool]) -> list[dict[str, Any]]:
    entries = docstring_entries(asked.function.__doc__)
    parameters = [each for each in _parameters(asked.function) if each.kind is not each.VAR_POSITIONAL]
    names = {each.name for each in parameters}

    def tries(**values: Any) -> bool:
        return asked.result(**values) is not None

    found = []
    for each in parameters:
        if each.name in operands:
            operand = {"name": each.name, "kind": "array", "default": None, "allows_none": True}
            found.append(operand if operands[each.name] else {**operand, "advanced": True})
        elif each.name not in ports:
            facts = parameter_facts(each, entries.get(each.name, ""), names, tries)
            told = KINDS_OF.get((asked.name, each.name)) or KINDS.get(each.name)
            if told is not None:
                kept = {key: value for key, value in facts.items() if key in ("name", "default", "allows_none")}
                facts = {"name": each.name, "kind": told["kind"], **kept, **told}
            if each.name == _COUNTED.get(asked.name, ("", 0))[0]:
                facts.pop("default", None)  # How many ports there are must be known before Keras is asked.
                facts.pop("allows_none", None)
            found.append(facts)
    return found


def _note_operators(found: dict[str, Any]) -> None:
    """Which function Python's operators call, and whether they do so too where a number stands on the left."""
    tensor = Sample((None, 4, 4), "float32")
    by_class: dict[str, str] = {}
    for name, facts in found.items():
        # Of several functions that are the same, the one that is called like the operation itself.
        if facts["class"] not in by_class or name.replace("_", "") == facts["class"].lower():
            by_class[facts["class"]] = name
    for method, operator in _OPERATORS.items():
        one, other = tensor.tensor(), tensor.tensor()
        try:
            made = getattr(one, f"__{method}__")() if method in _UNARY else getattr(one, f"__{method}__")(other)
        except Exception:
            continue
        facts = found.get(by_class.get(type(made._keras_history.operation).__name__, ""))
        if facts is None:
            continue
        facts["operator"] = operator
        reflected = getattr(one, f"__r{method}__", None)
        turned = type(reflected(tensor.tensor())._keras_history.operation) if reflected is not None else None
        if turned is not None and turned.__name__ == facts["class"]:
            facts["is_reflected"] = True


def _without_twins(found: dict[str, Any]) -> dict[str, Any]:
    """One entry for functions that are the same operation with the same parameters; the others are its aliases."""
    kept: dict[str, Any] = {}
    first: dict[str, str] = {}
    for name in sorted(found, key=lambda name: (name.replace("_", "") != found[name]["class"].lower(), name)):
        facts = found[name]
        twin = first.get(facts["class"])
        if twin is not None and _is_same(kept[twin], facts):
            kept[twin].setdefault("aliases", []).append(name)
        else:
            kept[name] = facts
            first.setdefault(facts["class"], name)
    return dict(sorted(kept.items()))


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys = ("parameters", "inputs", "outputs")
    return all(one[key] == other[key] for key in keys)
