"""All repeated parts of a project: the best one first, then the best one of what is left, parts of parts included."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from studio.core import edits
from studio.core.naming import is_valid_name
from studio.core.parts.counting import counted_anew
from studio.core.parts.letters import with_letters
from studio.core.parts.line import line_of
from studio.core.parts.making import can_be_named, made
from studio.core.parts.stretches import Stopped, best_stretch
from studio.core.ports import Catalog
from studio.core.project import MAIN, Project
from studio.core.topology import id_key
from studio.immutable import immutable

__all__ = ["Found", "Part", "Stopped", "find_parts"]

MOST_PARTS = 40
"""Blocks that are proposed at once: more than anybody wants to read, and the work has an end."""


@immutable
class Part:
    """One proposal. ``places`` are the layers at each place in the drawing as it was, by graph: what a use stands for.

    ``layers`` are the nodes in the block, ``times`` how often it is used, ``saved`` how many nodes fewer there are to
    draw and read with it. ``loses_names`` tells that layers have names that the block cannot give them.
    """

    block: str
    name: str
    times: int
    layers: int
    saved: int
    parameters: tuple[str, ...]
    places: tuple[tuple[str, frozenset[str]], ...]
    keeps_names: bool
    loses_names: bool


@immutable
class Found:
    """The proposals for ``start``, outermost last, and the project in which all of them are blocks."""

    start: Project
    parts: tuple[Part, ...]
    project: Project

    def chosen(
        self, catalog: Catalog, unwanted: Collection[str] = (), names: Mapping[str, str] | None = None
    ) -> Project:
        """The project with only the blocks that are wanted; ``names`` are other names of blocks, by id."""
        project = self.project
        unwanted = [part.block for part in reversed(self.parts) if part.block in unwanted]
        if len(unwanted) == len(self.parts):
            return self.start
        for block in unwanted:
            for key in (MAIN, *project.blocks):
                uses = [node.id for node in project.graph(key).nodes.values() if node.block == block]
                for use in uses:
                    project = edits.unpack_block(project, catalog, use, graph=key)
            project = edits.delete_block(project, block)
        for block, name in (names or {}).items():
            project = edits.rename_block(project, block, name)
        return project

    def why_not_name(self, block: str, name: str, names: Mapping[str, str]) -> str | None:
        """Why a block may not be called ``name`` beside these names of the others."""
        if not is_valid_name(name.strip()):
            return "invalid"
        others = {key: names.get(key, found.name) for key, found in self.project.blocks.items() if key != block}
        return "taken" if name.strip() in others.values() else None


def find_parts(
    project: Project,
    catalog: Catalog,
    *,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda parts: None,
) -> Found:
    """Propose blocks. ``stopped`` is asked often, and Stopped is raised where it says so; ``progress`` gets a count."""
    start = project
    parts: list[Part] = []
    stands_for: dict[str, dict[str, frozenset[str]]] = {
        key: {id: frozenset((id,)) for id in graph.nodes} for key, graph in project.graphs().items()
    }
    while len(parts) < MOST_PARTS:
        if stopped():
            raise Stopped
        line = line_of(project, catalog)
        stretch = best_stretch(project, catalog, line, stopped)
        if stretch is None:
            break
        if not can_be_named(project, line, stretch):
            stretch = replace(stretch, prefixes=None, loses_names=True)
        block = f"b{project.next_id}"
        project = made(project, catalog, line, stretch)
        places = []
        for at in stretch.starts:
            key = line.graphs[at]
            nodes = [node.id for node in line.nodes[at : at + stretch.length]]
            stood = stands_for.setdefault(key, {})
            covered = frozenset().union(*(stood.get(id, frozenset()) for id in nodes))
            for id in nodes:
                stood.pop(id, None)
            stood[min(nodes, key=id_key)] = covered
            if key in start.graphs():
                places.append((key, covered))
        found = project.blocks[block]
        parts.append(
            Part(
                block,
                found.name,
                len(stretch.starts),
                stretch.length,
                len(stretch.starts) * (stretch.length - 1) - stretch.length,
                tuple([parameter.name for parameter in found.parameters]),
                tuple(places),
                found.names_layers,
                stretch.loses_names,
            )
        )
        progress(len(parts))
    project = with_letters(project, catalog, [part.block for part in parts])
    project = counted_anew(project) if parts else project
    return Found(start, tuple([replace(part, name=project.blocks[part.block].name) for part in parts]), project)
