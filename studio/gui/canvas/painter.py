"""Draws a scene to any QPainter: the canvas, a PNG, a printer. Knows levels of detail, nothing of mouse or project.

Level of detail by scale: below 0.12 rectangles and straight thin lines; to 0.3 rectangles and thin curves; to 0.6
pictures with the name only; from there on the whole node, ports, shapes on edges. One pass per kind of thing: frames,
notes, edges, their labels, titles of frames, nodes, ports, what is said of a problem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from studio.gui.canvas import areas, geometry, ghosts, marks, sticky
from studio.gui.canvas.card import Flag
from studio.gui.canvas.dots import Dots
from studio.gui.canvas.edge_pictures import EdgePictures
from studio.gui.canvas.far import FarSight, joined_path, one_path
from studio.gui.canvas.geometry import Point, Slots
from studio.gui.canvas.labels import LABEL_REACH, Labels, pill_width, shape_on, single_place
from studio.gui.canvas.look import PLAIN, Look
from studio.gui.canvas.near import NearSight
from studio.gui.canvas.pictures import DETAIL_SCALE, Pictures
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.sprites import PAD, Sprites, put
from studio.gui.canvas.view import View
from studio.gui.theme import Theme

LINES_BELOW: Final = 0.12
RECTANGLES_BELOW: Final = 0.3
_SIGN_SCALE: Final = 0.75
_MOST_SIGNS: Final = 1000
"""Where more nodes have problems, one does not count signs; the list of problems has all."""


class Painter:
    """Paints scenes. Keeps pictures and paths between frames; one instance per thing that is painted to."""

    def __init__(self) -> None:
        self._dots = Dots()
        self._sprites = Sprites()
        self._far = FarSight()
        self._near = NearSight(self._sprites)
        self._labels = Labels()
        self._edges = EdgePictures()

    @property
    def pictures(self) -> Pictures:
        """The pictures of nodes that are kept between frames."""
        return self._near.pictures

    @property
    def is_complete(self) -> bool:
        """Whether the last frame showed every picture as it should be; otherwise paint again soon."""
        return self.pictures.is_complete

    def paint(
        self,
        painter: QPainter,
        scene: Scene,
        view: View,
        exposed: QRectF,
        theme: Theme,
        look: Look = PLAIN,
        *,
        without_nodes: np.ndarray | None = None,
        without_notes: np.ndarray | None = None,
        without_edge: int = -1,
    ) -> None:
        """Paint what lies under ``exposed`` (px of the target).

        ``without_nodes`` is a mask of nodes to leave out together with their edges and their frames,
        ``without_notes`` one of notes.
        """
        painter.fillRect(exposed, QColor(theme.canvas))
        self._dots.paint(painter, view, exposed, theme)
        gone = scene.framing.holding(without_nodes, without_notes) if without_nodes is not None else ()
        areas.paint(painter, scene, view, theme, exposed, without=gone, has_titles=False)
        sticky.paint(painter, scene, view, theme, exposed, without=without_notes)
        if scene.ghosts:
            ghosts.paint(painter, scene, view, theme, exposed)
        box = view.scene_box(exposed.left(), exposed.top(), exposed.right(), exposed.bottom())
        room = PAD + 2 if view.scale >= RECTANGLES_BELOW else 10 / view.scale  # signs are as large from afar
        nodes = geometry.nodes_in(scene.pos, scene.size, (box[0] - room, box[1] - room, box[2] + room, box[3] + room))
        room = max(16.0, 2 / view.scale)  # the lit edge is wide, and as wide from afar
        edges = geometry.boxes_in(scene.edges.bounds, (box[0] - room, box[1] - room, box[2] + room, box[3] + room))
        labelled = edges
        if view.scale >= DETAIL_SCALE:  # a label stands beside its edge
            aside = (box[0] - LABEL_REACH, box[1] - room, box[2] + LABEL_REACH, box[3] + room)
            labelled = geometry.boxes_in(scene.edges.bounds, aside)
        if without_nodes is not None:
            nodes = nodes[~without_nodes[nodes]]
            mask = np.append(without_nodes, False)
            edges, labelled = (
                some[~(mask[scene.edges.source[some]] | mask[scene.edges.target[some]])] for some in (edges, labelled)
            )
        if without_edge >= 0:
            edges, labelled = edges[edges != without_edge], labelled[labelled != without_edge]

        def titles() -> None:
            areas.paint_titles(painter, scene, view, theme, exposed, QColor(theme.canvas), without=gone)

        self.paint_parts(painter, scene, view, nodes, edges, theme, look, labelled, titles)

    def paint_parts(
        self, painter: QPainter, scene: Scene, view: View, nodes: Slots, edges: Slots, theme: Theme, look: Look,
        labelled: Slots | None = None, over_edges: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        """Paint these nodes and edges, without a background. ``labelled`` are edges whose labels may be in view;
        ``over_edges`` paints what lies between edges and nodes."""
        ratio = painter.device().devicePixelRatio()
        self._sprites.begin(theme)
        self._paint_edges(painter, scene, view, edges, theme, look, ratio)
        if view.scale >= DETAIL_SCALE:
            self._paint_labels(painter, scene, view, edges if labelled is None else labelled, look, ratio)
        over_edges()
        self.pictures.is_complete = True
        if view.scale < RECTANGLES_BELOW:
            self._paint_far_nodes(painter, scene, view, nodes, theme)
        else:
            self._near.draw_nodes(painter, scene, view, nodes, theme, look, ratio)
        if look.shows_notes and view.scale >= DETAIL_SCALE:
            self._paint_notes(painter, scene, view, theme)

    # Edges

    def _paint_edges(
        self, painter: QPainter, scene: Scene, view: View, edges: Slots, theme: Theme, look: Look, ratio: float
    ) -> None:
        if not len(edges):
            return
        scale = view.scale
        if scale >= DETAIL_SCALE:
            plain = edges[edges != look.lit_edge]
            self._edges.draw(
                painter, scene, view, plain, theme, ratio, is_exact=look.is_exact, are_moving=look.are_moving
            )
        with marks.in_scene(painter, view):
            painter.setBrush(marks.NO_BRUSH)
            if scale < DETAIL_SCALE:
                pen = QPen(QColor(theme.edge), 1.0)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, scale >= LINES_BELOW)
                if scale < LINES_BELOW:
                    self._far.draw_lines(painter, scene, edges)
                else:
                    painter.drawPath(joined_path(scene, edges))
            if look.lit_edge in edges:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
                painter.setPen(QPen(QColor(theme.accent), max(3.0, 2.0 / scale)))
                painter.drawPath(one_path(scene.edges.chain(look.lit_edge)))
                if scale >= RECTANGLES_BELOW:
                    for number, point in enumerate(scene.edges[look.lit_edge].route):
                        marks.way_point(painter, QPointF(*point), theme, is_meant=number == look.lit_point)

    def _paint_labels(
        self, painter: QPainter, scene: Scene, view: View, edges: Slots, look: Look, ratio: float
    ) -> None:
        for k in edges.tolist():
            place = self._label_place(scene, k, look)
            if place is not None:
                text = shape_on(scene, k)
                width = pill_width(text)
                corner = (place[0] - width / 2, place[1] - marks.PILL_HEIGHT / 2)
                sprite = self._sprites.get("pill", text, width, marks.PILL_HEIGHT, view.scale * ratio)
                put(painter, sprite, *view.to_widget(*corner), ratio)

    def _label_place(self, scene: Scene, edge: int, look: Look) -> Point | None:
        """The middle of an edge's label, or None where it carries none just now."""
        if look.shows_shapes:
            place = self._labels.place(scene, edge)
            if place is not None or self._is_told(scene, edge):
                return place
        if (edge != look.lit_edge and edge not in look.labelled) or not shape_on(scene, edge):
            return None
        return single_place(scene, edge, is_alone=edge not in look.labelled)

    def _is_told(self, scene: Scene, edge: int) -> bool:
        """Whether another edge of the same port carries the label."""
        port = scene.edges[edge].source
        return any(
            scene.edges[other].source == port for other in self._labels.all_of(scene, int(scene.edges.source[edge]))
        )

    # Nodes

    def _paint_far_nodes(self, painter: QPainter, scene: Scene, view: View, nodes: Slots, theme: Theme) -> None:
        if not len(nodes):
            return
        with marks.in_scene(painter, view):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            self._far.draw_nodes(painter, scene, nodes, theme)
            self._far.draw_rings(painter, scene, nodes, theme)
        self._paint_far_signs(painter, scene, view, nodes)

    def _paint_far_signs(self, painter: QPainter, scene: Scene, view: View, nodes: Slots) -> None:
        """The signs of problems and of what another version has otherwise, as large from afar as from near by."""
        ratio = painter.device().devicePixelRatio()
        kinds = {
            int(slot): "problem" if scene.flags[slot] & Flag.PROBLEM else "warning"
            for slot in nodes[(scene.flags[nodes] & (Flag.PROBLEM | Flag.WARNING)) != 0][:_MOST_SIGNS]
        }
        if scene.versions:
            kinds |= {k: scene.versions[scene.ids[k]] for k in nodes.tolist() if scene.ids[k] in scene.versions}
        for slot, kind in kinds.items():
            sprite = self._sprites.get("sign", kind, 20, 20, ratio * _SIGN_SCALE)
            x, y = view.to_widget(float(scene.pos[slot, 0] + scene.size[slot, 0]), float(scene.pos[slot, 1]))
            put(painter, sprite, x - 10 * _SIGN_SCALE, y - 10 * _SIGN_SCALE, ratio)

    def _paint_notes(self, painter: QPainter, scene: Scene, view: View, theme: Theme) -> None:
        """The sentence of the only problem, beside its node."""
        slot = only_problem(scene)
        if slot < 0:
            return
        text = scene.cards[slot].problem
        device = painter.device()
        ratio = device.devicePixelRatio()
        visible = view.scene_box(4, 4, device.width() / ratio - 4, device.height() / ratio - 4)
        place = note_place(scene, slot, visible)
        with marks.in_scene(painter, view):
            marks.note(painter, QRectF(*place), text, theme)


# ---- places that the canvas needs too --------------------------------------------------------------------------------


def only_problem(scene: Scene) -> int:
    """Slot of the one node with a problem, or -1 if there are none or several."""
    slots = np.flatnonzero(scene.flags & Flag.PROBLEM)
    return int(slots[0]) if len(slots) == 1 else -1


def note_place(scene: Scene, slot: int, visible: geometry.Box | None = None) -> geometry.Box:
    """Left, top, width and height of the note beside a node: where it is in view and covers no node, if it can be."""
    text = scene.cards[slot].problem
    for wrap in (260.0, 196.0):
        width, height = marks.note_size(text, wrap)
        spot = geometry.free_side(scene.pos, scene.size, slot, width, height, scene.direction, visible)
        if spot is not None:
            return *spot, width, height
    x, y = scene.pos[slot].tolist()
    width, height = marks.note_size(text)
    return x, y + float(scene.size[slot, 1]) + 14, width, height
