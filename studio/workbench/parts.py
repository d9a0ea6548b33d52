"""Repeated parts become blocks, and what has changed is arranged anew: for window and command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from studio.core.parts import Found, Part
from studio.core.ports import Catalog
from studio.core.project import Project
from studio.layout import tidy

Question = Callable[[], bool]


def with_parts(
    found: Found,
    catalog: Catalog,
    unwanted: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    cancelled: Question = lambda: False,
) -> Project:
    """The project with the blocks that are wanted, tidy inside and around them. ``layout.Cancelled`` where stopped."""
    project = found.chosen(catalog, unwanted, names)
    for key, graph in found.start.graphs().items():
        if project.graph(key) is not graph:
            project = tidy(project, graph=key, catalog=catalog, cancelled=cancelled)
    for key in project.blocks.keys() - found.start.blocks.keys():
        project = tidy(project, graph=key, catalog=catalog, cancelled=cancelled)
    return project


def part_sentence(part: Part) -> str:
    """One line about a block that was found."""
    sentence = f"{part.name}: {part.layers} nodes, used {part.times} times"
    if part.parameters:
        sentence += f", with {', '.join(part.parameters)}"
    return sentence + ("; names of its layers are given anew" if part.loses_names else "")
