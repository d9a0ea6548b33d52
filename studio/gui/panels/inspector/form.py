"""A form of parameters: the common ones, and the rest under "6 more"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import Parameter
from studio.catalog.values import Value
from studio.core.edits import is_same_value
from studio.gui import icons, theme
from studio.gui.panels.inspector.editors import Words
from studio.gui.panels.inspector.row import ParameterRow

FEWEST_FOLDED = 3
"""Fewer parameters than this are not worth a fold."""


ROWS_AT_ONCE = 4
"""A row takes some 2 ms."""


class ParameterForm(QWidget):
    """Rows for some parameters. It changes nothing itself: ``changed`` brings (name, value), ``reset`` a name.

    ``left`` says that a field lost the focus: what is typed next is another step of undo. The rows under the fold are
    made when it opens.
    """

    changed = Signal(str, object)
    reset = Signal(str)
    left = Signal()
    promoted = Signal(str)
    code_wanted = Signal(str)

    def __init__(
        self,
        catalog: Catalog,
        parameters: Sequence[Parameter],
        words: Words | None = None,
        parent: QWidget | None = None,
        depth: int = 0,
        *,
        offers_code: bool = False,
    ) -> None:
        super().__init__(parent)
        self._depth = depth
        self.parameters = tuple(parameters)
        self._catalog = catalog
        self._words = words or self.default_words(offers_code=offers_code)
        self._values: Mapping[str, object] = {}
        self._references: tuple[str, ...] = ()
        self._can_promote = False
        self.rows: dict[str, ParameterRow] = {}
        common = [parameter for parameter in parameters if not parameter.advanced]
        self._folded = [parameter for parameter in parameters if parameter.advanced]
        if len(self._folded) < FEWEST_FOLDED or not common:
            common, self._folded = list(parameters), []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        for parameter in common:
            self._add_row(parameter)
        self.fold = QPushButton(self)
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(self.fold.sizePolicy().Policy.Maximum, self.fold.sizePolicy().Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        self.fold.setVisible(bool(self._folded))
        fold_row = QHBoxLayout()
        fold_row.setContentsMargins(16 * depth, 0, 0, 0)
        fold_row.addWidget(self.fold)
        fold_row.addStretch(1)
        self._layout.addLayout(fold_row)
        self._rest = QWidget(self)
        self._rest_layout = QVBoxLayout(self._rest)
        self._rest_layout.setContentsMargins(0, 0, 0, 0)
        self._rest_layout.setSpacing(8)
        self._rest.hide()
        self._layout.addWidget(self._rest)
        self._make_soon = QTimer(self, singleShot=True, interval=0)
        self._make_soon.timeout.connect(self._go_on)
        self._name_fold()

    def default_words(self, *, offers_code: bool = False) -> Words:
        """The words of an ordinary form. ``offers_code``: where it can be code of one's own, new one is offered."""
        return Words(
            self.tr("none"), self.tr("yes"), self.tr("no"), self.tr("several values"), add=self.tr("Add"),
            code=self.tr("New code of your own...") if offers_code else "", layer=self.tr("{name} (layer)"),
        )  # fmt: skip

    def show_values(
        self, values: Mapping[str, object], references: Sequence[str] = (), *, can_promote: bool = False
    ) -> None:
        """Show these values (or MIXED), and the default of what is not among them.

        ``references`` are parameters of the block that a value may be taken from; ``can_promote`` offers to make one.
        """
        self._values, self._references, self._can_promote = values, tuple(references), can_promote
        for row in self.rows.values():
            self._show(row)
        self._name_fold()

    def row(self, name: str) -> ParameterRow | None:
        """The row of a parameter, unfolded if it must be; None if the form has no such parameter."""
        if any(parameter.name == name for parameter in self._folded):
            self.fold.setChecked(True)
            while name not in self.rows:
                self._make_some()
        return self.rows.get(name)

    def refuse(self, name: str, reason: str) -> None:
        """Say why a value that was set gives way; the one before is shown next."""
        row = self.row(name)
        if row is not None:
            row.refuse(reason)

    def forget(self) -> None:
        """Another thing is shown: forget texts that are no values of the one before."""
        for row in self.rows.values():
            row.forget()

    def _show(self, row: ParameterRow) -> None:
        row.references, row.can_promote = self._references, self._can_promote
        row.show_value(
            self._values.get(row.parameter.name, row.parameter.default if not row.parameter.is_required else None)
        )

    def _add_row(self, parameter: Parameter) -> None:
        row = ParameterRow(self._catalog, parameter, self._words, self._depth, self)
        row.changed.connect(self.changed)
        row.promoted.connect(self.promoted)
        row.reset.connect(self.reset)
        row.left.connect(self.left)
        row.code_wanted.connect(self.code_wanted)
        self.rows[parameter.name] = row
        layout = self._rest_layout if parameter in self._folded else self._layout
        layout.addWidget(row)

    def _unfold(self, is_open: bool) -> None:
        if is_open:
            self._make_some()
        self._rest.setVisible(is_open)
        self._name_fold()

    def _go_on(self) -> None:
        if self.isVisible():  # A form that is hidden may be about to end, in the middle of a row.
            self._make_some()

    def _make_some(self) -> None:
        """Make a few rows now and the next few when the window has painted: a dozen at once take two frames."""
        missing = [parameter for parameter in self._folded if parameter.name not in self.rows]
        for parameter in missing[:ROWS_AT_ONCE]:
            self._add_row(parameter)
            self._show(self.rows[parameter.name])
        if len(missing) > ROWS_AT_ONCE and self.fold.isChecked():
            self._make_soon.start()

    def _name_fold(self) -> None:
        is_open = self.fold.isChecked()
        changed = sum(
            parameter.name in self._values
            and not is_same_value(cast(Value, self._values[parameter.name]), cast(Value, parameter.default))
            for parameter in self._folded
        )
        if is_open:
            text = self.tr("Show fewer")
        elif changed:
            text = self.tr("{count} more, {changed} changed").format(count=len(self._folded), changed=changed)
        else:
            text = self.tr("{count} more").format(count=len(self._folded))
        self.fold.setText(text)
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.fold.isChecked():
            self._make_soon.start()
