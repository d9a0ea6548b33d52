"""Which nodes belong together because they call one layer."""

from __future__ import annotations

import numpy as np

from studio.gui.canvas.card import Flag
from studio.gui.canvas.scene import Scene


def related(scene: Scene) -> frozenset[int]:
    """Slots of the nodes that call the same layer as a selected one, without the selected ones."""
    shared = np.flatnonzero(scene.flags & Flag.SHARED)
    selected = np.flatnonzero(scene.is_selected) if len(shared) else shared
    if not len(selected):
        return frozenset()
    origins = {scene.cards[k].origin or scene.ids[k] for k in selected.tolist()}
    found = {k for k in shared.tolist() if scene.cards[k].origin in origins}
    found |= {scene.slot[origin] for origin in origins if origin in scene.slot and found}
    return frozenset(found) - frozenset(selected.tolist())
