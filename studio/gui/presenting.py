"""Presentation: the drawing and the curves in larger type, for a projector; Esc or the same key gives the panels back.

One goes through the network by the keys of any remote control: from bookmark to bookmark where the project has some,
else from layer to layer in the order of the code. What is shown is told in large letters below the drawing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QCursor, QKeyEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QApplication

from studio.codegen.wiring import order_of
from studio.gui import theme
from studio.gui.canvas import bookmarks
from studio.gui.canvas.bookmarks import Mark
from studio.gui.canvas.view import View
from studio.gui.caption import Caption

if TYPE_CHECKING:
    from studio.gui.window import MainWindow

TYPE_SCALE = 1.3
"""13 px become 17: read from the last row where the drawing itself can be read."""
STEP_SCALE = 1.8
"""The layer that is told about is at least so large, and its neighbours are still seen."""
CURVES_SHARE = 0.34
"""Of the height, for the curves of a run."""
POINTER_PX = 56

_ON = (Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACK = (Qt.Key.Key_PageUp, Qt.Key.Key_Left, Qt.Key.Key_Up)


class Presenting(QObject):
    """On or off. It is no arrangement of its own: nothing of it is remembered, and another workspace ends it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.is_on = False
        self._place = -1
        self._was_full_screen = False
        self._caption: Caption | None = None
        window.workspaces.changed.connect(self._workspace_shown)
        window.trainer.run_added.connect(lambda _run: self._show_curves() if self.is_on else None)

    def toggle(self) -> None:
        """Hide the panels and show type larger, or the other way round."""
        if self.is_on:
            self._window.workspaces.let_go()
            self._window.canvas.sight.fit()
        else:
            self._begin()

    def _begin(self) -> None:
        window = self._window
        window.workspaces.show("design")
        self.is_on, self._place = True, -1
        window.workspaces.hold()
        window.status.hide()
        self._was_full_screen = window.isFullScreen()
        window.showFullScreen()
        theme.set_type_scale(TYPE_SCALE, in_turns=True)
        QApplication.setOverrideCursor(pointer(window.devicePixelRatioF()))
        if self._caption is None:
            self._caption = Caption()
            centre = window.canvas.parentWidget()
            layout = centre.layout() if centre is not None else None
            assert layout is not None
            layout.addWidget(self._caption)
        self._caption.show_keys(has_bookmarks=bool(bookmarks.marks_in(window.session.project)))
        self._caption.show()
        for watched in (window, window.canvas):
            watched.installEventFilter(self)
        if window.trainer.runs:
            self._show_curves()
        window.canvas.setFocus()
        window.canvas.sight.fit()

    def _end(self) -> None:
        window = self._window
        self.is_on = False
        for watched in (window, window.canvas):
            watched.removeEventFilter(self)
        if self._caption is not None:
            self._caption.hide()
        QApplication.restoreOverrideCursor()
        theme.set_type_scale(1.0, in_turns=True)
        window.status.show()
        if not self._was_full_screen:
            window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)

    def _show_curves(self) -> None:
        window, panel = self._window, self._window.panels["training"]
        panel.setVisible(True)
        window.resizeDocks([panel], [round(window.height() * CURVES_SHARE)], Qt.Orientation.Vertical)

    def _workspace_shown(self, _name: str) -> None:
        if self.is_on:
            self._end()

    # From place to place

    def stops(self) -> list[Mark]:
        """Where one goes: to all bookmarks, or to all layers of what is open."""
        session = self._window.session
        marks = bookmarks.marks_in(session.project)
        return marks or [(session.graph_key, node) for node in order_of(session.graph)]

    def step(self, by: int) -> None:
        """To the next place, or the one before; before the first and after the last the whole drawing is shown."""
        stops = self.stops()
        place = self._place + by
        if not 0 <= place < len(stops):
            self._whole(-1 if place < 0 else len(stops))
            return
        self._place = place
        key, node = stops[place]
        canvas, session = self._window.canvas, self._window.session
        if key != session.graph_key:
            session.open_graph(key)
        session.set_selection([node])
        slot = canvas.scene.slot.get(node)
        if slot is not None:
            (x, y), (width, height) = canvas.scene.pos[slot].tolist(), canvas.scene.size[slot].tolist()
            scale = max(STEP_SCALE, canvas.view.scale)
            centre = canvas.camera.centre
            left, top = centre.x() - (x + width / 2) * scale, centre.y() - (y + height / 2) * scale
            canvas.camera.go_to(View(scale, round(left), round(top)))
        assert self._caption is not None
        self._caption.show_node(session, node, canvas.scene, place + 1, len(stops))

    def _whole(self, place: int) -> None:
        self._place = place
        self._window.session.set_selection(())
        self._window.canvas.sight.fit()
        assert self._caption is not None
        self._caption.show_keys(has_bookmarks=bool(bookmarks.marks_in(self._window.session.project)))

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Close and watched is self._window:
            QApplication.restoreOverrideCursor()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        plain = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
        if event.modifiers() not in plain or (watched is self._window.canvas and self._window.canvas.gesture):
            return False
        key = event.key()
        if key in _ON or key in _BACK:
            self.step(1 if key in _ON else -1)
        elif key == Qt.Key.Key_Home:
            self._whole(-1)
        elif key == Qt.Key.Key_Escape:
            self.toggle()
        else:
            return False
        return True


def pointer(ratio: float) -> QCursor:
    """An arrow in a disc of the accent: found from the last row."""
    colours, middle = theme.current(), POINTER_PX / 2
    picture = QPixmap(round(POINTER_PX * ratio), round(POINTER_PX * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QColor(colours.accent)
    painter.setPen(QPen(disc, 2))
    disc.setAlpha(60)
    painter.setBrush(disc)
    painter.drawEllipse(QRectF(2, 2, POINTER_PX - 4, POINTER_PX - 4))
    corners = ((0, 0), (0, 21), (5, 16.5), (8.5, 24), (12, 22.5), (8.5, 15), (15, 15))
    painter.setPen(QPen(QColor(colours.surface), 1.5))
    painter.setBrush(QColor(colours.text))
    painter.drawPolygon(QPolygonF([QPointF(middle + x, middle + y) for x, y in corners]))
    painter.end()
    return QCursor(picture, round(middle), round(middle))
