"""Constructor calls of a script against the catalog: which parameter an argument is, and what its value means here."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import cast

from studio.catalog.spec import OPERATION, SEQUENTIAL, LayerSpec, ObjectKind, ObjectSpec, Parameter
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value
from studio.core.edits import is_same_value
from studio.core.project import INPUT
from studio.importing.plain import MAX_ITEMS, is_key, is_text, shown
from studio.importing.script.constants import NoResult, is_plain, refuse_nested
from studio.importing.script.things import (
    Configured,
    Ending,
    Known,
    MadeLayer,
    Network,
    NotPlain,
    Open,
    Routine,
    Thing,
    Unclear,
)
from studio.importing.values import Catalog

_OLD_ARGUMENTS = frozenset({"input_shape", "batch_input_shape", "batch_shape", "input_dim", "input_length"})
"""What the first layer of a Sequential was told in Keras 2, in the place of an Input."""
_FORGOTTEN = frozenset({"data_format", "implementation", "time_major", "autocast"})
_DTYPES = frozenset({"float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool",
                     "string"})  # fmt: skip
OTHER_NAMES: Mapping[str, str] = {
    "l1_l2": "L1L2", "constant": "Constant", "kl_divergence": "KLDivergence",
    "categorical_generalized_cross_entropy": "CategoricalGeneralizedCrossEntropy",
}  # fmt: skip
"""Public names of classes that Keras does not know them by where they are told by a text."""
_KINDS: Mapping[str, ObjectKind] = {
    "losses": "loss", "optimizers": "optimizer", "metrics": "metric", "callbacks": "callback",
    "initializers": "initializer", "regularizers": "regularizer", "constraints": "constraint",
    "activations": "activation",
}  # fmt: skip


def kind_of_module(path: str) -> ObjectKind | None:
    """The kind of Keras object that a dotted name means by its module, or None."""
    parts = path.split(".")
    if path.startswith("keras.optimizers.schedules."):
        return "schedule"
    return _KINDS.get(parts[1]) if len(parts) >= 3 and parts[0] == "keras" else None


def made_layer(
    catalog: Catalog, spec: LayerSpec, args: Sequence[Thing], kwargs: Mapping[str, Thing], line: int, trial: object
) -> MadeLayer:
    """``layers.Dense(10, activation="relu")``; NotPlain where an argument cannot be."""
    given = dict(kwargs)
    name = given.pop("name", None)
    old = {key: given.pop(key) for key in list(given) if key in _OLD_ARGUMENTS and spec.parameter(key) is None}
    if isinstance(name, Open | Ending):
        raise NeedsValue(name.use if isinstance(name, Ending) else name)
    if name is not None and not isinstance(name, str):
        raise NotPlain(line, "The name of the layer is known only when the script runs.")
    params = bound(catalog, spec, args, given, line)
    return MadeLayer(spec.type, params, name, line, trial, input_shape=_old_shape(old))


def _old_shape(old: Mapping[str, Thing]) -> Thing:
    if "input_shape" in old:
        return old["input_shape"]
    if "input_dim" in old and "input_length" not in old:
        return (old["input_dim"],)
    batch = old.get("batch_input_shape", old.get("batch_shape"))
    if isinstance(batch, tuple | list):
        return tuple(batch)[1:]
    return (old["input_length"],) if "input_length" in old else None


class NeedsValue(Exception):
    """A parameter of a routine function is needed as a value: the routine is then a block for this value only."""

    def __init__(self, which: Open) -> None:
        super().__init__(which.name)
        self.which = which


def bound(
    catalog: Catalog, spec: LayerSpec | ObjectSpec, args: Sequence[Thing], kwargs: Mapping[str, Thing], line: int
) -> dict[str, Value]:
    """The parameters that arguments give, less those that say Keras's default."""
    ordered = [parameter for parameter in spec.parameters if not parameter.is_call]
    if len(args) > len(ordered):
        raise NotPlain(line, f"{spec.type} takes {len(ordered)} arguments at most, and here are {len(args)}.")
    given: dict[str, Thing] = {parameter.name: value for parameter, value in zip(ordered, args, strict=False)}
    for key, value in kwargs.items():
        if key in given:
            raise NotPlain(line, f"{spec.type} is given {shown(key)} twice.")
        given[key] = value
    found: dict[str, Value] = {}
    for key, thing in given.items():
        parameter = next((each for each in ordered if each.name == key), None)
        if parameter is None:
            if key == "name" or key in _FORGOTTEN:
                continue
            where = "" if spec.is_own else " in this version of Keras"
            near = difflib.get_close_matches(key, [each.name for each in ordered], 1, 0.75)
            end = f"; is {near[0]} meant?" if near else "."
            raise NotPlain(line, f"{spec.type} has no parameter {shown(key)}{where}{end}")
        value = value_of(catalog, parameter, thing, line)
        if parameter.is_required or not is_same_value(value, cast(Value, parameter.default)):
            found[key] = value
    return found


def value_of(catalog: Catalog, parameter: Parameter | None, thing: Thing, line: int, depth: int = 0) -> Value:
    """What a thing means as the value of a parameter; NotPlain where a project cannot hold it."""
    where = f"{parameter.name} " if parameter is not None else "This value "
    if depth > 16:
        raise NotPlain(line, f"{where}is nested too deeply.")
    if isinstance(thing, str):
        if not is_text(thing):
            raise NotPlain(line, f"{where}is too long, or has characters that no text may hold.")
        return _identified(catalog, parameter, thing)
    if isinstance(thing, int) and not isinstance(thing, bool) and abs(thing) > 2**53:
        raise NotPlain(line, f"{where}is a larger number than a project can hold.")
    if parameter is not None and parameter.name == "output_shape" and type(thing) is int and not depth:
        return (thing,)  # MultiHeadAttention and EinsumDense take the size of the only axis alone, too.
    if is_plain(thing):
        return cast(Value, thing)
    if isinstance(thing, Open):
        return ParameterRef(thing.name)
    if isinstance(thing, Ending):
        raise NeedsValue(thing.use)
    if isinstance(thing, tuple | list | dict) and not depth:
        try:
            refuse_nested(thing)
        except NoResult as error:
            raise NotPlain(line, f"{where}cannot be held by a drawing: {error}.") from None
    if isinstance(thing, tuple | list):
        if len(thing) > MAX_ITEMS:
            raise NotPlain(line, f"{where}has {len(thing):,} entries, and a project holds {MAX_ITEMS:,}.")
        return tuple([value_of(catalog, parameter, item, line, depth + 1) for item in thing])
    if isinstance(thing, dict):
        if not all(isinstance(key, str) and is_key(key) for key in thing):
            raise NotPlain(line, f"{where}has entries whose names are no texts.")
        if (made := _from_config(catalog, parameter, thing, line)) is not None:
            return made
        return Dictionary({key: value_of(catalog, parameter, item, line, depth + 1) for key, item in thing.items()})
    if isinstance(thing, MadeLayer) and thing.applied is None:
        return KerasObject(thing.type, thing.params)
    if isinstance(thing, Network) and (row := in_a_row(thing)) is not None:
        return KerasObject(
            SEQUENTIAL, {"layers": tuple([value_of(catalog, None, each, line, depth + 1) for each in row])}
        )
    if isinstance(thing, Configured):
        return _configured(catalog, thing)
    if isinstance(thing, Known):
        return _named(catalog, parameter, thing, line)
    if isinstance(thing, Unclear):
        raise NotPlain(thing.line, thing.reason)
    if isinstance(thing, Routine) and thing.own is not None and (kind := _kind_of_function(parameter)):
        return thing.own.function(thing, kind)
    if isinstance(thing, Routine) and thing.own is None and thing.name in catalog.own:
        return KerasObject(thing.name)
    if isinstance(thing, Routine):
        raise NotPlain(line, f"{where}is a function of the script, {thing.name}, which a drawing cannot hold.")
    raise NotPlain(line, f"{where}has a value that a drawing cannot hold.")


def _from_config(
    catalog: Catalog, parameter: Parameter | None, thing: Mapping[str, Thing], line: int
) -> Value:  # fmt: skip
    """The object that ``{"class_name": "HeNormal", "config": {}}`` stands for; None where it stands for none."""
    kind = parameter.object_kind if parameter is not None else None
    name, config = thing.get("class_name"), thing.get("config", {})
    if kind is None or not isinstance(name, str) or not isinstance(config, dict):
        return None
    made = configured(catalog, kind, name, (), config, line)
    return _configured(catalog, made) if made is not None else None


def in_a_row(network: Network) -> list[MadeLayer | Network] | None:
    """The layers of a model where each takes what the one before gives; None for all others."""
    if network.stack is not None:
        parts = [each for each in network.stack if isinstance(each, MadeLayer | Network)]
        return [each for each in parts if isinstance(each, Network) or each.type != INPUT]
    row: list[MadeLayer | Network] = []
    if len(network.inputs) != 1 or len(network.outputs) != 1:
        return None
    tensor, begin = network.outputs[0][1], network.inputs[0][1].call
    while tensor.call is not begin:
        call = tensor.call
        part = call.layer if call.layer is not None else call.model
        if part is None or len(call.takes) != 1 or len(call.outputs) != 1 or any(each is part for each in row):
            return None
        if isinstance(part, MadeLayer) and (part.type.startswith(OPERATION) or part.applied or call.params):
            return None
        row.insert(0, part)
        tensor = call.takes[0][1]
    return row


def _kind_of_function(parameter: Parameter | None) -> str:
    """What kind of code a function is that stands for a parameter; "" where none can."""
    if parameter is None or parameter.kind == "code":
        return "function"
    return parameter.object_kind or ""


def _configured(catalog: Catalog, thing: Configured) -> Value:
    spec = catalog.object(thing.kind, thing.type)
    if spec is not None and spec.identifier and not thing.params and thing.kind not in ("schedule", "callback"):
        return spec.identifier
    return KerasObject(thing.type, thing.params)


def _identified(catalog: Catalog, parameter: Parameter | None, text: str) -> Value:
    """The one name that a project uses of those that Keras knows an object by."""
    if parameter is not None and text not in parameter.choices and text.lower() in parameter.choices:
        return text.lower()  # Keras takes "SAME", too
    if parameter is None or parameter.object_kind is None or parameter.object_kind == "schedule":
        return text
    spec = catalog.object(parameter.object_kind, text)
    return (spec.identifier or text) if spec is not None else text


def _named(catalog: Catalog, parameter: Parameter | None, thing: Known, line: int) -> Value:
    """A name of a library as a value: ``keras.activations.relu``, ``tf.nn.relu``, ``tf.float32``."""
    if thing.last in _DTYPES and (parameter is None or parameter.kind == "dtype"):
        return thing.last
    kind = parameter.object_kind if parameter is not None else kind_of_module(thing.path)
    if kind == "activation":
        spec = exact_activation(catalog, thing.path)
    else:
        spec = catalog.object(kind, OTHER_NAMES.get(thing.last, thing.last)) if kind is not None else None
    if spec is None and parameter is not None and parameter.takes_layer and _is_layer_class(catalog, thing):
        sentence = f"{parameter.name} is the class {thing.last} itself, and no layer of it; write {thing.last}()."
        raise NotPlain(line, sentence)
    if spec is None and kind == "activation":
        near = catalog.object("activation", thing.last)
        end = f'; if Keras\'s own is meant, write "{near.identifier}".' if near is not None else "."
        name = shown(thing.path.removeprefix("builtins."))
        raise NotPlain(line, f"{name} is no activation that Keras has{end}")
    if spec is None:
        raise NotPlain(line, f"{shown(thing.path)} is not known here as a value.")
    return spec.identifier or KerasObject(spec.type)


_ACTIVATION_MODULES = frozenset({
    "keras.activations", "keras.ops", "keras.ops.nn", "keras.ops.numpy", "keras.backend", "tensorflow",
    "tensorflow.nn", "tensorflow.math", "tensorflow.compat.v1.nn", "jax.nn", "jax.numpy", "torch",
    "torch.nn.functional", "tensorflow_addons.activations",
})  # fmt: skip
"""Where a function does the same as Keras's activation of that name."""
_OTHER_ACTIVATIONS = frozenset({
    "keras.ops.gelu", "keras.ops.nn.gelu", "keras.backend.hard_sigmoid", "jax.nn.gelu", "jax.nn.leaky_relu",
    "torch.nn.functional.leaky_relu", "torch.nn.functional.threshold", "tensorflow_addons.activations.gelu",
})  # fmt: skip
"""Where it does not: another default, or another function."""
_OTHER_ACTIVATION_NAMES: Mapping[str, str] = {
    "tensorflow.exp": "exponential", "tensorflow.math.exp": "exponential", "keras.ops.exp": "exponential",
    "tensorflow.identity": "linear",
}  # fmt: skip


def exact_activation(catalog: Catalog, path: str) -> ObjectSpec | None:
    """The activation of Keras that does just what this function does when it is given a tensor alone; or None."""
    module, _, name = path.rpartition(".")
    name = _OTHER_ACTIVATION_NAMES.get(path, name)
    if module not in _ACTIVATION_MODULES or path in _OTHER_ACTIVATIONS:
        return None
    spec = catalog.object("activation", name)
    return None if spec is None or spec.is_own or any(each.is_required for each in spec.parameters) else spec


def _is_layer_class(catalog: Catalog, thing: Known) -> bool:
    return thing.path.startswith("keras.layers.") and catalog.inner_layer(thing.last) is not None


def configured(
    catalog: Catalog, kind: ObjectKind, name: str, args: Sequence[Thing], kwargs: Mapping[str, Thing], line: int
) -> Configured | None:
    """``keras.optimizers.Adam(1e-3)``; None where the catalog knows no such object."""
    spec = catalog.object(kind, OTHER_NAMES.get(name, name))
    if spec is None:
        return None
    return Configured(kind, spec.type, bound(catalog, spec, args, kwargs, line))


_OWN_KINDS: tuple[ObjectKind, ...] = (
    "loss", "metric", "optimizer", "schedule", "callback", "initializer", "regularizer", "constraint",
)  # fmt: skip


def own_object(
    catalog: Catalog, name: str, args: Sequence[Thing], kwargs: Mapping[str, Thing], line: int, trial: object
) -> MadeLayer | Configured | None:
    """An object of a class that is code of the project; None where the project has no such class."""
    if name not in catalog.own:
        return None
    spec = catalog.inner_layer(name)
    if spec is not None and spec.is_own:
        return made_layer(catalog, spec, args, kwargs, line, trial)
    for kind in _OWN_KINDS:
        found = catalog.object(kind, name)
        if found is not None and found.is_own:
            return configured(catalog, kind, name, args, kwargs, line)
    return None
