"""Move the selected nodes; drop a single loose one on an edge to insert it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QPainter

from studio.core import edits, rules
from studio.core.project import Project
from studio.gui.canvas import arrange, geometry
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class MoveNodes(MouseGesture):
    """Nodes follow the pointer on the grid, over a picture of all that stands still. Alt: do not insert."""

    def __init__(self, canvas: Canvas, point: QPointF, slot: int) -> None:
        super().__init__(canvas, point)
        self._id = canvas.scene.ids[slot]
        self._grip = canvas.view.to_scene(point.x(), point.y())
        self._is_drag = False
        self._edge = -1
        self._shift = (0.0, 0.0)
        self._slots = np.zeros(0, np.intp)
        self._edges = np.zeros(0, np.intp)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if not self._is_drag:
            if not self.is_far_enough(point):
                return
            self._lift()
        scene = self.canvas.scene
        self.last = QPointF(point)
        x, y = self.scene_point
        grip = scene.slot[self._id]
        left, top = scene.pos[grip].tolist()
        home_x, home_y = left - self._shift[0], top - self._shift[1]
        dx = geometry.snapped(home_x + x - self._grip[0]) - home_x - self._shift[0]
        dy = geometry.snapped(home_y + y - self._grip[1]) - home_y - self._shift[1]
        old = self.area()
        if dx or dy:
            scene.shift(self._slots, dx, dy)
            self._shift = (self._shift[0] + dx, self._shift[1] + dy)
        self._edge = -1 if modifiers & Qt.KeyboardModifier.AltModifier else self._edge_below()
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        canvas = self.canvas
        if not self._is_drag:
            if not modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
                canvas.session.set_selection([self._id])  # a click on one of several selected nodes means this one
            return
        canvas.thaw()
        dx, dy = self._shift
        graph = canvas.session.graph
        places = {node.id: (node.x + dx, node.y + dy) for node in map(graph.nodes.get, self._ids) if node is not None}
        edge = canvas.scene.edge_ids[self._edge] if self._edge >= 0 else None
        name = "Insert on edge" if edge else "Move" if len(places) == 1 else f"Move {len(places)} layers"
        catalog, key, node = canvas.session.catalog, canvas.session.graph_key, self._id

        def edit(project: Project) -> Project:
            project = edits.move(project, places, graph=key)
            return arrange.inserted(project, catalog, node, edge, key) if edge else project

        canvas.session.apply(edit, name)
        canvas.update()

    def cancel(self) -> None:
        if self._is_drag:
            self.canvas.scene.shift(self._slots, -self._shift[0], -self._shift[1])
            self.canvas.thaw()

    def paint(self, painter: QPainter) -> None:
        if self._is_drag:
            painter.setOpacity(hints.INSERTED_OPACITY if self._edge >= 0 else 1.0)
            self.canvas.paint_parts(painter, self._slots, self._edges)
            painter.setOpacity(1.0)
            hints.paint_insertion(self.canvas, painter, self._edge, self._corner())

    def area(self) -> QRect:
        if not self._is_drag:
            return QRect()
        scene = self.canvas.scene
        boxes = [geometry.bounds_of(scene.pos[self._slots], scene.size[self._slots])]
        if len(self._edges):
            low, high = scene.bounds[self._edges, :2].min(axis=0), scene.bounds[self._edges, 2:].max(axis=0)
            boxes.append((float(low[0]), float(low[1]), float(high[0]), float(high[1])))
        area = hints.insertion_area(self.canvas, self._edge, self._corner())
        for box in boxes:
            if box is not None:
                area = area.united(QRect(*self.canvas.view.widget_box(box, 16 * max(1.0, self.canvas.view.scale))))
        return area

    def _corner(self) -> tuple[float, float]:
        x, y = self.canvas.scene.pos[self._slots[0]].tolist()
        return x, y

    def _lift(self) -> None:
        scene = self.canvas.scene
        self._is_drag = True
        self._slots = np.flatnonzero(scene.is_selected)
        self._ids = [scene.ids[k] for k in self._slots.tolist()]
        self._edges = scene.edges_of(self._slots)
        mask = np.zeros(len(scene), bool)
        mask[self._slots] = True
        self.canvas.freeze(without_nodes=mask)

    def _edge_below(self) -> int:
        """The edge on which the node would be put, if it is one loose node over an edge that takes it."""
        scene, session = self.canvas.scene, self.canvas.session
        if len(self._slots) != 1 or len(self._edges):
            return -1
        x, y = (scene.pos[self._slots[0]] + scene.size[self._slots[0]] / 2).tolist()
        edge = self.canvas.edge_near(x, y, 24.0)
        if edge < 0:
            return -1
        why = rules.why_not_insert(
            session.project, session.catalog, self._id, scene.edge_ids[edge], graph=session.graph_key
        )
        return -1 if why else edge
