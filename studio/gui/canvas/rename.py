"""The field that lies over a name while it is changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from studio.gui import theme

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.canvas.naming import Named


class NameField(QLineEdit):
    """Enter or a click elsewhere takes the name, Esc gives it up. A name that is not possible says why."""

    def __init__(self, canvas: Canvas, named: Named, closed: Callable[[NameField], None]) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._closed = closed
        self._named = named
        self._is_done = False
        self._reason = QLabel(canvas)
        self._reason.hide()
        self.setText(named.name() or "")
        self.setAccessibleName(named.what)
        self.textEdited.connect(lambda: self._mark(named.why_not(self.text().strip())))
        self.place()
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_done(self) -> bool:
        """Whether it went away."""
        return self._is_done

    def place(self) -> None:
        """Lie over the name, as large as it is painted but never too small to read."""
        if self._named.name() is None:
            self.close_field()
            return
        view, spot = self._canvas.view, self._named.place()
        scale = view.scale
        left, middle = view.to_widget(spot.left(), spot.center().y())
        size = max(11.0, min(28.0, 13.5 * scale))
        width, height = max(140.0, spot.width() * scale + 12), size + 14
        font = theme.ui_font(size, QFont.Weight.DemiBold)
        self.setStyleSheet(
            f"min-height: 0; padding: 0 5px; font-size: {font.pixelSize()}px; font-weight: 600;"
            f" background: {theme.current().surface};"
        )
        self.setGeometry(QRect(round(left - 7), round(middle - height / 2), round(width), round(height)))

    def close_field(self) -> None:
        """Go away without a change."""
        if not self._is_done:
            self._is_done = True
            had_focus = self.hasFocus()
            self.hide()
            self._reason.hide()
            self._reason.deleteLater()
            self.deleteLater()
            self._closed(self)
            if had_focus:
                self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark(self, why_not: str) -> None:
        self.setProperty("invalid", bool(why_not))
        self.style().unpolish(self)
        self.style().polish(self)
        colours = theme.current()
        self._reason.setStyleSheet(
            f"background: {colours.problem_background}; color: {colours.problem}; font-size: 12px;"
            f" border: 1px solid {colours.problem}; border-radius: 6px; padding: 3px 8px;"
        )
        self._reason.setText(why_not)
        self._reason.adjustSize()
        self._reason.move(self.x(), self.geometry().bottom() + 4)
        self._reason.setVisible(bool(why_not))
        self._reason.raise_()

    def _take(self, *, gives_up: bool) -> None:
        if self._is_done:
            return
        name = self.text().strip()
        if self._named.name() in (None, name):
            self.close_field()
            return
        why_not = self._named.why_not(name)
        if why_not and not gives_up:
            self._mark(why_not)
            return
        self.close_field()
        if not why_not:
            self._named.take(name)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_field()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(gives_up=False)
            case _:
                super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._take(gives_up=True)
