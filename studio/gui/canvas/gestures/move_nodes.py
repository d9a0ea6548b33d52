"""Move what is selected; take nodes out of their chain on the way; drop a loose one on an edge to insert it there."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from studio.core import edits, rules
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas import areas, arrange, geometry, sticky, together
from studio.gui.canvas.gestures import hints
from studio.gui.canvas.gestures.gesture import NO_MODIFIER, MouseGesture
from studio.gui.canvas.gestures.shake import Shake
from studio.gui.canvas.guides import Guides
from studio.gui.canvas.lifted import Lifted

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class MoveNodes(MouseGesture):
    """Nodes follow the pointer over a picture of all that stands still: in line with others, else on the grid.

    Held with Alt from the start, or shaken, they leave their chain and their frame, and what they stood between is
    joined. Let go inside of a frame they stand in it from then on. Alt also keeps a node from being inserted where it
    is dropped, Ctrl lets it stand anywhere. ``held`` is the node or note under the pointer, ``means`` what a click
    selects: that, or all of a frame.
    """

    def __init__(
        self, canvas: Canvas, point: QPointF, held: str, *, takes_out: bool = False, means: Collection[str] = ()
    ) -> None:
        super().__init__(canvas, point)
        self._id = held
        self._means = means or [self._id]
        self._frame = -1
        self._frames: list[int] = []
        self._shown = self._shown_edges = np.zeros(0, np.intp)
        self._grip = canvas.view.to_scene(point.x(), point.y())
        self._is_drag = False
        self._edge = -1
        self._shift = (0.0, 0.0)
        self._slots = np.zeros(0, np.intp)
        self._edges = np.zeros(0, np.intp)
        self._notes = self._shown_notes = np.zeros(0, np.intp)
        self._takes_out = takes_out
        self._loose = canvas.session.project  # the project where the nodes are loose, once they are taken out
        self._shake = Shake()
        self._joints: list[geometry.Array] = []

    def move(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        if not self._is_drag:
            if not self.is_far_enough(point):
                return
            self._lift()
        self.last = QPointF(point)
        if self._shake.move(point.x(), point.y()) and not self._takes_out:
            self.canvas.update(self.area())
            self._takes_out = True
            self._leave_chain()
        x, y = self.scene_point
        _, _, width, height = self._held()
        home_x, home_y = self._held_home
        held_at = home_x + x - self._grip[0], home_y + y - self._grip[1]
        old = self.area()
        is_free = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        at_x, at_y = self._guides.placed(*held_at, width, height, is_free=is_free)
        shift = (at_x - home_x, at_y - home_y)
        if shift != self._shift:
            self._put(*shift)
        self._edge = -1 if modifiers & Qt.KeyboardModifier.AltModifier else self._edge_below()
        self._frame = -1 if modifiers & Qt.KeyboardModifier.AltModifier else self._frame_below()
        self.canvas.update(old.united(self.area()))

    def release(self, point: QPointF, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        self.move(point, modifiers)
        canvas = self.canvas
        if not self._is_drag:
            if not modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
                canvas.session.set_selection(self._means)  # a click on one of several selected nodes means this one
            return
        canvas.stage.thaw()
        dx, dy = self._shift
        graph = canvas.session.graph
        things = (*map(graph.nodes.get, self._ids), *map(graph.notes.get, self._ids))
        places = {thing.id: (thing.x + dx, thing.y + dy) for thing in things if thing is not None}
        edge = canvas.scene.edges.ids[self._edge] if self._edge >= 0 else None
        name = "Move" if len(places) == 1 else f"Move {len(places)} {'things' if len(self._notes) else 'layers'}"
        name = "Insert on edge" if edge else "Take out" if self._takes_out else name
        frame = canvas.scene.framing.frames[self._frame].id if self._frame >= 0 else None
        name = "Move into the frame" if frame and not edge else name
        catalog, key, node, is_out = canvas.session.catalog, canvas.session.graph_key, self._id, self._takes_out

        def edit(project: Project) -> Project:
            project = edits.move(project, places, graph=key)
            if is_out:
                project = together.taken_out(project, catalog, places, key)
                project = edits.leave_frame(project, places, graph=key)
            if frame:
                project = edits.join_frame(project, frame, places, graph=key)
            return arrange.inserted(project, catalog, node, edge, key) if edge else project

        canvas.session.apply(edit, name)
        canvas.update()

    def cancel(self) -> None:
        if self._is_drag:
            self._put(0.0, 0.0)
            self.canvas.stage.thaw()

    def paint(self, painter: QPainter) -> None:
        if self._is_drag:
            canvas, area = self.canvas, QRectF(self.area())
            lit = self._frame
            areas.paint(painter, canvas.scene, canvas.view, theme.current(), area, only={*self._frames, lit}, lit=lit)
            moving = {*self._shown_notes.tolist(), *self._notes.tolist()}
            if moving:
                sticky.paint(painter, canvas.scene, canvas.view, theme.current(), area, only=moving)
            if len(self._shown):
                canvas.stage.paint_parts(painter, self._shown, self._shown_edges)
            for joint in self._joints:
                hints.paint_loose_edge(self.canvas, painter, joint, [])
            painter.setOpacity(hints.INSERTED_OPACITY if self._edge >= 0 else 1.0)
            self._lifted.paint(painter)
            painter.setOpacity(1.0)
            self._guides.paint(painter)
            hints.paint_insertion(self.canvas, painter, self._edge, self._corner())

    def area(self) -> QRect:
        if not self._is_drag:
            return QRect()
        scene = self.canvas.scene
        boxes = [geometry.bounds_of(scene.pos[self._slots], scene.size[self._slots])]
        boxes.append(geometry.bounds_of(scene.notes.pos[self._notes], scene.notes.size[self._notes]))
        if len(self._edges):
            low, high = scene.edges.bounds[self._edges, :2].min(axis=0), scene.edges.bounds[self._edges, 2:].max(axis=0)
            boxes.append((float(low[0]), float(low[1]), float(high[0]), float(high[1])))
        area = hints.insertion_area(self.canvas, self._edge, self._corner()).united(self._guides.area())
        boxes += [areas.area(scene, number) for number in {*self._frames, self._frame} if number >= 0]
        boxes += [(*joint.min(axis=0).tolist(), *joint.max(axis=0).tolist()) for joint in self._joints]
        for box in boxes:
            if box is not None:
                area = area.united(QRect(*self.canvas.view.widget_box(box, 16 * max(1.0, self.canvas.view.scale))))
        return area

    def _put(self, dx: float, dy: float) -> None:
        """Show all so far from home. Not from where they were in the frame before: that would add up roundings."""
        scene = self.canvas.scene
        self._shift = (dx, dy)
        scene.place(self._slots, self._home + self._shift)
        scene.notes.pos[self._notes] = self._notes_home + self._shift

    def _corner(self) -> tuple[float, float]:
        return self._held()[:2]

    def _held(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of what is under the pointer."""
        scene = self.canvas.scene
        rows, at = (
            (scene, scene.slot[self._id]) if self._id in scene.slot else (scene.notes, scene.notes.slot[self._id])
        )
        (x, y), (width, height) = rows.pos[at].tolist(), rows.size[at].tolist()
        return x, y, width, height

    def _lift(self) -> None:
        scene = self.canvas.scene
        self._is_drag = True
        self._slots = np.flatnonzero(scene.is_selected)
        self._notes = np.flatnonzero(scene.notes.is_selected)
        self._ids = [
            *(scene.ids[k] for k in self._slots.tolist()), *(scene.notes.notes[k].id for k in self._notes.tolist())
        ]  # fmt: skip
        self._home, self._notes_home = scene.pos[self._slots], scene.notes.pos[self._notes]
        self._held_home = self._corner()
        self._edges = scene.edges_of(self._slots)
        self._lifted = Lifted(self.canvas, self._slots, self._edges)
        mask = np.zeros(len(scene), bool)
        mask[self._slots] = True
        notes = scene.notes.is_selected.copy()
        self._guides = Guides(self.canvas, mask, notes)
        self._frames = scene.framing.holding(mask, notes)
        for number in self._frames:  # it grows and shrinks behind what stays of what it holds
            mask[scene.framing.members(number)] = True
            notes[scene.framing.notes_of(number)] = True
        self._shown = np.setdiff1d(np.flatnonzero(mask), self._slots)
        self._shown_edges = np.setdiff1d(scene.edges_of(self._shown), self._edges)
        self._shown_notes = np.setdiff1d(np.flatnonzero(notes), self._notes)
        self.canvas.stage.freeze(without_nodes=mask, without_notes=notes)
        if self._takes_out:
            self._leave_chain()

    def _leave_chain(self) -> None:
        """From now on only edges between the moving nodes move along; show the edges that will close the gaps."""
        canvas, scene, session = self.canvas, self.canvas.scene, self.canvas.session
        moving = np.append(scene.is_selected, False)
        self._edges = self._edges[moving[scene.edges.source[self._edges]] & moving[scene.edges.target[self._edges]]]
        self._lifted = Lifted(canvas, self._slots, self._edges)
        self._loose = together.taken_out(session.project, session.catalog, self._ids, session.graph_key)
        before = session.graph.edges
        self._joints = []
        for edge in self._loose.graph(session.graph_key).edges.values():
            if edge.source != before[edge.id].source:
                source, target = scene.slot.get(edge.source.node, -1), scene.slot.get(edge.target.node, -1)
                start = canvas.port_point(source, edge.source.port, is_input=False)
                stop = canvas.port_point(target, edge.target.port, is_input=True)
                if start is not None and stop is not None:
                    self._joints.append(hints.loose_chain(canvas, start, stop, is_input=False))

    def _frame_below(self) -> int:
        """The frame that takes all when it is let go: the one under the middle of what is held."""
        x, y, width, height = self._held()
        number = areas.area_at(self.canvas.scene, x + width / 2, y + height / 2)
        if number < 0 or number in self._frames:
            return -1
        return number

    def _edge_below(self) -> int:
        """The edge on which the node would be put, if it is one loose node over an edge that takes it."""
        scene, session = self.canvas.scene, self.canvas.session
        if len(self._slots) != 1 or len(self._edges) or len(self._notes):
            return -1
        x, y = (scene.pos[self._slots[0]] + scene.size[self._slots[0]] / 2).tolist()
        edge = self.canvas.edge_near(x, y, 24.0)
        if edge < 0 or self._id in (scene.edges[edge].source.node, scene.edges[edge].target.node):
            return -1
        why = rules.why_not_insert(
            self._loose, session.catalog, self._id, scene.edges.ids[edge], graph=session.graph_key
        )
        return -1 if why else edge
