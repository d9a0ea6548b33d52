"""Edited code put into the drawing: what the text says otherwise is changed, and what is new finds a place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studio import layout
from studio.catalog import Catalog
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.importing import ModelFileError, script

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource
    from studio.importing.script import Edited

__all__ = ["with_code"]


def with_code(
    project: Project, base: Project, source: GeneratedSource, text: str, catalog: Catalog, plain: Catalog | None = None
) -> Edited:
    """``project`` with what ``text`` says otherwise than ``source``, the code of ``base``. Runs nothing.

    Nodes that stood stay where they are; new ones stand near what they are joined to, below the rest where that is
    taken. A drawing that is mostly new is arranged anew. Another file that the program exported comes in with all that
    it says: ``plain`` is the catalog without the code of this project.
    """
    from studio.layout.tidying import CARD  # tidying is not needed to show a window

    found = script.edited(project, source.text, base, source.spans, text, catalog)
    if found.is_another:
        whole = _exported(text, plain or catalog)
        if whole is not None:
            return script.Edited(whole)
    made = found.project
    catalog = with_snippets(catalog, made) if made.snippets is not project.snippets else catalog
    for key, fresh in found.new.items():
        nodes = made.graph(key).nodes
        if not fresh:
            made = _with_ways(made, project, key)
            continue
        if found.is_another or 2 * len(fresh) > len(nodes):
            made = layout.tidy(made, graph=key, catalog=catalog)
            continue
        stays = nodes.keys() - fresh
        places = layout.places_for(made, graph=key, around=stays, catalog=catalog)
        moved = {id: place for id, place in places.nodes.items() if id in fresh}
        spots = [(nodes[id].x, nodes[id].y) for id in stays]
        is_free = all(
            abs(x - left) >= CARD.width or abs(y - top) >= CARD.height for x, y in moved.values() for left, top in spots
        )
        if is_free:
            made = _with_ways(layout.Places(key, moved, {}).applied(made), project, key)
        else:
            made = places.applied(made)
    return script.Edited(made, found.complaints, found.new)


def _with_ways(made: Project, before: Project, graph: str) -> Project:
    """The same with way-points for the new edges of a graph that stood before, around what stands."""
    if graph not in before.graphs():
        return made
    fresh = made.graph(graph).edges.keys() - before.graph(graph).edges.keys()
    return layout.ways_for(made, fresh, graph=graph).applied(made) if fresh else made


def _exported(text: str, catalog: Catalog) -> Project | None:
    """The project of a file that the program wrote and that nobody has changed since; None for any other text."""
    from studio.codegen import STYLES, generate
    from studio.workbench.opening_models import tidied
    from studio.workbench.script_data import loads_data, with_data_of

    try:
        found = script.read_script(text, catalog)
    except ModelFileError:
        return None
    if not found.exported:
        return None
    project = with_data_of(found.project, text, catalog, None) if loads_data(text) else found.project
    if project is None:
        return None
    known = with_snippets(catalog, project)
    if all(generate(project, known, style=style).text != text for style in STYLES.values()):
        return None
    return tidied(replace(found, project=project), catalog).project
