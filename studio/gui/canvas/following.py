"""Keeps the scene in step with the session."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.change import Change
from studio.core.project import MAIN, Project
from studio.gui.canvas import geometry
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.card import Flag, said
from studio.gui.canvas.geometry import Box
from studio.gui.canvas.gliding import Gliding
from studio.gui.canvas.scene import Scene

if TYPE_CHECKING:
    from studio.gui.session import Session

AT_ONCE_NODES = 200
"""Up to here making all rows takes a few milliseconds."""
MOST_BACK_NODES = 400
"""Up to here nodes that undo brings back are there at once."""
PORTION_S = 0.006
"""How long rows are made in one turn of the loop."""


class Following(QObject):
    """Hears the session and brings the arrays up to date; then says what has to be painted."""

    about_to_change = Signal()
    """Rows will come, go or move: whatever holds on to them must let go now."""
    changed = Signal()
    reloaded = Signal()
    """Another graph is shown."""
    filled = Signal()
    """The first nodes came to an empty graph, or all stand elsewhere: the view may have to follow."""
    told = Signal()
    """Answers or problems are others, whether or not it shows on a node."""

    def __init__(self, session: Session, scene: Scene, camera: Camera, parent: QObject) -> None:
        super().__init__(parent)
        self.gliding = Gliding(scene, camera, self)
        self._session = session
        self._scene = scene
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._load_on)
        self._loading: tuple[Scene, Iterator[None]] | None = None
        self._is_coming_back = False
        """Whether the large graph is the one that was shown, to which undo brings its nodes back."""
        self._missed: set[str] = set()
        """Calls that were answered while the rows of a large graph were made."""
        self._turned: tuple[Project, Change] | None = None
        self._turn_soon = QTimer(self, singleShot=True)
        self._turn_soon.timeout.connect(self._turn)
        session.project_changed.connect(self._project_changed)
        session.graph_opened.connect(self.load)
        session.use_changed.connect(self._use_changed)
        session.selection_changed.connect(self._selection_changed)
        session.answers_changed.connect(self._answers_changed)
        session.problems_changed.connect(self._problems_changed)

    @property
    def is_loading(self) -> bool:
        """Whether the rows of a large graph are still to be made."""
        return self._loading is not None

    @property
    def whole(self) -> Box | None:
        """The box around all nodes and notes where they belong, None where there are none."""
        return self._scene.notes.around(geometry.bounds_of(self.gliding.home, self._scene.size))

    @property
    def beginning(self) -> Box | None:
        """The box of the node that stands first in the direction of the drawing, None where there are no nodes."""
        places = self.gliding.home[:, 1 if self._scene.direction == "down" else 0]
        slot = int(places.argmin()) if len(places) else -1
        return geometry.bounds_of(self.gliding.home[slot : slot + 1], self._scene.size[slot : slot + 1])

    def box_of(self, node_ids: Iterable[str]) -> Box | None:
        """The box around these nodes and notes where they belong, None where none of them is there."""
        ids = list(node_ids)
        slots, rows = self._slots(ids), self._scene.notes
        box = geometry.bounds_of(self.gliding.home[slots], self._scene.size[slots])
        numbers = rows.of(ids)
        return geometry.united(box, geometry.bounds_of(rows.pos[numbers], rows.size[numbers]))

    def is_any_in(self, node_ids: Iterable[str], box: Box) -> bool:
        """Whether one of these nodes or notes touches the box."""
        ids = list(node_ids)
        slots, rows = self._slots(ids), self._scene.notes
        numbers = rows.of(ids)
        return bool(
            len(geometry.nodes_in(self.gliding.home[slots], self._scene.size[slots], box))
            or len(geometry.nodes_in(rows.pos[numbers], rows.size[numbers], box))
        )

    def _slots(self, node_ids: Iterable[str]) -> list[int]:
        return [slot for id in node_ids if (slot := self._scene.slot.get(id)) is not None]

    def load(self, key: str) -> None:
        """Show the graph with this key from now on; a large one some turns of the loop later, portion by portion."""
        self.about_to_change.emit()
        self.gliding.finish()
        self._turn_soon.stop()
        self._turned = None
        self._is_coming_back = False
        project = self._session.project
        if len(project.graph(key).nodes) > AT_ONCE_NODES:
            self._load_later()
        else:
            self._turns.stop()
            self._loading = None
            self._scene.load(project, key, self._session.use)
            self._loaded()

    def _load_later(self) -> None:
        self._scene.load(Project(direction=self._session.project.direction), MAIN)
        self._begin_loading()

    def _begin_loading(self) -> None:
        rows, session = self._scene.successor(), self._session
        self._loading = (rows, rows.loading(session.project, session.graph_key, session.use))
        self._missed.clear()
        self._turns.start()

    def _load_on(self) -> None:
        if self._loading is None:
            return
        end = time.perf_counter() + PORTION_S
        rows, steps = self._loading
        for _ in steps:
            if time.perf_counter() > end:
                return
        self._turns.stop()
        self._loading = None
        self.about_to_change.emit()  # someone may have pressed on the empty canvas
        self._scene.take(rows)
        self._answers_changed(frozenset(self._missed))
        self._problems_changed()
        self._loaded()

    def _loaded(self) -> None:
        self._scene.select(self._session.chosen)
        (self.filled if self._is_coming_back else self.reloaded).emit()
        self._is_coming_back = False
        self.told.emit()

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if self._loading is not None:
            self._begin_loading()  # of what the project is now
            return
        if self._session.is_loading or self._session.graph_key != self._scene.graph_key:
            return  # graph_opened follows
        self._turn()
        self.about_to_change.emit()
        if change.direction_changed and len(self._scene) > AT_ONCE_NODES:
            self._turned = (new, change)
            self._turn_soon.start(0)
        elif self._session.is_travelling and len(change.of(self._scene.graph_key).added_nodes) > MOST_BACK_NODES:
            self.gliding.finish()
            self._is_coming_back = True
            self._load_later()
        else:
            self._follow(new, change)

    def _follow(self, new: Project, change: Change) -> None:
        was_empty = not len(self._scene)
        self.gliding.before()
        self._scene.follow(new, change)
        self.gliding.after()
        self._scene.select(self._session.chosen)
        is_other_place = change.direction_changed or (was_empty and len(self._scene))
        (self.filled if is_other_place else self.changed).emit()
        self.told.emit()

    def _turn(self) -> None:
        """Follow a change of the direction, a turn of the loop after it: all nodes and edges stand elsewhere."""
        turned, self._turned = self._turned, None
        self._turn_soon.stop()
        if turned is not None:
            self.about_to_change.emit()
            self._follow(*turned)

    def _use_changed(self) -> None:
        if self._loading is not None:
            self._begin_loading()
        else:
            self._scene.look_from(self._session.project, self._session.use)
            self.changed.emit()
            self.told.emit()

    def _selection_changed(self) -> None:
        self._scene.select(self._session.chosen)
        self.changed.emit()

    def _answers_changed(self, ids: frozenset[str]) -> None:
        if self._loading is not None:
            self._missed |= ids
            return
        prefix = self._scene.prefix
        self._refresh({id.removeprefix(prefix).split("/", 1)[0] for id in ids if id.startswith(prefix)})

    def _problems_changed(self) -> None:
        if self._loading is not None:
            return
        # Those cards only that say something else: in a large drawing thousands may wait for the same node.
        scene, problems_of = self._scene, self._session.problems_of
        told = {id for id, card in zip(scene.ids, scene.cards, strict=True) if card.problem}
        told.update(problem.node for problem in self._session.problems if problem.node in scene.slot)
        others, mine = [], int(Flag.PROBLEM | Flag.WARNING)
        for id in told:
            card = scene.cards[scene.slot[id]]
            if said(problems_of(id)) != (card.problem, card.flags & mine):
                others.append(id)
        self._refresh(others)

    def _refresh(self, ids: Iterable[str]) -> None:
        if self._scene.refresh(self._session.project, ids):
            self.changed.emit()
        self.told.emit()
