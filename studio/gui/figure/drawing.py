"""What is on a figure and where: the nodes, edges, frames and notes of one graph, painted as vectors."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, OUTPUT, Node, Project
from studio.core.topology import id_key
from studio.gui.canvas import areas, marks, sticky
from studio.gui.canvas.card import AnswerLike, Card, Flag
from studio.gui.canvas.far import one_path
from studio.gui.canvas.labels import shape_on
from studio.gui.canvas.numbers import count_text
from studio.gui.canvas.port_places import Places
from studio.gui.canvas.scene import Scene
from studio.gui.canvas.view import View
from studio.gui.figure import folding, paper, screen, table
from studio.gui.figure.joints import Joints, Shown
from studio.gui.figure.svg import SvgPainter, once
from studio.gui.theme import DARK, LIGHT, Theme, load_fonts, mono_font
from studio.immutable import immutable
from studio.workbench.figures import LOOKS, FigureError, FigureLook

MARGIN = 24.0
"""Room around the drawing, scene px: shadow, ports and stacked blocks reach over the nodes."""

FARTHEST = 1e7
"""A hundred thousand nodes in a row are shorter; beyond it Qt's whole numbers come to their end, scaled to print."""

EDGE_PX = 2.0

_DTYPE_ROOM = 158.0
"""Width of the line with shape and dtype on a node of usual size, px."""

_THEMES = {"light": LIGHT, "dark": DARK}

_SHORT_DTYPES = {"float": "f", "bfloat": "bf", "int": "i", "uint": "u"}


@immutable
class _Facts:
    """What cards are made from. Problems are not on figures: they belong to the work, not to the result."""

    catalog: Catalog
    answers: Mapping[str, AnswerLike]

    def problems_of(self, node_id: str, /) -> Sequence[Problem]:
        return ()


class Figure:
    """One graph, or some of its nodes with the edges among them, in one look. ``width`` and ``height`` in px.

    FigureError if there is nothing to draw.
    """

    def __init__(
        self,
        project: Project,
        catalog: Catalog,
        answers: Mapping[str, AnswerLike],
        *,
        graph: str = MAIN,
        only: Collection[str] | None = None,
        look: FigureLook = LOOKS["light"],
    ) -> None:
        load_fonts()
        self.look = look
        self.title = printable(project.title)
        scene = self._scene = Scene(_Facts(catalog, answers))
        scene.load(project, graph)
        nodes = project.graph(graph).nodes
        chosen = np.array([only is None or id in only for id in scene.ids], bool)
        if not chosen.any():
            raise FigureError("There is nothing to draw: the drawing is empty.")
        self._nodes: list[int] = np.flatnonzero(chosen).tolist()
        # A drawing that is folded has its nodes elsewhere, and notes would lie beside nothing.
        self._notes = {
            k: replace(note, text="\n".join(map(printable, note.text.split("\n"))))
            for k, note in enumerate(scene.notes.notes)
            if not look.is_folded and (only is None or note.id in only)
        }
        framing = scene.framing
        is_whole = [not look.is_folded and chosen[framing.members(k)].all() for k in range(len(framing))]
        self._frames = [number for number, is_in in enumerate(is_whole) if is_in]
        has_ends = (scene.edges.source >= 0) & (scene.edges.target >= 0)
        inner = has_ends & chosen[scene.edges.source] & chosen[scene.edges.target] if len(scene.edges) else has_ends
        edges = np.flatnonzero(inner).tolist()
        joints = self._joints = Joints(scene, self._nodes, edges)
        self._chains = folding.fold(scene, self._nodes, edges) if look.is_folded else list(map(joints.chain, edges))
        self._taken: dict[int, tuple[str, ...]] = dict.fromkeys(self._nodes, ())
        if look.theme == "plot_model" and look.shows_shapes:
            self._taken = {slot: tuple(map(printable, _taken(scene, slot))) for slot in self._nodes}
        self._cards = {slot: _shown(scene.cards[slot], look) for slot in self._nodes}
        if look.shows_dtypes:
            dtypes = {s: _dtype(project, nodes[scene.ids[s]], answers, scene.prefix) for s in self._nodes}
            self._cards = _with_dtypes(self._cards, dtypes)
        self._places: list[list[float]] = np.hstack((scene.pos, scene.size)).tolist()
        is_short = table.fits_in_one if look.theme == "plot_model" else screen.fits_in_two
        self._is_tall = look.theme != "paper" and not all(
            is_short(card, self._places[slot][2]) for slot, card in self._cards.items()
        )
        self._left, self._top, right, bottom = self._bounds()
        self.width, self.height = right - self._left, bottom - self._top

    def _bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all that is drawn, on whole pixels."""
        scene = self._scene
        low = scene.pos[self._nodes].min(axis=0)
        high = (scene.pos[self._nodes] + scene.size[self._nodes]).max(axis=0)
        whole = QRectF(QPointF(*low.tolist()), QPointF(*high.tolist()))
        if self._chains:
            points = np.array([point for chain in self._chains for point in chain])
            whole = whole.united(QRectF(QPointF(*points.min(axis=0).tolist()), QPointF(*points.max(axis=0).tolist())))
        for note in self._notes.values():
            whole = whole.united(QRectF(note.x, note.y, note.width, note.height))
        for number in self._frames:
            left, top, right, bottom = areas.area(scene, number)
            whole = whole.united(QRectF(QPointF(left, top), QPointF(right, bottom)))
        whole = whole.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        if not whole.width() + whole.height() < FARTHEST:  # also where a place is no number
            raise FigureError("The figure was not drawn: a layer stands too far from the others. Tidy the drawing.")
        return math.floor(whole.left()), math.floor(whole.top()), math.ceil(whole.right()), math.ceil(whole.bottom())

    @property
    def background(self) -> str:
        """The colour behind everything."""
        return paper.BACKGROUND if self._theme is None else self._theme.canvas

    @property
    def _theme(self) -> Theme | None:
        return _THEMES.get(self.look.theme)

    def described(self) -> str:
        """The figure in words, a line per node and note: for people who do not see it, and for names that were cut."""
        notes = (" ".join(note.text.split("\n")) for note in self._notes.values())
        return "\n".join([*(_line(self._cards[slot]) for slot in self._nodes), *(f"Note: {text}" for text in notes)])

    def paint(self, on: QPainter | SvgPainter) -> None:
        """Paint with the top left corner at (0, 0), a pixel of the canvas as the unit."""
        painter = on.as_painter() if isinstance(on, SvgPainter) else on
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        if not self.look.is_transparent:
            painter.fillRect(QRectF(0, 0, self.width, self.height), QColor(self.background))
        painter.translate(-self._left, -self._top)
        theme = self._theme
        everything = QRectF(self._left, self._top, self.width, self.height)
        areas.paint(painter, self._scene, View(), theme or LIGHT, everything, only=self._frames, has_titles=False)
        for note in self._notes.values():
            sticky.draw(painter, note, QRectF(note.x, note.y, note.width, note.height), theme or LIGHT)
        colour, width = (paper.EDGE, paper.EDGE_PX) if theme is None else (theme.edge, EDGE_PX)
        self._paint_edges(on, colour, width)
        if theme is None or self.look.is_folded:
            paper.arrow_heads(painter, self._chains, self._scene.direction, colour)
        ground = None if self.look.is_transparent else QColor(self.background)
        areas.paint_titles(painter, self._scene, View(), theme or LIGHT, everything, ground, only=self._frames)
        for slot in self._nodes:
            x, y, width, height = self._places[slot]
            if isinstance(on, SvgPainter):
                with on.group(_line(self._cards[slot]), x, y):
                    self._paint_node(painter, slot, width, height, theme)
            else:
                painter.translate(x, y)
                self._paint_node(painter, slot, width, height, theme)
                painter.translate(-x, -y)
        painter.translate(self._left, self._top)

    def _paint_edges(self, on: QPainter | SvgPainter, colour: str, width: float) -> None:
        on.setPen(QPen(QColor(colour), width))
        on.setBrush(marks.NO_BRUSH)
        for chain in self._chains:
            if isinstance(on, SvgPainter):
                on.curve(chain)
            else:
                on.drawPath(one_path(np.array(chain)))

    def _paint_node(self, painter: QPainter, slot: int, width: float, height: float, theme: Theme | None) -> None:
        card = self._cards[slot]
        if self.look.theme == "plot_model":
            table.draw_card(painter, card, self._taken[slot], width, height, is_tall=self._is_tall)
        elif theme is None:
            paper.draw_card(painter, card, width, height)
        else:
            screen.draw_card(painter, card, width, height, theme, is_tall=self._is_tall)
        if theme is not None and not self.look.is_folded:  # folded edges begin and end at any side
            shown, places = self._joints.shown[slot], self._joints.places(slot)
            # Ports stand at the same places on most nodes of one size and one kind of ports.
            key = (shown, width, height, *(tuple(side.items()) for side in places))
            once(painter, key, lambda: _paint_ports(painter, shown, places, theme))


def _paint_ports(painter: QPainter, shown: Shown, places: Places, theme: Theme) -> None:
    for ports, spots in zip(shown, places, strict=True):
        for port in ports:
            marks.port(painter, QPointF(*spots[port.name]), "optional" if port.is_optional else "plain", theme)


def _taken(scene: Scene, slot: int) -> tuple[str, ...]:
    """The shapes that go into a node, in the order of its ports; and the first alone, for where there is no room."""
    arriving = np.flatnonzero((scene.edges.target == slot) & (scene.edges.source >= 0)).tolist()
    places = {port.name: at for at, port in enumerate(scene.cards[slot].inputs)}
    arriving.sort(key=lambda k: (places.get(scene.edges[k].target.port, 0), scene.edges[k].rank))
    shapes = [shape for k in arriving if (shape := shape_on(scene, k))]
    return (all_of(shapes), f"{shapes[0]} +{len(shapes) - 1}") if shapes else ()


def all_of(shapes: Sequence[str]) -> str:
    """Several shapes as one text: "3 × (None, 8)" where all are the same, and short where only one number differs."""
    if len(shapes) < 2:
        return "".join(shapes)
    if len(set(shapes)) == 1:
        return f"{len(shapes)} × {shapes[0]}"
    listed = f"[{', '.join(shape.replace(', ', ',') for shape in shapes)}]"
    numbers = [shape.strip("()").split(", ") for shape in shapes]
    if len({len(each) for each in numbers}) > 1:
        return listed
    different = [axis for axis, here in enumerate(zip(*numbers, strict=True)) if len(set(here)) > 1]
    if len(different) != 1:
        return listed
    (axis,) = different
    told = [each[axis] for each in numbers]
    return f"({','.join([*numbers[0][:axis], '|'.join(told), *numbers[0][axis + 1 :]])})"


# ---- what is written on a node ---------------------------------------------------------------------------------------


def printable(text: str) -> str:
    """The text without characters that XML forbids or that would turn the line around: signs stand for them."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(sign) in _UNWRITABLE else sign for sign in text)


_UNWRITABLE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def _shown(card: Card, look: FigureLook) -> Card:
    """The card with what the look wants on it, and no marks of work in progress."""
    shape = printable(card.shape) if look.shows_shapes else ""
    count = card.parameters if look.shows_parameters else None
    return card._replace(
        title=printable(card.title), kind=printable(card.kind), shape=shape, parameters=count, waits_for="", problem="",
        flags=card.flags & (Flag.SHARED | Flag.BLOCK | Flag.BYPASSED | Flag.FOLDED),
    )  # fmt: skip


def _with_dtypes(cards: dict[int, Card], dtypes: Mapping[int, str]) -> dict[int, Card]:
    """Cards with shape and dtype; all dtypes in their short form ("f32") where one node has not enough room."""
    told = {slot: f"{card.shape} {dtypes[slot]}".strip() for slot, card in cards.items()}
    if max(map(_small_width, told.values())) > _DTYPE_ROOM:
        told = {slot: f"{card.shape} {short_dtype(dtypes[slot])}".strip() for slot, card in cards.items()}
    return {slot: card._replace(shape=told[slot]) for slot, card in cards.items()}


@lru_cache(maxsize=4096)
def _small_width(text: str) -> float:
    return QFontMetricsF(mono_font(11)).horizontalAdvance(text)


def short_dtype(dtype: str) -> str:
    """How XLA writes a dtype: "float32" -> "f32"."""
    word = dtype.rstrip("0123456789")
    short = _SHORT_DTYPES.get(word)
    return dtype if short is None else short + dtype[len(word) :]


def _dtype(project: Project, node: Node, answers: Mapping[str, AnswerLike], prefix: str) -> str:
    """The dtype of the first output, or "" while it is unknown; of a block, that of its first Output."""
    answer = answers.get(prefix + node.id)
    if answer is not None and answer.outputs:
        return printable(answer.outputs[0][1])
    block = project.blocks.get(node.block or "") if node.type == BLOCK else None
    if block is None:
        return ""
    ends = sorted((id for id, inner in block.graph.nodes.items() if inner.type == OUTPUT), key=id_key)
    return _dtype(project, block.graph.nodes[ends[0]], answers, f"{prefix}{node.id}/") if ends else ""


def _line(card: Card) -> str:
    words = [part for part in (card.kind, card.shape) if part]
    if card.parameters is not None:
        words.append(f"{count_text(card.parameters)} parameters")
    return f"{card.title}: {', '.join(words)}"
