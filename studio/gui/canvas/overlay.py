"""What lies over the canvas: the zoom bar, the status line, the hint on an empty drawing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from studio.core.problem import Problem
from studio.core.project import BLOCK, Graph
from studio.gui import theme
from studio.gui.canvas import marks
from studio.gui.canvas.card import AnswerLike
from studio.gui.canvas.numbers import memory_text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


class ZoomBar(QFrame):
    """− 100 % + Fit Tidy, at the bottom left."""

    zoom_requested = Signal(float)
    """A factor; 0 stands for 100 %."""
    fit_requested = Signal()
    tidy_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("zoom_bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 4, 3)
        row.setSpacing(2)
        self.out = self._button("−", self.tr("Zoom out"), "Ctrl+-")
        self.percent = self._button("100 %", self.tr("Show at 100 %"), "Ctrl+0")
        self.percent.setMinimumWidth(54)
        self.into = self._button("+", self.tr("Zoom in"), "Ctrl++")
        self.fit = self._button(self.tr("Fit"), self.tr("Show the whole drawing"), "Home")
        self.tidy = self._button(self.tr("Tidy"), self.tr("Arrange the layers"), "Ctrl+L")
        for button in (self.out, self.percent, self.into, self.fit, self.tidy):
            row.addWidget(button)
        self.out.clicked.connect(lambda: self.zoom_requested.emit(1 / 1.25))
        self.into.clicked.connect(lambda: self.zoom_requested.emit(1.25))
        self.percent.clicked.connect(lambda: self.zoom_requested.emit(0.0))
        self.fit.clicked.connect(self.fit_requested)
        self.tidy.clicked.connect(self.tidy_requested)

    def show_scale(self, scale: float) -> None:
        """Tell the scale in percent."""
        self.percent.setText(f"{scale * 100:.0f} %")

    def _button(self, text: str, tip: str, keys: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(f"{tip} ({keys})")
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMinimumSize(26, 24)
        return button

    # Qt

    def paintEvent(self, event: object) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.border), 1))
        painter.setBrush(QColor(colours.surface))
        painter.drawPath(marks.rounded(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8))


def status_text(
    graph: Graph,
    answers: Mapping[str, AnswerLike],
    problems: tuple[Problem, ...],
    prefix: str = "",
    *,
    is_plain_chain: bool = False,
) -> str:
    """The line at the top left: "723 parameters · 2.8 KiB · a plain chain · no problems"."""
    total, learned, is_known = 0, 0, False
    for id, answer in answers.items():
        node = graph.nodes.get(id.removeprefix(prefix).split("/", 1)[0])
        if node is not None and id.startswith(prefix) and not (node.type == BLOCK and "/" not in id):
            total += answer.parameters
            learned += answer.trainable_parameters
            is_known = is_known or bool(answer.outputs)
    count = sum(problem.severity != "hint" for problem in problems)  # as at the bottom of the window
    told = [_tr("no problems") if not count else _tr("1 problem") if count == 1 else _tr("{} problems").format(count)]
    if is_plain_chain:
        told.insert(0, _tr("a plain chain"))
    if is_known:
        words = _tr("1 parameter") if total == 1 else _tr("{} parameters").format(f"{total:,}")
        if learned != total:
            words = _tr("{} of {} weights learn").format(f"{learned:,}", f"{total:,}")
        told[:0] = [words, memory_text(total * 4)]
    return " · ".join(told)


def paint_hint(painter: QPainter, area: QRectF) -> None:
    """What to do where there is nothing yet."""
    colours = theme.current()
    painter.setPen(QColor(colours.text))
    painter.setFont(theme.ui_font(16, QFont.Weight.DemiBold))
    middle = area.center().y()
    align = Qt.AlignmentFlag.AlignCenter
    painter.drawText(QRectF(area.left(), middle - 36, area.width(), 28), align, _tr("Draw a network here"))
    painter.setFont(theme.ui_font(13))
    painter.setPen(QColor(colours.secondary))
    lines = (
        _tr("Drag a layer from the left, or press A and type its name."),
        _tr("Pull an edge from the circle below one layer to the circle above the next."),
    )
    for number, line in enumerate(lines):
        painter.drawText(QRectF(area.left(), middle + 2 + 24 * number, area.width(), 22), align, line)
