"""Draws a scene to any QPainter: the canvas, a PNG, a printer. Knows levels of detail, nothing of mouse or project.

Level of detail by scale: below 0.12 rectangles and straight thin lines; to 0.3 rectangles and thin curves; to 0.6
pictures with the name only; from there on the whole node, ports, shapes on edges. One pass per kind of thing: frames,
notes, edges, their labels, nodes, ports, what is said of a problem.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from studio.gui.canvas import areas, geometry, ghosts, marks, sticky, uses
from studio.gui.canvas.card import Flag
from studio.gui.canvas.far import FarSight, joined_path, one_path
from studio.gui.canvas.geometry import Point, Slots
from studio.gui.canvas.labels import LABEL_REACH, Labels, pill_width, shape_on, single_place
from studio.gui.canvas.pictures import DETAIL_SCALE, PAD, RADIUS, Pictures, family_colour
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.gui.theme import Theme

LINES_BELOW: Final = 0.12
RECTANGLES_BELOW: Final = 0.3
DOT_GAP: Final = 24.0
_SIGN_SCALE: Final = 0.75
_MOST_SIGNS: Final = 1000
"""Where more nodes have problems, one does not count signs; the list of problems has all."""

PortState = Callable[[int, str, bool], str]
"""(slot of the node, name of the port, is it an input) -> state of ``marks.port``, or "" for the usual look."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is shown beside the scene itself.

    ``shows_shapes``: every edge carries its shape; otherwise only those in ``labelled``. ``lit_edge`` is drawn in
    accent, ``lit_point`` of its way-points is the one that keys mean. ``is_exact``: pictures are made for this very
    scale; otherwise those of a near scale do. ``budget_ms`` bounds the time for new pictures. ``port_state``
    overrides how ports look while an edge is drawn.
    """

    shows_shapes: bool = False
    labelled: frozenset[int] = frozenset()
    lit_edge: int = -1
    lit_point: int = -1
    is_exact: bool = True
    budget_ms: float | None = None
    port_state: PortState | None = None
    shows_notes: bool = True


class Painter:
    """Paints scenes. Keeps pictures and paths between frames; one instance per thing that is painted to."""

    def __init__(self) -> None:
        self.pictures = Pictures()
        self._far = FarSight()
        self._labels = Labels()
        self._paths: dict[str, tuple[int, QPainterPath]] = {}
        self._sprites: dict[tuple[object, ...], QPixmap] = {}
        self._sprite_theme: Theme | None = None
        self._dots: tuple[tuple[object, ...], int, QPixmap] | None = None

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
        look: Look = Look(),
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
        self.paint_dots(painter, view, exposed, theme)
        gone = scene.framing.holding(without_nodes, without_notes) if without_nodes is not None else ()
        areas.paint(painter, scene, view, theme, exposed, without=gone)
        sticky.paint(painter, scene, view, theme, exposed, without=without_notes)
        if scene.ghosts:
            ghosts.paint(painter, scene, view, theme, exposed)
        box = view.scene_box(exposed.left(), exposed.top(), exposed.right(), exposed.bottom())
        room = PAD + 2 if view.scale >= RECTANGLES_BELOW else 10 / view.scale  # signs are as large from afar
        nodes = geometry.nodes_in(scene.pos, scene.size, (box[0] - room, box[1] - room, box[2] + room, box[3] + room))
        aside = LABEL_REACH  # a label stands beside its edge
        edges = geometry.boxes_in(scene.bounds, (box[0] - aside, box[1] - 16, box[2] + aside, box[3] + 16))
        if without_nodes is not None:
            nodes = nodes[~without_nodes[nodes]]
            mask = np.append(without_nodes, False)
            edges = edges[~(mask[scene.source[edges]] | mask[scene.target[edges]])]
        if without_edge >= 0:
            edges = edges[edges != without_edge]
        self.paint_parts(painter, scene, view, nodes, edges, theme, look)

    def paint_parts(
        self, painter: QPainter, scene: Scene, view: View, nodes: Slots, edges: Slots, theme: Theme, look: Look
    ) -> None:
        """Paint these nodes and edges, without a background."""
        ratio = painter.device().devicePixelRatio()
        if self._sprite_theme is not theme or len(self._sprites) > 2000:
            self._sprites.clear()
            self._sprite_theme = theme
        self._paint_edges(painter, scene, view, edges, theme, look)
        if view.scale >= DETAIL_SCALE:
            self._paint_labels(painter, scene, view, edges, theme, look, ratio)
        self.pictures.is_complete = True
        if view.scale < RECTANGLES_BELOW:
            self._paint_far_nodes(painter, scene, view, nodes, theme)
        else:
            self._paint_nodes(painter, scene, view, nodes, theme, look, ratio)
        if look.shows_notes and view.scale >= DETAIL_SCALE:
            self._paint_notes(painter, scene, view, theme)

    # Background

    def paint_dots(self, painter: QPainter, view: View, exposed: QRectF, theme: Theme) -> None:
        """The quiet grid of dots; when zoomed out every second one is left away.

        A picture of one row is made and put once per row: Qt's calls per dot would cost more than all nodes.
        """
        gap = DOT_GAP * view.scale
        while gap < 16:
            gap *= 2
        ratio = painter.device().devicePixelRatio()
        dot = max(1, round(1.5 * ratio * min(1.3, view.scale + 0.3)))
        first = math.floor((exposed.left() - view.x_offset) / gap)
        count = math.ceil((exposed.right() - view.x_offset) / gap) - first + 1
        left = view.x_offset + gap * first
        row = self._row_of_dots(round(left * ratio % 1, 3), gap * ratio, count, dot, theme)
        top = math.floor((exposed.top() - view.y_offset) / gap)
        bottom = math.ceil((exposed.bottom() - view.y_offset) / gap)
        x = math.floor(left * ratio) / ratio
        width, height = row.width() / ratio, row.height() / ratio
        source = QRectF(row.rect())
        for k in range(top, bottom + 1):
            y = math.floor((view.y_offset + gap * k) * ratio + 0.5) / ratio
            painter.drawPixmap(QRectF(x, y, width, height), row, source)

    def _row_of_dots(self, start: float, gap: float, count: int, dot: int, theme: Theme) -> QPixmap:
        """A row of dots in device pixels, the first one ``start`` of a pixel from the left; the last one is kept."""
        key = (start, gap, dot, theme.name)
        if self._dots is None or self._dots[0] != key or self._dots[1] < count:
            row = QPixmap(math.ceil(gap * count) + dot + 1, dot)
            row.fill(Qt.GlobalColor.transparent)
            painter = QPainter(row)
            colour = QColor(theme.grid)
            for k in range(count):
                painter.fillRect(math.floor(start + gap * k + 0.5), 0, dot, dot, colour)
            painter.end()
            self._dots = (key, count, row)
        return self._dots[2]

    # Edges

    def _paint_edges(self, painter: QPainter, scene: Scene, view: View, edges: Slots, theme: Theme, look: Look) -> None:
        if not len(edges):
            return
        scale = view.scale
        painter.save()
        painter.translate(view.x_offset, view.y_offset)
        painter.scale(scale, scale)
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
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(QColor(theme.edge), 2.0))
            for k in edges.tolist():
                if k != look.lit_edge:
                    painter.drawPath(self.path(scene, k))
        if look.lit_edge in edges:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(QColor(theme.accent), max(3.0, 2.0 / scale)))
            painter.drawPath(self.path(scene, look.lit_edge))
            if scale >= RECTANGLES_BELOW:
                for number, point in enumerate(scene.edges[look.lit_edge].route):
                    marks.way_point(painter, QPointF(*point), theme, is_meant=number == look.lit_point)
        painter.restore()

    def path(self, scene: Scene, edge: int) -> QPainterPath:
        """The curve of an edge, kept until the edge moves."""
        id, stamp = scene.edge_ids[edge], int(scene.edge_stamp[edge])
        kept = self._paths.get(id)
        if kept is None or kept[0] != stamp:
            if len(self._paths) > 20_000:
                self._paths.clear()
            kept = self._paths[id] = (stamp, one_path(scene.chain(edge)))
        return kept[1]

    def _paint_labels(
        self, painter: QPainter, scene: Scene, view: View, edges: Slots, theme: Theme, look: Look, ratio: float
    ) -> None:
        for k in edges.tolist():
            place = self._label_place(scene, k, look)
            if place is not None:
                text = shape_on(scene, k)
                width = pill_width(text)
                corner = (place[0] - width / 2, place[1] - marks.PILL_HEIGHT / 2)
                sprite = self._sprite(("pill", text), width, marks.PILL_HEIGHT, view.scale * ratio, theme)
                self._put(painter, sprite, view, corner, ratio)

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
        return any(scene.edges[other].source == port for other in self._labels.all_of(scene, int(scene.source[edge])))

    # Nodes

    def _paint_far_nodes(self, painter: QPainter, scene: Scene, view: View, nodes: Slots, theme: Theme) -> None:
        if not len(nodes):
            return
        painter.save()
        painter.translate(view.x_offset, view.y_offset)
        painter.scale(view.scale, view.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._far.draw_nodes(painter, scene, nodes, theme)
        self._far.draw_rings(painter, scene, nodes, theme)
        painter.restore()
        self._paint_far_signs(painter, scene, view, nodes, theme)

    def _paint_far_signs(self, painter: QPainter, scene: Scene, view: View, nodes: Slots, theme: Theme) -> None:
        """The signs of problems and of what another version has otherwise, as large from afar as from near by."""
        ratio = painter.device().devicePixelRatio()
        kinds = {
            int(slot): "problem" if scene.flags[slot] & Flag.PROBLEM else "warning"
            for slot in nodes[(scene.flags[nodes] & (Flag.PROBLEM | Flag.WARNING)) != 0][:_MOST_SIGNS]
        }
        if scene.versions:
            kinds |= {k: scene.versions[scene.ids[k]] for k in nodes.tolist() if scene.ids[k] in scene.versions}
        for slot, kind in kinds.items():
            sprite = self._sprite(("sign", kind), 20, 20, ratio * _SIGN_SCALE, theme)
            x, y = view.to_widget(float(scene.pos[slot, 0] + scene.size[slot, 0]), float(scene.pos[slot, 1]))
            self._put_at(painter, sprite, x - 10 * _SIGN_SCALE, y - 10 * _SIGN_SCALE, ratio)

    def _paint_nodes(
        self, painter: QPainter, scene: Scene, view: View, nodes: Slots, theme: Theme, look: Look, ratio: float
    ) -> None:
        scale = view.scale
        is_detailed = scale >= DETAIL_SCALE
        pictures = self.pictures
        pictures.begin(scene, theme, look.budget_ms, is_detailed=is_detailed)
        sharp = round(scale * ratio, 4)
        # floor(x + 0.5), not round: rounding half to even would make nodes tremble by a pixel while panning
        left = np.floor((scene.pos[nodes, 0] * scale + view.x_offset) * ratio + 0.5) / ratio
        top = np.floor((scene.pos[nodes, 1] * scale + view.y_offset) * ratio + 0.5) / ratio
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        related = uses.related(scene)
        for k, x, y in zip(nodes.tolist(), left.tolist(), top.tolist(), strict=True):
            width, height = scene.size[k].tolist()
            if scene.is_selected[k] or k in related:
                sheet = 4 if scene.flags[k] & Flag.BLOCK else 0  # a block looks like two nodes; the ring is around both
                key = ("related" if k in related else "ring", width + sheet, height + sheet)
                sprite = self._sprite(key, width + sheet + 2 * PAD, height + sheet + 2 * PAD, sharp, theme)
                self._put_at(painter, sprite, x - PAD * scale, y - PAD * scale, ratio)
            found = pictures.get(scene, k, sharp, is_exact=look.is_exact)
            if found is None:
                painter.fillRect(QRectF(x, y, width * scale, height * scale), QColor(theme.node))
                strip = QRectF(x, y, max(2.0, 4 * scale), height * scale)
                painter.fillRect(strip, family_colour(theme, int(scene.family[k])))
                continue
            pixmap, drawn_scale = found
            if drawn_scale == sharp:
                self._put_at(painter, pixmap, x - PAD * scale, y - PAD * scale, ratio)
            else:
                whole = QRectF(0, 0, (width + 2 * PAD) * drawn_scale, (height + 2 * PAD) * drawn_scale)
                w, h = (width + 2 * PAD) * scale, (height + 2 * PAD) * scale
                painter.drawPixmap(QRectF(x - PAD * scale, y - PAD * scale, w, h), pixmap, whole)
            if is_detailed:
                self._paint_ports(painter, scene, k, x, y, view, theme, look, ratio)

    def _paint_ports(
        self, painter: QPainter, scene: Scene, slot: int, x: float, y: float, view: View, theme: Theme, look: Look,
        ratio: float,
    ) -> None:  # fmt: skip
        card = scene.cards[slot]
        inputs, outputs = scene.ports(slot)
        sharp, scale = round(view.scale * ratio, 4), view.scale
        for ports, places, is_input in ((card.inputs, inputs, True), (card.outputs, outputs, False)):
            for port in ports:
                state = look.port_state(slot, port.name, is_input) if look.port_state else ""
                state = state or ("optional" if port.is_optional else "plain")
                dx, dy = places[port.name]
                sprite = self._sprite(("port", state), 18, 18, sharp, theme)
                self._put_at(painter, sprite, x + (dx - 9) * scale, y + (dy - 9) * scale, ratio)

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
        painter.save()
        painter.translate(view.x_offset, view.y_offset)
        painter.scale(view.scale, view.scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        marks.note(painter, QRectF(*place), text, theme)
        painter.restore()

    # Sprites: small pictures that many things share

    def _sprite(self, key: tuple[object, ...], width: float, height: float, sharp: float, theme: Theme) -> QPixmap:
        kept = self._sprites.get((*key, sharp))
        if kept is not None:
            return kept
        pixmap = QPixmap(math.ceil(width * sharp), math.ceil(height * sharp))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(sharp, sharp)
        match key[0]:
            case "port":
                marks.port(painter, QPointF(9, 9), str(key[1]), theme)
            case "pill":
                marks.pill(painter, QRectF(0, 0, width, height), str(key[1]), theme)
            case "related":
                marks.related_ring(painter, QRectF(PAD, PAD, width - 2 * PAD, height - 2 * PAD), RADIUS, theme)
            case "sign":
                marks.sign(painter, QPointF(10, 10), str(key[1]), theme)
            case "ring":
                marks.ring(painter, QRectF(PAD, PAD, width - 2 * PAD, height - 2 * PAD), RADIUS, theme)
        painter.end()
        self._sprites[(*key, sharp)] = pixmap
        return pixmap

    def _put(self, painter: QPainter, sprite: QPixmap, view: View, place: tuple[float, float], ratio: float) -> None:
        x, y = view.to_widget(*place)
        self._put_at(painter, sprite, x, y, ratio)

    @staticmethod
    def _put_at(painter: QPainter, pixmap: QPixmap, x: float, y: float, ratio: float) -> None:
        """Put a pixmap on whole device pixels: a plain copy, and sharp."""
        x, y = math.floor(x * ratio + 0.5) / ratio, math.floor(y * ratio + 0.5) / ratio
        if ratio == 1.0:
            painter.drawPixmap(int(x), int(y), pixmap)
        else:
            target = QRectF(x, y, pixmap.width() / ratio, pixmap.height() / ratio)
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))


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
