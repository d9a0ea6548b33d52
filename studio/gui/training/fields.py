"""The two fields of the training form that Qt does not have: a number with its range, and a choice of metrics."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from studio.catalog.spec import ObjectSpec
from studio.catalog.values import KerasObject, Value
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import LineField


class NumberField(LineField):
    """A number that is told while it is typed, as soon as it is one and in range; else the field says what it takes.

    ``value`` is the last number that it held; ``is_valid`` tells whether the text is one now.
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
        self._mark(True)

    def _edited(self, text: str) -> None:
        value = self._read(text)
        self._mark(value is not None)
        if value is not None:
            self.value = value
            self.changed.emit(int(value) if self._is_whole else value)

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

    def _wanted(self) -> str:
        kind = self.tr("A whole number") if self._is_whole else self.tr("A number")
        bound = self.tr("above {0}") if self._above_low else self.tr("of at least {0}")
        words = f"{kind} {bound.format(f'{self._low:g}')}"
        if self._high < math.inf:
            words += " " + self.tr("and at most {0}").format(f"{self._high:.12g}")
        return words + "."


class MetricsButton(QPushButton):
    """A button with a list of metrics to tick. ``changed`` brings the ticked ones, or None for automatic."""

    changed = Signal(object)

    def __init__(self, specs: Mapping[str, ObjectSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._specs = specs
        self._metrics: tuple[KerasObject, ...] = ()
        self._is_automatic = True
        self._words = ""
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.list.aboutToShow.connect(self._fill)
        self.setMenu(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QPushButton { text-align: left; padding: 0 24px 0 9px; }")

    def show_metrics(self, metrics: tuple[KerasObject, ...], *, is_automatic: bool) -> None:
        """Show which metrics are in use."""
        self._metrics = metrics
        self._is_automatic = is_automatic
        names = ", ".join(metric.type for metric in metrics) or self.tr("none")
        self._words = self.tr("automatic: {0}").format(names) if is_automatic else names
        self.setToolTip(plain.tool_tip(self._words))
        self._show_words()

    def _show_words(self) -> None:
        room = self.width() - 40
        words = self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 40))
        # WORKAROUND(Qt 6.11): a styled button with a menu ignores the padding of its text. Remove when it heeds it.
        self.setText(f"  {words}")

    def _fill(self) -> None:
        menu = self.list
        menu.clear()
        automatic = menu.addAction(self.tr("automatic"))
        automatic.setCheckable(True)
        automatic.setChecked(self._is_automatic)
        automatic.triggered.connect(lambda: self.changed.emit(None))
        menu.addSeparator()
        chosen = {metric.type for metric in self._metrics}
        common = [name for name, spec in self._specs.items() if spec.is_common or name in chosen]
        for name in sorted(common):
            self._add(menu, name, name in chosen)
        others = menu.addMenu(self.tr("All metrics"))
        for name in sorted(self._specs):
            self._add(others, name, name in chosen)

    def _add(self, menu: QMenu, name: str, is_chosen: bool) -> None:
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(is_chosen)
        action.setToolTip(self._specs[name].summary)
        action.triggered.connect(lambda on, name=name: self._toggle(name, on))

    def _toggle(self, name: str, on: bool) -> None:
        kept = tuple(metric for metric in self._metrics if metric.type != name)
        self.changed.emit((*kept, KerasObject(name)) if on else kept)

    # Qt

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self._show_words()
