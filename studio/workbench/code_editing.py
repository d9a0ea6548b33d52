"""Edited code put into the drawing: what the text says otherwise is changed, and what is new finds a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import layout
from studio.catalog import Catalog
from studio.core.project import Project
from studio.importing import script

if TYPE_CHECKING:
    from studio.codegen import GeneratedSource
    from studio.importing.script import Edited

__all__ = ["with_code"]


def with_code(project: Project, base: Project, source: GeneratedSource, text: str, catalog: Catalog) -> Edited:
    """``project`` with what ``text`` says otherwise than ``source``, the code of ``base``. Runs nothing.

    Nodes that stood stay where they are; new ones stand near what they are joined to, below the rest where that is
    taken.
    """
    from studio.layout.tidying import CARD  # tidying is not needed to show a window

    found = script.edited(project, source.text, base, source.spans, text, catalog)
    made = found.project
    for key, fresh in found.new.items():
        nodes = made.graph(key).nodes
        if not fresh:
            continue
        stays = nodes.keys() - fresh
        places = layout.places_for(made, graph=key, around=stays, catalog=catalog)
        moved = {id: place for id, place in places.nodes.items() if id in fresh}
        spots = [(nodes[id].x, nodes[id].y) for id in stays]
        is_free = all(
            abs(x - left) >= CARD.width or abs(y - top) >= CARD.height for x, y in moved.values() for left, top in spots
        )
        chosen = layout.Places(key, moved, {}) if is_free else places
        made = chosen.applied(made)
    return script.Edited(made, found.complaints, found.new)
