"""The frames of the open graph: which nodes and notes they hold, as rows of the scene, and the boxes around these."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from studio.core.project import Frame, Graph
from studio.core.topology import id_key
from studio.gui.canvas.geometry import Array, Slots
from studio.gui.canvas.note_rows import NoteRows


class Framing:
    """``frames`` stand in the order of their ids; elsewhere a frame is meant by its number among them."""

    def __init__(self) -> None:
        self.frames: tuple[Frame, ...] = ()
        self._members: Slots = np.zeros(0, np.intp)
        self._starts: Slots = np.zeros(0, np.intp)
        self._notes: list[Slots] = []
        self._boxes: Array = np.zeros((0, 4))
        self._revision = -1

    def __len__(self) -> int:
        return len(self.frames)

    def fill(self, graph: Graph, slot: Mapping[str, int], notes: NoteRows) -> None:
        """Take the frames of a graph; ``slot`` tells the row of each node, ``notes`` those of notes."""
        self.frames = tuple(sorted(graph.frames.values(), key=lambda frame: id_key(frame.id)))
        members = [[slot[node] for node in frame.nodes] for frame in self.frames]
        self._members = np.array([row for rows in members for row in rows], np.intp)
        self._starts = np.cumsum([0, *map(len, members)], dtype=np.intp)[:-1]
        self._notes = [notes.of(frame.notes) for frame in self.frames]
        self._revision = -1

    def boxes(self, pos: Array, size: Array, notes: NoteRows, revision: int) -> Array:
        """Left, top, right and bottom of what each frame holds (k, 4), kept while ``revision`` is the same."""
        if revision != self._revision:
            self._revision = revision
            low, high = pos[self._members], (pos + size)[self._members]
            if len(self.frames):
                low, high = np.minimum.reduceat(low, self._starts), np.maximum.reduceat(high, self._starts)
            for number, held in enumerate(self._notes):
                if len(held):
                    low[number] = np.minimum(low[number], notes.pos[held].min(axis=0))
                    high[number] = np.maximum(high[number], (notes.pos[held] + notes.size[held]).max(axis=0))
            self._boxes = np.hstack([low, high])
        return self._boxes

    def members(self, number: int) -> Slots:
        """The rows of the nodes in a frame."""
        stop = self._starts[number + 1] if number + 1 < len(self.frames) else len(self._members)
        return self._members[self._starts[number] : stop]

    def notes_of(self, number: int) -> Slots:
        """The numbers of the notes in a frame."""
        return self._notes[number]

    def holding(self, is_meant: np.ndarray, notes: np.ndarray | None = None) -> list[int]:
        """The frames that hold one of the nodes, or of the notes, which these masks mean."""
        if not len(self.frames):
            return []
        hits = np.add.reduceat(is_meant[self._members].astype(np.intp), self._starts)
        if notes is not None:
            hits += np.array([int(notes[held].any()) for held in self._notes], np.intp)
        return np.flatnonzero(hits).tolist()
