"""The parameters of a loss, optimizer, metric or callback, folded away until somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import ObjectSpec, Parameter
from studio.catalog.values import KerasObject, Value
from studio.core.edits import is_same_value
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.panels.inspector import ParameterForm

INDENT_PX = 22

Revise = Callable[[Parameter], Parameter]
Adjust = Callable[[KerasObject, str], KerasObject]
Refuse = Callable[[KerasObject, str], str]


class ObjectSettings(QWidget):
    """A fold with a form in it. ``changed`` brings (parameter name, object with the change); it changes nothing itself.

    ``left_out`` are parameters that have a field elsewhere, or that nobody should set here. An object that
    ``is_removable`` has a cross; ``removed`` then tells that it was clicked. ``revise`` may change what is known of a
    parameter (choices that depend on the project); ``adjust`` may change an object after one parameter was changed, so
    that the others go with it; ``refuse`` gives a reason why an object cannot be that the catalog
    does not know, for the parameter that was changed last. An object that is code of one's own, or takes functions that
    are, has a link to it: ``code_shown`` brings its name. ``function_wanted`` brings the parameter for which a
    function shall begin; only an object in a list has such parameters.

    ``touched`` is the parameter that was changed here last, "" where the object is another one since.
    """

    changed = Signal(str, object)
    left = Signal()
    removed = Signal()
    code_shown = Signal(str)
    function_wanted = Signal(str)

    def __init__(
        self,
        catalog: Catalog,
        left_out: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        is_removable: bool = False,
        revise: Revise = lambda parameter: parameter,
        adjust: Adjust = lambda value, name: value,
        refuse: Refuse = lambda value, name: "",
    ) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._left_out = frozenset(left_out)
        self._spec: ObjectSpec | None = None
        self._object: KerasObject | None = None
        self.touched = ""
        self._is_removable = is_removable
        self._revise, self._adjust, self._refuse = revise, adjust, refuse
        self.form: ParameterForm | None = None
        self.fold = QPushButton()
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_form)
        self.code = QPushButton(self.tr("Its code"))
        theme.set_role(self.code, "link")
        self.code.clicked.connect(self._show_code)
        self.code.hide()
        self.remove = QToolButton()
        theme.set_role(self.remove, "small")
        self.remove.setFixedSize(QSize(22, 22))
        self.remove.setIconSize(QSize(12, 12))
        self.remove.clicked.connect(self.removed)
        if not is_removable:
            self.remove.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.fold)
        head.addStretch(1)
        head.addWidget(self.code)
        head.addWidget(self.remove)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addLayout(head)
        self.problem = plain.label("", "problem", wraps=True)
        self.problem.hide()
        self._layout.addWidget(self.problem)

    def holds(self, value: KerasObject) -> bool:
        """Whether the object that is shown is this very one, or is one of its values (the schedule of an optimizer)."""
        return self._object is not None and any(self._object is each for each in (value, *value.params.values()))

    def told_by_keras(self, reason: str) -> None:
        """Show why Keras does not make the object; "" where it does."""
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))

    def refused_by_keras(self, reason: str) -> QWidget | None:
        """Keras does not take the value that was set last: it gives way now, and its text stays to be mended.

        Gives the row in which that is said.
        """
        row = self.form.rows.get(self.touched) if self.form is not None else None
        self.touched = ""
        if row is not None:
            row.refuse(reason)
        return row

    def show_object(self, spec: ObjectSpec | None, value: KerasObject | None) -> None:
        """Show the parameters of an object; nothing at all where it has none and cannot be removed."""
        if spec is not self._spec:
            self._spec = spec
            self._forget_form()
        if value is not self._object:
            self.touched = ""
            self.told_by_keras("")
        self._object = value
        name = value.type if value is not None else ""
        self.fold.setText(name if self._is_removable else self.tr("Settings of {0}").format(name))
        self.fold.setToolTip(plain.tool_tip(spec.summary if spec is not None else ""))
        if self._is_removable:
            icons.attach(self.remove, "close")
            self.remove.setToolTip(self.tr("Remove {0}").format(name))
            self.remove.setAccessibleName(self.tr("Remove {0}").format(name))
        is_own = bool(self._codes())
        self.code.setVisible(is_own)
        self.code.setAccessibleName(self.tr("Code of {0}").format(name))
        self.code.setToolTip(self.tr("Open the code of {0}").format(name))
        has_fold = self._is_removable or bool(self._parameters())
        self.setVisible(value is not None and (has_fold or is_own))
        self._show_form()

    def offer(self, catalog: Catalog) -> None:
        """Let the fields offer what the catalog has now."""
        self._catalog = catalog
        self._forget_form()

    def keep_open(self) -> None:
        """Show the form without a fold, for an object that has a switch of its own."""
        self.fold.setChecked(True)
        self.fold.hide()

    def _parameters(self) -> tuple[Parameter, ...]:
        parameters = self._spec.parameters if self._spec is not None else ()
        return tuple([self._revise(parameter) for parameter in parameters if parameter.name not in self._left_out])

    def _codes(self) -> list[str]:
        """The names of the code of one's own that the object is, or takes as functions."""
        value, own = self._object, self._catalog.own
        if value is None:
            return []
        taken = [each for each in value.params.values() if isinstance(each, KerasObject)]
        return list(dict.fromkeys(each.type for each in (value, *taken) if each.type in own))

    def _show_code(self) -> None:
        names = self._codes()
        if len(names) == 1:
            self.code_shown.emit(names[0])
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in names:
            menu.addAction(name, partial(self.code_shown.emit, name))
        menu.popup(self.code.mapToGlobal(self.code.rect().bottomLeft()))

    def _forget_form(self) -> None:
        if self.form is not None:
            self._layout.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _show_form(self) -> None:
        is_open = self.fold.isChecked()
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")
        parameters = self._parameters()
        if self.form is not None and self.form.parameters != parameters:
            self._forget_form()
        if is_open and self.form is None and parameters:
            self.form = ParameterForm(self._catalog, parameters, parent=self, offers_code=self._is_removable)
            self.form.changed.connect(self._changed)
            self.form.reset.connect(self._reset)
            self.form.left.connect(self.left)
            self.form.code_wanted.connect(self.function_wanted)
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
        wanted = self._adjust(KerasObject(known.type, params), name)
        reason = self._refuse(wanted, name)
        if reason:
            self._tell(name, reason)
        else:
            self.changed.emit(name, wanted)
            self.touched = name if self._object is wanted else ""

    def _tell(self, name: str, reason: str) -> None:
        """The row treats it as it treats its own reasons: it stays until there is another value."""
        row = self.form.rows.get(name) if self.form is not None else None
        if row is not None:
            row.message.setText(reason)
            row.message.show()
            row.editor.mark_invalid(True)

    def _reset(self, name: str) -> None:
        parameter = self._spec.parameter(name) if self._spec is not None else None
        if self._object is None or parameter is None:
            return
        params = {key: value for key, value in self._object.params.items() if key != name}
        if parameter.is_required:
            params[name] = parameter.initial
        self.changed.emit(name, self._adjust(KerasObject(self._object.type, params), name))
