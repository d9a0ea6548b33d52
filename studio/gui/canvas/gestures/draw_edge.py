"""Draw an edge from port to port, with its consequence at the pointer; or plug the end of an edge in anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.core import edits, rules, topology
from studio.core.project import PortRef, Project
from studio.gui.canvas import connecting, geometry
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture
from studio.gui.canvas.trial import Trial
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


@immutable
class End:
    """A port under the pointer, and why the edge may not end there (or nothing)."""

    slot: int
    port: PortRef
    why_not: str = ""
    choices: tuple[PortRef, ...] = ()
    """Ports of the node under the pointer that fit as well: one of them is asked for when the edge is let go."""


class DrawEdge(MouseGesture):
    """From ``anchor`` (an output, or an input when ``is_input``) to where the pointer lets go.

    Over a node it goes to the first free port; where several are as good, or with Alt, it asks which one is meant.
    ``edge_id`` is the edge whose target end is being plugged in anew; let go over empty space it is cut.
    """

    def __init__(
        self, canvas: Canvas, point: QPointF, anchor: PortRef, *, is_input: bool, edge_id: str | None = None
    ) -> None:
        super().__init__(canvas, point)
        self.anchor = anchor
        self.is_input = is_input
        self.edge_id = edge_id
        self.end: End | None = None
        self._is_drag = False
        self._is_home = False
        self._asks_all = False
        self._trial = Trial(canvas.session)
        canvas.session.tried.connect(self._tried)

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if not self._is_drag:
            if not self.is_far_enough(point):
                return
            self._lift()
        old = self.area()
        self.last = QPointF(point)
        self._asks_all = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        end = self._end_below()
        if end != self.end:
            self.end = end
            self._trial.forget()
            if end is not None and not end.why_not:
                target = self.anchor.node if self.is_input else end.port.node
                prefix = self.canvas.scene.prefix
                self._trial.ask(lambda project: self._joined(project, end.port), prefix + target)
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        self._finish()
        if not self._is_drag:
            self._click(cuts=bool(modifiers & Qt.KeyboardModifier.AltModifier))
            return
        session, end = self.canvas.session, self.end
        if end is not None:
            if len(end.choices) > 1:
                at = self.scene_point
                self.canvas.popups.choose_port(self.anchor, end.choices, at, self._join, is_input=not self.is_input)
            elif not end.why_not:
                self._join(end.port)
        elif self._is_home:
            return
        elif self.edge_id is not None:
            edge_id, key = self.edge_id, session.graph_key
            session.apply(lambda project: edits.disconnect(project, [edge_id], graph=key), "Disconnect")
        else:
            self.canvas.open_quick_add(point, anchor=self.anchor, is_input=self.is_input)

    def _join(self, port: PortRef) -> None:
        name = "Move edge" if self.edge_id else "Connect"
        self.canvas.session.apply(lambda project: self._joined(project, port), name)

    def cancel(self) -> None:
        self._finish()

    def _click(self, *, cuts: bool) -> None:
        """A press without a drag means the node whose port was hit; with Alt it cuts what ends there."""
        canvas, (x, y) = self.canvas, self.canvas.view.to_scene(self.start.x(), self.start.y())
        hit = canvas.port_near(x, y)
        if hit is None:
            return
        if cuts:
            # Where nodes are close, the targets of their ports cover the whole edge between them: beside the dot it
            # is the edge that is meant.
            edge = canvas.edge_near(x, y) if canvas.port_near(x, y, reach=0.5) is None else -1
            graph, key, node = canvas.session.graph, canvas.session.graph_key, canvas.scene.ids[hit.slot]
            all_there = (topology.edges_into if hit.is_input else topology.edges_from)(graph, node, hit.name)
            cut = [each.id for each in all_there] if edge < 0 else [canvas.scene.edges.ids[edge]]
            canvas.session.apply(lambda project: edits.disconnect(project, cut, graph=key), "Disconnect")
        else:
            canvas.session.set_selection([canvas.scene.ids[hit.slot]])

    # What may happen

    def _lift(self) -> None:
        """Find out once where the edge may end: all nodes but those that would close a circle."""
        self._is_drag = True
        scene, graph = self.canvas.scene, self.canvas.session.graph
        around = topology.descendants if self.is_input else topology.ancestors
        barred = {self.anchor.node, *around(graph, self.anchor.node)}
        self._is_barred = np.array([id in barred for id in scene.ids], bool)
        # A port that has this very edge already; the one that is being moved may go back.
        beside = (topology.edges_into if self.is_input else topology.edges_from)(graph, self.anchor.node)
        taken = {
            (edge.source if self.is_input else edge.target)
            for edge in beside
            if edge.id != self.edge_id and self.anchor == (edge.target if self.is_input else edge.source)
        }
        self._taken = {ref for ref in taken if not self._takes_many(ref)}
        self.canvas.stage.freeze(port_state=self._port_state, without_edge=self.edge_id)

    def _takes_many(self, other: PortRef) -> bool:
        target = self.anchor if self.is_input else other
        slot = self.canvas.scene.slot.get(target.node)
        ports = self.canvas.scene.cards[slot].inputs if slot is not None else ()
        return any(port.name == target.port and port.takes_many for port in ports)

    def is_legal(self, slot: int, port: str, is_input: bool) -> bool:
        """Whether the edge may end at this port. Agrees with ``core.rules``, without a walk for each port."""
        if is_input == self.is_input or self._is_barred[slot]:
            return False
        return PortRef(self.canvas.scene.ids[slot], port) not in self._taken

    def _port_state(self, slot: int, port: str, is_input: bool) -> str:
        if is_input == self.is_input and self.canvas.scene.ids[slot] == self.anchor.node and port == self.anchor.port:
            return "lit"
        return "legal" if self.is_legal(slot, port, is_input) else "faded"

    def _end_below(self) -> End | None:
        """The port under the pointer; over a node's body its first free port that fits. None over empty space."""
        self._is_home = False
        scene = self.canvas.scene
        x, y = self.scene_point
        hit = self.canvas.port_near(x, y, 1.6)
        if hit is not None and (hit.slot, hit.name) != self._anchor_slot():
            ref = PortRef(scene.ids[hit.slot], hit.name)
            if hit.is_input != self.is_input or not self._has_legal_port(hit.slot):
                return End(hit.slot, ref, self._why_not(ref))
        slot = geometry.node_at(scene.pos, scene.size, x, y)
        self._is_home = slot >= 0 and scene.ids[slot] == self.anchor.node
        return None if slot < 0 or self._is_home else self._first_free(slot)

    def _anchor_slot(self) -> tuple[int, str]:
        return self.canvas.scene.slot.get(self.anchor.node, -1), self.anchor.port

    def _has_legal_port(self, slot: int) -> bool:
        card = self.canvas.scene.cards[slot]
        ports = card.outputs if self.is_input else card.inputs
        return any(self.is_legal(slot, port.name, not self.is_input) for port in ports)

    def _first_free(self, slot: int) -> End:
        scene = self.canvas.scene
        id, card = scene.ids[slot], scene.cards[slot]
        ports = card.outputs if self.is_input else card.inputs
        edges = () if self.is_input else self.canvas.session.graph.edges.values()  # an output takes any number
        used = {edge.target for edge in edges if edge.id != self.edge_id}
        legal = [port for port in ports if self.is_legal(slot, port.name, not self.is_input)]
        pick = next(iter(connecting.preferred(legal, id, used) or ports), None)
        ref = PortRef(id, pick.name if pick else "")
        as_good = connecting.to_choose_from(legal, id, used, asks_all=self._asks_all)
        return End(slot, ref, self._why_not(ref), tuple(PortRef(id, port.name) for port in as_good))

    def _why_not(self, other: PortRef) -> str:
        session = self.canvas.session
        source, target = (other, self.anchor) if self.is_input else (self.anchor, other)
        problem = rules.why_not_connect(
            session.project, session.catalog, source, target, graph=session.graph_key, ignoring_edge=self.edge_id
        )
        return problem.message if problem is not None else ""

    def _joined(self, project: Project, other: PortRef) -> Project:
        session = self.canvas.session
        source, target = (other, self.anchor) if self.is_input else (self.anchor, other)
        if self.edge_id is not None:
            return edits.reconnect(project, session.catalog, self.edge_id, target=target, graph=session.graph_key)
        return edits.connect(project, session.catalog, source, target, graph=session.graph_key)

    def _tried(self, request: int, answers: object) -> None:
        if self._trial.take(request, answers):
            self.canvas.update(self.area())

    def _finish(self) -> None:
        self.canvas.session.tried.disconnect(self._tried)
        self.canvas.stage.thaw()

    # What is seen

    def told(self) -> tuple[str, bool]:
        """What stands at the pointer, and whether it is a reason against."""
        if self._is_home:
            return "", False
        if self.end is None:
            return ("Let go to cut the edge", False) if self.edge_id else ("Let go to add a layer", False)
        if self.end.why_not:
            return self.end.why_not, True
        if len(self.end.choices) > 1:
            return "Let go to choose: " + ", ".join(port.port for port in self.end.choices), False
        return self._trial.text, self._trial.is_bad

    def _ends(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Scene points of the anchor and of the other end."""
        scene = self.canvas.scene
        x, y = self.scene_point
        slot = scene.slot.get(self.anchor.node, -1)
        start = self.canvas.port_point(slot, self.anchor.port, is_input=self.is_input) or (x, y)
        if self.end is not None and not self.end.why_not:
            found = self.canvas.port_point(self.end.slot, self.end.port.port, is_input=not self.is_input)
            return start, found or (x, y)
        return start, (x, y)

    def _chain(self) -> geometry.Array:
        return hints.loose_chain(self.canvas, *self._ends(), is_input=self.is_input)

    def _pill(self) -> QRectF:
        text, is_bad = self.told()
        return hints.place_at_pointer(self.canvas, self.last, text, is_bad=is_bad)

    def paint(self, painter: QPainter) -> None:
        if not self._is_drag:
            return
        text, is_bad = self.told()
        start, stop = self._ends()
        plugs = [start, stop] if self.end is not None and not self.end.why_not else [start]
        hints.paint_loose_edge(self.canvas, painter, self._chain(), plugs, is_bad=is_bad)
        hints.paint_at_pointer(painter, self._pill(), text, is_bad=is_bad)

    def area(self) -> QRect:
        if not self._is_drag:
            return QRect()
        points = self._chain()
        low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        box = self.canvas.view.widget_box((low[0], low[1], high[0], high[1]), 14 * max(1.0, self.canvas.view.scale))
        return QRect(*box).united(self._pill().toAlignedRect().adjusted(-2, -2, 2, 2))
