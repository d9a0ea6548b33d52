"""The canvas: the widget on which a network is drawn. Paints the scene's arrays and starts gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QWidget

from studio.core.project import BLOCK, PortRef
from studio.gui import theme
from studio.gui.canvas import commands, geometry, keys
from studio.gui.canvas.backdrop import Backdrop, Left
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.following import Following
from studio.gui.canvas.gestures import hints, press
from studio.gui.canvas.gestures.drop_layer import DropLayer, dragged_type
from studio.gui.canvas.gestures.gesture import MouseGesture
from studio.gui.canvas.gestures.pan import Pan
from studio.gui.canvas.hits import PortHit, edge_near, port_near, port_point
from studio.gui.canvas.hover import Hover
from studio.gui.canvas.overlay import ZoomBar, paint_hint, status_text
from studio.gui.canvas.painter import Look, Painter, PortState, only_problem
from studio.gui.canvas.quick_add import QuickAdd
from studio.gui.canvas.rename import NameField
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View

if TYPE_CHECKING:
    from studio.gui.session import Session

PICTURE_BUDGET_MS = 7.0
"""Time for new node pictures in one frame: what is left of 16 ms after edges, nodes and Qt's own copying."""

_BORDER_PX = 28
_PAN_MS = 16


class Canvas(QWidget):
    """Shows the open graph of a session and lets people draw in it.

    Wishes that others fulfil go out as signals; changes of the project go to the session, one step each.
    """

    node_activated = Signal(str)
    """A node was double-clicked; a block's use is meant to be opened."""
    tidy_requested = Signal()
    menu_requested = Signal(QPoint)
    """The context menu is wanted at this point of the screen; what it is about is selected."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.scene = Scene(session)
        self.camera: Camera = Camera(self)
        self.painter = Painter()
        self.gesture: MouseGesture | None = None
        self.is_space_held = False
        self.quick_add: QuickAdd | None = None
        self.name_field: NameField | None = None
        self._shows_shapes = False
        self._edge: str | None = None
        self.hover = Hover(self)
        self._pointer = QPointF(-1, -1)
        self._loose: tuple[PortRef, bool, geometry.Point] | None = None
        self._backdrop = Backdrop()
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Drawing of the network"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 160)
        self.status = QLabel(self)
        self.status.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.set_role(self.status, "secondary")
        self.zoom_bar = ZoomBar(self)
        self.zoom_bar.zoom_requested.connect(self._zoom_wanted)
        self.zoom_bar.fit_requested.connect(self.fit)
        self.zoom_bar.tidy_requested.connect(self.tidy_requested)
        self._pan_timer = QTimer(self, interval=_PAN_MS)
        self._pan_timer.timeout.connect(self._pan_at_border)
        self._status_soon = QTimer(self, singleShot=True, interval=0)
        self._status_soon.timeout.connect(self._tell_status)
        self.camera.changed.connect(self._view_changed)
        self.camera.panned.connect(self._view_panned)
        self.camera.scale_changed.connect(self.zoom_bar.show_scale)
        theme.notifier.changed.connect(self._repaint_scene)
        self._following = Following(session, self.scene, self)
        self._following.about_to_change.connect(self.cancel_gesture)
        self._following.changed.connect(self._scene_changed)
        self._following.reloaded.connect(self._reloaded)
        self._following.filled.connect(self._filled)
        self._following.told.connect(self._status_soon.start)
        self._following.load(session.graph_key)

    # What can be asked for

    @property
    def shows_shapes(self) -> bool:
        """Whether every edge carries the shape of its tensor."""
        return self._shows_shapes

    def set_shows_shapes(self, is_on: bool) -> None:
        """Show shapes on all edges, or only where the pointer or the selection is."""
        self._shows_shapes = is_on
        self._repaint_scene()

    @property
    def view(self) -> View:
        """What is shown, and how large."""
        return self.camera.view

    def fit(self) -> None:
        """Show the whole drawing."""
        self.camera.show_box(geometry.bounds_of(self.scene.pos, self.scene.size))

    def zoom_to_selection(self) -> None:
        """Show what is selected, or everything where nothing is."""
        chosen = self.scene.is_selected
        if chosen.any():
            self.camera.show_box(geometry.bounds_of(self.scene.pos[chosen], self.scene.size[chosen]))
        else:
            self.fit()

    def show_node(self, node_id: str) -> None:
        """Bring a node into view, moving no further than needed."""
        slot = self.scene.slot.get(node_id)
        box = None if slot is None else geometry.bounds_of(self.scene.pos[[slot]], self.scene.size[[slot]])
        if box is not None:
            self.camera.show_point(box)

    def open_quick_add(
        self, point: QPointF | None = None, *, anchor: PortRef | None = None, is_input: bool = False
    ) -> None:
        """Open the search for a layer to add at a point of the widget; ``anchor`` is the port to connect it with."""
        if self.quick_add is not None:
            self.quick_add.close_search()
        if point is not None:
            at = self.view.to_scene(point.x(), point.y())
        else:
            at = self.pointer_place or commands.place_for_new(self)
        is_without_mouse = point is None and self.pointer_place is None
        point = point or QPointF(*self.view.to_widget(*at))
        after = None if anchor is not None else commands.output_to_follow(self)
        self._loose = (anchor, is_input, at) if anchor is not None else None
        self.update()
        search = QuickAdd(self, self.session.catalog.search, lambda spec: commands.fits(spec, anchor, is_input))
        search.chosen.connect(lambda type: commands.add_found(self, type, at, anchor or after, is_input=is_input))
        if is_without_mouse:
            search.chosen.connect(lambda _: commands.show_selection(self))
        search.closed.connect(self._quick_add_closed)
        self.quick_add = search
        search.open_at(round(point.x()), round(point.y()))

    def rename(self, node_id: str | None = None) -> None:
        """Open the field for a node's name; without an id that of the one selected node."""
        if node_id is None:
            node_id = next(iter(self.session.selection), None) if len(self.session.selection) == 1 else None
        if node_id is None or node_id not in self.scene.slot:
            return
        if self.name_field is not None:
            self.name_field.close_field()
        self.show_node(node_id)
        self.name_field = NameField(self, node_id)

    def add_layer(self, type: str, corner: tuple[float, float], *, edge: str | None = None) -> None:
        """Put a new layer on the canvas, on an edge if one is given, and select it."""
        commands.add_layer(self, type, corner, edge=edge)

    def select_edge(self, edge_id: str | None) -> None:
        """Mark an edge, for Delete; None for none."""
        if edge_id != self._edge:
            self._edge = edge_id
            self._repaint_scene()

    @property
    def selected_edge(self) -> str | None:
        """The edge that is marked."""
        return self._edge if self._edge in self.scene.edge_slot else None

    @property
    def pointer_place(self) -> tuple[float, float] | None:
        """The scene point under the pointer, if it is over the canvas."""
        if not self.rect().contains(self._pointer.toPoint()):
            return None
        return self.view.to_scene(self._pointer.x(), self._pointer.y())

    # For gestures

    def pan_by(self, dx: int, dy: int) -> None:
        """Push the drawing by whole pixels."""
        self.camera.pan(dx, dy)

    def port_near(self, x: float, y: float, reach: float = 1.0) -> PortHit | None:
        """The port whose target holds a scene point."""
        return port_near(self.scene, self.view.scale, x, y, reach)

    def edge_near(self, x: float, y: float, reach_px: float = 8.0) -> int:
        """Slot of the edge that runs within ``reach_px`` of a scene point, or -1."""
        return edge_near(self.scene, x, y, reach_px / min(1.0, self.view.scale))

    def port_point(self, slot: int, port: str, *, is_input: bool) -> tuple[float, float] | None:
        """The scene point of a port."""
        return port_point(self.scene, slot, port, is_input=is_input)

    def freeze(
        self,
        *,
        without_nodes: np.ndarray | None = None,
        port_state: PortState | None = None,
        without_edge: str | None = None,
    ) -> None:
        """Take a picture of what stands still during a gesture; from now on only the gesture is painted anew."""
        self._backdrop.put_up(Left(without_nodes, without_edge, port_state))
        self.update()

    def thaw(self) -> None:
        """Paint the scene itself again."""
        self._backdrop.take_down()
        self.update()

    def paint_parts(self, painter: QPainter, nodes: np.ndarray, edges: np.ndarray) -> None:
        """Paint some nodes and edges, for a gesture that moves them."""
        self.painter.paint_parts(painter, self.scene, self.view, nodes, edges, theme.current(), Look(shows_notes=False))

    def cancel_gesture(self) -> bool:
        """Give up the gesture that is under way; tells whether there was one."""
        gesture, self.gesture = self.gesture, None
        self._pan_timer.stop()
        self.unsetCursor()
        if gesture is None:
            return False
        gesture.cancel()
        self.update()
        return True

    def name_field_closed(self, field: NameField) -> None:
        """For ``NameField``: it is gone."""
        if self.name_field is field:
            self.name_field = None

    def _quick_add_closed(self) -> None:
        self.quick_add = self._loose = None
        self.update()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # What follows from the session

    def _reloaded(self) -> None:
        """Another graph: look at all of it."""
        self._edge = None
        self._fit_at_once()
        self._scene_changed()

    def _filled(self) -> None:
        """The first nodes: they are looked at, unless someone has chosen the place."""
        if self.camera.follows_size:
            self._fit_at_once()
        self._scene_changed()

    def _scene_changed(self) -> None:
        self.hover.forget_missing()
        if self.name_field is not None:
            self.name_field.place()
        self._repaint_scene()

    def _tell_status(self) -> None:
        session = self.session
        self.status.setText(status_text(session.graph, session.answers, session.problems, self.scene.prefix))
        self.status.adjustSize()

    # Painting

    def _look(self, budget_ms: float) -> Look:
        chosen = np.flatnonzero(self.scene.is_selected)
        labelled = frozenset[int]()
        if len(chosen) == 1:
            labelled = frozenset(np.flatnonzero(self.scene.target == chosen[0]).tolist())
        lit = self._edge if self._edge in self.scene.edge_slot else self.hover.edge
        return Look(
            shows_shapes=self._shows_shapes,
            labelled=labelled,
            lit_edge=self.scene.edge_slot.get(lit or "", -1),
            is_exact=self.camera.is_exact,
            budget_ms=budget_ms,
        )

    def _repaint_scene(self) -> None:
        self._backdrop.is_stale()
        self.update()

    def _paint_backdrop(self, painter: QPainter, left: Left) -> None:
        look = Look(shows_shapes=self._shows_shapes, port_state=left.port_state)
        edge = self.scene.edge_slot.get(left.without_edge or "", -1)
        self.painter.paint(
            painter, self.scene, self.view, QRectF(self.rect()), theme.current(), look,
            without_nodes=left.without_nodes, without_edge=edge,
        )  # fmt: skip

    def _paint_scene(self, painter: QPainter, rects: list[QRect]) -> None:
        look, is_complete = self._look(PICTURE_BUDGET_MS / len(rects)), True
        for rect in rects:
            painter.setClipRect(rect)
            self.painter.paint(painter, self.scene, self.view, QRectF(rect), theme.current(), look)
            is_complete = is_complete and self.painter.is_complete
        painter.setClipping(False)
        if not is_complete and not self.camera.is_refining:
            self.camera.refine_soon()

    def _paint_above(self, painter: QPainter) -> None:
        """What belongs to nobody's row: the hint, the edge that waits for a layer, the gesture."""
        if not len(self.scene) and self.gesture is None:
            paint_hint(painter, QRectF(self.rect()))
        if self._loose is not None:
            anchor, is_input, point = self._loose
            start = self.port_point(self.scene.slot.get(anchor.node, -1), anchor.port, is_input=is_input)
            if start is not None:
                chain = hints.loose_chain(self, start, point, is_input=is_input)
                hints.paint_loose_edge(self, painter, chain, [start])
        if self.gesture is not None:
            self.gesture.paint(painter)

    # The view

    def _view_changed(self) -> None:
        self._place_children()
        self._repaint_scene()

    def _view_panned(self, dx: int, dy: int) -> None:
        """What stays in view is moved on the screen; only the strips that come into view are painted."""
        self._place_children()
        has_overlay = self.gesture is not None and not isinstance(self.gesture, Pan)
        # A note finds its place anew in each view; hint, search and name field do not move with the drawing.
        is_fixed = only_problem(self.scene) >= 0 or not len(self.scene) or bool(self.quick_add or self.name_field)
        if self._backdrop.is_up or has_overlay or is_fixed or self.devicePixelRatioF() % 1:
            self._repaint_scene()
            return
        self.scroll(dx, dy, self.rect())
        for child in (self.status, self.zoom_bar):  # their pixels were moved along
            here = child.geometry()
            self.update(here.united(here.translated(dx, dy)))

    def _fit_at_once(self) -> None:
        self.camera.show_box(geometry.bounds_of(self.scene.pos, self.scene.size), at_once=True)
        self.camera.follows_size = True

    def _zoom_wanted(self, factor: float) -> None:
        self.camera.zoom_to(self.view.scale * factor if factor else 1.0)

    def _pan_at_border(self) -> None:
        """Move on while a gesture is held at the border, the faster the nearer."""
        if self.gesture is None or not self.gesture.pans_at_border:
            self._pan_timer.stop()
            return
        x, y = self._pointer.x(), self._pointer.y()
        dx = max(0.0, _BORDER_PX - x) - max(0.0, x - self.width() + _BORDER_PX)
        dy = max(0.0, _BORDER_PX - y) - max(0.0, y - self.height() + _BORDER_PX)
        if dx or dy:
            self.pan_by(round(max(-24, min(24, dx * 0.5))), round(max(-24, min(24, dy * 0.5))))
            self.gesture.move(self._pointer)

    def _place_children(self) -> None:
        self.status.move(16, 12)
        bar = self.zoom_bar.sizeHint()
        self.zoom_bar.setGeometry(16, self.height() - bar.height() - 14, bar.width(), bar.height())
        if self.name_field is not None:
            self.name_field.place()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rects = [QRect(rect) for rect in event.region()]  # type: ignore[attr-defined]
        rects = rects if len(rects) <= 8 else [event.rect()]
        if self._backdrop.is_up:
            self._backdrop.paint(painter, rects, self.size(), self.devicePixelRatioF(), self._paint_backdrop)
        else:
            self._paint_scene(painter, rects)
        painter.setClipRegion(event.region())
        self._paint_above(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.camera.follows_size:
            self._fit_at_once()
        else:
            self._place_children()
            self._repaint_scene()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._pointer = event.position()
        if self.gesture is not None:  # a second button
            self.cancel_gesture()
            return
        self.camera.stop()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.gesture = press.start(self, event.position(), event.button(), event.modifiers())
        if self.gesture is not None and self.gesture.pans_at_border:
            self._pan_timer.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._pointer = event.position()
        if self.gesture is not None:
            self.gesture.move(event.position(), event.modifiers())
        else:
            self.hover.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        self._pan_timer.stop()
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())
            self.hover.move(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x, y = self.view.to_scene(event.position().x(), event.position().y())
        slot = geometry.node_at(self.scene.pos, self.scene.size, x, y)
        if slot >= 0:
            id = self.scene.ids[slot]
            self.node_activated.emit(id)
            if self.session.graph.nodes[id].type != BLOCK:
                self.rename(id)
        elif self.edge_near(x, y) < 0:
            self.open_quick_add(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        is_zoom = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not pixels.isNull() and not is_zoom and event.phase() != Qt.ScrollPhase.NoScrollPhase:
            self.pan_by(pixels.x(), pixels.y())  # two fingers on a touchpad
        elif angle.y() or angle.x():
            self.camera.zoom(1.0015 ** (angle.y() or angle.x()), event.position())
        if self.gesture is not None:
            self.gesture.move(event.position(), event.modifiers())
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.cancel_gesture()
        x, y = self.view.to_scene(event.pos().x(), event.pos().y())
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            slot = geometry.node_at(self.scene.pos, self.scene.size, x, y)
            if slot >= 0 and not self.scene.is_selected[slot]:
                self.session.set_selection([self.scene.ids[slot]])
            edge = self.edge_near(x, y) if slot < 0 else -1
            self.select_edge(self.scene.edge_ids[edge] if edge >= 0 else None)
        self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            if not event.isAutoRepeat():
                self.is_space_held = True
                self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif not keys.act(self, event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.is_space_held = False
                self.unsetCursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.is_space_held = False
        self.cancel_gesture()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hover.leave()
        self._pointer = QPointF(-1, -1) if self.gesture is None else self._pointer
        super().leaveEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        type = dragged_type(event.mimeData())
        if commands.is_known(self.session.project, self.session.catalog, type):
            self.cancel_gesture()
            self.gesture = DropLayer(self, event.position(), type)
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if isinstance(self.gesture, DropLayer):
            self.gesture.move(event.position(), event.modifiers())
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if isinstance(gesture, DropLayer):
            gesture.release(event.position(), event.modifiers())
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.is_ours(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.hover.show_tip(event)
            return True
        return super().event(event)
