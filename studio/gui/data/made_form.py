"""The settings of a made-up set: how many samples, how much noise, which seed."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from studio import data
from studio.catalog.values import Value
from studio.core.project import DataSource
from studio.gui.panels import plain
from studio.gui.panels.plain import label


class MadeForm(QWidget):
    """One field per parameter; ``changed`` carries all parameters that differ from their defaults."""

    changed = Signal(object, str)  # a dictionary of parameters, which one; Qt would cut large numbers in a dict

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, QSpinBox | QDoubleSpinBox] = {}
        self._set: data.MadeSet | None = None
        self._is_showing = False
        self._params: dict[str, Value] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)

    def show_source(self, source: DataSource) -> None:
        """Show the parameters of a made-up set; nothing for other sources."""
        known = data.made().get(source.name) if source.kind == "made" else None
        if known is not self._set:
            self._build(known)
        self.setVisible(known is not None and bool(known.parameters))
        self._is_showing = True
        self._params = dict(source.params)
        for name, value in (known.defaults() if known else {}).items():
            given = source.params.get(name, value)
            field = self.fields[name]
            if isinstance(given, int | float) and field.value() != given and math.isfinite(given):
                nearest = min(max(given, field.minimum()), field.maximum())
                if isinstance(field, QSpinBox):
                    field.setValue(int(nearest))
                else:
                    field.setValue(nearest)
        self._is_showing = False

    def _build(self, known: data.MadeSet | None) -> None:
        self._set = known
        self.fields = {}
        while item := self._row.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for parameter in known.parameters if known else ():
            field = self._field(parameter)
            self.fields[parameter.name] = field
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            name = label(parameter.label, "secondary")
            name.setBuddy(field)
            column.addWidget(name)
            column.addWidget(field)
            self._row.addWidget(cell, 0, Qt.AlignmentFlag.AlignLeft)
        self._row.addStretch(1)

    def _field(self, parameter: data.Parameter) -> QSpinBox | QDoubleSpinBox:
        field: QSpinBox | QDoubleSpinBox
        if parameter.is_integer:
            field = plain.inset(QSpinBox())
            field.setRange(int(parameter.low), int(parameter.high))
            field.setSingleStep(int(parameter.step))
        else:
            field = plain.inset(QDoubleSpinBox())
            field.setDecimals(2)
            field.setRange(parameter.low, parameter.high)
            field.setSingleStep(parameter.step)
        field.setFixedWidth(104)
        field.setAccessibleName(parameter.label)
        field.setKeyboardTracking(False)  # typing 2000 is one change, not four
        field.valueChanged.connect(lambda: self._changed(parameter.name))
        return field

    def _changed(self, which: str) -> None:
        if self._is_showing or self._set is None:
            return
        # The others as they are: a file may have what their fields cannot show.
        params = {**self._params, which: _rounded(self.fields[which].value())}
        defaults = self._set.defaults()
        self.changed.emit(
            {name: params[name] for name in defaults if params.get(name, defaults[name]) != defaults[name]}, which
        )


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(value, 4)
