"""Operations in a model: functions of ``keras.ops`` and Python's operators, as Keras writes them into a config."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studio.catalog.slices import MOST_ENTRIES, Entry, Span, slice_text
from studio.catalog.spec import LayerSpec, Operation
from studio.catalog.values import Value
from studio.importing.entries import LayerCall, Tensor, tensors_in
from studio.importing.params import layer_params
from studio.importing.plain import shown
from studio.importing.report import Findings
from studio.importing.values import Unfit, Values


def operation_params(
    values: Values, spec: LayerSpec, config: Mapping[str, Any], name: str, findings: Findings
) -> dict[str, Value]:
    """The parameters that the config of an operation has."""
    found = layer_params(values, spec, config, name, findings)
    found = {key: value for key, value in found.items() if value is not None}
    if config.get("dtype") == "float32" and spec.parameter("dtype") is not None:
        found["dtype"] = "float32"  # For a layer that is the usual one, here it changes whole numbers.
    return found


def arguments(operation: Operation, call: LayerCall, given: frozenset[str]) -> Iterator[tuple[str, Any]]:
    """Each argument of a call by name; ``given`` are those that stand in the config instead."""
    names = [argument for argument in operation.arguments if argument not in given]
    for place, argument in enumerate(call.args):
        starred = next((name for name in names[: place + 1] if name.startswith("*")), None)
        if starred is not None:
            yield starred.removeprefix("*"), argument
        elif place < len(names):
            yield names[place], argument
    yield from call.kwargs.items()


def tensors(operation: Operation, call: LayerCall, given: frozenset[str]) -> Iterator[tuple[str, Tensor]]:
    """The port of each tensor that a call takes."""
    for name, argument in arguments(operation, call, given):
        yield from ((name, tensor) for tensor in tensors_in(argument))


def call_params(
    values: Values, spec: LayerSpec, operation: Operation, call: LayerCall, given: frozenset[str], findings: Findings,
    name: str,
) -> dict[str, Value]:  # fmt: skip
    """Numbers, arrays and slices that a call was given beside tensors."""
    found: dict[str, Value] = {}
    for key, plain in arguments(operation, call, given):
        if plain is None or tensors_in(plain):
            continue
        parameter = spec.parameter(key)
        if parameter is None:
            findings.miss(f"Called with {shown(key)}, which a drawing cannot say, so it was left out: {{}}.", name)
            continue
        try:
            value = _slice(plain) if parameter.kind == "slice" else values.of_named(parameter, plain)
        except Unfit as error:
            findings.miss(f"A value of {key} was left out, because {error}: {{}}.", name)
            continue
        if values.catalog.why_not_value(parameter, value) is not None:
            findings.miss(f"A value of {key} is none that a drawing can have, so it was left out: {{}}.", name)
        elif not values.is_default(parameter, value):
            found[key] = value
    return found


def _slice(plain: Any) -> str:
    items = plain if isinstance(plain, list | tuple) else [plain]
    if isinstance(plain, dict) and plain.get("class_name") == "__tuple__":
        config = plain.get("config")
        items = config.get("value", []) if isinstance(config, dict) else []
    if not isinstance(items, list | tuple) or not 0 < len(items) <= MOST_ENTRIES:
        raise Unfit("it is no slice of a tensor")
    return slice_text(tuple([_entry(item) for item in items]))


def _entry(plain: Any) -> Entry:
    if plain is None:
        return "None"
    if type(plain) is int:
        return plain
    if isinstance(plain, dict):
        if plain.get("class_name") == "__ellipsis__":
            return "..."
        config = plain.get("config")
        if plain.get("class_name") == "__slice__" and isinstance(config, dict):
            parts = [config.get(key) for key in ("start", "stop", "step")]
            if all(part is None or type(part) is int for part in parts):
                return Span(*parts)
    raise Unfit("it is no slice of plain numbers")
