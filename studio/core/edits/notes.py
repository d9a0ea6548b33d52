"""Edits of notes: texts on the canvas that belong to no node. They are moved and deleted as nodes are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from studio.core.edits.rebuild import with_graph
from studio.core.project import MAIN, NOTE_HEIGHT, NOTE_WIDTH, FrameColour, Note, Point, Project

LEAST_WIDTH, LEAST_HEIGHT = 72.0, 36.0
"""A note that is smaller can hardly be read or met with the pointer, px."""
LONGEST_NOTE = 20_000
"""Characters: more than anybody writes on a canvas, less than a file may hold."""

_UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ud800-\udfff]")


def written(text: str) -> str:
    """A text as a note keeps it: lines end alike, without what no file can hold, not endless."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNWRITABLE.sub("", lines).rstrip()[:LONGEST_NOTE]


def add_note(
    project: Project,
    text: str = "",
    *,
    x: float = 0.0,
    y: float = 0.0,
    width: float = NOTE_WIDTH,
    height: float = NOTE_HEIGHT,
    colour: FrameColour = "orange",
    graph: str = MAIN,
) -> Project:
    """Put a note on the canvas; its id is ``f"t{project.next_id}"`` of the project before."""
    note = Note(f"t{project.next_id}", written(text), x, y, *_size(width, height), colour)
    notes = {**project.graph(graph).notes, note.id: note}
    return with_graph(project, graph, notes=notes, next_id=project.next_id + 1)


def change_note(
    project: Project,
    note_id: str,
    *,
    text: str | None = None,
    colour: FrameColour | None = None,
    place: Point | None = None,
    size: Point | None = None,
    graph: str = MAIN,
) -> Project:
    """Give a note another text, colour, place (top left corner) or size, each where it is told."""
    notes = project.graph(graph).notes
    note = notes.get(note_id)
    if note is None:
        return project
    x, y = place or (note.x, note.y)
    width, height = _size(*size) if size is not None else (note.width, note.height)
    new = Note(note.id, note.text if text is None else written(text), x, y, width, height, colour or note.colour)
    return project if new == note else with_graph(project, graph, notes={**notes, note_id: new})


def moved_notes(notes: Mapping[str, Note], places: Mapping[str, Point]) -> Mapping[str, Note]:
    """The notes at other places; the same mapping when none of them moves."""
    moved = {
        key: replace(note, x=places[key][0], y=places[key][1])
        for key, note in notes.items()
        if key in places and (note.x, note.y) != places[key]
    }
    return {**notes, **moved} if moved else notes


def copied_notes(
    notes: Mapping[str, Note], next_id: int, dx: float = 0.0, dy: float = 0.0
) -> tuple[dict[str, Note], dict[str, str], int]:
    """Copies of notes with fresh ids, moved by (dx, dy); which note became which; the next free id."""
    new_ids = {key: f"t{next_id + place}" for place, key in enumerate(notes)}
    copies = {new_ids[key]: replace(note, id=new_ids[key], x=note.x + dx, y=note.y + dy) for key, note in notes.items()}
    return copies, new_ids, next_id + len(new_ids)


def _size(width: float, height: float) -> Point:
    return max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT)
