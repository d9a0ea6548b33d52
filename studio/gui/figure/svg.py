"""An SVG painter: takes what drawings say to a QPainter and writes one short element for each.

Qt's own generator takes five times as long and wraps every line of text into a group of attributes. Here a node is a
group with a title and a place of its own, text is text, and a line is told how wide it has to be: readers have other
fonts than we, and in a wider one it would run out of its node. What many nodes have in common is drawn once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from studio.workbench.figures import SCREEN_DPI

_CAPS = {Qt.PenCapStyle.FlatCap: "butt", Qt.PenCapStyle.RoundCap: "round"}
"""Those that differ from Qt's usual one, which the root element sets."""

_NOTHING = ' fill="none"'
_MM_PER_INCH = 25.4


class SvgPainter:
    """The part of QPainter that figures use. Whatever else is asked of it is an AttributeError, which tests find."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._dx = self._dy = 0.0
        self._turned: QTransform | None = None
        self._kept: list[tuple[float, float, QTransform | None, str, str, str]] = []
        self._line, self._fill, self._ink = "", _NOTHING, ""
        self._font = ("", 0, QFont.Weight.Normal)
        self._opacity = ""
        self._pens: dict[int, tuple[QPen, str, str]] = {}
        self._fonts: dict[int, tuple[QFont, tuple[str, int, QFont.Weight]]] = {}
        self._drawn: dict[Hashable, list[str]] = {}

    def as_painter(self) -> QPainter:
        """Itself, for functions that draw with a QPainter."""
        return cast(QPainter, self)

    @contextmanager
    def group(self, title: str, x: float, y: float) -> Iterator[None]:
        """All that is drawn meanwhile belongs together, with its origin at (x, y) of what was the origin so far;
        browsers show the title at the pointer."""
        self.save()
        self._written.append(f'<g transform="translate({self._point(x, y)})">\n<title>{_text(title)}</title>')
        self._dx = self._dy = 0.0
        yield
        self._written.append("</g>")
        self.restore()

    def once(self, key: Hashable, draw: Callable[[], object]) -> None:
        """Draw, or write again what ``draw`` wrote when it came with this key before. What comes after it must not
        count on the pen, brush and font that ``draw`` set."""
        drawn = self._drawn.get(key)
        if drawn is None:
            begin = len(self._written)
            draw()
            self._drawn[key] = self._written[begin:]
        else:
            self._written += drawn

    def document(self, width: float, height: float, scale: float, title: str, description: str) -> bytes:
        """The whole file."""
        inches = scale / SCREEN_DPI
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" version="1.1"'
            f' width="{_number(width * inches * _MM_PER_INCH)}mm" height="{_number(height * inches * _MM_PER_INCH)}mm"'
            f' viewBox="0 0 {_number(width)} {_number(height)}">\n'
            f"<title>{_text(title)}</title>\n<desc>{_text(description)}</desc>\n"
            '<g stroke-linecap="square" stroke-linejoin="bevel">\n'
        )
        return f"{head}{chr(10).join(self._written)}\n</g>\n</svg>\n".encode()

    # ---- how it is drawn

    def setRenderHints(self, *_: object) -> None:
        """Lines are smooth anyway."""

    setRenderHint = setRenderHints

    def setPen(self, pen: QPen | QColor | Qt.PenStyle) -> None:
        """The line of what follows, and the colour of its text."""
        if isinstance(pen, QColor):
            self._ink = _paint("fill", pen)
            self._line = _paint("stroke", pen)
        elif isinstance(pen, QPen):
            known = self._pens.get(id(pen))
            if known is None:  # keeping the pen keeps its number from being given to another one
                known = self._pens[id(pen)] = (pen, _paint("fill", pen.color()), _line(pen))
            _, self._ink, self._line = known
        else:
            self._line = ""

    def setBrush(self, brush: QColor | QBrush | Qt.BrushStyle) -> None:
        """What areas are filled with."""
        self._fill = _paint("fill", brush) if isinstance(brush, QColor) else _NOTHING

    def setFont(self, font: QFont) -> None:
        """The font of the text that follows."""
        known = self._fonts.get(id(font))
        if known is None:
            told = (",".join(font.families()), font.pixelSize(), font.weight())
            known = self._fonts[id(font)] = (font, told)
        self._font = known[1]

    def setOpacity(self, opacity: float) -> None:
        """How much covers what is below."""
        self._opacity = "" if opacity == 1.0 else f' opacity="{_number(opacity)}"'

    # ---- where it is drawn

    def save(self) -> None:
        """Remember how and where is drawn."""
        self._kept.append((self._dx, self._dy, self._turned, self._line, self._fill, self._ink))

    def restore(self) -> None:
        """Draw as it was when ``save`` was called."""
        self._dx, self._dy, self._turned, self._line, self._fill, self._ink = self._kept.pop()

    def translate(self, x: float | QPointF, y: float = 0.0) -> None:
        """Move the origin."""
        dx, dy = (x.x(), x.y()) if isinstance(x, QPointF) else (x, y)
        if self._turned is not None:
            self._turned = QTransform(self._turned).translate(dx, dy)
        else:
            self._dx += dx
            self._dy += dy

    def rotate(self, degrees: float) -> None:
        """Turn what follows around the origin."""
        if self._turned is None:
            self._turned, self._dx, self._dy = QTransform().translate(self._dx, self._dy), 0.0, 0.0
        self._turned = QTransform(self._turned).rotate(degrees)

    # ---- what is drawn

    def fillRect(self, place: QRectF, colour: QColor) -> None:
        """An area without a line around it."""
        self._element(f"rect{self._box(place)}{_paint('fill', colour)}")

    def drawRect(self, place: QRectF) -> None:
        """An area with square corners."""
        self._element(f"rect{self._box(place)}{self._fill}{self._line}")

    def drawRoundedRect(self, place: QRectF, rx: float, ry: float) -> None:
        """An area with round corners."""
        self._element(f'rect{self._box(place)} rx="{_number(rx)}" ry="{_number(ry)}"{self._fill}{self._line}')

    def drawEllipse(self, centre: QPointF, rx: float, ry: float) -> None:
        """An ellipse around a point."""
        place = f' cx="{_number(centre.x() + self._dx)}" cy="{_number(centre.y() + self._dy)}"'
        self._element(f'ellipse{place} rx="{_number(rx)}" ry="{_number(ry)}"{self._fill}{self._line}')

    def drawLine(self, start: QPointF, end: QPointF) -> None:
        """A straight line."""
        self._element(f'path d="M{self._point(start.x(), start.y())}L{self._point(end.x(), end.y())}"{self._line}')

    def drawPolygon(self, corners: QPolygonF | Sequence[QPointF]) -> None:
        """An area between straight lines."""
        points = corners.toList() if isinstance(corners, QPolygonF) else corners
        said = " ".join([self._point(point.x(), point.y()) for point in points])
        self._element(f'polygon points="{said}"{self._fill}{self._line}')

    def drawPath(self, path: QPainterPath) -> None:
        """Any line."""
        self._element(f'path d="{self._data(path)}"{self._fill}{self._line}')

    def curve(self, chain: Sequence[Sequence[float]]) -> None:
        """A line through the first point, and cubic curves to every third one."""
        said = [self._point(x, y) for x, y in chain]
        curves = [f"C{said[at]} {said[at + 1]} {said[at + 2]}" for at in range(1, len(said) - 2, 3)]
        self._element(f'path d="M{said[0]}{"".join(curves)}"{self._fill}{self._line}')

    def drawText(self, place: QPointF, text: str) -> None:
        """One line of text, from the left end of its base line."""
        self.write(place, text, "start")

    def write(self, place: QPointF, text: str, end: str) -> None:
        """One line of text with its start, its middle or its end at a place."""
        if not text.strip():
            return
        said = _line_of_text(*self._font, self._ink, text)
        if end != "start":
            said += f' text-anchor="{end}"'
        self._element(
            f'text x="{_number(place.x() + self._dx)}" y="{_number(place.y() + self._dy)}"{said}', _text(text)
        )

    def _element(self, said: str, inside: str = "") -> None:
        turned = ""
        if (how := self._turned) is not None:
            parts = (how.m11(), how.m12(), how.m21(), how.m22(), how.dx(), how.dy())
            turned = f' transform="matrix({" ".join(f"{part:.6g}" for part in parts)})"'
        end = f">{inside}</{said.partition(' ')[0]}>" if inside else "/>"
        self._written.append(f"<{said}{self._opacity}{turned}{end}")

    def _point(self, x: float, y: float) -> str:
        return f"{_number(x + self._dx)} {_number(y + self._dy)}"

    def _box(self, place: QRectF) -> str:
        left, top = _number(place.left() + self._dx), _number(place.top() + self._dy)
        return f' x="{left}" y="{top}" width="{_number(place.width())}" height="{_number(place.height())}"'

    def _data(self, path: QPainterPath) -> str:
        """A path in the letters of SVG."""
        said = []
        for at in range(path.elementCount()):
            element = path.elementAt(at)
            letter = "C" if element.isCurveTo() else "M" if element.isMoveTo() else "L" if element.isLineTo() else " "
            said.append(f"{letter}{self._point(element.x, element.y)}")
        return "".join(said)


@lru_cache(maxsize=16384)
def _number(value: float) -> str:
    """A hundredth of a pixel is seen by nobody. The same numbers come again and again: nodes stand below each other."""
    said = f"{value:.2f}"
    return said[:-3] if said.endswith(".00") else said.rstrip("0")


def _text(text: str) -> str:
    return escape(text, quote=False)


def _paint(what: str, colour: QColor) -> str:
    return _colour(what, colour.rgba())


@lru_cache(maxsize=256)
def _colour(what: str, rgba: int) -> str:
    alpha = (rgba >> 24) / 255
    said = f' {what}="#{rgba & 0xFFFFFF:06x}"'
    return said if alpha == 1 else f'{said} {what}-opacity="{_number(alpha)}"'


@lru_cache(maxsize=4096)
def _line_of_text(families: str, px: int, weight: QFont.Weight, ink: str, text: str) -> str:
    # Names of types and shapes come again on many nodes, and measuring takes its time.
    generic = "monospace" if "Mono" in families else "sans-serif"
    font = f' font-family="{escape(families)},{generic}" font-size="{px}" font-weight="{weight.value}"'
    width = _number(_metrics(families, px, weight).horizontalAdvance(text))
    space = ' xml:space="preserve"' if "  " in text or text != text.strip() else ""
    return f'{font}{ink}{space} textLength="{width}" lengthAdjust="spacingAndGlyphs"'


@lru_cache(maxsize=64)
def _metrics(families: str, px: int, weight: QFont.Weight) -> QFontMetricsF:
    font = QFont(families.split(","))
    font.setPixelSize(px)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return QFontMetricsF(font)


def once(painter: QPainter | SvgPainter, key: Hashable, draw: Callable[[], object]) -> None:
    """Draw; in an SVG, what was drawn with the same key is written again."""
    if isinstance(painter, SvgPainter):
        painter.once(key, draw)
    else:
        draw()


def _line(pen: QPen) -> str:
    if pen.style() == Qt.PenStyle.NoPen:
        return ""
    width = pen.widthF()
    said = f'{_paint("stroke", pen.color())} stroke-width="{_number(width)}"'
    if pen.style() != Qt.PenStyle.SolidLine:
        dashes = " ".join(_number(part * width) for part in pen.dashPattern())
        said += f' stroke-dasharray="{dashes}"'
    cap = _CAPS.get(pen.capStyle())
    return said if cap is None else f'{said} stroke-linecap="{cap}"'
