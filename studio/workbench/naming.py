"""The name of every call of the flat graph, for people."""

from __future__ import annotations

from studio.core.project import BLOCK, MAIN, Project


def call_names(project: Project) -> dict[str, str]:
    """Call id -> name: the node's own, and ``use/inner`` for nodes inside a block, right after the use."""
    names: dict[str, str] = {}
    _name(project, MAIN, "", "", names)
    return names


def _name(project: Project, key: str, id_prefix: str, name_prefix: str, names: dict[str, str]) -> None:
    # Blocks nest a few levels only: project files with more than 20 are refused.
    for node in project.graph(key).nodes.values():
        names[id_prefix + node.id] = name_prefix + node.name
        if node.type == BLOCK and node.block is not None and node.block in project.blocks:
            _name(project, node.block, f"{id_prefix}{node.id}/", f"{name_prefix}{node.name}/", names)


def node_of(call_id: str) -> str:
    """The node of the main graph in which a call happens: the use of the block, for a call inside one."""
    return call_id.partition("/")[0]
