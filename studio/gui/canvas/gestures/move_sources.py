"""Take all edges of one output into the hand and plug them into another output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.core import edits, rules
from studio.core.project import Edge, PortRef, Project
from studio.gui.canvas import geometry
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class MoveSources(MouseGesture):
    """Let go over a node or its output, every edge starts there; over empty space they stay where they are.

    Edges that may not start there keep their source, and what they say is told while the pointer is there.
    """

    def __init__(self, canvas: Canvas, point: QPointF, source: PortRef) -> None:
        super().__init__(canvas, point)
        self._source = source
        self._edges = [edge for edge in canvas.session.graph.edges.values() if edge.source == source]
        self._is_drag = False
        self._new: PortRef | None = None
        self._why_not = ""

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if not self._is_drag:
            if not self.is_far_enough(point):
                return
            self._is_drag = True
            self.canvas.stage.freeze(port_state=self._port_state)
        old = self.area()
        self.last = QPointF(point)
        self._look()
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        if not self._is_drag:
            self.canvas.session.set_selection([self._source.node])
            return
        self.canvas.stage.thaw()
        new, session = self._new, self.canvas.session
        if new is not None and not self._why_not:
            session.apply(lambda project: self._moved(project, new), "Move edges")

    def cancel(self) -> None:
        if self._is_drag:
            self.canvas.stage.thaw()

    def _look(self) -> None:
        """The output under the pointer, and why no edge may start there."""
        scene, session = self.canvas.scene, self.canvas.session
        self._new, self._why_not = None, ""
        x, y = self.scene_point
        hit = self.canvas.port_near(x, y, 1.6)
        slot = hit.slot if hit is not None else geometry.node_at(scene.pos, scene.size, x, y)
        if slot < 0 or not scene.cards[slot].outputs:
            return
        name = hit.name if hit is not None and not hit.is_input else scene.cards[slot].outputs[0].name
        new = PortRef(scene.ids[slot], name)
        if new == self._source:
            return
        self._new = new
        reasons = [self._why_not_edge(session.project, edge, new) for edge in self._edges]
        if all(reasons):
            self._why_not = reasons[0]

    def _why_not_edge(self, project: Project, edge: Edge, new: PortRef) -> str:
        session = self.canvas.session
        problem = rules.why_not_connect(
            project, session.catalog, new, edge.target, graph=session.graph_key, ignoring_edge=edge.id
        )
        return problem.message if problem is not None else ""

    def _moved(self, project: Project, new: PortRef) -> Project:
        session = self.canvas.session
        for edge in self._edges:
            project = edits.reconnect(project, session.catalog, edge.id, source=new, graph=session.graph_key)
        return project

    def _port_state(self, slot: int, port: str, is_input: bool) -> str:
        if is_input:
            return "faded"
        return "lit" if (self.canvas.scene.ids[slot], port) == (self._source.node, self._source.port) else "legal"

    # What is seen

    def _chains(self) -> list[geometry.Array]:
        start = self.scene_point
        if self._new is not None and not self._why_not:
            slot = self.canvas.scene.slot[self._new.node]
            start = self.canvas.port_point(slot, self._new.port, is_input=False) or start
        chains = []
        for edge in self._edges:
            slot = self.canvas.scene.slot.get(edge.target.node, -1)
            stop = self.canvas.port_point(slot, edge.target.port, is_input=True)
            if stop is not None:
                chains.append(hints.loose_chain(self.canvas, start, stop, is_input=False))
        return chains

    def _told(self) -> tuple[str, bool]:
        if self._why_not:
            return self._why_not, True
        count = len(self._edges)
        what = "1 edge" if count == 1 else f"{count} edges"
        return f"Move {what} to another output", False

    def _place(self) -> QRectF:
        text, is_bad = self._told()
        return hints.place_at_pointer(self.canvas, self.last, text, is_bad=is_bad)

    def paint(self, painter: QPainter) -> None:
        if not self._is_drag:
            return
        for chain in self._chains():
            hints.paint_loose_edge(self.canvas, painter, chain, [], is_bad=bool(self._why_not))
        hints.paint_at_pointer(painter, self._place(), *self._told())

    def area(self) -> QRect:
        if not self._is_drag:
            return QRect()
        area = self._place().toAlignedRect().adjusted(-2, -2, 2, 2)
        chains = self._chains()
        if chains:
            points = np.concatenate(chains)
            box = (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
            area = area.united(QRect(*self.canvas.view.widget_box(box, 14 * max(1.0, self.canvas.view.scale))))
        return area
