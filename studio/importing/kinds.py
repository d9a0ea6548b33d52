"""What one layer of a model becomes: its type here, its parameters, and what is kept of a class that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from studio.catalog.old_names import instead_of
from studio.catalog.spec import LayerSpec, Port
from studio.catalog.values import Value
from studio.core.naming import LONGEST_NAME, to_snake_case
from studio.core.project import BLOCK, INPUT, OUTPUT
from studio.immutable import immutable
from studio.importing.entries import Entry, LayerCall, Tensor, tensors_in
from studio.importing.operations import call_params, operation_params
from studio.importing.params import layer_params, unknown_params
from studio.importing.plain import clean, kept, shown
from studio.importing.report import Findings, called_with_training
from studio.importing.values import Catalog, Unfit, Values, policy_name

KERAS = "keras"
"""The key in a grey node's ``extra`` under which its class and its call are kept."""


@immutable
class Kind:
    """Type, parameters and output ports of a node. ``origin`` has the words of the file for a class unknown here.

    ``given`` are the arguments of an operation that its config has, so that its calls do not.
    """

    type: str
    params: Mapping[str, Value]
    outputs: tuple[Port, ...]
    origin: Mapping[str, str] = field(default_factory=dict)
    given: frozenset[str] = frozenset()

    def called(self, call: LayerCall, values: Values, findings: Findings, name: str) -> Kind:
        """The same with the switches of a call, which are parameters of a node here."""
        catalog = values.catalog
        spec = catalog.layer(self.type)
        if spec is None:
            return self
        if spec.operation is not None:
            params = {
                **self.params,
                **call_params(values, spec, spec.operation, call, self.given, findings, name),
            }
            return replace(self, params=params, outputs=catalog.ports(self.type, params)[1])
        found: dict[str, Value] = {}
        for key, value in call.kwargs.items():
            parameter = spec.parameter(key)
            if key in spec.inputs_if and (tensors_in(value) or not value):
                continue  # the tensors are edges
            if parameter is not None and parameter.is_call and isinstance(value, bool):
                if value is not parameter.default:
                    found[key] = value
            elif key == "training" and spec.family == "preprocessing":
                continue  # Keras writes down that these are active in training, which they are in any case.
            elif key == "training" and value is True:  # Keras writes False down by itself (LSTM with a mask)
                findings.replace(called_with_training(value), told(name))
            elif value not in (None, False, [], {}) and not tensors_in(value):
                findings.miss(
                    f"Called with {shown(key)}, which a drawing cannot say, so it was left out: {{}}.", told(name)
                )
        if not found:
            return self
        params = {**self.params, **found}
        return replace(self, params=params, outputs=catalog.ports(self.type, params)[1])

    def opened(self, catalog: Catalog, calls: Iterable[LayerCall]) -> Kind:
        """The same with the ports for what one of the calls is given (``mask``): all calls of a layer have the same."""
        spec = catalog.layer(self.type)
        names = spec.inputs_if if spec is not None else ()
        found = {name: True for call in calls for name in names if tensors_in(call.kwargs.get(name))}
        return replace(self, params={**self.params, **found}) if found else self

    def is_open(self, catalog: Catalog) -> bool:
        """Whether Keras worked out by itself how many tensors come out (unstack)."""
        spec = catalog.layer(self.type)
        operation = spec.operation if spec is not None else None
        return operation is not None and operation.counted_by not in ("", *self.params)

    def counted(self, catalog: Catalog, count: int) -> Kind:
        """The same with so many outputs, where it is open how many there are."""
        spec = catalog.layer(self.type)
        assert spec is not None
        assert spec.operation is not None
        params = {**self.params, spec.operation.counted_by: count}
        return replace(self, params=params, outputs=catalog.ports(self.type, params)[1])

    def extra(self, call: LayerCall) -> Mapping[str, object]:
        """What a grey node keeps besides its parameters: its class, and what its call was given beside tensors."""
        if not self.origin:
            return {}
        try:
            given = kept({"args": _marked(call.args), "kwargs": _marked(call.kwargs)})
        except ValueError:
            given = None
        return {KERAS: {**self.origin, "call": given}}


_OTHER_CLASSES = {"GroupedQueryAttention": "GroupQueryAttention"}
"""What an .h5 calls a layer whose class has another name than Keras gives it in ``keras.layers``."""


def kind_of(entry: Entry, values: Values, findings: Findings) -> Kind:
    """What a layer becomes. A class that the catalog does not know becomes a grey node that keeps its config."""
    catalog = values.catalog
    is_ours = entry.type in catalog.own  # code of the project
    spec = (
        None
        if (entry.is_own and not is_ours) or entry.is_operation
        else catalog.layers.get(_OTHER_CLASSES.get(entry.type, entry.type))
    )
    if spec is not None and spec.module and not _is_borrowed(entry, spec):
        spec = None
    name = told(entry.name)
    operation = catalog.operation_of_class(entry.type) if entry.is_operation and not entry.is_own else None
    if operation is not None:
        params = operation_params(values, operation, entry.config, name, findings)
        return Kind(operation.type, params, catalog.ports(operation.type, params)[1], given=frozenset(entry.config))
    if spec is not None and spec.type not in (INPUT, OUTPUT):
        params = layer_params(values, spec, entry.config, name, findings)
        if spec.type == "Lambda" and "function" not in params:
            findings.miss(
                "The function of a Lambda stands in the file as machine code, which nobody can read and which is never "
                "run, so it was left out; put a layer in its place: {}.", name,
            )  # fmt: skip
        return Kind(spec.type, params, catalog.ports(spec.type, params)[1])
    type_name = _unknown_type(entry, catalog)
    if entry.is_operation:
        findings.miss(f"The operation {type_name} is none that a drawing can have and is kept in grey: {{}}.", name)
    else:
        findings.miss(not_of_this_keras(type_name), name)
    words = {"class_name": entry.type, "module": entry.module, "registered_name": entry.registered}
    origin = {key: clean(word, LONGEST_NAME) for key, word in words.items() if word}
    return Kind(type_name, unknown_params(values, entry.config, name, findings), (), origin)


def _is_borrowed(entry: Entry, spec: LayerSpec) -> bool:
    """Whether this is the class that Keras keeps for its ready-made networks, and not one of the same name.

    People write classes of these names themselves; where a file tells no module, its parameters tell.
    """
    if entry.module:
        return entry.module == spec.module
    own = {parameter.name for parameter in spec.parameters if parameter.is_required}
    return own <= entry.config.keys() <= {"name", *(parameter.name for parameter in spec.parameters)}


def input_params(entry: Entry, name: str, findings: Findings) -> dict[str, Value]:
    """Shape, batch size and type of numbers of an InputLayer, as far as they are not the usual ones."""
    params: dict[str, Value] = {}
    shape = entry.config.get("batch_shape", entry.config.get("batch_input_shape"))
    if isinstance(shape, list | tuple) and shape and all(map(_is_size, shape)):
        params["shape"] = tuple(shape[1:])
        if shape[0] is not None:
            params["batch_size"] = shape[0]
    elif shape is not None:
        findings.miss("The shape cannot be read; give it one: {}.", name)
    try:
        dtype = policy_name(entry.config.get("dtype"))
    except Unfit:
        dtype = None
    if dtype not in (None, "float32"):
        params["dtype"] = dtype
    for switch in ("sparse", "ragged", "optional"):
        if entry.config.get(switch) is True:
            findings.miss(f"An Input of a drawing cannot be {switch}, so this is an ordinary one: {{}}.", name)
    return params


def not_of_this_keras(type_name: str) -> str:
    """What is told of layers of an unknown class, with a place for their names."""
    advice = instead_of(type_name)
    sentence = f"The class {type_name} is not of this Keras and is kept in grey: {{}}."
    return f"{sentence} {advice}" if advice else sentence


def told(name: str) -> str:
    """A layer's own name in a sentence."""
    return clean(name, LONGEST_NAME) or "a layer without a name"


def _is_size(size: object) -> bool:
    return size is None or (type(size) is int and 0 < size < 2**53)


def _unknown_type(entry: Entry, catalog: Catalog) -> str:
    # An .h5 has the package in the name of a registered class, a .keras beside it: the same class, the same type.
    name = clean(entry.type.rpartition(">")[2], LONGEST_NAME // 2) or "Unknown"
    if entry.is_operation:
        return f"ops.{to_snake_case(name) or 'unknown'}"
    # A class of somebody's own must not pass for the layer of Keras that has the same name.
    is_taken = name in (INPUT, OUTPUT, BLOCK) or catalog.inner_layer(name) is not None
    return f"Custom>{name}" if is_taken else name


def _marked(argument: Any) -> Any:
    """An argument with a mark in the place of each tensor: the edges tell which one it is."""
    if isinstance(argument, Tensor):
        return {"$tensor": True}
    if isinstance(argument, Mapping):
        return {key: _marked(item) for key, item in argument.items()}
    if isinstance(argument, list | tuple):
        return [_marked(item) for item in argument]
    return argument
