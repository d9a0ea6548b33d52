"""How rows are divided, what happens to rows with gaps, and how many rows come out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from studio.core.project import Split
from studio.gui import theme
from studio.gui.data.class_bars import draw_part, draw_parts
from studio.gui.data.facts import Counts, Facts
from studio.gui.panels import plain
from studio.gui.panels.plain import label

MOST_PERCENT = 90
FIELD_PX = 84


class SplitForm(QWidget):
    """Shows the split of a source; ``split_changed`` and ``gaps_changed`` are wishes."""

    split_changed = Signal(object, str)  # Split, which field
    gaps_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self._split = Split()
        self.bar = PartsBar()
        self.validation = self._percent(self.tr("Validation rows in per cent"))
        self.test = self._percent(self.tr("Test rows in per cent"))
        self.seed = plain.inset(QSpinBox())
        self.seed.setRange(0, 999_999)
        self.seed.setFixedWidth(FIELD_PX)
        self.seed.setToolTip(self.tr("The same seed divides the rows in the same way"))
        self.shuffle = QCheckBox(self.tr("Shuffle the rows first"))
        self.stratify = QCheckBox(self.tr("Same share of each class in every part"))
        self.gaps = QComboBox(self)
        plain.named(self.gaps, self.tr("Rows with gaps"))
        self.gaps.addItem(self.tr("Leave these rows out"), "drop")
        self.gaps.addItem(self.tr("Fill numbers with the mean"), "mean")
        self.gaps.addItem(self.tr("Do not train"), "refuse")
        self.gaps.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.gap_label = label("", "secondary")
        fields = QGridLayout()
        fields.setHorizontalSpacing(10)
        fields.setVerticalSpacing(4)
        named = ((self.tr("Validation"), self.validation), (self.tr("Test"), self.test), (self.tr("Seed"), self.seed))
        for place, (text, field) in enumerate(named):
            fields.addWidget(self._named(text, field), 0, place)
            fields.addWidget(field, 1, place)
        fields.setColumnStretch(3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.bar)
        layout.addSpacing(4)
        layout.addLayout(fields)
        layout.addWidget(self.shuffle)
        layout.addWidget(self.stratify)
        layout.addWidget(self.gap_label)
        layout.addWidget(self.gaps)
        self.validation.valueChanged.connect(lambda: self._changed("validation"))
        self.test.valueChanged.connect(lambda: self._changed("test"))
        self.seed.valueChanged.connect(lambda: self._changed("seed"))
        self.shuffle.toggled.connect(lambda: self._changed("shuffle"))
        self.stratify.toggled.connect(lambda: self._changed("stratify"))
        self.gaps.activated.connect(lambda: self.gaps_changed.emit(self.gaps.currentData()))

    def show_facts(self, facts: Facts) -> None:
        """Show the split of a source and what it gives."""
        source = facts.source
        self._show_split(source.split)
        has_classes = any((column := source.column(name)) and column.classes for name in source.targets)
        self.stratify.setEnabled(source.split.shuffle and has_classes)
        self.stratify.setToolTip("" if has_classes else self.tr("For this the target must be classes"))
        self.seed.setEnabled(source.split.shuffle)
        self.bar.show_sizes(facts.sizes, facts.dropped)
        gapped = facts.rows_with_gaps
        self.gaps.setCurrentIndex(self.gaps.findData(source.gaps))
        self.gap_label.setText(
            self.tr("1 row has gaps") if gapped == 1 else self.tr("{} rows have gaps").format(f"{gapped:,}")
        )
        for widget in (self.gaps, self.gap_label):
            widget.setVisible(bool(gapped))

    def _show_split(self, split: Split) -> None:
        self._is_showing = True
        self._split = split
        for box, value in ((self.validation, split.validation * 100), (self.test, split.test * 100)):
            if box.value() != round(value):
                box.setValue(round(value))
        self.seed.setValue(min(max(split.seed, 0), self.seed.maximum()))
        self.shuffle.setChecked(split.shuffle)
        self.stratify.setChecked(split.stratify)
        self._is_showing = False

    def _changed(self, field: str) -> None:
        if self._is_showing:
            return
        # A split of a file may have what the fields cannot show, such as half a per cent or a long seed.
        values: dict[str, Callable[[], Any]] = {
            "validation": lambda: self.validation.value() / 100,
            "test": lambda: self.test.value() / 100,
            "seed": self.seed.value,
            "shuffle": self.shuffle.isChecked,
            "stratify": self.stratify.isChecked,
        }
        self.split_changed.emit(replace(self._split, **{field: values[field]()}), field)

    def _percent(self, name: str) -> QSpinBox:
        box = plain.inset(QSpinBox())
        box.setRange(0, MOST_PERCENT)
        box.setSingleStep(5)
        box.setSuffix(" %")
        box.setFixedWidth(FIELD_PX)
        box.setAccessibleName(name)
        return box

    def _named(self, text: str, field: QWidget) -> QWidget:
        result = label(text, "secondary")
        result.setBuddy(field)
        return result


def limited(split: Split, field: str) -> Split:
    """The split with the other part made smaller where both together would leave too little for training."""
    most = MOST_PERCENT / 100
    if split.validation + split.test <= most + 1e-9:
        return split
    if field == "test":
        return replace(split, validation=round(max(most - split.test, 0.0), 2))
    return replace(split, test=round(max(most - split.validation, 0.0), 2))


class PartsBar(QWidget):
    """One bar for all rows, and below it how many are in each part."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: Counts = (0, 0, 0)
        self._dropped = 0
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier.changed.connect(self.update)

    def show_sizes(self, sizes: Counts, dropped: int) -> None:
        """Show these numbers of rows."""
        self._sizes, self._dropped = sizes, dropped
        self.setAccessibleDescription(", ".join(self.words()))
        self.update()

    def words(self) -> list[str]:
        """What the bar says, part by part."""
        train, validation, test = (f"{size:,}" for size in self._sizes)
        words = [self.tr("{} training").format(train), self.tr("{} validation").format(validation)]
        words += [self.tr("{} test").format(test)] if self._sizes[2] else []
        return words + ([self.tr("{} left out").format(f"{self._dropped:,}")] if self._dropped else [])

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(280, 36)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_parts(painter, QRectF(0, 4, self.width(), 8), self._sizes)
        painter.setFont(theme.ui_font(12))
        metrics = painter.fontMetrics()
        parts = 2 + bool(self._sizes[2])
        x = 0.0
        for part, text in enumerate(self.words()):
            if part < parts:
                draw_part(painter, QRectF(x, 23, 8, 8), part)
            else:
                painter.fillRect(QRectF(x, 26, 8, 1.5), QColor(colours.secondary))
            painter.setPen(QColor(colours.secondary))
            painter.drawText(QRectF(x + 12, 18, 200, 18), Qt.AlignmentFlag.AlignVCenter, text)
            x += 12 + metrics.horizontalAdvance(text) + 14
