"""What stands in the outline: which nodes in which order, what is said of each, what a search finds. No widgets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from studio.catalog.values import KerasObject, Value
from studio.codegen.wiring import order_of
from studio.core.compare import note_title
from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, Project
from studio.core.topology import edges_into
from studio.gui.canvas import spoken
from studio.gui.canvas.card import answer_at, kind_text, shapes_of
from studio.gui.canvas.walking import notes_in_order
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.session import Session

DEEPEST = 20
"""Blocks in blocks: a file may have one that uses itself."""


@immutable
class Entry:
    """One node or note at its place in the outline.

    ``path`` names the uses of blocks that lead to it, and itself ("n4/n2").
    """

    graph: str
    node: str
    path: str
    depth: int
    is_note: bool = False

    @property
    def prefix(self) -> str:
        """What stands before the node's id in the answers."""
        return self.path[: -len(self.node)]

    @property
    def use(self) -> tuple[str, ...]:
        """The uses of blocks that lead to the graph in which the node is."""
        return tuple(self.path.split("/")[:-1])


def entries(project: Project, unfolded: Collection[str] | None) -> Iterator[Entry]:
    """All nodes in the order of the code, then the notes; inside of ``unfolded`` uses of blocks (None: of all)."""
    yield from _inside(project, MAIN, "", 0, unfolded)


def _inside(project: Project, key: str, prefix: str, depth: int, unfolded: Collection[str] | None) -> Iterator[Entry]:
    graph = project.graph(key)
    ordered = order_of(graph)
    rest = [node for node in graph.nodes if node not in set(ordered)] if len(ordered) < len(graph.nodes) else []
    for node_id in (*ordered, *rest):  # what stands on a circle has no place in the order, and is there all the same
        node, path = graph.nodes[node_id], prefix + node_id
        yield Entry(key, node_id, path, depth)
        is_open = unfolded is None or path in unfolded
        if node.type == BLOCK and node.block in project.blocks and is_open and depth < DEEPEST:
            yield from _inside(project, node.block or "", path + "/", depth + 1, unfolded)
    for note in notes_in_order(graph):
        yield Entry(key, note.id, prefix + note.id, depth, is_note=True)


def is_there(project: Project, entry: Entry) -> bool:
    """Whether what the entry stands for has not gone meanwhile."""
    graph = project.graphs().get(entry.graph)
    return graph is not None and (entry.node in graph.nodes or entry.node in graph.notes)


@immutable
class Told:
    """What the outline says about a node."""

    name: str
    kind: str
    shape: str
    parameters: int | None
    problem: Problem | None
    marks: tuple[str, ...]
    is_block: bool

    def sentence(self, sources: Collection[str]) -> str:
        """All of it for people who hear it."""
        rest = spoken.sentence(
            self.kind,
            marks=self.marks,
            shape=self.shape,
            parameters=self.parameters,
            sources=sources,
            problems=(self.problem,) if self.problem else (),
        )
        return f"{self.name}, {rest}"


def told(session: Session, entry: Entry) -> Told:
    """What is said about the node or the note of an entry."""
    project = session.project
    if entry.is_note:
        return Told(note_title(project.graph(entry.graph).notes[entry.node].text), "note", "", None, None, (), False)
    node = project.graph(entry.graph).nodes[entry.node]
    answer = answer_at(project, node, session.answers, entry.prefix)
    shapes = shapes_of(answer)
    problems = session.problems_of(entry.node) if entry.depth == 0 or entry.graph == session.graph_key else ()
    return Told(
        name=node.name,
        kind=kind_text(project, node, session.catalog.layer(node.type)),
        shape=shapes[0] if shapes else "",
        parameters=answer.parameters if answer is not None and answer.outputs else None,
        problem=problems[0] if problems else None,
        marks=spoken.marks_of(node),
        is_block=node.type == BLOCK,
    )


def sources_of(session: Session, entry: Entry) -> list[str]:
    """The names of the nodes from which a node takes."""
    graph = session.project.graph(entry.graph)
    arriving = sorted(edges_into(graph, entry.node), key=lambda edge: (edge.target.port, edge.rank))
    found = [graph.nodes[edge.source.node].name for edge in arriving if edge.source.node in graph.nodes]
    return list(dict.fromkeys(found))


FIELDS: Final = ("name", "type", "shape", "problem", "note")
"""What can stand with a colon before a word ("type:conv"): it is then looked for there alone."""


def is_found(session: Session, entry: Entry, query: str) -> bool:
    """Whether each word of the query is part of what is known about a node; "units=10" means a parameter."""
    known = {field: text.casefold() for field, text in _known(session, entry).items()}
    everything = "\n".join(known.values())
    for word in query.casefold().replace(", ", ",").split():
        field, colon, rest = word.partition(":")
        text, word = (known.get(field, ""), rest) if colon and field in FIELDS else (everything, word)
        if not text or (word not in text and word not in text.replace(", ", ",")):
            return False
    return True


def _known(session: Session, entry: Entry) -> dict[str, str]:
    """All that a search may find, by where it stands."""
    if entry.is_note:
        return {"note": f"note\n{session.project.graph(entry.graph).notes[entry.node].text}"}
    node = session.project.graph(entry.graph).nodes[entry.node]
    answer = answer_at(session.project, node, session.answers, entry.prefix)
    problems = session.problems_of(entry.node)
    rest = [*spoken.marks_of(node), *(f"{name}={_text(value)}" for name, value in node.params.items())]
    rest += [output[1] for output in answer.outputs] if answer is not None else []
    return {
        "name": node.name,
        "type": f"{node.type}\n{kind_text(session.project, node, session.catalog.layer(node.type))}",
        "shape": "\n".join(shapes_of(answer)),
        "problem": "\n".join(f"problem {problem.severity} {problem.message}" for problem in problems),
        "note": node.note,
        "": "\n".join(rest),
    }


def _text(value: Value) -> str:
    return value.type if isinstance(value, KerasObject) else str(value)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as the first and last of each stretch without a gap."""
    starts = [place for place, number in enumerate(numbers) if not place or numbers[place - 1] != number - 1]
    ends = [*(start - 1 for start in starts[1:]), len(numbers) - 1]
    return [(numbers[start], numbers[end]) for start, end in zip(starts, ends, strict=False)]
