"""The name of every call of the flat graph, for people."""

from __future__ import annotations

from studio.core.project import BLOCK, MAIN, Project


def call_names(project: Project) -> dict[str, str]:
    """Call id -> name: the node's own, and ``use/inner`` for nodes inside a block."""
    names: dict[str, str] = {}
    waiting = [(MAIN, "", "")]
    while waiting:
        key, id_prefix, name_prefix = waiting.pop()
        for node in project.graph(key).nodes.values():
            names[id_prefix + node.id] = name_prefix + node.name
            if node.type == BLOCK and node.block in project.blocks:
                waiting.append((node.block, f"{id_prefix}{node.id}/", f"{name_prefix}{node.name}/"))
    return names


def node_of(call_id: str) -> str:
    """The node of the main graph in which a call happens: the use of the block, for a call inside one."""
    return call_id.partition("/")[0]
