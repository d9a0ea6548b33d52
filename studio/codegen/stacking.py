"""Whether a network is a plain chain, so that it can be ``keras.Sequential``, and if not, which node is the reason."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from studio.catalog.spec import is_backbone
from studio.codegen.drawing import Drawing
from studio.codegen.ir import Call, Code, Expression
from studio.codegen.wiring import Wired
from studio.core.ports import is_operation
from studio.core.project import BLOCK, INPUT, Node


def why_not_stacked(drawing: Drawing) -> str:
    """Why the drawing is no plain chain, in a sentence without a full stop; "" where it is one."""
    inputs = drawing.inputs
    if not inputs or not drawing.outputs:
        return "an Input and an Output that are connected are needed"
    for nodes, what in ((inputs, "Input"), (drawing.outputs, "Output")):
        if len(nodes) > 1:
            return f"{nodes[1].name} is a second {what}"
    layers: list[Wired] = []
    for key in itertools.chain.from_iterable([chain.nodes for chain in drawing.order.chains]):
        each = drawing.wired[key]
        if each.node.type == INPUT:
            continue
        layers.append(each)
        why = _why_not_element(drawing, each)
        if why:
            return f"{each.node.name} {why}"
    if not layers:
        return f"there is no layer after {inputs[0].name}"
    return _why_not_line(drawing, inputs[0], layers)


def _why_not_element(drawing: Drawing, each: Wired) -> str:
    node = each.node
    if node.type == BLOCK:
        return "is a block"
    if is_backbone(node.type):
        return "is a whole network"
    if is_operation(node):
        return "is an operation and no layer"
    origin = drawing.origin(node)
    if origin is not node:
        return f"uses {origin.name} again"
    if len(each.outputs) != 1:
        return f"gives {len(each.outputs)} tensors" if each.outputs else "gives no tensor"
    if each.outputs[0].is_nested:
        return "gives several tensors in one"
    taken = [port for port, tensors in each.inputs if tensors]
    if len(taken) != 1 or any(len(tensors) > 1 for _, tensors in each.inputs):
        return "takes more than one tensor" if taken else "takes nothing"
    if taken[0].takes_many or taken[0].is_optional:
        return "takes a list of tensors" if taken[0].takes_many else f"takes its {taken[0].name} by name"
    if drawing.freezes_late(origin):
        return "is frozen after its call"
    flags = drawing.expressions.flags(origin.type, origin.params) if node.params else ()
    name = next((name for name, _ in flags), "")
    return f"is called with {name}=..." if name else ""


def _why_not_line(drawing: Drawing, first: Node, layers: Sequence[Wired]) -> str:
    """Why single steps do not stand in one row: someone takes what another took already, or nobody takes it."""
    for node in (first, *[each.node for each in layers]):
        users = drawing.order.users.get((node.id, 0), ())
        if len(users) > 1:
            return f"{node.name} goes to more than one place"
        if not users:
            return f"{node.name} leads to no Output"
    return ""


def layer_alone(value: Expression) -> Call | None:
    """The layer of ``layer(tensor)``; None where the call says more, which a list of layers cannot."""
    if not (isinstance(value, Call) and isinstance(value.function, Call) and len(value.arguments) == 1):
        return None
    given = value.arguments[0]
    return value.function if isinstance(given.value, Code) and not given.before else None
