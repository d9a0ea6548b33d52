"""The notes of the open graph as arrays, beside those of its nodes: where they stand and which are selected."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from studio.core.project import Graph, Note
from studio.core.topology import id_key
from studio.gui.canvas import geometry
from studio.gui.canvas.geometry import Array, Box, Slots


class NoteRows:
    """``notes`` stand in the order of their ids; elsewhere a note is meant by its number among them.

    ``pos`` and ``size`` are (k, 2), ``is_selected`` masks them. Later notes lie above earlier ones, and all of them
    below edges and nodes.
    """

    def __init__(self) -> None:
        self.notes: tuple[Note, ...] = ()
        self.slot: dict[str, int] = {}
        self.pos: Array = np.zeros((0, 2))
        self.size: Array = np.zeros((0, 2))
        self.is_selected = np.zeros(0, bool)

    def __len__(self) -> int:
        return len(self.notes)

    def fill(self, graph: Graph) -> None:
        """Take the notes of a graph; those that were selected stay so."""
        selected = self.selected_ids()
        self.notes = tuple(sorted(graph.notes.values(), key=lambda note: id_key(note.id)))
        self.slot = {note.id: number for number, note in enumerate(self.notes)}
        self.pos = np.array([(note.x, note.y) for note in self.notes], float).reshape(-1, 2)
        self.size = np.array([(note.width, note.height) for note in self.notes], float).reshape(-1, 2)
        self.select(selected)

    def select(self, ids: Collection[str]) -> None:
        """Mark exactly these notes as selected; ids of others are passed over."""
        self.is_selected = np.array([note.id in ids for note in self.notes], bool)

    def selected_ids(self) -> frozenset[str]:
        """Ids of the selected notes."""
        return frozenset(self.notes[k].id for k in np.flatnonzero(self.is_selected))

    def at(self, x: float, y: float) -> int:
        """The number of the uppermost note that holds a point, or -1."""
        return geometry.node_at(self.pos, self.size, x, y) if len(self.notes) else -1

    def box(self, number: int) -> Box:
        """Left, top, right and bottom of one note."""
        x, y = self.pos[number].tolist()
        width, height = self.size[number].tolist()
        return x, y, x + width, y + height

    def around(self, box: Box | None) -> Box | None:
        """The box around all notes and what is in ``box``."""
        return geometry.united(box, geometry.bounds_of(self.pos, self.size)) if len(self.notes) else box

    def of(self, ids: Collection[str]) -> Slots:
        """The numbers of those of these ids that are notes."""
        return np.array([self.slot[id] for id in ids if id in self.slot], np.intp)
