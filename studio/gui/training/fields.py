"""The field of the training form that Qt does not have: a number with its range."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.catalog.values import Value
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import LineField, is_on_the_way


class NumberField(LineField):
    """A number that is told while it is typed, as soon as it is one and in range; else the field says what it takes.

    Then the number from before comes back: the 3 of "3.5" is no number of epochs.

    ``value`` is the last number that it held; ``is_valid`` tells whether the text is one now. ``note`` is a label for
    the form, which says what the field takes while the text is no such number.
    """

    changed = Signal(object)

    def __init__(
        self,
        *,
        is_whole: bool,
        low: float,
        above_low: bool = False,
        high: float = math.inf,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.is_valid = True
        self.value: float | None = None
        self._is_whole = is_whole
        self._low = low
        self._above_low = above_low
        self._high = high
        self._tip = ""
        self._before: float | None = None
        self._good = ""
        self.note = plain.label("", "problem", wraps=True)
        self.note.hide()
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(self._show)

    @property
    def is_being_edited(self) -> bool:
        """Whether a person is in the middle of typing here."""
        return self.hasFocus() and self.isModified()

    def show_value(self, value: Value) -> None:
        """Show a number. What is being typed is left alone as long as it stands for this number."""
        number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
        if number != self.value or not self.is_being_edited:
            self.value = number
            self._show()

    def set_tip(self, tip: str) -> None:
        """What the tool tip says while the text is a number."""
        self._tip = tip
        if self.is_valid:
            self.setToolTip(tip)

    def _show(self) -> None:
        text = "" if self.value is None else f"{self.value:.12g}"
        if text != self.text():
            self.setText(text)
        self.setModified(False)
        self._before = None
        self._mark(True)

    def _edited(self, text: str) -> None:
        value = self._read(text)
        self._mark(value is not None)
        if self._before is None or (value is None and not is_on_the_way(self._good, text)):
            self._before = self.value
        if value is not None:
            self._good = text
        number = value if value is not None else self._before
        if number is not None and (value is not None or number != self.value):
            self.value = number
            self.changed.emit(int(number) if self._is_whole else number)

    def _read(self, text: str) -> float | None:
        try:
            value = float(text.replace(",", "."))
            if self._is_whole:
                int(text)
        except (ValueError, OverflowError):
            return None
        is_above = value > self._low if self._above_low else value >= self._low
        return value if is_above and value <= self._high and value < math.inf else None

    def _mark(self, is_valid: bool) -> None:
        if is_valid == self.is_valid:
            return
        self.is_valid = is_valid
        self.mark_invalid(not is_valid)
        self.setToolTip(self._tip if is_valid else self._wanted())
        self.note.setText("" if is_valid else self._wanted())
        self.note.setVisible(not is_valid and self.note.parent() is not None)

    def _wanted(self) -> str:
        kind = self.tr("A whole number") if self._is_whole else self.tr("A number")
        bound = self.tr("above {0}") if self._above_low else self.tr("of at least {0}")
        words = f"{kind} {bound.format(f'{self._low:g}')}"
        if self._high < math.inf:
            words += " " + self.tr("and at most {0}").format(f"{self._high:.12g}")
        return words + "."
