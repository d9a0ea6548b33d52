"""Fields that open over the canvas, take the keyboard and go again: the search for a layer, the field for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from studio.core.project import PortRef
from studio.gui.canvas import commands, framed, geometry
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.naming import FrameTitle, Named, NodeName
from studio.gui.canvas.quick_add import QuickAdd
from studio.gui.canvas.rename import NameField

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Popups:
    """At most one search and one name field at a time."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.quick_add: QuickAdd | None = None
        self.name_field: NameField | None = None
        self._loose: tuple[PortRef, bool, geometry.Point] | None = None

    @property
    def is_open(self) -> bool:
        """Whether one of them is over the drawing."""
        return self.quick_add is not None or self.name_field is not None

    def open_quick_add(self, point: QPointF | None, anchor: PortRef | None, *, is_input: bool) -> None:
        """Open the search at a pixel; without one at the pointer, or where a layer goes that is added by key."""
        canvas = self._canvas
        if self.quick_add is not None:
            self.quick_add.close_search()
        if point is not None:
            at = canvas.view.to_scene(point.x(), point.y())
        else:
            at = canvas.pointer_place or commands.place_for_new(canvas)
        is_without_mouse = point is None and canvas.pointer_place is None
        point = point or QPointF(*canvas.view.to_widget(*at))
        after = None if anchor is not None else commands.output_to_follow(canvas)
        self._loose = (anchor, is_input, at) if anchor is not None else None
        canvas.update()
        search = QuickAdd(canvas, canvas.session.catalog.search, lambda spec: commands.fits(spec, anchor, is_input))
        search.chosen.connect(lambda type: commands.add_found(canvas, type, at, anchor or after, is_input=is_input))
        if is_without_mouse:
            search.chosen.connect(lambda _: commands.show_selection(canvas))
        search.closed.connect(self._quick_add_closed)
        self.quick_add = search
        search.open_at(round(point.x()), round(point.y()))

    def rename(self, node_id: str | None) -> None:
        """Open the field for a node's name; without an id that of the one selected node, or of the selected frame."""
        canvas = self._canvas
        if node_id is None:
            frame = framed.selected(canvas.session)
            if frame is not None and len(frame.nodes) > 1:
                self.rename_frame(frame.id)
                return
            node_id = next(iter(canvas.session.selection), None) if len(canvas.session.selection) == 1 else None
        if node_id is not None and node_id in canvas.scene.slot:
            canvas.show_node(node_id)
            self._open_name_field(NodeName(canvas, node_id))

    def rename_frame(self, frame_id: str) -> None:
        """Open the field for the title of a frame."""
        if frame_id in self._canvas.session.graph.frames:
            self._open_name_field(FrameTitle(self._canvas, frame_id))

    def _open_name_field(self, named: Named) -> None:
        if self.name_field is not None:
            self.name_field.close_field()
        self.name_field = NameField(self._canvas, named, self._name_field_closed)

    def place(self) -> None:
        """Follow the drawing: the name field lies over its node."""
        if self.name_field is not None:
            self.name_field.place()

    def paint(self, painter: QPainter) -> None:
        """The edge that waits for the layer that is looked for."""
        if self._loose is None:
            return
        canvas = self._canvas
        anchor, is_input, point = self._loose
        start = canvas.port_point(canvas.scene.slot.get(anchor.node, -1), anchor.port, is_input=is_input)
        if start is not None:
            chain = hints.loose_chain(canvas, start, point, is_input=is_input)
            hints.paint_loose_edge(canvas, painter, chain, [start])

    def _quick_add_closed(self) -> None:
        self.quick_add = self._loose = None
        self._canvas.update()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_field_closed(self, field: NameField) -> None:
        if self.name_field is field:
            self.name_field = None
