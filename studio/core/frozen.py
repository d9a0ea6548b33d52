"""What training leaves as it is, because a person said so."""

from __future__ import annotations

from studio.core.ports import Catalog
from studio.core.project import BLOCK, Node, Project

TRAINABLE = "trainable"
"""The parameter of a layer, and the one that a block gets when a use of it is frozen."""


def is_frozen(node: Node) -> bool:
    """Whether a person said that training shall not change the node's weights."""
    return node.params.get(TRAINABLE) is False


def can_freeze(project: Project, catalog: Catalog, node: Node) -> bool:
    """Whether the node is something that could learn: a layer with that parameter, or a use of a block."""
    if node.type == BLOCK:
        return node.block in project.blocks
    spec = catalog.layer(node.type)
    return spec is not None and spec.parameter(TRAINABLE) is not None
