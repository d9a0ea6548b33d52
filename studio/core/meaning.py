"""What a project means, apart from where its nodes stand on the canvas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import is_
from typing import TypeVar

from studio.core.project import Block, Edge, Graph, Node, Project

T = TypeVar("T", Node, Edge)


_MOST_BEFORE = 4
"""Projects to which undo may come back: as many as the memory of what is derived from them."""


class Meaning:
    """Follows a project and gives one in which nothing has moved: shapes, problems and code are derived from that.

    What is derived is remembered by the identity of nodes. A node that was only moved is another object, and after a
    drag of 1,000 nodes everything would be derived anew; here it stays the object that it was. Places and way-points
    in the result are those of some time before, and if nothing but these changed it is the same object as last time.
    """

    def __init__(self) -> None:
        self._seen = Project()
        self._meant = self._seen
        self._before: tuple[tuple[Project, Project], ...] = ()

    def of(self, project: Project) -> Project:
        """What ``project`` means. Where undo comes back to a project, that is the very object that it was."""
        if project is not self._seen:
            known = next((meant for seen, meant in self._before if seen is project), None)
            self._before = ((self._seen, self._meant), *self._before[: _MOST_BEFORE - 1])
            self._meant = self._follow(project) if known is None else known
            self._seen = project
        return self._meant

    def _follow(self, project: Project) -> Project:
        seen, meant = self._seen, self._meant
        main = _graph(seen.main, meant.main, project.main)
        found: dict[str, Block] = {}
        for key, block in project.blocks.items():
            before, mine = seen.blocks.get(key), meant.blocks.get(key)
            if before is None or mine is None:
                found[key] = block
            elif before is block:
                found[key] = mine
            else:
                graph = _graph(before.graph, mine.graph, block.graph)
                is_same = graph is mine.graph and replace(block, graph=graph) == mine
                found[key] = mine if is_same else replace(block, graph=graph)
        is_same = _are_same(found, meant.blocks)
        # What is remembered of the wiring holds for one very mapping of blocks.
        blocks = next((each for each in (project.blocks, meant.blocks) if _are_same(found, each)), found)
        is_same = (
            is_same
            and main is meant.main
            and all(
                getattr(project, part) is getattr(meant, part) for part in ("data", "training", "snippets", "extra")
            )
        )
        if is_same and (project.title, project.lesson) == (meant.title, meant.lesson):
            return meant
        is_new = main is project.main and blocks is project.blocks  # what was derived of a project before it was opened
        return project if is_new else replace(project, main=main, blocks=blocks)


def _are_same(one: Mapping[str, Block], other: Mapping[str, Block]) -> bool:
    return list(one) == list(other) and all(map(is_, one.values(), other.values()))


def _graph(seen: Graph, meant: Graph, now: Graph) -> Graph:
    if now is seen:
        return meant
    nodes = _parts(seen.nodes, meant.nodes, now.nodes, _nodes_mean_the_same)
    edges = _parts(seen.edges, meant.edges, now.edges, _edges_mean_the_same)
    if nodes is now.nodes and edges is now.edges:
        return now
    return meant if nodes is meant.nodes and edges is meant.edges else Graph(nodes, edges)


def _parts(
    seen: Mapping[str, T], meant: Mapping[str, T], now: Mapping[str, T], mean_the_same: Callable[[T, T], bool]
) -> Mapping[str, T]:
    if now is seen:
        return meant
    found: dict[str, T] = {}
    kept = 0
    for key, part in now.items():
        before = meant.get(key)
        if before is not None and (part is seen.get(key) or mean_the_same(before, part)):
            found[key] = before
            kept += 1
        else:
            found[key] = part
    if not kept and now:
        return now  # another drawing: what is remembered of its graph, too, is found again
    # The order counts, too: it is that in which names are minted.
    return meant if kept == len(meant) == len(now) and all(map(str.__eq__, meant, now)) else found


def _nodes_mean_the_same(one: Node, other: Node) -> bool:
    # A note is a comment in the code. Parameters by identity: 1 and 1.0 are equal and not the same in the code.
    return (
        one.params is other.params and one.type == other.type and one.name == other.name and one.note == other.note
        and one.shares == other.shares and one.block == other.block and one.is_bypassed == other.is_bypassed
        and one.is_time_distributed == other.is_time_distributed
    )  # fmt: skip


def _edges_mean_the_same(one: Edge, other: Edge) -> bool:
    return one.source == other.source and one.target == other.target and one.rank == other.rank
