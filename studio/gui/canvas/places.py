"""Where one was in the drawing: back and forward between places, as in a browser. Remembered while the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core import uses
from studio.core.project import MAIN
from studio.gui.canvas.view import View
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

MOST_PLACES = 100


@immutable
class Place:
    """A graph, the use from which it is looked at, what was selected, and what of it was in view."""

    graph: str
    use: uses.Path
    selection: frozenset[str]
    view: View


class Places(QObject):
    """A place is noted when one leaves it by a jump: into another graph, or to a node that a list or a key names.

    What is noted is how things were before this turn of the loop: a jump selects before it says that it is one.
    """

    changed = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._past: list[Place] = []
        self._future: list[Place] = []
        self._is_going = False
        self._here = self._now()
        self._look_soon = QTimer(self, singleShot=True, interval=0)
        self._look_soon.timeout.connect(self._look)
        canvas.camera.changed.connect(self._look_soon.start)
        canvas.camera.panned.connect(lambda dx, dy: self._look_soon.start())
        canvas.session.selection_changed.connect(self._look_soon.start)
        canvas.session.graph_opened.connect(self._graph_opened)
        canvas.session.loaded.connect(self.forget)
        canvas.session.travelled.connect(self._travelled)

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place to go back to."""
        return any(map(self._is_there, self._past))

    @property
    def can_go_forward(self) -> bool:
        """Whether one has come back from somewhere."""
        return any(map(self._is_there, self._future))

    def note(self) -> None:
        """The person jumps elsewhere: the place where they were can be gone back to."""
        if not self._is_going and (not self._past or self._past[-1] != self._here):
            self._past = [*self._past, self._here][-MOST_PLACES:]
            self._future = []
            self.changed.emit()

    def back(self) -> None:
        """To the place before the last jump."""
        self._go(self._past, self._future)

    def forward(self) -> None:
        """To the place from which one came back."""
        self._go(self._future, self._past)

    def forget(self) -> None:
        """Another project is shown."""
        self._past, self._future = [], []
        self._here = self._now()
        self.changed.emit()

    def _go(self, source: list[Place], target: list[Place]) -> None:
        while source:
            place = source.pop()
            if self._is_there(place):
                target.append(self._now())
                self._show(place)
                break
        self.changed.emit()

    def _show(self, place: Place) -> None:
        session = self._canvas.session
        self._is_going = True
        try:
            session.open_graph(place.graph, place.use)
            session.set_selection(place.selection)
            self._canvas.sight.go_to(place.view)
        finally:
            self._is_going = False
        self._here = place

    def _is_there(self, place: Place) -> bool:
        """Whether the graph is still there, and what led into it."""
        project = self._canvas.session.project
        if place.graph != MAIN and place.graph not in project.blocks:
            return False
        return not place.use or uses.graph_of(project, place.use) == place.graph

    def _now(self) -> Place:
        session = self._canvas.session
        return Place(session.graph_key, session.use, session.selection, self._canvas.camera.view)

    def _look(self) -> None:
        self._here = self._now()

    def _travelled(self, node_ids: frozenset[str]) -> None:
        """Undo shows what it changed, where nothing of that is in view."""
        if node_ids and not self._canvas.sight.has(node_ids):
            self.note()
            self._canvas.sight.show(*node_ids)

    def _graph_opened(self, _key: str) -> None:
        if not self._canvas.session.is_loading:
            self.note()
        self._look_soon.start()
