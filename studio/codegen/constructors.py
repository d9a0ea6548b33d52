"""The constructor call of each node, remembered by the node, so that an edit of one node writes one call anew."""

from __future__ import annotations

import marshal
from collections.abc import Callable
from dataclasses import replace

from studio.catalog.spec import OPERATION, is_backbone
from studio.codegen.expressions import Catalog, Expressions, NoExpression, references
from studio.codegen.ir import Argument, Call, Code, keyword
from studio.codegen.literals import literal
from studio.core.automatic_names import makes_others
from studio.core.bindings import Shape, own_shape
from studio.core.project import Node
from studio.core.remember import Remembered
from studio.immutable import immutable


@immutable
class Constructor:
    """How the layer of a node is made, without its name, or why it cannot be written (``fault``).

    ``flags`` are the switches that each call of it is told; ``makes_others`` that Keras counts layers inside.
    ``is_plain`` tells that it alone makes the layer: it is none of an operation or a ready-made network, takes no
    parameter of a block, and nothing more is told to the layer after its call.
    """

    plain: Call | None
    fault: str = ""
    parameter: str = ""
    references: frozenset[str] = frozenset()
    flags: tuple[Argument, ...] = ()
    makes_others: bool = False
    is_plain: bool = False

    def named(self, name: str | None) -> Call:
        """The same with the layer's name as code, None where it needs none."""
        assert self.plain is not None
        return self.plain if name is None else _with_name(self.plain, name)

    def text_named(self, name: str | None) -> str:
        """The text of ``named``."""
        assert self.plain is not None
        text = self.plain.text
        return text if name is None else f"{text[:-1]}{', ' if self.plain.arguments else ''}name={name})"

    def without(self, parameter: str) -> Constructor:
        """The same without a parameter, which is told in another way."""
        assert self.plain is not None
        told = tuple([each for each in self.plain.arguments if each.before != f"{parameter}="])
        return replace(self, plain=Call(self.plain.function, told))


def after_name(name: str, ending: str) -> Code:
    """The value of the variable ``name`` and then ``ending``."""
    if not ending:
        return Code(name)
    text = literal(ending)
    return Code(f"f{text[0]}{{{name}}}{text[1:].replace('{', '{{').replace('}', '}}')}")


_made: Remembered[Catalog, dict[str, Remembered[Node, Constructor]]] = Remembered(4)
"""By catalog and by what the file calls ``keras.layers``."""


_alike: Remembered[Catalog, dict[str, dict[tuple[str, bytes], Constructor]]] = Remembered(4)
"""The same by what nodes say: a large network has many layers that are alike."""

_MOST_ALIKE = 10_000

_WITHOUT_REFERENCES = 2
"""The version of marshal's format in which a value has the same bytes whoever else holds it."""


def _says(node: Node) -> tuple[str, bytes] | None:
    """The type and the parameters of a node, exactly: as bytes 1 is not True. None where a value is no plain one."""
    try:
        return node.type, marshal.dumps(node.params, _WITHOUT_REFERENCES)  # type: ignore[arg-type]  # it says so itself
    except ValueError:
        return None


def constructors(catalog: Catalog, layers: str) -> Callable[[Node], Constructor]:
    """What tells the constructor of a layer node; the file calls ``keras.layers`` by the name ``layers``."""
    memory = _made.get(catalog, lambda _: {}).setdefault(layers, Remembered(50_000))
    make = maker(catalog, layers)
    return lambda node: memory.get(node, make)


def maker(catalog: Catalog, layers: str) -> Callable[[Node], Constructor]:
    """The same without a memory for each node, for those who remember what it tells."""
    alike = _alike.get(catalog, lambda _: {}).setdefault(layers, {})
    expressions = Expressions(catalog, layers)

    def make(node: Node) -> Constructor:
        says = _says(node)
        if says is None:
            return _make(expressions, node)
        found = alike.get(says)
        if found is None:
            if len(alike) > _MOST_ALIKE:
                alike.clear()
            found = alike[says] = _make(expressions, node)
        return found

    return make


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
    spec = expressions.catalog.layer(node.type)
    is_late = spec is not None and spec.freezes_late and node.params.get("trainable", True) is not True
    is_plain = not used and not is_late and not node.type.startswith(OPERATION) and not is_backbone(node.type)
    return Constructor(
        plain, references=used, flags=flags, makes_others=makes_others(node.type, node.params), is_plain=is_plain
    )


def input_call(node: Node, shape: Shape | None, dtype: str, name: str | None, function: str = "keras.Input") -> Call:
    """``keras.Input(...)``. Where nothing tells the shape there stands ``...``, which Keras refuses in plain words."""
    arguments = [keyword("shape", Code("..." if shape is None else literal(shape)))]
    batch_size = node.params.get("batch_size")
    if isinstance(batch_size, int):
        arguments.append(keyword("batch_size", Code(literal(batch_size))))
    if dtype != "float32":
        arguments.append(keyword("dtype", Code(literal(dtype))))
    made = Call(Code(function), tuple(arguments))
    return made if name is None else _with_name(made, literal(name))


def begin_of_model(begin: Node, arriving: str, name: str, function: str, *, is_step: bool = False) -> Call:
    """The Input of a block that is a model in the code: of its own shape, else like the variable that arrives first.

    ``is_step`` tells that it is called on every time step of that variable.
    """
    shape = own_shape(begin)
    if shape is None:
        sizes = keyword("batch_shape", Code(f"{arriving}.shape"))
        if is_step:
            sizes = keyword("shape", Code(f"{arriving}.shape[2:]"))
        like = (sizes, keyword("dtype", Code(f"{arriving}.dtype")))
        return Call(Code(function), (*like, keyword("name", Code(literal(name)))))
    dtype = begin.params.get("dtype")
    return input_call(begin, shape, dtype if isinstance(dtype, str) else "float32", name, function)


def _with_name(plain: Call, name: str) -> Call:
    return Call(plain.function, (*plain.arguments, Argument(Code(name), "name=")))
