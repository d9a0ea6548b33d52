"""What a script gives a layer as its activation: functions of Keras and of other libraries, and parts of them."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from studio.catalog.spec import LayerSpec, ObjectSpec
from studio.importing.plain import shown
from studio.importing.script import operations
from studio.importing.script.constants import is_plain
from studio.importing.script.layers import bound, exact_activation
from studio.importing.script.things import (
    Ending,
    Known,
    MadeLayer,
    NotPlain,
    Open,
    Partial,
    Routine,
    Thing,
    Unclear,
)

if TYPE_CHECKING:
    from studio.importing.script.calling import Calling

_LAYERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "elu": ("ELU", {}), "leaky_relu": ("LeakyReLU", {"alpha": "negative_slope"}),
    "relu": ("ReLU", {"alpha": "negative_slope"}), "softmax": ("Softmax", {}),
}  # fmt: skip
"""Layers that do what a function does with other arguments, and arguments that have another name there."""
_WRITTEN: Mapping[str, str] = {"keras.": "keras.", "tensorflow.": "tf."}
"""Libraries that code of the project can call, by the names that an exported file imports them by."""


def meant(
    reader: Calling, spec: LayerSpec, args: list[Thing], kwargs: Mapping[str, Thing], line: int
) -> tuple[list[Thing], dict[str, Thing]]:
    """The arguments of a layer, with what a project holds in the place of each activation."""
    ordered = [parameter for parameter in spec.parameters if not parameter.is_call]
    kinds = {parameter.name: parameter.kind for parameter in ordered}
    placed = [*kinds.values(), *[""] * len(args)]
    return (
        [
            _meant(reader, each, line) if kind == "activation" else each
            for each, kind in zip(args, placed, strict=False)
        ],
        {key: _meant(reader, each, line) if kinds.get(key) == "activation" else each for key, each in kwargs.items()},
    )


def got(reader: Calling, thing: Thing, line: int) -> Thing:
    """What ``keras.activations.get`` gives."""
    thing = reader.plain(thing)
    if thing is None:
        return Known("keras.activations.linear")
    if not isinstance(thing, str):
        return thing
    spec = reader.run.catalog.object("activation", thing)
    return Unclear(line, f"{shown(thing)} is no activation that Keras knows.") if spec is None else _function(spec)


def _function(spec: ObjectSpec) -> Known:
    return Known(f"keras.activations.{spec.type}")


def _meant(reader: Calling, thing: Thing, line: int) -> Thing:
    if isinstance(thing, Open | Ending):
        return thing  # the parameter of a block
    plain = reader.plain(thing)
    if isinstance(plain, Known):
        return _of_library(reader, plain, {}, line) or thing
    if not isinstance(plain, Partial):
        return thing
    if isinstance(plain.function, Known) and not plain.args and all(map(is_plain, plain.kwargs.values())):
        found = _of_library(reader, plain.function, plain.kwargs, line)
        if found is not None:
            return found
    name = plain.function.name if isinstance(plain.function, Routine) else "a function"
    raise NotPlain(line, f"An activation is {shown(name)} with arguments given before (partial); write a def for it.")


def _of_library(reader: Calling, function: Known, kwargs: Mapping[str, Thing], line: int) -> Thing:
    """The function of Keras that is the same, the layer, or a function of the project that calls this one; or None."""
    catalog = reader.run.catalog
    exact = exact_activation(catalog, function.path)
    if exact is not None and not kwargs:
        return _function(exact)
    if exact is not None and exact.type in _LAYERS:
        type, other = _LAYERS[exact.type]
        spec = catalog.inner_layer(type)
        named = {other.get(key, key): each for key, each in kwargs.items()}
        if spec is not None and all(spec.parameter(key) is not None for key in named):
            return MadeLayer(type, bound(catalog, spec, (), named, line), None, line, reader.run.trial)
    library = next((each for each in _WRITTEN if function.path.startswith(each)), None)
    own = reader.run.own_code
    if library is None or own is None or not _takes_one_tensor(reader, function):
        return None
    path = function.path.replace(library, _WRITTEN[library], 1)
    arguments = ", ".join(["inputs", *(f"{key}={each!r}" for key, each in kwargs.items())])
    text = f"{path}({arguments})"
    if text not in own.calls_of_libraries:
        made = ast.parse(f"lambda inputs: {text}", mode="eval").body
        assert isinstance(made, ast.Lambda)
        ast.increment_lineno(made, line - 1)
        name = f"quick_{function.last}" if function.last == "gelu" and exact is None else function.last
        own.calls_of_libraries[text] = Routine(made, reader.whole, (), (), own, variable=name)
    return own.calls_of_libraries[text]


def _takes_one_tensor(reader: Calling, function: Known) -> bool:
    """Whether a function can be called with a tensor alone; of others than operations only running them tells."""
    if function.path.startswith("keras.activations."):
        return reader.run.catalog.object("activation", function.last) is not None
    meaning = operations.operation_of(reader.run.catalog, function.path)
    if meaning is None:
        return function.path.startswith("tensorflow.") and function.last[:1].islower()
    spec, _ = meaning
    return len([port for port in spec.inputs if not port.is_optional]) == 1
