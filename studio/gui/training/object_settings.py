"""The parameters of a loss or an optimizer, folded away until somebody asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import ObjectSpec, Parameter
from studio.catalog.values import KerasObject, Value
from studio.core.edits import is_same_value
from studio.gui import icons, theme
from studio.gui.panels.inspector import ParameterForm

INDENT_PX = 22


class ObjectSettings(QWidget):
    """A fold with a form in it. ``changed`` brings (parameter name, object with the change); it changes nothing itself.

    ``left_out`` are parameters that have a field elsewhere, or that nobody should set here.
    """

    changed = Signal(str, object)
    left = Signal()

    def __init__(self, catalog: Catalog, left_out: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._left_out = frozenset(left_out)
        self._spec: ObjectSpec | None = None
        self._object: KerasObject | None = None
        self.form: ParameterForm | None = None
        self.fold = QPushButton()
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_form)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.fold)

    def show_object(self, spec: ObjectSpec | None, value: KerasObject | None) -> None:
        """Show the parameters of an object; nothing at all where it has none."""
        if spec is not self._spec:
            self._spec = spec
            if self.form is not None:
                self.form.deleteLater()
                self.form = None
            self.fold.setText(self.tr("Settings of {0}").format(spec.type) if spec is not None else "")
        self._object = value
        self.setVisible(bool(self._parameters()) and value is not None)
        self._show_form()

    def _parameters(self) -> list[Parameter]:
        parameters = self._spec.parameters if self._spec is not None else ()
        return [parameter for parameter in parameters if parameter.name not in self._left_out]

    def _show_form(self) -> None:
        is_open = self.fold.isChecked()
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")
        if is_open and self.form is None and self._parameters():
            self.form = ParameterForm(self._catalog, self._parameters(), parent=self)
            self.form.changed.connect(self._changed)
            self.form.reset.connect(self._reset)
            self.form.left.connect(self.left)
            self.form.setContentsMargins(INDENT_PX, 0, 0, 4)
            self._layout.addWidget(self.form)
        if self.form is not None:
            self.form.setVisible(is_open)
            self.form.show_values(self._object.params if self._object is not None else {})

    def _changed(self, name: str, value: object) -> None:
        spec, known = self._spec, self._object
        parameter = spec.parameter(name) if spec is not None else None
        if known is None or parameter is None:
            return
        params = {**known.params, name: cast(Value, value)}
        if not parameter.is_required and is_same_value(cast(Value, value), cast(Value, parameter.default)):
            del params[name]
        self.changed.emit(name, KerasObject(known.type, params))

    def _reset(self, name: str) -> None:
        if self._object is not None:
            params = {key: value for key, value in self._object.params.items() if key != name}
            self.changed.emit(name, KerasObject(self._object.type, params))
