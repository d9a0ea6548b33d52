"""What is done to notes by keys, menus and the search for actions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from studio.core import edits
from studio.core.project import NOTE_HEIGHT, NOTE_WIDTH, FrameColour, Point, Project
from studio.gui.canvas import geometry
from studio.gui.canvas.offers import Found

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.session import Session

WISH: Final = "note"
"""What the search for layers gives where a note is wanted; no layer of Keras is called so."""


_STEP: Final = 3 * geometry.GRID
STEPS: Final = {"wider": (_STEP, 0), "narrower": (-_STEP, 0), "higher": (0, _STEP), "lower": (0, -_STEP)}
"""What the actions for the size of a note add to it, px."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def add(canvas: Canvas, at: Point | None = None) -> None:
    """Write a new note: with its middle at a scene point, else at the pointer, else beside what is selected."""
    place = at or canvas.pointer_place
    if place is not None:
        corner = geometry.snapped(place[0] - NOTE_WIDTH / 2), geometry.snapped(place[1] - NOTE_HEIGHT / 2)
    else:
        corner = free_corner(canvas)
    canvas.popups.open_note(None, corner)


def offered(text: str) -> Iterator[Found]:
    """A note, where the search for layers looks for something like it."""
    name = _tr("Note")
    if len(text) > 2 and name.casefold().startswith(text.casefold()):  # "no" may become a normalization
        yield Found(WISH, name, _tr("a text on the canvas"), "unknown")


def free_corner(canvas: Canvas) -> Point:
    """Where a note covers nothing: beside the selected layers, or in the middle of the view."""
    scene, view = canvas.scene, canvas.view
    chosen = scene.is_selected
    box = geometry.bounds_of(scene.pos[chosen], scene.size[chosen])
    if box is not None:
        x, y = box[2] + 40, box[1]
    else:
        x, y = view.to_scene(canvas.width() / 2, canvas.height() / 2)
        x, y = x - NOTE_WIDTH / 2, y - NOTE_HEIGHT / 2
    for _ in range(100):
        wanted = (x - 8, y - 8, x + NOTE_WIDTH + 8, y + NOTE_HEIGHT + 8)
        hits = [*geometry.nodes_in(scene.pos, scene.size, wanted)]
        others = [*geometry.nodes_in(scene.notes.pos, scene.notes.size, wanted)]
        if not hits and not others:
            break
        rights = [
            *(scene.pos[hits] + scene.size[hits])[:, 0],
            *(scene.notes.pos[others] + scene.notes.size[others])[:, 0],
        ]
        x = float(max(rights)) + 16
    return geometry.snapped(x), geometry.snapped(y)


def selected(session: Session) -> str | None:
    """The one note that is selected, and nothing else."""
    return next(iter(session.selected_notes)) if len(session.chosen) == len(session.selected_notes) == 1 else None


def colour(canvas: Canvas, colour: FrameColour) -> None:
    """Give the selected notes another colour."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.selected_notes

    def edit(project: Project) -> Project:
        for note in chosen:
            project = edits.change_note(project, note, colour=colour, graph=key)
        return project

    session.apply(edit, _tr("Colour of the note"))


def resize(canvas: Canvas, dx: float, dy: float) -> None:
    """Make the selected notes larger or smaller; presses that follow each other are one step."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.selected_notes

    def edit(project: Project) -> Project:
        for id in chosen:
            note = project.graph(key).notes[id]
            project = edits.change_note(project, id, size=(note.width + dx, note.height + dy), graph=key)
        return project

    session.apply(edit, _tr("Resize the note"), merge_key="resize " + " ".join(sorted(chosen)))


def why_not_change(session: Session) -> str:
    """Why no note is meant, or ""."""
    return "" if session.selected_notes else _tr("Select a note first.")
