"""Fields that behave in a form that is alive: undo belongs to the project, the wheel belongs to the panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from studio.gui import theme


def is_undo(event: QEvent) -> bool:
    """Whether the keys are those of undo or redo, which are the window's and not the field's."""
    return isinstance(event, QKeyEvent) and (
        event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
    )


def is_on_the_way(good: str, text: str) -> bool:
    """Whether a letter typed or deleted at the end leads from one text to the other: 3 was not meant in "3.5"."""
    return abs(len(good) - len(text)) == 1 and (good.startswith(text) or text.startswith(good))


class LineField(QLineEdit):
    """A line of text. Ctrl+Z is left to the window, whose undo knows each change that was made here."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_typing = False  # for the form: it ends with Enter and when the field is left
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self.typed)

    def show_text(self, text: str) -> None:
        """Show another text, beginning with its first letter; the same text leaves cursor and selection alone."""
        if text != self.text():
            self.setText(text)
            if not self.hasFocus():
                self.setCursorPosition(0)

    def mark_invalid(self, is_invalid: bool) -> None:
        """Give the field the border of a problem, or take it away."""
        if bool(self.property("invalid")) != is_invalid:
            self.setProperty("invalid", is_invalid)
            self.style().unpolish(self)
            self.style().polish(self)

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_undo(event):
            event.ignore()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.is_typing = False
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.is_typing = False
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class TextField(QPlainTextEdit):
    """Several lines of plain text, as high as needed between ``lines`` and five lines."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, lines: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fewest = lines
        self._is_showing = False
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.textChanged.connect(self._changed)
        self._fit()

    def show_text(self, text: str) -> None:
        """Show another text; the same text leaves the cursor alone."""
        if text != self.toPlainText():
            self._is_showing = True
            self.setPlainText(text)
            self._is_showing = False

    def _changed(self) -> None:
        self._fit()
        if not self._is_showing:
            self.typed.emit(self.toPlainText())

    def _fit(self) -> None:
        count = self.document().blockCount()
        always_off, as_needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(as_needed if count >= 5 else always_off)
        # The style sheet gives the font only when the field is first seen; ask for it by size.
        line = QFontMetrics(theme.ui_font(13)).lineSpacing()
        self.setFixedHeight(min(5, max(self._fewest, count)) * line + 20)

    # Qt

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class ChoiceField(QComboBox):
    """A choice among few. The wheel scrolls the panel, not the choice, and long entries do not widen the panel."""

    chosen = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMaxVisibleItems(16)
        self.activated.connect(self.chosen)

    # Qt

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())
