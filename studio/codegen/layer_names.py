"""The names of layers in one function: which must be said, and what follows the name of a use in a block."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from studio.catalog.spec import TIME_DISTRIBUTED, is_backbone
from studio.codegen.constructors import after_name
from studio.codegen.drawing import BlockFunction, Drawing
from studio.codegen.ir import Code
from studio.codegen.literals import literal, quoted
from studio.codegen.plain import Plain
from studio.codegen.turns import LAYER_NAME
from studio.codegen.wiring import first_of_steps
from studio.core.automatic_names import AutomaticNames
from studio.core.naming import follows_use, unused
from studio.core.ports import is_layer, is_operation
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, Node


class LayerNames:
    """Chooses the names before the first statement is written; names that Keras would give anyway are not said.

    ``is_inner`` tells that the function is that of a block. ``endings`` are what follows the name of its use in the
    names of its layers and of the uses in it, by node; ``step_endings`` those of layers that apply a use to every step.
    """

    def __init__(self, drawing: Drawing, *, is_inner: bool) -> None:
        self.endings: dict[str, str] = {}
        self.step_endings: dict[str, str] = {}
        self._drawing = drawing
        self._is_inner = is_inner
        self._automatic: set[str] = set()
        self._has_name: dict[str, bool] = {}
        self._have_steps: dict[str, bool] = {}
        self._other_names = drawing.other_names

    def choose(self, plain: Mapping[str, Plain | None]) -> None:
        """Choose all names; ``plain`` are the nodes that are a layer of their own with one result."""
        if self._is_inner:
            self._choose_inner()
        else:
            self._choose_main(plain)

    def told(self, node: Node) -> str | None:
        """The name that a plain layer must be told, as code, None where Keras gives it anyway."""
        if self._is_inner:
            ending = self.endings.get(node.id)
            return None if ending is None else after_name(LAYER_NAME, ending).text
        return None if node.id in self._automatic else quoted(self._other_names.get(node.id, node.name))

    def said(self, node: Node) -> str | None:
        """The name that a layer must be told, None where Keras gives it anyway."""
        return self.called(node) if self._has_name.get(node.id) else None

    def of_steps(self, use: Node) -> Code | None:
        """The name that the layer must be told which applies a use to every time step, as code."""
        if self._is_inner:
            ending = self.step_endings.get(use.id)
            return None if ending is None else after_name(LAYER_NAME, ending)
        return Code(literal(self.called(use))) if self._have_steps.get(use.id) else None

    def called(self, node: Node) -> str:
        """The name that a node has in the code."""
        return self._other_names.get(node.id, node.name)

    def use(self, node: Node) -> Code:
        """What a use tells its block as the name."""
        if not self._is_inner:
            return Code(quoted(self.called(node)))
        return after_name(LAYER_NAME, self.endings[node.id])

    def of_use(self, node: Node, function: BlockFunction) -> list[str | None]:
        """What follows the name of the outer use in the names of all layers that one use makes."""
        ending = self.endings.get(node.id, "")
        return [None if each is None else ending + each for each in function.endings]

    def operation_class(self, node: Node) -> str:
        """The class that Keras makes for a node that calls an operation; "" for any other node."""
        spec = self._drawing.catalog.layer(node.type) if is_operation(node) else None
        return spec.operation.class_name if spec is not None and spec.operation is not None else ""

    def _choose_inner(self) -> None:
        """Choose what follows the name of the use in the names of layers and of uses of other blocks."""
        nodes = [self._drawing.wired[key].node for chain in self._drawing.order.chains for key in chain.nodes]
        taken: set[str] = set()
        if self._drawing.names_layers:
            own = self._drawing.project.blocks[self._drawing.key]
            for node in nodes:
                if _is_named(node) and own.names(node) and self._drawing.origin(node) is node:
                    self.endings[node.id] = "" if follows_use(own.name, node.name) else f"_{node.name}"
                elif node.is_time_distributed and own.names(node) and self._first_of_steps(node) is node:
                    self.step_endings[node.id] = f"_{node.name}"
            taken.update(self.endings.values())
            taken.update(self.step_endings.values())
        for node in nodes:
            function = self._drawing.functions[node.block or ""] if node.type == BLOCK else None
            if function is not None and function.takes_name:
                inner = [ending for ending in function.endings if ending is not None]
                # A use that has the name of its block adds nothing to the name: what it makes is named as here.
                is_same = follows_use(function.block.name, node.name) and not node.is_time_distributed
                ending = "" if is_same else f"_{node.name}"
                if not taken.isdisjoint(inner):
                    ending = ending or f"_{node.name}"
                while not taken.isdisjoint(ending + each for each in inner):
                    ending += "_"
                taken.update(ending + each for each in inner)
                self.endings[node.id] = ending

    def _choose_main(self, plain: Mapping[str, Plain | None]) -> None:
        """Walk through the statements as Keras will, to see where a name must be said."""
        count = AutomaticNames()
        given: set[str] = set()
        told: list[Node] = []
        # Keras warns where a model's inputs are a dictionary and an Input of it was not told its name.
        are_named = sum(node.type == INPUT for node in self._drawing.graph.nodes.values()) > 1
        for key in _in_order(self._drawing):
            layer = plain[key]
            if layer is not None:
                if layer.is_counted and not count.needs_name(layer.node.type, layer.node.name, layer.node.params):
                    self._automatic.add(key)
                continue
            node = self._drawing.wired[key].node
            if node.type == BLOCK:
                origin = self._drawing.origin(node)
                if origin.id not in self._has_name:
                    self._has_name[origin.id] = True
                    # What is inside of a TimeDistributed is no layer of this model.
                    self._name_use(origin, count, set() if origin.is_time_distributed else given)
                if node.is_time_distributed and (first := self._first_of_steps(node)).id not in self._have_steps:
                    self._have_steps[first.id] = count.needs_name(TIME_DISTRIBUTED, first.name, {})
                    told += [first] if self._have_steps[first.id] else []
                continue
            operation = self.operation_class(node)
            if operation:
                given.add(count.take(operation, {}))
                continue
            origin = self._drawing.origin(node)
            if origin.id not in self._has_name:
                needs = count.needs_name(origin.type, origin.name, origin.params)
                needs = needs or (are_named and origin.type == INPUT)
                self._has_name[origin.id] = needs
                if needs:
                    told.append(origin)
        if not given:
            return
        told += [
            each.node for key, each in plain.items()
            if each is not None and key not in self._automatic and key in self._drawing.wired
        ]  # fmt: skip
        # Keras refuses two layers of one name; inside a block, and for operations, it chooses the names itself.
        taken = given | {node.name for node in self._drawing.graph.nodes.values()}
        places = {key: at for at, key in enumerate(_in_order(self._drawing))}
        for node in sorted(told, key=lambda node: places.get(node.id, -1)):
            if node.name in given:
                other = unused(node.name, taken)
                taken.add(other)
                self._other_names[node.id] = other
                message = f"{node.name} is called {other} in the code: Keras gives its name to something else itself."
                self._drawing.problems.append(Problem("renamed", message, "hint", node=node.id))

    def _first_of_steps(self, use: Node) -> Node:
        return first_of_steps(self._drawing.graph, use)

    def _name_use(self, node: Node, count: AutomaticNames, given: set[str]) -> None:
        """The names that one use of a block gives its layers; a use that would give one twice gets another name."""
        function = self._drawing.functions[node.block or ""]
        endings = [ending for ending in function.endings if ending is not None]
        name, number = node.name, 1
        while endings and any(name + ending in given for ending in endings):
            name, number = f"{node.name}_{number}", number + 1
        if name != node.name:
            self._other_names[node.id] = name
            message = f"{node.name} is called {name} in the code, since another block has layers of these names."
            self._drawing.problems.append(Problem("renamed", message, "hint", node=node.id))
        for (type, params), ending in zip(function.layers, function.endings, strict=True):
            given.add(count.take(type, params) if ending is None else name + ending)


def _in_order(drawing: Drawing) -> Iterable[str]:
    """The nodes as their statements follow each other."""
    return itertools.chain.from_iterable([chain.nodes for chain in drawing.order.chains])


def _is_named(node: Node) -> bool:
    """Whether it is made by a constructor that takes a name: an operation is none, a network has its own."""
    return is_layer(node) and not is_operation(node) and not is_backbone(node.type)
