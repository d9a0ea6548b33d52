"""One parameter in a form: its name, a dot where it was changed, its editor, and why a text is no value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from studio.catalog import Catalog
from studio.catalog.checking import title
from studio.catalog.spec import Parameter
from studio.catalog.values import KerasObject, ParameterRef, Value
from studio.core.edits import is_same_value
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.editors import MIXED, TypedEditor, Words, editor_for, object_spec
from studio.gui.panels.inspector.fields import is_on_the_way
from studio.gui.panels.inspector.reading import written

if TYPE_CHECKING:
    from studio.gui.panels.inspector.form import ParameterForm
    from studio.gui.panels.inspector.inner import InnerLayers

FIELD_PX = 72
"""A field that cannot say how much it needs has at least so much: most numbers fit."""
COMBO_FRAME_PX = 48
_NOTHING: Final = object()
SIGNS_PX = 40
"""The room of fold and dot between label and field."""


class ParameterRow(QWidget):
    """A row. ``changed`` brings (name, value) of values that can stand; ``reset`` asks for the default."""

    changed = Signal(str, object)
    reset = Signal(str)
    left = Signal()
    promoted = Signal(str)
    """Make this a parameter of the block in which the layer stands."""
    code_wanted = Signal(str)

    def __init__(self, catalog: Catalog, parameter: Parameter, words: Words, depth: int, parent: QWidget) -> None:
        """``depth`` says inside how many other parameters this one stands; it is indented so far."""
        super().__init__(parent)
        self.parameter = parameter
        self._depth = depth
        self._catalog, self._words = catalog, words
        self._value: object = self.baseline
        self._nested: ParameterForm | None = None
        self._inner: InnerLayers | None = None
        self._is_refused = False
        self._before: object = _NOTHING
        self._good = ""
        self._is_unfolded = parameter.kind == "layer"  # What a wrapper holds matters more than the wrapper.
        self.references: tuple[str, ...] = ()
        self.why_no_references = self.tr("There is no parameter {name} here: only a block has some.")
        self.can_promote = False
        self._is_below = False
        name = title(parameter.name)
        self.label = plain.label(name, "quiet", parent=self)
        self.label.setIndent(16 * depth)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        tip = f"{parameter.hint}\n{parameter.name}" if parameter.hint else parameter.name
        self._tip = tip
        self.label.setToolTip(plain.tool_tip(tip))
        self.fold = self._small_button("chevron_right")
        self.fold.setAccessibleName(self.tr("Settings of {name}").format(name=name))
        self.fold.clicked.connect(self._toggle)
        self.dot = self._small_button("dot")
        self.dot.clicked.connect(self._ask_reset)
        self.editor = editor_for(catalog, parameter, words, self, offers_code=depth == 0)
        self.editor.code_wanted.connect(lambda: self.code_wanted.emit(parameter.name))
        self.editor.field.setAccessibleName(name)
        self.editor.field.setToolTip(plain.tool_tip(tip))
        self.label.setBuddy(self.editor.field)
        self.message = plain.label("", "problem", wraps=True, parent=self)
        self.message.setIndent(16 * depth)
        self.message.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2)
        self._grid.setVerticalSpacing(4)
        has_fold = parameter.takes_layer or parameter.object_kind not in (None, "activation", "function")
        self._grid.addWidget(self.label, 0, 0, 1, 1 if has_fold else 2)
        self._grid.addWidget(self.fold, 0, 1)
        self._grid.setColumnMinimumWidth(1, 16)
        self._grid.addWidget(self.dot, 0, 2)
        self._grid.addWidget(self.editor.field, 0, 3)
        self._below = QHBoxLayout()
        self._below.setContentsMargins(16 * depth, 0, 0, 0)
        self._grid.addLayout(self._below, 1, 0, 1, 4)
        self._grid.addWidget(self.message, 2, 0, 1, 4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(3, 1)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        if isinstance(self.editor.field, QLineEdit):
            self.editor.field.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            self.editor.field.customContextMenuRequested.connect(
                lambda point: self._menu(self.editor.field.mapTo(self, point))
            )
        self.editor.edited.connect(self._chosen)
        self.editor.left.connect(self.left)
        self.show_value(self.baseline, is_changed=False)

    @property
    def baseline(self) -> Value:
        """The value that counts as unchanged: Keras's default, or what a new node starts with."""
        return self.parameter.initial if self.parameter.is_required else cast(Value, self.parameter.default)

    def show_value(self, value: object, *, is_changed: bool | None = None) -> None:
        """Show a value, or MIXED. A text that is no value stays until the value becomes another."""
        is_new = value is not self._value and self._is_another(value)
        self._value = value
        if is_new and self._is_refused:
            self._is_refused = False
            if not isinstance(self.editor, TypedEditor):
                self.editor.show(value)
        elif is_new or self.message.isHidden():
            self.editor.show(value)
            self._tell("")
        if is_changed is None:
            is_changed = value is not MIXED and not is_same_value(cast(Value, value), self.baseline)
        theme.set_role(self.label, "strong" if is_changed else "quiet")
        self._share()
        self.dot.setEnabled(is_changed)
        icons.attach(self.dot, "dot" if is_changed else "", "accent")
        default = self._default()
        self.dot.setToolTip(
            plain.tool_tip(self.tr("Changed. Back to {default}").format(default=default)) if is_changed else ""
        )
        self.dot.setAccessibleName(self.tr("Back to {default}").format(default=default))
        self._describe()
        self._show_nested(value, is_changed)

    def refuse(self, reason: str) -> None:
        """The value before comes back with the reason beside it; what was typed stays until it is another text."""
        self._is_refused = True
        self._tell(reason)

    def forget(self) -> None:
        """Another thing is shown: what was typed and is no value was about the one before."""
        self._is_refused = False
        self._before = _NOTHING
        if not self.message.isHidden():
            self.editor.reset_text(self._value) if isinstance(self.editor, TypedEditor) else self.editor.show(
                self._value
            )
            self._tell("")
        if self._nested is not None:
            self._nested.forget()

    def _share(self) -> None:
        """Label and field have half of the row each, unless one of them needs more to be read.

        Where there is no room for both, the field stands below.
        """
        field = self.editor.field
        label_px = self.label.fontMetrics().horizontalAdvance(self.label.text()) + self.label.indent() + 4
        field_px = FIELD_PX
        if isinstance(field, QComboBox):
            field_px = max(FIELD_PX, field.fontMetrics().horizontalAdvance(field.currentText()) + COMBO_FRAME_PX)
        room = self.width() - SIGNS_PX
        is_even = max(label_px, field_px) <= room // 2 or room <= 0
        is_below = not is_even and label_px + field_px > room
        if is_below != self._is_below:
            self._is_below = is_below
            if is_below:
                self._below.addWidget(field)
            else:
                self._grid.addWidget(field, 0, 3)
        self._grid.setColumnStretch(0, 1 if is_even else label_px)
        self._grid.setColumnStretch(3, 1 if is_even else field_px)

    def _ask_reset(self) -> None:
        self.reset.emit(self.parameter.name)

    def _chosen(self, value: object) -> None:
        """Another layer inside keeps what was said of the one before, as far as it has the same parameters."""
        before = self._value
        if self.parameter.takes_layer and isinstance(value, KerasObject) and isinstance(before, KerasObject):
            spec = object_spec(self._catalog, self.parameter, value)
            found = {name: spec.parameter(name) if spec is not None else None for name in before.params}
            kept = {
                name: item
                for name, item in before.params.items()
                if (known := found[name]) is not None and self._catalog.why_not_value(known, item) is None
            }
            value = KerasObject(value.type, {**value.params, **kept})
        self._edited(value)

    def _edited(self, value: object) -> None:
        known = self._normal(cast(Value, value))
        reason = self._why_no_reference(known) or self._catalog.why_not_value(self.parameter, known)
        self._tell(reason or "")
        if isinstance(self.editor, TypedEditor):
            text = self.editor.text
            if self.editor.begins_typing() or (reason and not is_on_the_way(self._good, text)):
                self._before = self._value
            if reason is None:
                self._good = text
            elif self._before is not _NOTHING and self._is_another(self._before):
                self._is_refused = True  # What is typed stays.
                self.changed.emit(self.parameter.name, self._before)
                self._is_refused = False
        if reason is None:
            self.changed.emit(self.parameter.name, known)

    def _is_another(self, value: object) -> bool:
        if MIXED in (value, self._value):
            return value is not self._value
        return not is_same_value(cast(Value, value), cast(Value, self._value))

    def _why_no_reference(self, value: Value) -> str | None:
        """Only inside a block can a value be taken from a parameter, and only from one that the block has."""
        if not isinstance(value, ParameterRef) or value.name in self.references:
            return None
        if not self.references:
            return self.why_no_references.format(name=value.name)
        known = ", ".join(self.references)
        return self.tr("The block has no parameter {name}, only {known}.").format(name=value.name, known=known)

    def _normal(self, value: Value) -> Value:
        """The default itself where ``value`` says the same in other words (GlorotUniform() for "glorot_uniform")."""
        if isinstance(value, KerasObject) and not value.params:
            spec = object_spec(self._catalog, self.parameter, self.baseline)
            if spec is not None and spec.type == value.type and isinstance(self.baseline, str):
                return self.baseline
        if isinstance(value, float) and type(self.baseline) is int and value == self.baseline:
            return self.baseline  # Keras writes some defaults of numbers with a fraction as whole numbers
        return value

    def _tell(self, reason: str) -> None:
        self.message.setText(reason)
        self.message.setVisible(bool(reason))
        self.editor.mark_invalid(bool(reason))
        self._describe()

    def _describe(self) -> None:
        """Say to whoever hears the field what others see around it: the hint, the mark of a change, the reason."""
        changed = self.dot.toolTip() and self.tr("changed, the default is {0}").format(self._default())
        parts = (self.message.text(), changed, self._tip)
        self.editor.field.setAccessibleDescription("\n".join(filter(None, parts)))

    def _default(self) -> str:
        return written(self.parameter, self.baseline) or self._words.nothing_for(self.parameter)

    # The parameters of an object that is the value

    def _show_nested(self, value: object, is_changed: bool) -> None:
        if self.parameter.items == "layer":
            self._show_inner(value)
            return
        spec = object_spec(self._catalog, self.parameter, cast(Value, value)) if value is not MIXED else None
        has_more = spec is not None and bool(spec.parameters)
        self.fold.setVisible(has_more)
        if spec is None or not has_more or not (is_changed or self._is_unfolded):
            if self._nested is not None:
                self._nested.hide()
            icons.attach(self.fold, "chevron_right")
            return
        from studio.gui.panels.inspector.form import ParameterForm  # a form holds rows, and a row a form

        parameters = tuple(parameter for parameter in spec.parameters if not parameter.is_call)
        if self._nested is None or self._nested.parameters != parameters:
            if self._nested is not None:
                self._nested.hide()
                self._nested.deleteLater()
            self._nested = ParameterForm(self._catalog, parameters, self._words, self, self._depth + 1)
            self._nested.setContentsMargins(0, 4, 0, 4)
            self._nested.changed.connect(self._nested_changed)
            self._nested.reset.connect(self._nested_reset)
            self._nested.left.connect(self.left)
            self._grid.addWidget(self._nested, 3, 0, 1, 4)
        self._nested.show_values(value.params if isinstance(value, KerasObject) else {}, self.references)
        self._nested.show()
        icons.attach(self.fold, "chevron_down")

    def _show_inner(self, value: object) -> None:
        from studio.gui.panels.inspector.inner import InnerLayers

        self.fold.hide()
        if self._inner is None:
            self._inner = InnerLayers(self._catalog, self.parameter, self._words, self._depth + 1, self)
            self._inner.edited.connect(self._edited)
            self._inner.left.connect(self.left)
            self._grid.addWidget(self._inner, 3, 0, 1, 4)
        self._inner.show_layers(value if isinstance(value, tuple) else (), self.references)

    def _toggle(self) -> None:
        self._is_unfolded = self._nested is None or self._nested.isHidden()
        self._show_nested(self._value, is_changed=False)

    def _nested_changed(self, name: str, value: object) -> None:
        self._is_unfolded = True
        self._with_params({**self._params(), name: cast(Value, value)})

    def _nested_reset(self, name: str) -> None:
        spec = object_spec(self._catalog, self.parameter, cast(Value, self._value))
        parameter = spec.parameter(name) if spec is not None else None
        params = {key: value for key, value in self._params().items() if key != name}
        if parameter is not None and parameter.is_required:
            params[name] = parameter.initial
        self._with_params(params)

    def _params(self) -> dict[str, Value]:
        return dict(self._value.params) if isinstance(self._value, KerasObject) else {}

    def _with_params(self, params: dict[str, Value]) -> None:
        spec = object_spec(self._catalog, self.parameter, cast(Value, self._value))
        if spec is None:
            return
        kept: dict[str, Value] = {}
        for parameter in spec.parameters:
            value = params.get(parameter.name, parameter.default)
            if parameter.name in params and (
                parameter.is_required or not is_same_value(cast(Value, value), cast(Value, parameter.default))
            ):
                kept[parameter.name] = cast(Value, value)
        self._edited(KerasObject(spec.type, kept))

    # Menu

    def _menu(self, point: QPoint) -> None:
        """The menu of the row. Of a field with text it is that of the text as well: keys reach no other."""
        field = self.editor.field
        menu = field.createStandardContextMenu() if isinstance(field, QLineEdit) and field.hasFocus() else QMenu(self)
        menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        default = self._default()
        back = QAction(self.tr("Back to {default}").format(default=default), menu)
        back.setEnabled(self.dot.isEnabled())
        back.triggered.connect(self.dot.click)
        menu.addAction(back)
        for name in self.references:
            take = QAction(self.tr("Take from the block: {name}").format(name=name), menu)
            take.triggered.connect(lambda _=False, name=name: self._edited(ParameterRef(name)))
            menu.addAction(take)
        if self.can_promote and not self.parameter.is_call and not isinstance(self._value, ParameterRef):
            promote = QAction(self.tr("Make this a parameter of the block"), menu)
            promote.triggered.connect(lambda: self.promoted.emit(self.parameter.name))
            menu.addAction(promote)
        menu.popup(self.mapToGlobal(point))

    def _small_button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        theme.set_role(button, "small")
        button.setFixedSize(QSize(16, 16))
        button.setIconSize(QSize(8, 8) if name == "dot" else QSize(12, 12))
        if name != "dot":
            icons.attach(button, name)
        return button

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.message.isHidden() and isinstance(self.editor, TypedEditor):
            self.editor.reset_text(self._value)
            self._tell("")
            return
        super().keyPressEvent(event)
