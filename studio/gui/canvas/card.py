"""What a node says on the canvas, as plain text and numbers. No Qt, no pixels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from studio.catalog.operations import operation_text
from studio.catalog.spec import FAMILIES, TIME_DISTRIBUTED, LayerSpec, Port, shown_type
from studio.catalog.values import KerasObject, ParameterRef
from studio.core import uses
from studio.core.edits import is_frozen
from studio.core.ports import Catalog, ports_of
from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, OUTPUT, Graph, Node, Project
from studio.core.topology import id_key
from studio.immutable import immutable

FAMILY_NAMES: tuple[str, ...] = (*FAMILIES, "unknown")
"""Families by their number in the scene arrays; the last one is a layer type that the catalog does not know."""

_FAMILY_NUMBER = {name: number for number, name in enumerate(FAMILY_NAMES)}


class AnswerLike(Protocol):
    """What the engine said about a node (``protocol.Answer`` has this form)."""

    @property
    def outputs(self) -> Sequence[tuple[Iterable[int | None], str]]: ...
    @property
    def parameters(self) -> int: ...
    @property
    def trainable_parameters(self) -> int: ...
    @property
    def problem(self) -> str: ...
    @property
    def blocked_by(self) -> Sequence[str]: ...


class Facts(Protocol):
    """Where cards get what the project itself does not say. The session is one."""

    @property
    def catalog(self) -> Catalog: ...
    @property
    def answers(self) -> Mapping[str, AnswerLike]: ...
    def problems_of(self, node_id: str, /) -> Sequence[Problem]: ...


class Ghost(NamedTuple):
    """A node of another version that is gone: where it stood, and what it was called."""

    x: float
    y: float
    name: str


class Flag:
    """Marks of a node, one bit each in ``Scene.flags``. Plain numbers: an IntFlag costs a microsecond per operation."""

    PROBLEM = 1
    BLOCKED = 2
    SHARED = 4
    BLOCK = 8
    WARNING = 16
    FROZEN = 256
    BYPASSED = 64
    FOLDED = 128
    MARKED = 512


LAYOUT_FLAGS = Flag.FOLDED | Flag.MARKED
"""Marks that mean nothing to shapes and code."""


def layout_flags(node: Node) -> int:
    """Those of a node."""
    return Flag.FOLDED * node.is_folded | Flag.MARKED * node.is_marked


class Card(NamedTuple):
    """Everything that is written on a node. Equal cards make equal pictures.

    A tuple: thousands are made when a project is opened and compared when answers come, both three times as quick.
    """

    title: str = ""
    kind: str = ""
    family: int = 0
    shape: str = ""
    parameters: int | None = None
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    flags: int = 0
    waits_for: str = ""
    problem: str = ""
    shapes: tuple[str, ...] = ()
    origin: str = ""

    def shape_of(self, port: str) -> str:
        """The shape that leaves by an output port, or nothing while it is unknown."""
        for place, output in enumerate(self.outputs):
            if output.name == port and place < len(self.shapes):
                return self.shapes[place]
        return ""


EMPTY = Card()


def shape_text(shape: Iterable[object]) -> str:
    """A shape as Python writes a tuple: "(None, 10)", "(None,)"."""
    text = ", ".join(map(str, shape))
    return f"({text})" if "," in text or not text else f"({text},)"


def shapes_of(answer: AnswerLike | None) -> tuple[str, ...]:
    """The shape of each output as text."""
    if answer is None:
        return ()
    if len(answer.outputs) == 1:
        return (shape_text(answer.outputs[0][0]),)
    return tuple(shape_text(output[0]) for output in answer.outputs)


def kind_text(project: Project, node: Node, spec: LayerSpec | None) -> str:
    """The type and what makes this one special at a glance: "Dense · relu", "block · residual", "x * 2.0"."""
    if spec is not None and spec.operation is not None:
        return operation_text(spec, node.params)
    if node.type == BLOCK:
        block = project.blocks.get(node.block or "")
        kind = TIME_DISTRIBUTED if node.is_time_distributed else "Block"
        return f"{kind} · {block.name}" if block else kind
    activation, kind = node.params.get("activation"), shown_type(node.type)
    match activation:
        case str():
            return f"{kind} · {activation}"
        case KerasObject(type=name) | ParameterRef(name=name):
            return f"{kind} · {name}"
        case _:
            return kind


def said(problems: Sequence[Problem]) -> tuple[str, int]:
    """What a card says of the problems of its node, the worst first, and the mark that it has of them."""
    mark = 0
    for problem in problems:  # a large drawing may have thousands: no generators here
        if problem.severity == "error":
            return problem.message, Flag.PROBLEM
        if problem.severity == "warning":
            mark = Flag.WARNING
    return problems[0].message if problems else "", mark


def prefix_from(graph_key: str, use: uses.Path) -> str:
    """What stands before a node's id in the answers. A block that is not used has none: nothing is known of it."""
    return uses.prefix_of(use) if use or graph_key == MAIN else "?/"


def make_card(project: Project, graph: Graph, node: Node, facts: Facts, prefix: str = "") -> Card:
    """The card of one node, from the project, the engine's answer and the known problems.

    ``prefix`` goes before the node's id in the id of its call: inside a block, "n7/" for the use n7 that is looked at.
    """
    answer = answer_at(project, node, facts.answers, prefix)
    inputs, outputs = ports_of(project, facts.catalog, node)
    problems = facts.problems_of(node.id)
    # Of most nodes there are none, and a large drawing has many nodes.
    problem, flags = said(problems) if problems else ("", 0)
    blocked_by = answer.blocked_by if answer is not None and not flags & Flag.PROBLEM else ()
    if blocked_by:
        flags |= Flag.BLOCKED
    if node.shares is not None:
        flags |= Flag.SHARED
    if is_frozen(node):
        flags |= Flag.FROZEN
    if node.is_bypassed:
        flags |= Flag.BYPASSED
    if node.is_folded or node.is_marked:
        flags |= layout_flags(node)
    if node.type == BLOCK:
        flags |= Flag.BLOCK
        spec = None
        family = _FAMILY_NUMBER["core"]
    else:
        spec = facts.catalog.layer(node.type)
        family = _FAMILY_NUMBER.get(spec.family if spec else "unknown", len(FAMILY_NAMES) - 1)
    shapes = shapes_of(answer)
    shows_count = answer is not None and bool(answer.outputs) and node.type not in ("Input", "Output")
    return Card(
        title=node.name,
        kind=kind_text(project, node, spec),
        family=family,
        shape=shapes[0] + (f" +{len(shapes) - 1}" if len(shapes) > 1 else "") if shapes else "",
        parameters=answer.parameters if answer is not None and shows_count else None,
        inputs=inputs,
        outputs=outputs,
        flags=flags,
        waits_for=_name_of(graph, blocked_by[0].removeprefix(prefix)) if blocked_by else "",
        problem=problem,
        shapes=shapes,
        origin=node.shares or "",
    )


@immutable
class BlockAnswer:
    """What a use of a block gives: the shapes at its Output nodes, the parameters of all that is inside."""

    outputs: tuple[tuple[Iterable[int | None], str], ...]
    parameters: int
    trainable_parameters: int
    problem: str = ""
    blocked_by: tuple[str, ...] = ()


def answer_at(project: Project, node: Node, answers: Mapping[str, AnswerLike], prefix: str) -> AnswerLike | None:
    """What is known of a node, of a use of a block what its inner nodes tell; ``prefix`` stands before its id."""
    answer = answers.get(prefix + node.id)
    if node.type == BLOCK and (answer is None or not answer.outputs or node.is_time_distributed):
        return answer_of_block(project, node, answers, prefix) or answer
    return answer


def answer_of_block(project: Project, node: Node, answers: Mapping[str, AnswerLike], prefix: str) -> BlockAnswer | None:
    """Put together from the answers inside; None while one of its outputs is not known.

    A use that is applied to every time step has outputs of its own: those inside are of one step.
    """
    block = project.blocks.get(node.block or "")
    if block is None:
        return None
    inside = f"{prefix}{node.id}/"
    ports = sorted((id for id, inner in block.graph.nodes.items() if inner.type == OUTPUT), key=id_key)
    found = [answers.get(inside + id) for id in ports]
    if node.is_time_distributed:
        found = [answers.get(prefix + node.id)]
    if not found or any(answer is None or not answer.outputs for answer in found):
        return None
    total = learned = 0
    for id, inner in block.graph.nodes.items():
        answer = answers.get(inside + id)
        if inner.type == BLOCK:
            answer = answer_of_block(project, inner, answers, inside)
        total += answer.parameters if answer is not None else 0
        learned += answer.trainable_parameters if answer is not None else 0
    return BlockAnswer(tuple(answer.outputs[0] for answer in found if answer is not None), total, learned)


def _name_of(graph: Graph, call_id: str) -> str:
    """The title of the node that a call belongs to; inside a block that is the use of the block."""
    node = graph.nodes.get(call_id) or graph.nodes.get(call_id.split("/", 1)[0])
    return node.name if node else call_id
