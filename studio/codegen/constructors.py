"""The constructor call of each node, remembered by the node, so that an edit of one node writes one call anew."""

from __future__ import annotations

from dataclasses import dataclass

from studio.codegen.expressions import Catalog, NoExpression, layer_call, references
from studio.codegen.ir import Argument, Call, Code, keyword
from studio.codegen.literals import literal
from studio.core.bindings import Shape
from studio.core.project import Node
from studio.core.remember import Remembered


@dataclass(slots=True)
class Constructor:
    """How the layer of a node is made: without and with its name, or why it cannot be written (``fault``)."""

    plain: Call | None
    named: Call | None
    fault: str = ""
    parameter: str = ""
    references: frozenset[str] = frozenset()


_made: Remembered[Catalog, Remembered[Node, Constructor]] = Remembered(4)


def constructor(catalog: Catalog, node: Node) -> Constructor:
    """The constructor of a layer node."""
    return _made.get(catalog, lambda _: Remembered(50_000)).get(node, lambda each: _make(catalog, each))


def _make(catalog: Catalog, node: Node) -> Constructor:
    used = frozenset().union(*map(references, node.params.values()))
    try:
        plain = layer_call(catalog, node.type, node.params)
    except NoExpression as error:
        return Constructor(None, None, str(error), error.parameter, used)
    return Constructor(plain, _with_name(plain, node.name), references=used)


def input_call(node: Node, shape: Shape | None, dtype: str, name: str | None) -> Call:
    """``keras.Input(...)``. Where nothing tells the shape there stands ``...``, which Keras refuses in plain words."""
    arguments = [keyword("shape", Code("..." if shape is None else literal(shape)))]
    batch_size = node.params.get("batch_size")
    if isinstance(batch_size, int):
        arguments.append(keyword("batch_size", Code(literal(batch_size))))
    if dtype != "float32":
        arguments.append(keyword("dtype", Code(literal(dtype))))
    made = Call(Code("keras.Input"), tuple(arguments))
    return made if name is None else _with_name(made, name)


def _with_name(plain: Call, name: str) -> Call:
    return Call(plain.function, (*plain.arguments, Argument(Code(literal(name)), "name=")))
