"""What the canvas shows at one moment, from below to above: the scene or its picture, the hint, popups, the gesture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.gui import theme
from studio.gui.canvas import geometry
from studio.gui.canvas.backdrop import Backdrop, Left
from studio.gui.canvas.geometry import Slots
from studio.gui.canvas.gestures.drop_layer import DropLayer
from studio.gui.canvas.gestures.pan import Pan
from studio.gui.canvas.labels import LABEL_REACH
from studio.gui.canvas.look import Look, PortState
from studio.gui.canvas.overlay import paint_hint
from studio.gui.canvas.painter import Painter, only_problem
from studio.gui.canvas.view import View

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

PICTURE_BUDGET_MS = 7.0
"""Time for new node pictures in one frame: what is left of 16 ms after edges, nodes and Qt's own copying."""

_REST_MS = 100
"""After this time without another strip the drawing is painted whole: longer than between two steps of a pan."""

_MOST_PARTS = 8
"""A region of more rectangles than this is painted as one."""


class Stage:
    """Puts it together. Holds the painter and the picture of what stands still while something is dragged."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.painter = Painter()
        self.backdrop = Backdrop()
        # Qt cuts thin outlines (its quick cosmetic strokes) where a strip ends and rounds what is left of them, and
        # sets letters that begin left of the widget otherwise. So at rest nothing on the screen is from a strip.
        self._whole_soon = QTimer(canvas, singleShot=True, interval=_REST_MS)
        self._whole_soon.timeout.connect(self._paint_whole)
        self._is_whole_asked = False

    def paint(self, painter: QPainter, event: QPaintEvent) -> None:
        """Paint what the event exposes."""
        canvas = self._canvas
        rects = [QRect(rect) for rect in event.region()]  # type: ignore[attr-defined]
        rects = rects if len(rects) <= _MOST_PARTS else [event.rect()]
        if self.backdrop.is_up:
            self.backdrop.paint(painter, rects, canvas.size(), canvas.devicePixelRatioF(), self._paint_backdrop)
        else:
            self._paint_scene(painter, rects)
            self._follow(event)
        painter.setClipRegion(event.region())
        if not len(canvas.scene) and not isinstance(canvas.gesture, DropLayer):
            paint_hint(painter, QRectF(canvas.rect()))
        canvas.popups.paint(painter)
        if canvas.gesture is not None:
            canvas.gesture.paint(painter)

    def scroll(self, dx: int, dy: int, pieces: Iterable[QWidget]) -> bool:
        """Move what stays in view on the screen, so that only the strips that come into view are painted.

        ``pieces`` lie over the drawing and stay where they are. Tells whether that could be done.
        """
        canvas = self._canvas
        has_overlay = canvas.gesture is not None and not isinstance(canvas.gesture, Pan)
        # A note finds its place anew in each view; hint, search and name field do not move with the drawing.
        is_fixed = only_problem(canvas.scene) >= 0 or not len(canvas.scene) or canvas.popups.is_open
        if self.backdrop.is_up or has_overlay or is_fixed or canvas.devicePixelRatioF() % 1:
            return False
        canvas.scroll(dx, dy, canvas.rect())
        for piece in pieces:  # their pixels were moved along
            here = piece.geometry()
            canvas.update(here.united(here.translated(dx, dy)))
        return True

    def freeze(
        self,
        *,
        without_nodes: np.ndarray | None = None,
        without_notes: np.ndarray | None = None,
        port_state: PortState | None = None,
        without_edge: str | None = None,
    ) -> None:
        """Take a picture of what stands still during a gesture; from now on only the gesture is painted anew."""
        self.backdrop.put_up(Left(without_nodes, without_notes, without_edge, port_state))
        self._canvas.update()

    def thaw(self) -> None:
        """Paint the scene itself again."""
        self.backdrop.take_down()
        self._canvas.update()

    def paint_parts(self, painter: QPainter, nodes: Slots, edges: Slots, view: View | None = None) -> bool:
        """Paint those of some nodes and edges that are in view, for a gesture that moves them.

        With a view of its own all of them, as it shows them. Tells whether every picture is as it should be.
        """
        canvas = self._canvas
        scene = canvas.scene
        if view is None:
            view, room = canvas.view, LABEL_REACH + 2 / canvas.view.scale
            box = view.scene_box(0, 0, canvas.width(), canvas.height())
            box = (box[0] - room, box[1] - room, box[2] + room, box[3] + room)
            nodes = nodes[geometry.nodes_in(scene.pos[nodes], scene.size[nodes], box)]
            edges = edges[geometry.boxes_in(scene.edges.bounds[edges], box)]
        look = Look(
            shows_shapes=canvas.shows_shapes,
            shows_notes=False,
            are_moving=True,
            is_exact=canvas.camera.is_exact,
            budget_ms=PICTURE_BUDGET_MS,
        )
        self.painter.paint_parts(painter, scene, view, nodes, edges, theme.current(), look)
        return self._complete_soon(self.painter.is_complete)

    def _paint_whole(self) -> None:
        self._is_whole_asked = True
        self._canvas.update()

    def _follow(self, event: QPaintEvent) -> None:
        """Paint all of it soon where this is a part. A cursor that blinks in a field is no reason."""
        is_whole = self._is_whole_asked or (event.rect() == self._canvas.rect() and event.region().rectCount() == 1)
        self._is_whole_asked = False
        if is_whole:
            self._whole_soon.stop()
        elif not self._canvas.popups.is_open:
            self._whole_soon.start()

    def _complete_soon(self, is_complete: bool) -> bool:
        """Where time was too short for all pictures, paint again soon."""
        if not is_complete and not self._canvas.camera.is_refining:
            self._canvas.camera.refine_soon()
        return is_complete

    def _look(self, budget_ms: float) -> Look:
        canvas = self._canvas
        scene = canvas.scene
        chosen = np.flatnonzero(scene.is_selected)
        labelled = frozenset[int]()
        if len(chosen) == 1:
            labelled = frozenset(np.flatnonzero(scene.edges.target == chosen[0]).tolist())
        return Look(
            shows_shapes=canvas.shows_shapes,
            labelled=labelled,
            lit_point=canvas.edge_walk.point_of(canvas.session.graph.edges.get(canvas.selected_edge or "")),
            lit_edge=scene.edges.slot.get(canvas.selected_edge or canvas.hover.edge or "", -1),
            is_exact=canvas.camera.is_exact,
            budget_ms=budget_ms,
        )

    def _paint_backdrop(self, painter: QPainter, left: Left) -> None:
        canvas = self._canvas
        look = Look(
            shows_shapes=canvas.shows_shapes,
            port_state=left.port_state,
            is_exact=canvas.camera.is_exact,
            budget_ms=PICTURE_BUDGET_MS,
        )
        edge = canvas.scene.edges.slot.get(left.without_edge or "", -1)
        self.painter.paint(
            painter, canvas.scene, canvas.view, QRectF(canvas.rect()), theme.current(), look,
            without_nodes=left.without_nodes, without_notes=left.without_notes, without_edge=edge,
        )  # fmt: skip
        self._complete_soon(self.painter.is_complete)

    def _paint_scene(self, painter: QPainter, rects: list[QRect]) -> None:
        canvas = self._canvas
        look, is_complete = self._look(PICTURE_BUDGET_MS / len(rects)), True
        for rect in rects:
            painter.setClipRect(rect)
            self.painter.paint(painter, canvas.scene, canvas.view, QRectF(rect), theme.current(), look)
            is_complete = is_complete and self.painter.is_complete
        painter.setClipping(False)
        self._complete_soon(is_complete)
