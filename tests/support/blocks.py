"""Blocks as a file may bring them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.core.project import BlockParameter, Project


def with_parameters(project: Project, block: str, parameters: Iterable[BlockParameter]) -> Project:
    """The project whose block has these parameters, whatever its nodes and uses say; the same one if it has them."""
    found, wanted = project.blocks.get(block), tuple(parameters)
    if found is None or found.parameters == wanted:
        return project
    return replace(project, blocks={**project.blocks, block: replace(found, parameters=wanted)})
