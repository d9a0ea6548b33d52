"""The layers that one parameter holds as a list: the cells of StackedRNNCells, the layers of a Pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import REQUIRED, Parameter
from studio.catalog.values import Value
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.editors import Words
from studio.gui.panels.inspector.row import ParameterRow


class InnerLayers(QWidget):
    """One row with a form for each layer, in their order. ``edited`` brings the whole new list.

    The rows are kept while the list grows and shrinks, so that who types in one of them is not disturbed.
    """

    edited = Signal(object)
    left = Signal()

    def __init__(self, catalog: Catalog, parameter: Parameter, words: Words, depth: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._catalog, self._parameter, self._words, self._depth = catalog, parameter, words, depth
        self._layers: tuple[Value, ...] = ()
        self.rows: list[ParameterRow] = []
        self.removers: list[QToolButton] = []
        self._lines: list[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 4)
        self._layout.setSpacing(8)

    def show_layers(self, layers: Sequence[Value], references: Sequence[str]) -> None:
        """Show these layers; ``references`` are parameters of the block that a value may be taken from."""
        self._layers = tuple(layers)
        while len(self.rows) < len(layers):
            self._add_row()
        while len(self.rows) > len(layers):
            self.rows.pop()
            self.removers.pop()
            line = self._lines.pop()
            self._layout.removeWidget(line)
            line.hide()
            line.deleteLater()
        for row, layer, remover in zip(self.rows, layers, self.removers, strict=True):
            row.references = tuple(references)
            row.show_value(layer, is_changed=False)
            remover.setEnabled(len(layers) > 1)
            remover.setToolTip(plain.tool_tip("" if len(layers) > 1 else self.tr("One layer at least is needed.")))

    def _add_row(self) -> None:
        number = len(self.rows)
        first = self._catalog.fitting(self._parameter)[0]
        one = replace(
            self._parameter,
            name=f"{self._parameter.name.removesuffix('s')} {number + 1}",
            kind="layer",
            items=None,
            default=REQUIRED,
            initial=self._catalog.initial_inner(self._parameter, first.type),
        )
        line = QWidget(self)
        row = ParameterRow(self._catalog, one, self._words, self._depth, line)
        row.changed.connect(lambda _name, value, number=number: self._change(number, value))
        row.left.connect(self.left)
        remover = QToolButton(line)
        theme.set_role(remover, "small")
        remover.setFixedSize(QSize(16, 28))  # as high as the field beside it
        remover.setIconSize(QSize(12, 12))
        remover.setAccessibleName(self.tr("Remove {name}").format(name=one.name))
        icons.attach(remover, "close")
        remover.clicked.connect(lambda _=False, number=number: self._remove(number))
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(row, 1)
        layout.addWidget(remover, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(line)
        self.rows.append(row)
        self.removers.append(remover)
        self._lines.append(line)

    def _change(self, number: int, value: object) -> None:
        self.edited.emit((*self._layers[:number], cast(Value, value), *self._layers[number + 1 :]))

    def _remove(self, number: int) -> None:
        self.edited.emit((*self._layers[:number], *self._layers[number + 1 :]))
        self.left.emit()
