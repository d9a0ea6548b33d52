"""What is different between two projects, so that a view touches only what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeVar

from studio.core.project import Edge, Graph, Node, Project
from studio.core.remember import Remembered
from studio.immutable import immutable

T = TypeVar("T", Node, Edge)


@immutable
class GraphChange:
    """Ids of the nodes and edges of one graph that came, went or are different; whether its frames or notes are."""

    added_nodes: frozenset[str] = frozenset()
    removed_nodes: frozenset[str] = frozenset()
    updated_nodes: frozenset[str] = frozenset()
    added_edges: frozenset[str] = frozenset()
    removed_edges: frozenset[str] = frozenset()
    updated_edges: frozenset[str] = frozenset()
    frames_changed: bool = False
    notes_changed: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different."""
        return not (
            self.added_nodes or self.removed_nodes or self.updated_nodes
            or self.added_edges or self.removed_edges or self.updated_edges or self.frames_changed
            or self.notes_changed
        )  # fmt: skip


NOTHING = GraphChange()


@immutable
class Change:
    """The difference between two projects.

    ``graphs`` has an entry for each graph in which something is different, by graph key; a block that came or went is
    told as the difference from or to an empty graph. ``is_layout_only`` says that only places, way-points,
    folded nodes, bookmarks, frames or free notes are different, so that shapes and code stay what they were.
    """

    graphs: Mapping[str, GraphChange] = field(default_factory=dict)
    added_blocks: frozenset[str] = frozenset()
    removed_blocks: frozenset[str] = frozenset()
    updated_blocks: frozenset[str] = frozenset()
    title_changed: bool = False
    direction_changed: bool = False
    data_changed: bool = False
    training_changed: bool = False
    snippets_changed: bool = False
    is_layout_only: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is different that a view could show."""
        return not (
            self.graphs or self.added_blocks or self.removed_blocks or self.updated_blocks or self.title_changed
            or self.direction_changed or self.data_changed or self.training_changed or self.snippets_changed
        )  # fmt: skip

    def of(self, graph_key: str) -> GraphChange:
        """What is different in one graph."""
        return self.graphs.get(graph_key, NOTHING)


_known: Remembered[Project, list[tuple[Project, Change]]] = Remembered(2)
"""Undo asks for the difference that all views have just heard of."""


def diff(old: Project, new: Project) -> Change:
    """The difference from ``old`` to ``new``. Quick where the two share their parts; equal parts are no difference."""
    if old is new:
        return Change()
    memory = _known.get(new, lambda _: [])
    if not memory or memory[0][0] is not old:
        memory[:] = [(old, _diff(old, new))]
    return memory[0][1]


def _diff(old: Project, new: Project) -> Change:
    changes: dict[str, GraphChange] = {}
    means_the_same = True
    before, after = old.graphs(), new.graphs()
    for key in before | after:
        one, other = before.get(key, Graph()), after.get(key, Graph())
        if one is not other:
            change, is_layout = _diff_graph(one, other)
            if not change.is_empty:
                changes[key] = change
                means_the_same = means_the_same and is_layout
    updated_blocks = frozenset(
        key for key, block in new.blocks.items() if key in old.blocks and not _same_but_graph(old, new, key)
    )
    added, removed = new.blocks.keys() - old.blocks.keys(), old.blocks.keys() - new.blocks.keys()
    data = old.data is not new.data and old.data != new.data
    training = old.training is not new.training and old.training != new.training
    snippets = old.snippets is not new.snippets and old.snippets != new.snippets
    title = old.title != new.title
    means_the_same = means_the_same and not (data or training or snippets or title or added or removed)
    return Change(
        changes, frozenset(added), frozenset(removed), updated_blocks, title, old.direction != new.direction,
        data, training, snippets, bool(changes) and means_the_same and not updated_blocks,
    )  # fmt: skip


def _same_but_graph(old: Project, new: Project, key: str) -> bool:
    one, other = old.blocks[key], new.blocks[key]
    return one is other or (one.name == other.name and one.parameters == other.parameters)


def _diff_graph(old: Graph, new: Graph) -> tuple[GraphChange, bool]:
    added_nodes, removed_nodes, updated_nodes = _diff_parts(old.nodes, new.nodes)
    added_edges, removed_edges, updated_edges = _diff_parts(old.edges, new.edges)
    frames = old.frames is not new.frames and old.frames != new.frames
    notes = old.notes is not new.notes and old.notes != new.notes
    change = GraphChange(
        added_nodes, removed_nodes, updated_nodes, added_edges, removed_edges, updated_edges, frames, notes
    )
    is_layout = (
        not (added_nodes or removed_nodes or added_edges or removed_edges)
        and all(_node_means_the_same(old.nodes[key], new.nodes[key]) for key in updated_nodes)
        and all(_edge_means_the_same(old.edges[key], new.edges[key]) for key in updated_edges)
    )
    return change, is_layout


def _diff_parts(old: Mapping[str, T], new: Mapping[str, T]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    if old is new:
        return frozenset(), frozenset(), frozenset()
    added: list[str] = []
    updated: list[str] = []
    for key, part in new.items():
        before = old.get(key)
        if before is not part:
            if before is None:
                added.append(key)
            elif before != part:
                updated.append(key)
    is_smaller = len(new) - len(added) < len(old)
    removed = frozenset(key for key in old if key not in new) if is_smaller else frozenset[str]()
    return frozenset(added), removed, frozenset(updated)


def _node_means_the_same(old: Node, new: Node) -> bool:
    return (
        old.type == new.type and old.name == new.name and old.shares == new.shares and old.block == new.block
        and (old.params is new.params or old.params == new.params) and old.is_bypassed == new.is_bypassed
        and old.is_time_distributed == new.is_time_distributed
        and old.note == new.note  # a comment in the code
    )  # fmt: skip


def _edge_means_the_same(old: Edge, new: Edge) -> bool:
    return old.source == new.source and old.target == new.target and old.rank == new.rank
