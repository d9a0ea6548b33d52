"""Tells assistive technology what happens in the drawing, while somebody uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from studio.gui.canvas.accessible import DrawingFace
from studio.gui.canvas.following import Following

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_MOST_EVENTS = 50
"""Nodes that come or go at once and are told one by one; more are told by the focus alone."""


class Narrator(QObject):
    """Looks, once for each turn of the loop, at what is others than it was told before."""

    said = Signal(str)
    """What is to be read where the window says such things, besides being heard."""

    def __init__(self, canvas: Canvas, following: Following) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.face = DrawingFace.of(canvas)
        self._shown: tuple[int, str] = (-1, "")
        self._known: set[str] = set()
        self.why_not: Callable[[str], str] = lambda action: ""
        """Why an action cannot be done now, in one sentence; the window knows it."""
        self._focused = ""
        self._selected: frozenset[str] = frozenset()
        self._stamps: dict[str, int] = {}
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._tell)
        for signal in (following.changed, following.reloaded, following.filled, following.told):
            signal.connect(self.look_soon)

    def look_soon(self) -> None:
        """Something changed, or the canvas got the focus."""
        if (QAccessible.isActive() or self.face.nodes) and not self._soon.isActive():
            self._soon.start()

    def say(self, text: str) -> None:
        """Tell what no item has: which edge is marked."""
        if text:
            self.said.emit(text)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, text))

    def got_focus(self) -> None:
        """The selected node is told once more: the focus came from elsewhere."""
        self._focused = ""
        self.look_soon()

    def _tell(self) -> None:
        scene = self._canvas.scene
        shown = (scene.structure, scene.graph_key)
        if shown != self._shown:
            is_other_graph = shown[1] != self._shown[1]
            self._shown = shown
            self._tell_rows(is_other_graph=is_other_graph)
        self._tell_texts()
        selection = self._canvas.session.chosen
        if selection != self._selected:
            self._selected = selection
            QAccessible.updateAccessibility(QAccessibleEvent(self.face, QAccessible.Event.SelectionWithin))
        chosen = next(iter(selection)) if len(selection) == 1 else ""
        if chosen != self._focused and self._canvas.hasFocus():
            self._focused = chosen
            face = self.face.node(chosen) if chosen else self.face
            if face is not None:
                QAccessible.updateAccessibility(QAccessibleEvent(face, QAccessible.Event.Focus))

    def _tell_rows(self, *, is_other_graph: bool) -> None:
        """Nodes that came and went."""
        now = {*self._canvas.scene.ids, *self._canvas.scene.notes.slot}
        gone = self.face.nodes.keys() - now if not is_other_graph else set(self.face.nodes)
        came = now - self._known
        for node_id in gone:
            face = self.face.nodes[node_id]
            QAccessible.updateAccessibility(QAccessibleEvent(face, QAccessible.Event.ObjectDestroyed))
            self._stamps.pop(node_id, None)
        self.face.forget(set(gone))
        if self._known and not is_other_graph and len(came) <= _MOST_EVENTS:
            for node_id in came:
                new = self.face.node(node_id)
                if new is not None:
                    QAccessible.updateAccessibility(QAccessibleEvent(new, QAccessible.Event.ObjectCreated))
        self._known = now

    def _tell_texts(self) -> None:
        """Other names and descriptions of nodes that somebody knows."""
        scene = self._canvas.scene
        for node_id, face in list(self.face.nodes.items()):
            slot = scene.slot.get(node_id, -1)
            stamp = int(scene.stamp[slot]) if slot >= 0 else hash(face.description())
            before = self._stamps.get(node_id)
            self._stamps[node_id] = stamp
            if before in (None, stamp) or not face.isValid():
                continue
            if face.told_name not in ("", face.text(QAccessible.Text.Name)):
                QAccessible.updateAccessibility(QAccessibleEvent(face, QAccessible.Event.NameChanged))
            QAccessible.updateAccessibility(QAccessibleEvent(face, QAccessible.Event.DescriptionChanged))
