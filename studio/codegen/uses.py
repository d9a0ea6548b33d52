"""Statements that call a layer as parts of loops: a stage may hold some beside its blocks."""

from __future__ import annotations

from studio.catalog.spec import is_backbone
from studio.codegen.drawing import Drawing
from studio.codegen.ir import Assign, Call, Code, Statement
from studio.codegen.turns import Use
from studio.core.ports import is_operation


def layer_use(drawing: Drawing, statement: Statement) -> Use | None:
    """A statement ``x = layer(...)(x)`` by its values; None for any other."""
    if not isinstance(statement, Assign) or statement.node is None or not isinstance(statement.value, Call):
        return None
    node, called = drawing.wired[statement.node].node, statement.value
    made, spec = called.function, drawing.catalog.layer(node.type)
    is_plain = not called.after and [each.text for each in called.arguments] == [*statement.targets]
    if not is_plain or not isinstance(made, Call) or not isinstance(made.function, Code):
        return None
    if spec is None or is_backbone(node.type) or is_operation(node):
        return None
    names = [argument.before.removesuffix("=") for argument in made.arguments]
    values = {
        name or spec.parameters[number].name: argument.value
        for number, (name, argument) in enumerate(zip(names, made.arguments, strict=True))
    }
    before = tuple([argument.before for argument in made.arguments])
    return Use(made.function.text, statement.targets[0], values, {}, node.id, before=before)
