"""Keeps the scene in step with the session."""

from __future__ import annotations

from collections.abc import Iterable
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


class Following(QObject):
    """Hears the session and brings the arrays up to date; then says what has to be painted."""

    about_to_change = Signal()
    """Rows will come, go or move: whatever holds on to them must let go now."""
    changed = Signal()
    reloaded = Signal()
    """Another graph is shown."""
    filled = Signal()
    """The first nodes came to an empty graph."""
    told = Signal()
    """Answers or problems are others, whether or not it shows on a node."""

    def __init__(self, session: Session, scene: Scene, camera: Camera, parent: QObject) -> None:
        super().__init__(parent)
        self.gliding = Gliding(scene, camera, self)
        self._session = session
        self._scene = scene
        self._load_soon = QTimer(self)
        self._load_soon.setSingleShot(True)
        self._load_soon.setInterval(0)
        self._load_soon.timeout.connect(self._load)
        session.project_changed.connect(self._project_changed)
        session.graph_opened.connect(self.load)
        session.use_changed.connect(self._use_changed)
        session.selection_changed.connect(self._selection_changed)
        session.answers_changed.connect(self._answers_changed)
        session.problems_changed.connect(self._problems_changed)

    @property
    def is_loading(self) -> bool:
        """Whether the rows of a large graph are still to be made."""
        return self._load_soon.isActive()

    @property
    def whole(self) -> Box | None:
        """The box around all nodes and notes where they belong, None where there are none."""
        return self._scene.notes.around(geometry.bounds_of(self.gliding.home, self._scene.size))

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
        """Show the graph with this key from now on; a large one a turn of the loop later, which opened it just now."""
        self.about_to_change.emit()
        self.gliding.finish()
        project = self._session.project
        if len(project.graph(key).nodes) > AT_ONCE_NODES:
            self._scene.load(Project(direction=project.direction), MAIN)
            self._load_soon.start()
        else:
            self._load_soon.stop()
            self._load()

    def _load(self) -> None:
        self._scene.load(self._session.project, self._session.graph_key, self._session.use)
        self._scene.select(self._session.chosen)
        self.reloaded.emit()
        self.told.emit()

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if self._load_soon.isActive():
            return  # all rows are made from what the project is then
        if self._session.is_loading or self._session.graph_key != self._scene.graph_key:
            return  # graph_opened follows
        self.about_to_change.emit()
        was_empty = not len(self._scene)
        self.gliding.before()
        self._scene.follow(new, change)
        self.gliding.after()
        self._scene.select(self._session.chosen)
        (self.filled if was_empty and len(self._scene) else self.changed).emit()
        self.told.emit()

    def _use_changed(self) -> None:
        if not self._load_soon.isActive():
            self._scene.look_from(self._session.project, self._session.use)
            self.changed.emit()
            self.told.emit()

    def _selection_changed(self) -> None:
        self._scene.select(self._session.chosen)
        self.changed.emit()

    def _answers_changed(self, ids: frozenset[str]) -> None:
        prefix = self._scene.prefix
        self._refresh({id.removeprefix(prefix).split("/", 1)[0] for id in ids if id.startswith(prefix)})

    def _problems_changed(self) -> None:
        # Those cards only that say something else: in a large drawing thousands may wait for the same node.
        scene, problems_of = self._scene, self._session.problems_of
        told = {id for id, card in zip(scene.ids, scene.cards, strict=True) if card.problem}
        told.update(problem.node for problem in self._session.problems if problem.node in scene.slot)
        cards = ((id, scene.cards[scene.slot[id]]) for id in told)
        mine = Flag.PROBLEM | Flag.WARNING
        self._refresh([id for id, card in cards if said(problems_of(id)) != (card.problem, card.flags & mine)])

    def _refresh(self, ids: Iterable[str]) -> None:
        if self._scene.refresh(self._session.project, ids):
            self.changed.emit()
        self.told.emit()
