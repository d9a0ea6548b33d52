"""Drawing nodes from near by: a kept picture of each, with its ports, and rings around what is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from studio.gui.canvas import uses
from studio.gui.canvas.card import Flag
from studio.gui.canvas.geometry import Slots
from studio.gui.canvas.look import Look
from studio.gui.canvas.pictures import DETAIL_SCALE, Pictures, family_colour, ports_of
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.sprites import PAD, Sprites, put
from studio.gui.canvas.view import View
from studio.gui.theme import Theme

_EMPTY_RIM = 3.0
"""Nothing is painted on this much of a picture's border: it is left out where pixels cost time."""


class NearSight:
    """Puts pictures of nodes on whole device pixels; scaled ones while exact ones are still to be made."""

    def __init__(self, sprites: Sprites) -> None:
        self.pictures = Pictures(sprites)
        self._sprites = sprites

    def draw_nodes(
        self, painter: QPainter, scene: Scene, view: View, nodes: Slots, theme: Theme, look: Look, ratio: float
    ) -> None:
        """Draw these nodes, later ones above; the painter is in px of the target."""
        scale = view.scale
        is_detailed = scale >= DETAIL_SCALE
        pictures = self.pictures
        pictures.begin(scene, theme, look.budget_ms, is_detailed=is_detailed)
        sharp = round(scale * ratio, 4)
        # floor(x + 0.5), not round: rounding half to even would make nodes tremble by a pixel while panning
        corners = np.floor(((scene.pos[nodes] - PAD) * scale + (view.x_offset, view.y_offset)) * ratio + 0.5) / ratio
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        related = uses.related(scene)
        ringed = scene.is_selected[nodes].tolist()
        has_own_ports = is_detailed and look.port_state is not None
        for k, is_ringed, (x, y) in zip(nodes.tolist(), ringed, corners.tolist(), strict=True):
            if is_ringed or k in related:
                width, height = scene.size[k].tolist()
                sheet = 4 if scene.flags[k] & Flag.BLOCK else 0  # a block looks like two nodes; the ring is around both
                kind, room = "related" if k in related else "ring", sheet + 2 * PAD
                put(painter, self._sprites.get(kind, "", width + room, height + room, sharp), x, y, ratio)
            found = pictures.get(scene, k, sharp, is_exact=look.is_exact, has_ports=not has_own_ports)
            if found is None:
                self._draw_stand_in(painter, scene, k, x + PAD * scale, y + PAD * scale, scale, theme)
                continue
            pixmap, drawn = found
            if drawn == sharp:
                put(painter, pixmap, x, y, ratio)
            else:
                width, height = (scene.size[k] + 2 * (PAD - _EMPTY_RIM)).tolist()
                part = QRectF(_EMPTY_RIM * drawn, _EMPTY_RIM * drawn, width * drawn, height * drawn)
                rim = _EMPTY_RIM * scale
                painter.drawPixmap(QRectF(x + rim, y + rim, width * scale, height * scale), pixmap, part)
            if has_own_ports:
                self._draw_ports(painter, scene, k, x, y, look, sharp, ratio)

    def _draw_stand_in(
        self, painter: QPainter, scene: Scene, slot: int, x: float, y: float, scale: float, theme: Theme
    ) -> None:
        width, height = (scene.size[slot] * scale).tolist()
        painter.fillRect(QRectF(x, y, width, height), QColor(theme.node))
        painter.fillRect(QRectF(x, y, max(2.0, 4 * scale), height), family_colour(theme, int(scene.family[slot])))

    def _draw_ports(
        self, painter: QPainter, scene: Scene, slot: int, x: float, y: float, look: Look, sharp: float, ratio: float
    ) -> None:
        """The ports of one node in the states that a gesture gives them; (x, y) is the corner of its picture."""
        assert look.port_state is not None
        for port, is_input, left, top in ports_of(scene, slot, sharp):
            state = look.port_state(slot, port.name, is_input) or ("optional" if port.is_optional else "plain")
            put(painter, self._sprites.get("port", state, 18, 18, sharp), x + left / ratio, y + top / ratio, ratio)
