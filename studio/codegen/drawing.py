"""What of one graph can be written, and in which order; the rest is told as problems."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from studio.catalog.spec import is_backbone
from studio.catalog.values import Value
from studio.codegen.chains import Order, arrange
from studio.codegen.constructors import Constructor, constructors
from studio.codegen.expressions import Catalog, Expressions, NoExpression, references
from studio.codegen.plain import Plain, plain_layers
from studio.codegen.style import DEFAULT, Style
from studio.codegen.wiring import Inputs, Tensor, Wired, order_of, origin_of, read_edges
from studio.core.bypass import Passed, without_bypassed
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, OUTPUT, Block, Graph, Node, Project
from studio.core.rules import why_not_time_distributed
from studio.core.topology import id_key
from studio.immutable import immutable

MOST_POSITIONAL = 5

_BY_NAME = frozenset(("strides", "padding", "dilation_rate", "activation", "use_bias", "trainable"))
"""Parameters whose values tell nobody what they are for: 2 and "valid" say nothing without their names."""


@immutable
class BlockFunction:
    """A block that was written as a function.

    ``parameters`` has the name that each parameter has in the function, ``layers`` the type and the parameters of every
    layer that one use makes, in order. ``endings`` says for each of these what follows the name of the use in its own
    name, None where Keras names it; ``takes_name`` whether there are any. ``required`` are parameters
    without a default, ``anew`` those for which every call makes a layer. ``uses`` are the blocks that it calls, in the
    order of its statements, ``takes`` the variables of its Inputs by their names.
    """

    name: str
    block: Block
    parameters: Mapping[str, str]
    layers: tuple[tuple[str, Mapping[str, Value]], ...]
    endings: tuple[str | None, ...] = ()
    required: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()
    takes: Mapping[str, str] = field(default_factory=dict)

    @property
    def positional(self) -> tuple[str, ...]:
        """The parameters that go without their names: more than a handful are not told apart by anybody."""
        front = tuple(itertools.takewhile(lambda name: name not in _BY_NAME, self.required))
        return front if len(front) <= MOST_POSITIONAL else ()

    @property
    def takes_name(self) -> bool:
        """Whether the function must be told a name for its layers."""
        return any(ending is not None for ending in self.endings)


NOT_JOINED: Final = "The network needs an Input and an Output that finished layers connect."


@dataclass(slots=True)
class Drawing:
    """One graph on its way into code. ``functions`` are the blocks written so far, by id.

    ``expressions`` writes values in its style.
    """

    project: Project
    catalog: Catalog
    key: str
    functions: Mapping[str, BlockFunction]
    parameters: frozenset[str] = frozenset()
    style: Style = DEFAULT
    names_layers: bool = False
    problems: list[Problem] = field(default_factory=list)
    other_names: dict[str, str] = field(default_factory=dict)
    wired: Mapping[str, Wired] = field(default_factory=dict)
    plain: Mapping[str, Plain | None] = field(default_factory=dict)
    inputs: list[Node] = field(default_factory=list)
    outputs: list[Node] = field(default_factory=list)
    order: Order = field(default_factory=lambda: Order((), {}, ()))
    expressions: Expressions = field(init=False)
    _passed: Passed = field(init=False)
    _constructor: Callable[[Node], Constructor] = field(init=False)

    def __post_init__(self) -> None:
        self.expressions = Expressions(self.catalog, self.style.layers)
        self._constructor = constructors(self.catalog, self.style.layers)
        self._passed = without_bypassed(self.project, self.catalog, self.project.graph(self.key))

    @property
    def graph(self) -> Graph:
        """The graph that is written: bypassed nodes are not in it."""
        return self._passed.graph

    @property
    def has_bypassed(self) -> bool:
        """Whether any node is bypassed."""
        return bool(self._passed.before)

    @property
    def why_no_model(self) -> str:
        """A sentence for where no way leads from an Input to an Output, or none that can be written."""
        known = self.catalog.layer
        unknown = [node for node in self.graph.nodes.values() if node.type != BLOCK and known(node.type) is None]
        if unknown:
            first = min(unknown, key=lambda node: id_key(node.id))
            return f"The layer {first.name} is a {first.type}, which this Keras does not have."
        # Not which layer is unfinished: it is not in this text, from which the same text must come back.
        return NOT_JOINED

    def is_held(self, origin: Node) -> bool:
        """Whether it is a ready-made network that is told whether it learns, which a model cannot be told when made."""
        return is_backbone(origin.type) and origin.params.get("trainable", True) is not True

    def freezes_late(self, origin: Node) -> bool:
        """Whether a layer that shall not learn can be told so only after its call, which makes what is inside."""
        if origin.params.get("trainable", True) is True:
            return False
        spec = self.catalog.layer(origin.type)
        return spec is not None and spec.freezes_late

    def bypassed_before(self, node_id: str) -> tuple[Node, ...]:
        """The nodes that hand on to this one what they take."""
        return self._passed.before.get(node_id, ())

    def read(self) -> None:
        """Find out what can be written; everything else is told as a problem and left out."""
        wired = read_edges(self.project, self.catalog, self.graph, self.key)
        self.plain = plain_layers(self.catalog, self.style.layers, self.key, wired)
        others = [wired[key] for key, plain in self.plain.items() if plain is None]
        is_sound = not any(self._why_not_alone(each) for each in others)
        order = arrange(self.graph, wired) if is_sound else None
        if order is None or order.stuck:
            wired = self._without_left_out(wired)
            order = arrange(self.graph, wired)
        self.wired, self.order = wired, order
        self.inputs = [each.node for each in others if each.node.type == INPUT and each.node.id in wired]
        outputs = [each.node for each in others if each.node.type == OUTPUT and each.node.id in wired]
        self.outputs = sorted(outputs, key=lambda node: id_key(node.id))

    def _without_left_out(self, wired: Mapping[str, Wired]) -> Mapping[str, Wired]:
        """What can be written; the reasons for the rest become problems."""
        left_out: set[str] = set()
        seen: set[str] = set()
        for key in order_of(self.graph):
            why = self._why_left_out(wired[key], wired, left_out, seen)
            seen.add(key)
            if why:
                left_out.add(key)
                node = wired[key].node
                what = "The Output" if node.type == OUTPUT else "The layer" if node.type != BLOCK else "The block"
                message = f"{what} {node.name} is not in the code yet: {why}"
                self.problems.append(Problem("left_out", message, "hint", node=key))
        return {key: each for key, each in wired.items() if key not in left_out}

    @property
    def uses(self) -> tuple[str, ...]:
        """The blocks that are called, in the order of the statements."""
        if not self.functions:
            return ()
        nodes = [self.wired[key].node for chain in self.order.chains for key in chain.nodes]
        return tuple(dict.fromkeys([node.block for node in nodes if node.block is not None]))

    def source_of(self, output: Node) -> Tensor:
        """The tensor that an Output of ``outputs`` takes."""
        return self.wired[output.id].inputs[0][1][0]

    def origin(self, node: Node) -> Node:
        """The node whose layer is called: the node itself unless it shares another's."""
        return node if node.shares is None else origin_of(self.graph, node)

    def _why_left_out(self, each: Wired, wired: Mapping[str, Wired], left_out: set[str], seen: set[str]) -> str:
        why = self._why_not_alone(each)
        if why:
            return why
        for source, _ in each.tensors:
            if source in left_out:
                return f"{wired[source].node.name} before it is not."
            if source not in seen:
                return "it waits for its own result."
        return ""

    def _why_not_alone(self, each: Wired) -> str:
        """Why a node cannot be written whatever the others are."""
        node = each.node
        if node.type not in (INPUT, OUTPUT):
            why = self._why_no_call(node, each.inputs)
            if why:
                return why
        for port, tensors in each.inputs:
            if len(tensors) < port.fewest and (tensors or not port.is_optional):
                what = "its input" if len(each.inputs) == 1 else f"its input {port.name}"
                return f"{what} is not connected." if not tensors else f"{what} needs {port.fewest} edges."
        return ""

    def _why_no_call(self, node: Node, inputs: Inputs) -> str:
        if node.type == BLOCK:
            if node.is_time_distributed and why_not_time_distributed(self.project, node):
                return "a block that is applied to every time step needs one Input and one Output."
            if node.block not in self.functions:
                return "its block is not finished."
            return self._why_no_use(node) if node.params else ""
        made = self.constructor(node)
        if made.plain is None:
            return made.fault
        if not inputs:
            return "it has numbers only and takes no tensor."
        if not made.references <= self.parameters:
            return f"there is no parameter {min(made.references - self.parameters)}."
        return ""

    def _why_no_use(self, node: Node) -> str:
        """Why the values that a use of a block gives it cannot be written."""
        for name, value in node.params.items():
            missing = references(value) - self.parameters
            if missing:
                return f"there is no parameter {min(missing)}."
            try:
                self.expressions.free(value)
            except NoExpression:
                return f"its {name} has a value that cannot be written as code."
        return ""

    def input_of(self, use: Node, port: str) -> Node:
        """The Input inside of the block that ``use`` uses, by the name of its port."""
        inside = self.functions[use.block or ""].block.graph.nodes.values()
        return next(node for node in inside if node.type == INPUT and node.name == port)

    def constructor(self, node: Node) -> Constructor:
        """How the layer that ``node`` calls is made."""
        return self._constructor(node if node.shares is None else self.origin(node))
