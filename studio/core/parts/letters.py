"""Blocks of one kind are told apart by letters, in the order of the drawing: inception_a, inception_b.

Numbers would be those of the search, which nobody follows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from string import ascii_lowercase

from studio.core import edits
from studio.core.edits.rebuild import with_graph
from studio.core.naming import is_given_by_keras, to_snake_case, unused
from studio.core.parts.line import line_of
from studio.core.ports import Catalog
from studio.core.project import BLOCK, MAIN, Project


def with_letters(project: Project, catalog: Catalog, blocks: Sequence[str]) -> Project:
    """The project with other names for those of ``blocks`` that differ by a number only."""
    groups: dict[str, list[str]] = {}
    for block in _in_order(project, catalog):
        if block in blocks:
            groups.setdefault(re.sub(r"_\d+$", "", project.blocks[block].name), []).append(block)
    for stem, group in groups.items():
        if not 1 < len(group) <= len(ascii_lowercase):
            continue
        for block, letter in zip(group, ascii_lowercase, strict=False):
            old = project.blocks[block].name
            project = edits.rename_block(project, block, f"{stem}_{letter}")
            project = _with_uses(project, block, old)
    return project


def _in_order(project: Project, catalog: Catalog) -> list[str]:
    """The blocks in the order in which the code comes to them: those that a block uses come before it."""
    line = line_of(project, catalog)
    used: dict[str, list[str]] = {}
    for key, node in zip(line.graphs, line.nodes, strict=True):
        if node.type == BLOCK and node.block is not None and node.block in project.blocks:
            used.setdefault(key, []).append(node.block)
    found: dict[str, None] = {}
    stack = [(MAIN, False)]
    while stack:
        key, is_complete = stack.pop()
        if is_complete:
            found[key] = None
        elif key not in found:
            stack.append((key, True))
            stack += [(block, False) for block in reversed(used.get(key, ()))]
    return list(found)


def _with_uses(project: Project, block: str, old: str) -> Project:
    """Uses that were called as their block are so again."""
    new = to_snake_case(project.blocks[block].name)
    for key, graph in project.graphs().items():
        called = [node for node in graph.nodes.values() if node.block == block and is_given_by_keras(node.name, old)]
        if not called:
            continue
        taken = {node.name for node in graph.nodes.values()} - {node.name for node in called}
        nodes = dict(graph.nodes)
        for node in called:
            name = unused(new, taken)
            taken.add(name)
            nodes[node.id] = replace(node, name=name)
        project = with_graph(project, key, nodes=nodes)
    return project
