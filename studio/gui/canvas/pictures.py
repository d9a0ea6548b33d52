"""The picture of a node: drawn once as a vector, kept as a pixmap until what it says or how large it is changes."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from studio.catalog.spec import Port
from studio.gui.canvas import lettering, marks
from studio.gui.canvas.card import FAMILY_NAMES, Card, Flag
from studio.gui.canvas.geometry import NODE_HEIGHT
from studio.gui.canvas.heat import Warmth
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.sprites import PAD, RADIUS, Sprites
from studio.gui.theme import Theme

HOT: Final = "#D55E00"
"""What is hot: told from the families by those who see no red or green, too (vermillion of Okabe and Ito)."""

DETAIL_SCALE: Final = 0.6
"""Below this scale a node shows only its name, in larger letters: the rest could not be read anyway."""

LEFT, RIGHT = 14.0, 12.0
_LINE = 22.0
_CACHE_MIB = 96
_ALWAYS = 16
"""Pictures that a frame may draw even when its time is over: a small drawing never shows placeholders."""


def family_colour(theme: Theme, family: int) -> QColor:
    """The colour of a family by its number in the scene."""
    name = FAMILY_NAMES[family]
    return marks.ink(theme.families.get(name, theme.faint))


def heat_colour(theme: Theme, level: int, cold: str) -> QColor:
    """The colour of a level of heat: nothing of it on ``cold``, then more and more. Text on it keeps its contrast."""
    strength = (0.0, 0.08, 0.16, 0.26, 0.38, 0.52)[level]
    below, hot = QColor(cold), QColor(HOT)
    pairs = ((below.red(), hot.red()), (below.green(), hot.green()), (below.blue(), hot.blue()))
    return QColor(*(round(a + (b - a) * strength) for a, b in pairs))


def title_place(width: float, height: float = NODE_HEIGHT) -> QRectF:
    """Where the name stands, relative to the node's corner; the field for renaming lies there."""
    return QRectF(LEFT, min(8, (height - 22) / 2), width - LEFT - RIGHT, 22)


def draw_card(
    painter: QPainter,
    card: Card,
    width: float,
    height: float,
    theme: Theme,
    *,
    is_detailed: bool,
    warmth: Warmth | None = None,
) -> None:
    """Draw a node with its top left corner at (0, 0)."""
    draw_body(painter, card, width, height, theme, warmth)
    body = QRectF(0, 0, width, height)
    is_folded = bool(card.flags & Flag.FOLDED)
    if card.flags & Flag.MARKED:
        marks.bookmark(painter, QRectF(width - 26, 0, 8, 8), theme)
    if is_detailed:
        _first_line(painter, card, width, theme, 20.5 if is_folded else 24, is_warm=warmth is not None)
        if not is_folded:
            _second_line(painter, card, width, theme, warmth)
    else:
        font, lines = lettering.name_alone(card.title, width - 28, is_low=is_folded)
        painter.setFont(lettering.font(font))
        painter.setPen(ink(card, theme))
        for number, line in enumerate(lines):
            place = body.adjusted(14, 0, -8, 0).translated(0, (number - (len(lines) - 1) / 2) * _LINE)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), line)
    if card.flags & Flag.PROBLEM:
        marks.octagon(painter, QPointF(width - 3, 3), 8.5, theme)
    elif card.flags & Flag.WARNING:
        marks.triangle(painter, QPointF(width - 4, 3), 8, theme)


def draw_body(
    painter: QPainter, card: Card, width: float, height: float, theme: Theme, warmth: Warmth | None = None
) -> None:
    """Draw a node without what is written on it."""
    body = QRectF(0, 0, width, height)
    is_problem = bool(card.flags & Flag.PROBLEM)
    if card.flags & Flag.BLOCKED:
        painter.setOpacity(0.55)
    _shadow(painter, body, theme)
    if card.flags & Flag.BLOCK:
        _sheet(painter, body.translated(4, 4), theme, theme.border)
    _sheet(painter, body, theme, theme.problem if is_problem else theme.border, 1.5 if is_problem else 1.0)
    if warmth is not None:
        _warm(painter, body, warmth, theme)
    painter.setPen(marks.NO_PEN)
    painter.setBrush(family_colour(theme, card.family))
    inset = 6 if card.flags & Flag.FOLDED else 9
    painter.drawRoundedRect(QRectF(0, inset, 4, height - 2 * inset), 2, 2)
    if card.flags & Flag.BYPASSED:
        marks.hatched(painter, body, RADIUS, theme)
    painter.setOpacity(1.0)  # what is written can be read also where the node is pale


def ink(card: Card, theme: Theme) -> QColor:
    """The colour of the name: quiet where the node does nothing, or nothing yet."""
    return marks.ink(theme.secondary if card.flags & (Flag.BLOCKED | Flag.BYPASSED) else theme.text)


def _shadow(painter: QPainter, body: QRectF, theme: Theme) -> None:
    painter.setPen(marks.NO_PEN)
    strength = 26 if theme.is_dark else 9
    for grow, drop in ((2.0, 2.0), (1.0, 1.5), (0.0, 1.0)):
        painter.setBrush(QColor(0, 0, 0, strength))
        place = body.adjusted(-grow * 0.5, 0, grow * 0.5, grow * 0.5).translated(0, drop)
        painter.drawRoundedRect(place, RADIUS, RADIUS)


def _sheet(painter: QPainter, body: QRectF, theme: Theme, border: str, line: float = 1.0) -> None:
    painter.setPen(marks.line(border, line))
    painter.setBrush(marks.ink(theme.node))
    inset = line / 2
    painter.drawRoundedRect(body.adjusted(inset, inset, -inset, -inset), RADIUS - inset, RADIUS - inset)


def _first_line(painter: QPainter, card: Card, width: float, theme: Theme, baseline: float, *, is_warm: bool) -> None:
    """The name left and the type right."""
    right = width - RIGHT
    if card.flags & Flag.SHARED:
        marks.link(painter, QRectF(right - 13, baseline - 12, 13, 13), QColor(theme.secondary))
        right -= 20
    if card.flags & Flag.FROZEN:
        marks.snowflake(painter, QPointF(right - 6.5, baseline - 5), 6.5, QColor(theme.accent))
        right -= 20
    if card.flags & (Flag.PROBLEM | Flag.WARNING):
        right -= 2
    line = lettering.first_line(card, right - LEFT - 10)
    painter.setFont(lettering.font(line.title_font))
    painter.setPen(ink(card, theme))
    painter.drawText(QPointF(LEFT, baseline), line.title)
    painter.setFont(lettering.font(line.kind_font))
    painter.setPen(marks.ink(theme.text if is_warm else theme.secondary))
    painter.drawText(QPointF(right - lettering.wide(line.kind_font, line.kind), baseline), line.kind)


def _warm(painter: QPainter, body: QRectF, warmth: Warmth, theme: Theme) -> None:
    """A tint by the level, and a bar along the lower edge as long as the share of the largest."""
    painter.setPen(marks.NO_PEN)
    painter.setBrush(heat_colour(theme, warmth.level, theme.node))
    painter.drawPath(marks.rounded(body.adjusted(1, 1, -1, -1), RADIUS - 1))
    if warmth.share > 0:
        painter.save()
        painter.setClipPath(marks.rounded(body.adjusted(1, 1, -1, -1), RADIUS - 1), Qt.ClipOperation.IntersectClip)
        painter.fillRect(QRectF(1, body.height() - 5, (body.width() - 2) * warmth.share, 4), QColor(HOT))
        painter.restore()


def _second_line(painter: QPainter, card: Card, width: float, theme: Theme, warmth: Warmth | None = None) -> None:
    """The output shape left and the parameter count right (or what is measured); or for whom the node waits."""
    painter.setPen(marks.ink(theme.secondary if warmth is None else theme.text))
    room = width - LEFT - RIGHT
    if card.waits_for:
        text = QCoreApplication.translate("Canvas", "waits for {}").format(card.waits_for)
        painter.setFont(lettering.font("kind"))
        painter.drawText(QPointF(LEFT, 46), lettering.cut("kind", text, room))
        return
    shape, count, name = lettering.second_line(card, room, warmth)
    painter.setFont(lettering.font(name))
    painter.drawText(QPointF(LEFT, 46), shape)
    painter.drawText(QPointF(width - RIGHT - lettering.wide(name, count), 46), count)


# ---- kept pictures ---------------------------------------------------------------------------------------------------


def ports_of(scene: Scene, slot: int, sharp: float) -> Iterator[tuple[Port, bool, int, int]]:
    """Each port of a node, whether it is an input, and the corner of its sprite on the picture, device pixels."""
    card = scene.cards[slot]
    for ports, places, is_input in zip((card.inputs, card.outputs), scene.ports(slot), (True, False), strict=True):
        for port in ports:
            x, y = places[port.name]
            yield port, is_input, math.floor((PAD + x - 9) * sharp + 0.5), math.floor((PAD + y - 9) * sharp + 0.5)


@dataclass(slots=True)
class _Picture:
    stamp: int
    scale: float
    is_detailed: bool
    pixmap: QPixmap
    with_ports: QPixmap | None = None
    """The same with its ports in their usual look: one copy per node and frame instead of three or four."""

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return sum(p.width() * p.height() * 4 for p in (self.pixmap, self.with_ports) if p is not None)


class Pictures:
    """Pixmaps of nodes by id. Where time is short, an older or scaled picture stands in until ``is_complete``."""

    def __init__(self, sprites: Sprites) -> None:
        self._sprites = sprites
        self._kept: OrderedDict[str, _Picture] = OrderedDict()
        self._bytes = 0
        self._theme: Theme | None = None
        self._scene: Scene | None = None
        self.is_complete = True
        self._deadline = 0.0
        self._is_detailed = True
        self._drawn = 0

    def begin(self, scene: Scene, theme: Theme, budget_ms: float | None, *, is_detailed: bool) -> None:
        """Start a frame. New pictures are drawn for at most ``budget_ms``; None means all of them."""
        self._is_detailed = is_detailed
        self._drawn = 0
        if theme is not self._theme or scene is not self._scene:
            self.clear()
            self._theme, self._scene = theme, scene
        self.is_complete = True
        self._deadline = math.inf if budget_ms is None else time.perf_counter() + budget_ms / 1000

    def clear(self) -> None:
        """Forget all pictures."""
        self._kept.clear()
        self._bytes = 0

    def get(
        self, scene: Scene, slot: int, scale: float, *, is_exact: bool, has_ports: bool = False
    ) -> tuple[QPixmap, float] | None:
        """The picture of a node and the scale at which it was drawn (device pixels per scene px), or None for now."""
        found = self._found(scene, slot, scale, is_exact=is_exact)
        if found is None:
            return None
        if not has_ports or not found.is_detailed:
            return found.pixmap, found.scale
        if found.with_ports is None:
            self._bytes -= found.size
            found.with_ports = self._with_ports(scene, slot, found)
            self._bytes += found.size
        return found.with_ports, found.scale

    def _found(self, scene: Scene, slot: int, scale: float, *, is_exact: bool) -> _Picture | None:
        kept = self._kept.get(scene.ids[slot])
        stamp = int(scene.stamp[slot])
        if kept is not None and kept.stamp == stamp:
            is_same_kind = kept.is_detailed == self._is_detailed
            if kept.scale == scale and is_same_kind:
                return kept
            if not is_exact and is_same_kind:
                self.is_complete = False
                return kept
        if self._drawn >= _ALWAYS and time.perf_counter() > self._deadline:
            self.is_complete = False
            return kept
        return self._draw(scene, slot, stamp, scale)

    def _with_ports(self, scene: Scene, slot: int, picture: _Picture) -> QPixmap:
        pixmap = picture.pixmap.copy()
        painter = QPainter(pixmap)
        for port, _, x, y in ports_of(scene, slot, picture.scale):
            state = "optional" if port.is_optional else "plain"
            painter.drawPixmap(x, y, self._sprites.get("port", state, 18, 18, picture.scale))
        painter.end()
        return pixmap

    def _draw(self, scene: Scene, slot: int, stamp: int, scale: float) -> _Picture:
        assert self._theme is not None
        self._drawn += 1
        width, height = scene.size[slot].tolist()
        pixmap = QPixmap(math.ceil((width + 2 * PAD) * scale), math.ceil((height + 2 * PAD) * scale))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(scale, scale)
        painter.translate(PAD, PAD)
        warmth = scene.heat.of(scene.ids[slot]) if scene.heat.measure else None
        draw_card(painter, scene.cards[slot], width, height, self._theme, is_detailed=self._is_detailed, warmth=warmth)
        if scene.versions and scene.ids[slot] in scene.versions:
            painter.setOpacity(1.0)
            marks.version(painter, QPointF(2, 2), scene.versions[scene.ids[slot]], self._theme)
        painter.end()
        picture = _Picture(stamp, scale, self._is_detailed, pixmap)
        self._keep(scene.ids[slot], picture)
        return picture

    def _keep(self, id: str, picture: _Picture) -> None:
        old = self._kept.pop(id, None)
        if old is not None:
            self._bytes -= old.size
        self._kept[id] = picture
        self._bytes += picture.size
        while self._bytes > _CACHE_MIB << 20 and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size
