"""Mouse and keys on a canvas, aimed at nodes and ports by name."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.gestures.drop_layer import LAYER_MIME
from tests.gui.canvas.drawing import FakeSession, node_named

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
EMPTY = QPoint(1060, 400)
"""A point over nothing in the two-branch drawing."""


class Hands:
    """What a person does on the canvas. Points are pixels of the widget."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    @property
    def session(self) -> FakeSession:
        return self.canvas.session  # type: ignore[return-value]

    @property
    def project(self) -> Project:
        return self.session.project

    # Where

    def node(self, name: str, dx: float = 0, dy: float = 0) -> QPoint:
        """The middle of a node."""
        slot = self.canvas.scene.slot[node_named(self.project, name).id]
        x, y = (self.canvas.scene.pos[slot] + self.canvas.scene.size[slot] / 2).tolist()
        return self.at(x + dx, y + dy)

    def port(self, name: str, *, is_input: bool, port: str | None = None) -> QPoint:
        slot = self.canvas.scene.slot[node_named(self.project, name).id]
        card = self.canvas.scene.cards[slot]
        port = port or (card.inputs if is_input else card.outputs)[0].name
        place = self.canvas.port_point(slot, port, is_input=is_input)
        assert place is not None
        return self.at(*place)

    def output(self, name: str) -> QPoint:
        return self.port(name, is_input=False)

    def input(self, name: str, port: str | None = None) -> QPoint:
        return self.port(name, is_input=True, port=port)

    def on_edge(self, source: str, target: str, fraction: float = 0.5) -> QPoint:
        from studio.gui.canvas import geometry
        from tests.gui.canvas.drawing import edge_between

        edge = edge_between(self.project, source, target)
        assert edge is not None
        return self.at(*geometry.along(self.canvas.scene.edges.chain(self.canvas.scene.edges.slot[edge.id]), fraction))

    def at(self, x: float, y: float) -> QPoint:
        """The pixel of a scene point."""
        left, top = self.canvas.view.to_widget(x, y)
        return QPoint(round(left), round(top))

    # What

    def press(self, point: QPoint, modifiers=NONE, button=LEFT) -> None:
        QTest.mousePress(self.canvas, button, modifiers, point)

    def move(self, point: QPoint) -> None:
        QTest.mouseMove(self.canvas, point)
        QApplication.processEvents()

    def release(self, point: QPoint, modifiers=NONE, button=LEFT) -> None:
        QTest.mouseRelease(self.canvas, button, modifiers, point)

    def drag(self, start: QPoint, end: QPoint, modifiers=NONE, button=LEFT) -> None:
        """Press, move in three steps, release."""
        self.press(start, modifiers, button)
        for part in (1, 2, 3):
            self.move(start + (end - start) * part / 3)
        self.release(end, modifiers, button)

    def click(self, point: QPoint, modifiers=NONE, button=LEFT) -> None:
        QTest.mouseClick(self.canvas, button, modifiers, point)

    def double_click(self, point: QPoint) -> None:
        QTest.mouseClick(self.canvas, LEFT, NONE, point)
        QTest.mouseDClick(self.canvas, LEFT, NONE, point)

    def key(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClicks(widget, text)

    def key_into(self, key: Qt.Key, modifiers=NONE) -> None:
        """A key for whatever has the focus."""
        QTest.keyClick(QApplication.focusWidget(), key, modifiers)

    def enter(self) -> None:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)

    def wheel(self, point: QPoint, steps: int) -> None:
        where, angle = QPointF(point), QPoint(0, 120 * steps)
        event = QWheelEvent(
            where, QPointF(self.canvas.mapToGlobal(point)), QPoint(), angle, Qt.MouseButton.NoButton, NONE,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)

    def hover_layer(self, type: str, point: QPoint, modifiers=NONE) -> QMimeData:
        """Drag a layer of the palette over the canvas, without letting go."""
        data = QMimeData()
        data.setData(LAYER_MIME, type.encode())
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(self.canvas, QDragEnterEvent(point, copy, data, LEFT, modifiers))
        QApplication.sendEvent(self.canvas, QDragMoveEvent(point, copy, data, LEFT, modifiers))
        return data

    def drop_layer(self, type: str, point: QPoint, modifiers=NONE) -> None:
        """Drag a layer from the palette and let go."""
        data = self.hover_layer(type, point, modifiers)
        QApplication.sendEvent(self.canvas, QDropEvent(QPointF(point), Qt.DropAction.CopyAction, data, LEFT, modifiers))

    def undo_is_one_step(self, before: Project) -> bool:
        """Undo once; tells whether that is the project before."""
        self.session.undo()
        return self.project is before
