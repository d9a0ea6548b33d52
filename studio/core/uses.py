"""From where a block is looked at: the uses of blocks that lead from the main graph into it.

A block has one drawing and as many lives as uses: each has its own shapes. A path is the ids of the nodes that one
opens one after the other, ``("n4", "n9")`` for the use n9 inside of the block that n4 uses; () is the main graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from studio.core.project import BLOCK, MAIN, Project

Path: TypeAlias = tuple[str, ...]

MOST_PATHS = 100
"""So many are offered to choose from; blocks in blocks in blocks can have millions."""


def graph_of(project: Project, path: Path) -> str | None:
    """The key of the graph that a path leads to, or None where a use on it is no longer there."""
    key: str = MAIN
    for step in path:
        node = project.graph(key).nodes.get(step)
        if node is None or node.type != BLOCK or node.block is None or node.block not in project.blocks:
            return None
        key = node.block
    return key


def paths_to(project: Project, block: str, most: int = MOST_PATHS) -> tuple[Path, ...]:
    """The paths that lead to a block, the first use first, at most ``most`` of them."""
    leading = _leading_to(project, block)
    found: list[Path] = []
    for path in _walk(project, MAIN, block, leading, (), frozenset()):
        found.append(path)
        if len(found) == most:
            break
    return tuple(found)


def first_to(project: Project, key: str) -> Path:
    """The first path to a graph; () for the main graph and for a block that is not used."""
    found = paths_to(project, key, 1) if key != MAIN else ()
    return found[0] if found else ()


def words_of(project: Project, path: Path) -> str:
    """The names of the uses on a path: "encoder › attention_2"; of one on every time step a single one is looked at."""
    names = []
    for number, step in enumerate(path):
        key = graph_of(project, path[:number])
        node = project.graph(key).nodes.get(step) if key is not None else None
        name = node.name if node is not None else "?"
        names.append(f"{name} (one step)" if node is not None and node.is_time_distributed else name)
    return " › ".join(names)


def prefix_of(path: Path) -> str:
    """What stands before a node's id in the answers of the engine: "n4/n9/"."""
    return "".join(f"{step}/" for step in path)


def _leading_to(project: Project, block: str) -> set[str]:
    """The blocks in which, at whatever depth, a use of this one is; and the block itself."""
    users: dict[str, list[str]] = {}
    for key, graph in project.graphs().items():
        for node in graph.nodes.values():
            if node.type == BLOCK and node.block is not None:
                users.setdefault(node.block, []).append(key)
    found, stack = {block}, [block]
    while stack:
        for key in users.get(stack.pop(), ()):
            if key not in found:
                found.add(key)
                stack.append(key)
    return found


def _walk(
    project: Project, key: str, block: str, leading: set[str], path: Path, above: frozenset[str]
) -> Iterator[Path]:
    if key not in leading:  # Nothing is looked for where it cannot be.
        return
    for node in project.graph(key).nodes.values():
        if node.type != BLOCK or node.block is None or node.block not in project.blocks or node.block in above:
            continue
        if node.block == block:
            yield (*path, node.id)
        else:
            yield from _walk(project, node.block, block, leading, (*path, node.id), above | {node.block})
