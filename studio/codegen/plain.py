"""Plain layers: nearly every node of a drawing. All that they say by themselves is worked out once and remembered.

A plain layer is made by one constructor, for itself alone, and gives one tensor: no use of a block, no operation, no
ready-made network, no layer of another node, nothing that takes a parameter of its block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from studio.catalog.spec import Port
from studio.catalog.values import Value
from studio.codegen.constructors import Constructor, maker
from studio.codegen.expressions import Catalog
from studio.codegen.ir import Argument, Assign, Call, Code, Items, keyword
from studio.codegen.wiring import Inputs, Tensor, Wired
from studio.core.automatic_names import may_be_automatic
from studio.core.project import BLOCK, INPUT, OUTPUT, Node
from studio.core.remember import Followed


class Written(NamedTuple):
    """The last statement of a layer, its name as it was said there, and the variables of the whole function."""

    name: str | None
    variables: Mapping[Tensor, str]
    statement: Assign


@dataclass(slots=True)
class Plain:
    """One plain layer that can be written.

    ``made`` is its type with its parameters. ``is_counted`` tells that Keras may give it its name, or names to layers
    that it makes inside, ``takes_one`` that it takes one tensor, ``target`` is what it gives.
    ``written`` is replaced as a whole, since more than one thread may ask.
    """

    node: Node
    inputs: Inputs
    tensors: tuple[Tensor, ...]
    constructor: Constructor
    made: tuple[str, Mapping[str, Value]]
    is_counted: bool
    takes_one: bool
    target: Tensor
    written: Written | None = None

    def arguments(self, variables: Mapping[Tensor, str]) -> tuple[Argument, ...]:
        """What its call is given."""
        if self.takes_one:
            return (argument(variables[self.tensors[0]]), *self.constructor.flags)
        return (*taken(self.inputs, variables), *self.constructor.flags)

    def statement(self, name: str | None, variables: Mapping[Tensor, str]) -> Assign:
        """``x = layers.TYPE(...)(x)``, the same object as long as its text is the same. ``name`` is code."""
        last = self.written
        if last is not None and last.variables is variables and last.name == name:
            return last.statement
        target = variables[self.target]
        if self.takes_one and not self.constructor.flags:
            inside = variables[self.tensors[0]]
        else:
            inside = ", ".join([argument.text for argument in self.arguments(variables)])
        text = f"{target} = {self.constructor.text_named(name)}({inside})"
        if last is None or last.statement.text != text:
            made = Assign((target,), partial(self.call, name, variables), self.node.id, text)
        else:
            made = last.statement
        self.written = Written(name, variables, made)
        return made

    def call(self, name: str | None, variables: Mapping[Tensor, str]) -> Call:
        """``layers.TYPE(...)(x)``."""
        return Call(self.constructor.named(name), self.arguments(variables))


@lru_cache(maxsize=4096)
def argument(variable: str) -> Argument:
    """A variable as it is given to a call: most layers are given ``x``."""
    return Argument(Code(variable))


def taken(inputs: Inputs, variables: Mapping[Tensor, str]) -> list[Argument]:
    """The tensors that a node takes, by its ports, as its call is given them."""
    found: list[Argument] = []
    for port, tensors in inputs:
        if port.argument:
            _add_place(found, port, inputs, variables)
            continue
        if not tensors:
            continue
        given = [argument(variables[tensor]) for tensor in tensors]
        said = Argument(Items("[", tuple(given))) if port.takes_many else given[0]
        found.append(keyword(port.name, said.value) if port.is_optional else said)
    return found


def _add_place(found: list[Argument], port: Port, inputs: Inputs, variables: Mapping[Tensor, str]) -> None:
    """Add the list of which ``port`` is the first place: ``mask=[None, value_mask]``. Free places are None."""
    places = [(each, tensors) for each, tensors in inputs if each.argument == port.argument]
    if places[0][0] is port and any(tensors for _, tensors in places):
        items = [argument(variables[tensors[0]] if tensors else "None") for _, tensors in places]
        found.append(keyword(port.argument, Items("[", tuple(items))))


_NO_LAYERS = frozenset((INPUT, OUTPUT, BLOCK))

_known: Followed[Wired, Plain | None] = Followed(64)


def plain_layers(catalog: Catalog, layers: str, key: str, wired: Mapping[str, Wired]) -> Mapping[str, Plain | None]:
    """What is known of each node of the graph ``key`` as a plain layer, None for those that are none.

    The file calls ``keras.layers`` by the name ``layers``.
    """
    constructor = maker(catalog, layers)

    def make(each: Wired) -> Plain | None:
        node = each.node
        if node.shares is not None or node.is_bypassed or node.type in _NO_LAYERS:
            return None
        if len(each.outputs) != 1 or each.outputs[0].is_nested or not each.tensors:
            return None
        for port, tensors in each.inputs:
            if len(tensors) < port.fewest and (tensors or not port.is_optional):
                return None
        made = constructor(node)
        if not made.is_plain:
            return None
        is_counted = made.makes_others or may_be_automatic(node.type, node.name)
        takes_one = len(each.inputs) == 1 and len(each.tensors) == 1 and not each.inputs[0][0].takes_many
        target = (node.id, 0)
        return Plain(
            node, each.inputs, each.tensors, made, (node.type, node.params), is_counted, takes_one, target
        )  # fmt: skip

    return _known.get((layers, key), catalog, wired, make)
