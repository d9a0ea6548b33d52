"""The list of problems: its model, and the view whose current row unfolds."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from studio.core.problem import Problem
from studio.gui.panels import plain
from studio.gui.panels.problems.painter import PROBLEM_ROLE, Index, RowPainter


class ProblemModel(QAbstractListModel):
    """The problems with the names of their nodes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.problems: list[Problem] = []
        self._places: list[str] = []

    def show(self, rows: list[tuple[Problem, str]]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.problems = [problem for problem, _ in rows]
        self._places = [place for _, place in rows]
        self.endResetModel()

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.problems)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        problem = self.problems[index.row()]
        if role == PROBLEM_ROLE:
            return problem
        if role == Qt.ItemDataRole.DisplayRole:
            return self._places[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{problem.severity}: {problem.message}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain.tool_tip(problem.message)
        return None


class ProblemList(QListView):
    """The rows; the current one is unfolded: the whole sentence, and what Keras said."""

    chosen = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget, outdated: SignalInstance, fix_label: Callable[[Problem], str]) -> None:
        """``fix_label`` gives the words of a problem's fix button or ""; ``outdated`` says that they may be others."""
        super().__init__(parent)
        self.details_of: Problem | None = None
        self._painter = RowPainter(self, fix_label)
        outdated.connect(self._painter.forget)
        self.setItemDelegate(self._painter)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)

    def current_problem(self) -> Problem | None:
        """The problem of the current row."""
        return cast("Problem | None", self.currentIndex().data(PROBLEM_ROLE))

    def toggle_details(self, problem: Problem) -> None:
        """Show or hide what Keras said about this problem."""
        self.details_of = None if self.details_of == problem else problem
        self.scheduleDelayedItemsLayout()

    # Qt

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._click(event.position().toPoint())

    def _click(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():
            return
        problem = index.data(PROBLEM_ROLE)
        parts = self._painter.parts(self.visualRect(index), problem)
        if "fix" in parts and parts["fix"].contains(point):
            self.fix_wanted.emit(problem)
        elif "more" in parts and parts["more"].contains(point):
            self.toggle_details(problem)
        else:
            self.chosen.emit(problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        problem = self.current_problem()
        if problem is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(problem)
        elif problem is not None and event.key() == Qt.Key.Key_Space and problem.details:
            self.toggle_details(problem)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove:
            point = cast(QMouseEvent, event).position().toPoint()
            index = self.indexAt(point)
            parts = self._painter.parts(self.visualRect(index), index.data(PROBLEM_ROLE)) if index.isValid() else {}
            over = any(parts[name].contains(point) for name in ("fix", "more") if name in parts)
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        return super().viewportEvent(event)
