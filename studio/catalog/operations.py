"""An operation with its parameters: its ports, and how it is told in a few characters.

A number takes the place of a port, a count makes more of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from studio.catalog.spec import SLICE, LayerSpec, Operation, Port
from studio.catalog.values import Dictionary, KerasObject, ParameterRef, Value

MOST_OUTPUTS = 256
"""Nobody draws edges to more; a hostile file must not make millions of ports."""


def operation_ports(
    spec: LayerSpec, operation: Operation, params: Mapping[str, Value]
) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """The input and output ports. A port whose parameter of the same name has a value is gone."""
    inputs = spec.inputs if not params else tuple([port for port in spec.inputs if params.get(port.name) is None])
    outputs = spec.outputs
    if operation.counted_by:
        outputs = _numbered(_count(operation, params.get(operation.counted_by)))
    for name, fewer in operation.outputs_unless.items():
        if params.get(name) is False:
            outputs = fewer
    for name, more in spec.outputs_if.items():
        if params.get(name) is True:
            outputs += more
    return inputs, outputs


def operation_text(spec: LayerSpec, params: Mapping[str, Value]) -> str:
    """What people would write: "x + y", "x * 2.0", "x[:, 0]", "mean · axis 1"."""
    operation = spec.operation
    if operation is None:
        return spec.shown
    if spec.type == SLICE:
        return f"x[{_shown(params.get('key', ''), 24)}]".replace("[[", "[").replace("]]", "]")
    if operation.operator:
        letters = iter("xy")
        parts = [
            next(letters) if (value := params.get(port.name)) is None else _shown(value, 12) for port in spec.inputs
        ]
        return f"{operation.operator}{parts[0]}" if len(parts) == 1 else f" {operation.operator} ".join(parts)
    for parameter in spec.parameters:
        value = params.get(parameter.name)
        if value is not None and not isinstance(value, KerasObject | Dictionary):
            is_count = isinstance(value, bool | int) and not isinstance(value, str)
            name = f"{parameter.name} " if is_count or parameter.kind in ("axis", "array", "float") else ""
            return f"{spec.shown} · {name}{_shown(value, 18)}"
    return spec.shown


def _shown(value: Value, most: int) -> str:
    if isinstance(value, ParameterRef):
        text = value.name
    elif isinstance(value, tuple):
        text = f"({', '.join(_shown(item, most) for item in value[:most])})"
    else:
        text = str(value) if not isinstance(value, int) or abs(value) < 10**40 else "huge"
    return text if len(text) <= most else text[: most - 1] + "…"


def _count(operation: Operation, value: Value) -> int:
    if isinstance(value, tuple):
        return min(len(value) + operation.counted_more, MOST_OUTPUTS)
    if isinstance(value, int) and not isinstance(value, bool):
        return max(1, min(value, MOST_OUTPUTS))
    return 1


def _numbered(count: int) -> tuple[Port, ...]:
    return tuple([Port("output" if number == 0 else f"output_{number}") for number in range(count)])
