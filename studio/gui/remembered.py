"""The canvas as the person left it the last time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.habits import Habits
from studio.gui.settings import Settings

if TYPE_CHECKING:
    from studio.gui.session import Session


def canvas_as_left(session: Session, settings: Settings) -> Canvas:
    """A canvas that shows what it showed then, and knows what the person adds after what."""
    canvas = Canvas(session)
    canvas.set_shows_shapes(settings.shows_edge_shapes)
    canvas.set_shows_minimap(settings.shows_minimap)
    canvas.reading.set_names_axes(settings.names_axes)
    canvas.popups.suggesting.habits = Habits(settings.habits, partial(setattr, settings, "habits"))
    return canvas
