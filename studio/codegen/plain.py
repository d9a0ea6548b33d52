"""Plain layers: nearly every node of a drawing. All that they say by themselves is worked out once and remembered.

A plain layer is made by one constructor, for itself alone, and gives one tensor: no use of a block, no operation, no
ready-made network, no layer of another node, nothing that takes a parameter of its block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from studio.catalog.spec import OPERATION, is_backbone
from studio.catalog.values import Value
from studio.codegen.constructors import Constructor, constructors
from studio.codegen.expressions import Catalog
from studio.codegen.ir import Argument, Assign, Call, Code, Items, keyword
from studio.codegen.wiring import Inputs, Tensor, Wired
from studio.core.automatic_names import may_be_automatic
from studio.core.project import BLOCK, INPUT, OUTPUT, Node
from studio.core.remember import Followed


class Written(NamedTuple):
    """The last statement of a layer: the call that makes it, the variables that it takes and gives, the statement.

    ``variables`` are those of the whole function for which this was found to be so.
    """

    layer: Call
    given: list[str]
    target: str
    variables: object
    statement: Assign


@dataclass(slots=True)
class Plain:
    """One plain layer that can be written.

    ``made`` is its type with its parameters. ``is_counted`` tells that Keras may give it its name, or names to layers
    that it makes inside. ``written`` is replaced as a whole, since more than one thread may ask.
    """

    node: Node
    inputs: Inputs
    tensors: tuple[Tensor, ...]
    constructor: Constructor
    made: tuple[str, Mapping[str, Value]]
    is_counted: bool
    written: Written | None = None

    def arguments(self, variables: Mapping[Tensor, str]) -> tuple[Argument, ...]:
        """What its call is given."""
        if len(self.tensors) == 1 and len(self.inputs) == 1 and not self.inputs[0][0].takes_many:
            return (argument(variables[self.tensors[0]]), *self.constructor.flags)
        return (*taken(self.inputs, variables), *self.constructor.flags)


@lru_cache(maxsize=4096)
def argument(variable: str) -> Argument:
    """A variable as it is given to a call: most layers are given ``x``."""
    return Argument(Code(variable))


def taken(inputs: Inputs, variables: Mapping[Tensor, str]) -> list[Argument]:
    """The tensors that a node takes, by its ports, as its call is given them."""
    found = []
    for port, tensors in inputs:
        if not tensors:
            continue
        given = [argument(variables[tensor]) for tensor in tensors]
        said = Argument(Items("[", tuple(given))) if port.takes_many else given[0]
        found.append(keyword(port.name, said.value) if port.is_optional else said)
    return found


@cache
def is_plain_type(type: str) -> bool:
    """Whether a type is a layer of Keras that one constructor makes: no operation, no whole network."""
    return type not in (INPUT, OUTPUT, BLOCK) and not type.startswith(OPERATION) and not is_backbone(type)


_known: Followed[Wired, Plain | None] = Followed(64)


def plain_layers(catalog: Catalog, layers: str, key: str, wired: Mapping[str, Wired]) -> Mapping[str, Plain | None]:
    """What is known of each node of the graph ``key`` as a plain layer, None for those that are none.

    The file calls ``keras.layers`` by the name ``layers``.
    """
    constructor = constructors(catalog, layers)

    def make(each: Wired) -> Plain | None:
        node = each.node
        if node.shares is not None or node.is_bypassed or not is_plain_type(node.type):
            return None
        if len(each.outputs) != 1 or each.outputs[0].is_nested or not each.tensors:
            return None
        for port, tensors in each.inputs:
            if len(tensors) < port.fewest and (tensors or not port.is_optional):
                return None
        made = constructor(node)
        if made.plain is None or made.references:
            return None
        if node.params.get("trainable", True) is not True:
            spec = catalog.layer(node.type)
            if spec is not None and spec.freezes_late:
                return None
        is_counted = made.makes_others or may_be_automatic(node.type, node.name)
        return Plain(node, each.inputs, each.tensors, made, (node.type, node.params), is_counted)

    return _known.get((layers, key), catalog, wired, make)
