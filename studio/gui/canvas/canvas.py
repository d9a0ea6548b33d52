"""The canvas: the widget on which a network is drawn. Paints the scene's arrays and starts gestures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
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
from PySide6.QtWidgets import QWidget

from studio.core.project import PortRef
from studio.gui import theme
from studio.gui.canvas import drops, keys, walking
from studio.gui.canvas.border_pan import BorderPan
from studio.gui.canvas.camera import Camera
from studio.gui.canvas.edge_walk import EdgeWalk
from studio.gui.canvas.following import Following
from studio.gui.canvas.furniture import Furniture
from studio.gui.canvas.gestures import press
from studio.gui.canvas.gestures.gesture import MouseGesture
from studio.gui.canvas.hits import PortHit, edge_near, port_near, port_point
from studio.gui.canvas.hover import Hover
from studio.gui.canvas.narrator import Narrator
from studio.gui.canvas.note_field import NoteField
from studio.gui.canvas.painter import Painter
from studio.gui.canvas.places import Places
from studio.gui.canvas.popups import Popups
from studio.gui.canvas.reading import Reading
from studio.gui.canvas.rename import NameField
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.sight import Sight
from studio.gui.canvas.stage import Stage
from studio.gui.canvas.view import View

if TYPE_CHECKING:
    from studio.gui.canvas.quick_add import QuickAdd
    from studio.gui.session import Session


class Canvas(QWidget):
    """Shows the open graph of a session and lets people draw in it.

    Wishes that others fulfil go out as signals; changes of the project go to the session, one step each.
    """

    node_activated = Signal(str)
    """A node was double-clicked; a block's use is meant to be opened."""
    parameters_wanted = Signal()
    """The parameters of the one selected layer shall be edited."""
    tidy_requested = Signal()
    action_wanted = Signal(str)
    """A key was pressed that means an action of the table by the person's own choice."""
    menu_requested = Signal(QPoint)
    """The context menu is wanted at this point of the screen; what it is about is selected."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.scene = Scene(session)
        self.camera: Camera = Camera(self)
        self.popups: Popups = Popups(self)
        self.stage = Stage(self)
        self.gesture: MouseGesture | None = None
        self.is_space_held = False
        self._shows_shapes = False
        self._edge: str | None = None
        self.edge_walk = EdgeWalk()
        self.hover = Hover(self)
        self.pointer = QPointF(-1, -1)
        """The pixel under the pointer; outside of the widget while the pointer is elsewhere."""
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Drawing of the network"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 160)
        self._following = Following(session, self.scene, self.camera, self)
        self.sight: Sight = Sight(self, self._following)
        self._furniture = Furniture(self)
        self.status, self.zoom_bar = self._furniture.status, self._furniture.zoom_bar
        self._border_pan = BorderPan(self)
        self.camera.changed.connect(self._view_changed)
        self.camera.panned.connect(self._view_panned)
        theme.notifier.changed.connect(self._repaint_scene)
        self._following.about_to_change.connect(self.cancel_gesture)
        self._following.changed.connect(self._scene_changed)
        self._following.reloaded.connect(self._reloaded)
        self._following.filled.connect(self._filled)
        self._following.told.connect(self._furniture.tell_soon)
        self._following.gliding.moved.connect(self._scene_changed)
        self._following.load(session.graph_key)
        self.narrator = Narrator(self, self._following)
        self.reading = Reading(self, self._following)
        self.reading.changed.connect(self._furniture.show_heat)
        self.reading.changed.connect(self._repaint_scene)
        self.places: Places = Places(self)

    # What can be asked for

    @property
    def shows_shapes(self) -> bool:
        """Whether every edge carries the shape of its tensor."""
        return self._shows_shapes

    def set_shows_shapes(self, is_on: bool) -> None:
        """Show shapes on all edges, or only where the pointer or the selection is."""
        self._shows_shapes = is_on
        self._repaint_scene()

    def set_shows_minimap(self, is_on: bool) -> None:
        """Show the map while a part of the drawing is out of view, or never."""
        self._furniture.minimap.set_wanted(is_on)

    @property
    def painter(self) -> Painter:
        """What paints the scene, with the pictures that it keeps."""
        return self.stage.painter

    @property
    def quick_add(self) -> QuickAdd | None:
        """The search for a layer, while it is open."""
        return self.popups.quick_add

    @property
    def name_field(self) -> NameField | NoteField | None:
        """The field for a name or for the text of a note, while it is open."""
        return self.popups.name_field

    @property
    def view(self) -> View:
        """What is shown, and how large."""
        return self.camera.view

    def open_quick_add(
        self, point: QPointF | None = None, *, anchor: PortRef | None = None, is_input: bool = False
    ) -> None:
        """Open the search for a layer to add at a point of the widget; ``anchor`` is the port to connect it with."""
        self.popups.open_quick_add(point, anchor, is_input=is_input)

    def rename(self, node_id: str | None = None) -> None:
        """Open the field for a node's name or a note's text; without an id for what is selected."""
        self.popups.rename(node_id)

    def select_edge(self, edge_id: str | None) -> None:
        """Mark an edge, for Delete; None for none."""
        if edge_id != self._edge:
            self._edge = edge_id
            self.edge_walk.begin(edge_id)
            self._repaint_scene()

    @property
    def selected_edge(self) -> str | None:
        """The edge that is marked."""
        return self._edge if self._edge in self.scene.edges.slot else None

    @property
    def pointer_place(self) -> tuple[float, float] | None:
        """The scene point under the pointer, if it is over the canvas."""
        if not self.rect().contains(self.pointer.toPoint()):
            return None
        return self.view.to_scene(self.pointer.x(), self.pointer.y())

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

    def cancel_gesture(self) -> bool:
        """Give up the gesture that is under way; tells whether there was one."""
        gesture, self.gesture = self.gesture, None
        self._border_pan.stop()
        self.unsetCursor()
        if gesture is None:
            return False
        gesture.cancel()
        self._furniture.minimap.update()  # it kept its picture meanwhile
        self.update()
        return True

    # What follows from the session

    def _reloaded(self) -> None:
        self._edge = None
        self.sight.begin()
        self._scene_changed()

    def _filled(self) -> None:
        self.sight.follow_rows()
        self._scene_changed()

    def _scene_changed(self) -> None:
        self.hover.forget_missing()
        self.popups.place()
        self._furniture.minimap.follow()
        self._repaint_scene()

    def _repaint_scene(self) -> None:
        self.stage.backdrop.is_stale()
        self.update()

    # The view

    def _view_changed(self) -> None:
        self._place_children()
        self._repaint_scene()

    def _view_panned(self, dx: int, dy: int) -> None:
        self._place_children()
        if not self.stage.scroll(dx, dy, self._furniture.pieces):
            self._repaint_scene()

    def _place_children(self) -> None:
        self._furniture.place()
        self.popups.place()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.stage.paint(painter, event)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.camera.follows_size:
            self.sight.follow_size()
        else:
            self._place_children()
            self._repaint_scene()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pointer = event.position()
        if self.gesture is not None:  # a second button
            self.cancel_gesture()
            return
        self.camera.stop()
        self._following.gliding.finish()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.gesture = press.start(self, event.position(), event.button(), event.modifiers())
        if self.gesture is not None and self.gesture.pans_at_border:
            self._border_pan.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pointer = event.position()
        if self.gesture is not None:
            self.gesture.move(event.position(), event.modifiers())
        else:
            self.hover.move(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture, self.gesture = self.gesture, None
        self._border_pan.stop()
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())
            self._furniture.minimap.update()
            self.hover.move(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            press.double(self, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        press.wheel(self, event)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        press.ask_menu(self, event)

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

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return walking.by_tab(self, is_next=is_next) or super().focusNextPrevChild(is_next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._furniture.show_focus(event.reason())
        self.narrator.got_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.is_space_held = False
        self.unsetCursor()
        self._furniture.show_focus(None)
        self.cancel_gesture()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hover.leave()
        self.pointer = QPointF(-1, -1) if self.gesture is None else self.pointer
        super().leaveEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        drops.enter(self, event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        drops.move(self, event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.cancel_gesture()

    def dropEvent(self, event: QDropEvent) -> None:
        drops.drop(self, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and keys.is_ours(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self.hover.show_tip(event)
            return True
        return super().event(event)
