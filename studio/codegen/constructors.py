"""The constructor call of each node, remembered by the node, so that an edit of one node writes one call anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.codegen.expressions import Catalog, Expressions, NoExpression, references
from studio.codegen.ir import Argument, Call, Code, keyword
from studio.codegen.literals import literal
from studio.core.automatic_names import makes_others
from studio.core.bindings import Shape
from studio.core.project import Node
from studio.core.remember import Remembered


@dataclass(slots=True)
class Constructor:
    """How the layer of a node is made, without its name, or why it cannot be written (``fault``).

    ``flags`` are the switches that each call of it is told; ``makes_others`` that Keras counts layers inside.
    """

    plain: Call | None
    fault: str = ""
    parameter: str = ""
    references: frozenset[str] = frozenset()
    flags: tuple[Argument, ...] = ()
    makes_others: bool = False
    _named: tuple[str, Call] | None = None
    _named_after: tuple[str, Call] | None = None

    def named(self, name: str) -> Call:
        """The same with the layer's name; the last one is remembered."""
        assert self.plain is not None
        if self._named is None or self._named[0] != name:
            self._named = (name, _with_name(self.plain, name))
        return self._named[1]

    def without(self, parameter: str) -> Constructor:
        """The same without a parameter, which is told in another way."""
        assert self.plain is not None
        told = tuple([each for each in self.plain.arguments if each.before != f"{parameter}="])
        return replace(self, plain=Call(self.plain.function, told), _named=None, _named_after=None)

    def named_after(self, name: str, ending: str) -> Call:
        """The same with a name that begins with what the variable ``name`` holds; the last one is remembered."""
        assert self.plain is not None
        if self._named_after is None or self._named_after[0] != ending:
            argument = Argument(after_name(name, ending), "name=")
            made = Call(self.plain.function, (*self.plain.arguments, argument))
            self._named_after = (ending, made)
        return self._named_after[1]


def after_name(name: str, ending: str) -> Code:
    """The value of the variable ``name`` and then ``ending``."""
    if not ending:
        return Code(name)
    text = literal(ending)
    return Code(f"f{text[0]}{{{name}}}{text[1:].replace('{', '{{').replace('}', '}}')}")


_made: Remembered[Catalog, dict[str, Remembered[Node, Constructor]]] = Remembered(4)
"""By catalog and by what the file calls ``keras.layers``."""


_alike: Remembered[Catalog, dict[str, dict[tuple[str, str], Constructor]]] = Remembered(4)
"""The same by what nodes say: a large network has many layers that are alike."""

_MOST_ALIKE = 10_000

_SIMPLE = frozenset((str, int, float, bool, type(None)))


def _says(node: Node) -> tuple[str, str] | None:
    """The type and the parameters of a node as text, exactly; None where values are more than numbers and words."""
    for value in node.params.values():
        if type(value) not in _SIMPLE and not (type(value) is tuple and all(type(each) in _SIMPLE for each in value)):
            return None
    return node.type, repr(node.params)


def constructors(catalog: Catalog, layers: str) -> Callable[[Node], Constructor]:
    """What tells the constructor of a layer node; the file calls ``keras.layers`` by the name ``layers``."""
    memory = _made.get(catalog, lambda _: {}).setdefault(layers, Remembered(50_000))
    alike = _alike.get(catalog, lambda _: {}).setdefault(layers, {})
    expressions = Expressions(catalog, layers)

    def make(node: Node) -> Constructor:
        says = _says(node)
        if says is None:
            return _make(expressions, node)
        if says not in alike:
            if len(alike) > _MOST_ALIKE:
                alike.clear()
            alike[says] = _make(expressions, node)
        known = alike[says]
        return Constructor(known.plain, known.fault, known.parameter, known.references, known.flags, known.makes_others)

    return lambda node: memory.get(node, make)


def _make(expressions: Expressions, node: Node) -> Constructor:
    used: frozenset[str] = frozenset()
    for value in node.params.values():
        if not isinstance(value, int | float | str | None):
            used |= references(value)
    try:
        plain = expressions.layer(node.type, node.params)
    except NoExpression as error:
        return Constructor(None, str(error), error.parameter, used)
    flags = expressions.flag_arguments(node.type, node.params)
    return Constructor(plain, references=used, flags=flags, makes_others=makes_others(node.type, node.params))


def input_call(node: Node, shape: Shape | None, dtype: str, name: str | None, function: str = "keras.Input") -> Call:
    """``keras.Input(...)``. Where nothing tells the shape there stands ``...``, which Keras refuses in plain words."""
    arguments = [keyword("shape", Code("..." if shape is None else literal(shape)))]
    batch_size = node.params.get("batch_size")
    if isinstance(batch_size, int):
        arguments.append(keyword("batch_size", Code(literal(batch_size))))
    if dtype != "float32":
        arguments.append(keyword("dtype", Code(literal(dtype))))
    made = Call(Code(function), tuple(arguments))
    return made if name is None else _with_name(made, name)


def _with_name(plain: Call, name: str) -> Call:
    return Call(plain.function, (*plain.arguments, Argument(Code(literal(name)), "name=")))
