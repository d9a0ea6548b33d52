"""Numbers that Keras gave count on again where blocks took layers away: activation_7 becomes activation_1."""

from __future__ import annotations

from dataclasses import replace

from studio.catalog.spec import TIME_DISTRIBUTED, is_backbone
from studio.core.automatic_names import AutomaticNames
from studio.core.edits.rebuild import with_graph
from studio.core.naming import is_given_by_keras
from studio.core.ports import is_layer, is_operation
from studio.core.project import BLOCK, INPUT, MAIN, Node, Project
from studio.core.topology import order


def counted_anew(project: Project) -> Project:
    """The project with those layers of the main graph numbered as Keras will count, whose names Keras had given.

    Code need not say such names. Where the numbers would meet names of something else, all stay as they are.
    """
    count = AutomaticNames()
    names: dict[str, str] = {}
    nodes = project.main.nodes
    for key in order(project.main):
        node = nodes[key]
        if is_backbone(node.type) or node.is_bypassed:
            return project
        if node.type == BLOCK:
            _count_inside(project, node, count)
            if node.is_time_distributed and node.shares is None:
                if is_given_by_keras(node.name, TIME_DISTRIBUTED):
                    names[key] = count.take(TIME_DISTRIBUTED, {})
                else:
                    count.needs_name(TIME_DISTRIBUTED, node.name, {})
        elif is_operation(node):
            continue  # Counted by a class of its own, of which no layer has the name.
        elif node.type == INPUT or not is_given_by_keras(node.name, node.type):
            count.needs_name(node.type, node.name, node.params)
        elif is_layer(node) and node.shares is None:
            names[key] = count.take(node.type, node.params)
    all_names = [names.get(key, node.name) for key, node in nodes.items()]
    if len(set(all_names)) < len(all_names):
        return project
    renamed = {key: replace(node, name=names[key]) if names.get(key, node.name) != node.name else node
               for key, node in nodes.items()}  # fmt: skip
    return with_graph(project, MAIN, nodes=renamed)


def _count_inside(project: Project, use: Node, count: AutomaticNames) -> None:
    block = project.blocks.get(use.block or "")
    if block is None:
        return
    for key in order(block.graph):
        node = block.graph.nodes[key]
        if node.type == BLOCK:
            _count_inside(project, node, count)
            if node.is_time_distributed and node.shares is None and not block.names(node):
                count.take(TIME_DISTRIBUTED, {})
        elif is_layer(node) and not is_operation(node) and node.shares is None and not block.names(node):
            count.take(node.type, node.params)
