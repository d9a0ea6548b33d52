"""A layer that is dragged in from the palette: a ghost under the pointer, and the edge on which it would be put."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QMimeData, QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from studio.gui import theme
from studio.gui.canvas import commands, geometry
from studio.gui.canvas.card import EMPTY, make_card
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture
from studio.gui.canvas.guides import Guides
from studio.gui.canvas.pictures import DETAIL_SCALE, draw_card
from studio.gui.canvas.sprites import PAD

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

LAYER_MIME: Final = "application/x-layer-studio-layer"
"""What the palette gives to a drag: the layer type as UTF-8."""


def dragged_type(data: QMimeData) -> str:
    """The layer type that a drag carries, or nothing."""
    return bytes(data.data(LAYER_MIME).data()).decode("utf-8", "replace") if data.hasFormat(LAYER_MIME) else ""


class DropLayer(MouseGesture):
    """The node follows the pointer by its middle; Alt keeps it off edges, Ctrl lets it stand anywhere."""

    pans_at_border = False

    def __init__(self, canvas: Canvas, point: QPointF, type: str) -> None:
        super().__init__(canvas, point)
        self.type = type
        self._edge = -1
        # What the drop would make, made on a project that nobody sees.
        session = canvas.session
        graph_key = session.graph_key
        project, new = commands.with_new(session, session.project, type, 0, 0)
        node = project.graph(graph_key).nodes.get(new)
        self._card = make_card(project, project.graph(graph_key), node, session) if node is not None else EMPTY
        self._guides = Guides(canvas, np.zeros(len(canvas.scene), bool))
        self._place = (0.0, 0.0)
        self._can_insert = bool(self._card.inputs) and bool(self._card.outputs)
        canvas.stage.freeze()

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        old = self.area()
        self.last = QPointF(point)
        x, y = self.scene_point
        size = geometry.NODE_WIDTH, geometry.NODE_HEIGHT
        is_free = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        self._place = self._guides.placed(x - size[0] / 2, y - size[1] / 2, *size, is_free=is_free)
        is_allowed = self._can_insert and not modifiers & Qt.KeyboardModifier.AltModifier
        self._edge = self.canvas.edge_near(*self.scene_point, 24.0) if is_allowed else -1
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        self.canvas.stage.thaw()
        edge = self.canvas.scene.edges.ids[self._edge] if self._edge >= 0 else None
        commands.add_layer(self.canvas, self.type, self._corner(), edge=edge)

    def cancel(self) -> None:
        self.canvas.stage.thaw()

    def _corner(self) -> tuple[float, float]:
        return self._place

    def paint(self, painter: QPainter) -> None:
        view = self.canvas.view
        x, y = view.to_widget(*self._corner())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.translate(round(x), round(y))
        painter.scale(view.scale, view.scale)
        painter.setOpacity(hints.INSERTED_OPACITY if self._edge >= 0 else 0.92)
        size = geometry.NODE_WIDTH, geometry.NODE_HEIGHT
        draw_card(painter, self._card, *size, theme.current(), is_detailed=view.scale >= DETAIL_SCALE)
        painter.restore()
        self._guides.paint(painter)
        hints.paint_insertion(self.canvas, painter, self._edge, self._corner())

    def area(self) -> QRect:
        x, y = self._corner()
        view = self.canvas.view
        box = (x - PAD, y - PAD, x + geometry.NODE_WIDTH + PAD, y + geometry.NODE_HEIGHT + PAD)
        area = QRect(*view.widget_box(box, 2)).united(self._guides.area())
        return area.united(hints.insertion_area(self.canvas, self._edge, self._corner()))
