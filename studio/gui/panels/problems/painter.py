"""Paints one row of the list of problems: sign, sentence, node, fix button, and what Keras said."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.problem import Problem
from studio.gui import icons, theme

if TYPE_CHECKING:
    from studio.gui.panels.problems.rows import ProblemList

PROBLEM_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_ROW_PX: Final = 32
_LINE_PX: Final = 17
_SIGN_PX: Final = 16
_MOST_DETAILS: Final = 4000  # characters; a longer text of Keras repeats itself
Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Paints sign, sentence, node, fix button and details of one problem."""

    def __init__(self, view: ProblemList, fix_label: Callable[[Problem], str]) -> None:
        super().__init__(view)
        self._view = view
        self._ask = fix_label
        self._offered: dict[Problem, str] = {}

    def forget(self) -> None:
        """The project changed: other fixes may be offered."""
        self._offered.clear()

    def fix_label(self, problem: Problem) -> str:
        """The words on the fix button, "" where there is none. Asked for the rows that are seen only."""
        if problem not in self._offered:
            self._offered[problem] = self._ask(problem)
        return self._offered[problem]

    def parts(self, rect: QRect, problem: Problem) -> dict[str, QRect]:
        """The places of the parts of a row that fills ``rect``."""
        metrics = QFontMetrics(theme.ui_font(12))
        right = rect.right() - 16
        parts: dict[str, QRect] = {}
        if label := self.fix_label(problem):
            width = metrics.horizontalAdvance(label) + 24
            parts["fix"] = QRect(right - width, rect.top() + 4, width, 24)
            right -= width + 12
        if problem.details:
            width = metrics.horizontalAdvance(self.tr("Details")) + 12
            parts["more"] = QRect(right - width, rect.top() + 4, width, 24)
            right -= width + 8
        left = rect.left() + 20 + _SIGN_PX + 10
        parts["text"] = QRect(left, rect.top() + 7, max(40, right - left), max(_LINE_PX, rect.height() - 14))
        return parts

    def _is_open(self, problem: Problem) -> bool:
        return problem == self._view.current_problem() or problem == self._view.details_of

    def _heights(self, problem: Problem, width: int) -> tuple[int, int]:
        """Height of the sentence and of the details (px) in a text column of ``width``."""
        if not self._is_open(problem):
            return _LINE_PX, 0
        flags = int(Qt.TextFlag.TextWordWrap.value)
        room = QRect(0, 0, width, 10_000)
        words = QFontMetrics(theme.ui_font(13)).boundingRect(room, flags, problem.message)
        if problem != self._view.details_of or not problem.details:
            return max(_LINE_PX, words.height()), 0
        details = QFontMetrics(theme.mono_font(11)).boundingRect(room, flags, problem.details[:_MOST_DETAILS])
        return max(_LINE_PX, words.height()), details.height() + 8

    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        problem = cast(Problem, index.data(PROBLEM_ROLE))
        width = self._view.viewport().width()
        if not self._is_open(problem):
            return QSize(width, _ROW_PX)
        text = self.parts(QRect(0, 0, width, _ROW_PX), problem)["text"]
        return QSize(width, max(_ROW_PX, sum(self._heights(problem, text.width())) + 15))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        problem = cast(Problem, index.data(PROBLEM_ROLE))
        now = theme.current()
        rect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(now.accent_background))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(now.hover))
        sign = QRectF(rect.left() + 20, rect.top() + 8, _SIGN_PX, _SIGN_PX)
        icons.paint(painter, problem.severity, sign, icons.sign_colour(problem.severity))
        parts = self.parts(rect, problem)
        self._paint_sentence(painter, parts["text"], problem, cast(str, index.data()))
        painter.setFont(theme.ui_font(12))
        centre = Qt.AlignmentFlag.AlignCenter
        if "fix" in parts:
            painter.setPen(QColor(now.border))
            painter.setBrush(QColor(now.canvas))
            painter.drawRoundedRect(QRectF(parts["fix"]).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setPen(QColor(now.text))
            painter.drawText(parts["fix"], centre, self.fix_label(problem))
        if "more" in parts:
            painter.setPen(QColor(now.accent))
            painter.drawText(parts["more"], centre, self.tr("Details"))
        painter.restore()

    def _paint_sentence(self, painter: QPainter, area: QRect, problem: Problem, place: str) -> None:
        now = theme.current()
        painter.setPen(QColor(now.text))
        if self._is_open(problem):
            sentence, details = self._heights(problem, area.width())
            painter.setFont(theme.ui_font(13))
            flags = int(Qt.TextFlag.TextWordWrap.value)
            painter.drawText(QRect(area.left(), area.top(), area.width(), sentence), flags, problem.message)
            if details:
                painter.setFont(theme.mono_font(11))
                painter.setPen(QColor(now.secondary))
                room = QRect(area.left(), area.top() + sentence + 8, area.width(), details)
                painter.drawText(room, flags, problem.details[:_MOST_DETAILS])
            return
        left = area.left()
        if place and not problem.message.startswith(place):
            painter.setFont(theme.ui_font(13, QFont.Weight.DemiBold))
            metrics = painter.fontMetrics()
            name = metrics.elidedText(place, Qt.TextElideMode.ElideMiddle, min(180, area.width() // 2))
            painter.drawText(QRect(left, area.top(), area.width(), _LINE_PX), Qt.AlignmentFlag.AlignVCenter, name)
            left += metrics.horizontalAdvance(name) + 10
        painter.setFont(theme.ui_font(13))
        room = QRect(left, area.top(), area.right() - left, _LINE_PX)
        text = painter.fontMetrics().elidedText(
            problem.message.replace("\n", " "), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
