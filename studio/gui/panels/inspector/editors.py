"""One editor per kind of parameter: a line of text, or a choice. ``editor_for`` knows which."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QSizePolicy, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import LayerSpec, ObjectSpec, Parameter
from studio.catalog.values import KerasObject, Value
from studio.core.edits import is_same_value
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField, LineField
from studio.gui.panels.inspector.reading import read, written
from studio.workbench.picked_files import note

log = logging.getLogger(__name__)

OWN_KINDS: Final = ("function", "activation", "initializer", "regularizer", "constraint")
"""Kinds of objects that can be code of one's own in a field of a layer."""

MIXED: Final = object()
"""Stands for the value of a parameter that several selected nodes have differently."""

NEW_CODE: Final = KerasObject("+")
"""Stands for code of one's own that shall be written now."""

_DTYPES: Final = ("float32", "float16", "bfloat16", "float64", "int32", "int64", "uint8", "bool", "string",
                  "mixed_float16", "mixed_bfloat16")  # fmt: skip


class Editor(QObject):
    """Joins one field to one parameter. ``edited`` brings each new value, checked by nobody yet.

    ``note`` is what an empty field says ("none").
    """

    edited = Signal(object)
    left = Signal()
    code_wanted = Signal()

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.field = field

    def show(self, value: object) -> None:
        """Show a value (or MIXED) without telling anybody; never disturb who is typing the same value."""
        raise NotImplementedError

    def mark_invalid(self, is_invalid: bool) -> None:
        """Show in the field whether its text is a value."""


class TypedEditor(Editor):
    """A line of text that is read as the parameter's kind."""

    def __init__(self, parameter: Parameter, note: str, mixed: str, parent: QWidget) -> None:
        self._line = LineField(parent)
        super().__init__(self._line)
        self._parameter, self._note, self._mixed = parameter, note, mixed
        self._shown: object = None
        self._line.setPlaceholderText(note)
        self._line.typed.connect(self._typed)
        self._line.left.connect(self.left)

    @property
    def text(self) -> str:
        """What stands in the field, a value or not."""
        return self._line.text()

    def begins_typing(self) -> bool:
        """Whether this is the first letter since the field got the focus, or since Enter; asked once a letter."""
        was_typing, self._line.is_typing = self._line.is_typing, True
        return not was_typing

    def _typed(self, text: str) -> None:
        self.edited.emit(read(self._parameter, text))

    def show(self, value: object) -> None:
        is_mixed = value is MIXED
        self._line.setPlaceholderText(self._mixed if is_mixed else self._note)
        if is_mixed:
            if not self._line.hasFocus():
                self._line.show_text("")
            return
        known = cast(Value, value)
        if not is_same_value(read(self._parameter, self._line.text()), known):
            self._line.show_text(written(self._parameter, known))

    def reset_text(self, value: object) -> None:
        """Throw away what was typed and show the value."""
        self._line.setText("" if value is MIXED else written(self._parameter, cast(Value, value)))

    def mark_invalid(self, is_invalid: bool) -> None:
        self._line.mark_invalid(is_invalid)


class ChoiceEditor(Editor):
    """A choice among values. A value that is none of them is added at the end while it stands."""

    def __init__(
        self,
        entries: Sequence[tuple[str, Value]],
        is_entry: Callable[[Value, Value], bool],
        label: Callable[[Value], str],
        mixed: str,
        parent: QWidget,
    ) -> None:
        self._choice = ChoiceField(parent)
        super().__init__(self._choice)
        self._entries = list(entries)
        self._own = len(self._entries)
        self._is_entry, self._label, self._mixed = is_entry, label, mixed
        self._shown: object = MIXED
        self._choice.addItems([text for text, _ in entries])
        self._choice.setPlaceholderText(mixed)
        self._choice.chosen.connect(self._chosen)

    def _chosen(self, number: int) -> None:
        if self._entries[number][1] is NEW_CODE:
            self.show(self._shown)
            self.code_wanted.emit()
            return
        self.edited.emit(self._entries[number][1])
        self.left.emit()

    def show(self, value: object) -> None:
        self._shown = value
        if value is MIXED:
            self._choice.setCurrentIndex(-1)
            return
        known = cast(Value, value)
        number = next(
            (n for n, (_, entry) in enumerate(self._entries[: self._own]) if self._is_entry(entry, known)), -1
        )
        while len(self._entries) > self._own:
            self._entries.pop()
            self._choice.removeItem(self._own)
        if number < 0:
            number = self._own
            self._entries.append((self._label(known), known))
            self._choice.addItem(self._label(known))
        if number != self._choice.currentIndex():
            self._choice.setCurrentIndex(number)


class AddingEditor(Editor):
    """A button that adds one more layer to a list of layers, which stand below with their forms."""

    def __init__(self, catalog: Catalog, parameter: Parameter, words: Words, parent: QWidget) -> None:
        self._button = QPushButton(words.add, parent)
        super().__init__(self._button)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._catalog, self._parameter = catalog, parameter
        self._layers: tuple[Value, ...] = ()
        self._button.clicked.connect(self._add)

    def _add(self) -> None:
        # One more like the last: stacked cells are mostly alike.
        first = self._catalog.fitting(self._parameter)[0]
        new = self._layers[-1] if self._layers else self._catalog.initial_inner(self._parameter, first.type)
        self.edited.emit((*self._layers, new))
        self.left.emit()

    def show(self, value: object) -> None:
        self._layers = value if isinstance(value, tuple) else ()
        self._button.setEnabled(value is not MIXED)


class FileEditor(Editor):
    """A button that says which file it is, and lets the person pick one on this machine."""

    def __init__(self, words: Words, parent: QWidget) -> None:
        self._button = QPushButton(words.none, parent)
        super().__init__(self._button)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._none, self._mixed = words.none, words.mixed
        self._path = ""
        self._button.clicked.connect(self._pick)

    def _pick(self) -> None:
        title, kinds = self.tr("Learned weights"), self.tr("Weights") + " (*.h5 *.keras)"
        folder = Path(self._path).parent if self._path else Path.home()
        chosen, _ = QFileDialog.getOpenFileName(self._button, title, str(folder), kinds)
        if chosen:
            try:
                note(Path(chosen))
            except OSError:
                log.exception("the pick could not be noted")  # A problem then asks to pick it again.
            self.edited.emit(chosen)
            self.left.emit()

    def show(self, value: object) -> None:
        self._path = value if isinstance(value, str) else ""
        text = Path(self._path).name if self._path else self._mixed if value is MIXED else self._none
        self._button.setText(text.replace("&", "&&"))
        self._button.setToolTip(plain.tool_tip(self._path) if self._path else "")


def editor_for(
    catalog: Catalog, parameter: Parameter, words: Words, parent: QWidget, *, offers_code: bool = False
) -> Editor:
    """The editor of a parameter. ``offers_code`` lets new code of one's own be written where it can be the value."""
    if parameter.kind == "file":
        return FileEditor(words, parent)
    if parameter.items == "layer":
        return AddingEditor(catalog, parameter, words, parent)
    entries = _entries(catalog, parameter, words)
    if entries is None:
        return TypedEditor(parameter, words.nothing_for(parameter), words.mixed, parent)
    if offers_code and words.code and parameter.object_kind in OWN_KINDS:
        entries = [*entries, (words.code, NEW_CODE)]

    def label(value: Value) -> str:
        if parameter.kind == "activation" and (spec := object_spec(catalog, parameter, value)) is not None:
            return words.layer.format(name=spec.type)
        return words.none if value is None else written(parameter, value)

    def is_entry(entry: Value, value: Value) -> bool:
        # An activation is a name or code of one's own, unless it is a layer, whose parameters stand below.
        has_parameters = parameter.kind == "layer" or parameter.object_kind not in (None, "activation")
        if has_parameters or object_spec(catalog, parameter, value) is not None:
            return _type_of(catalog, parameter, entry) == _type_of(catalog, parameter, value) is not None or (
                entry is None and value is None
            )
        return is_same_value(entry, value)

    return ChoiceEditor(entries, is_entry, label, words.mixed, parent)


class Words:
    """The few words inside fields, translated by who makes the form."""

    def __init__(
        self, none: str, yes: str, no: str, mixed: str, empty: dict[str, str] | None = None, add: str = "+",
        code: str = "", layer: str = "{name} (layer)",
    ) -> None:  # fmt: skip
        self.none, self.yes, self.no, self.mixed, self.add, self.code = none, yes, no, mixed, add, code
        self.layer = layer
        self._empty = empty or {}

    def nothing_for(self, parameter: Parameter) -> str:
        """What the empty field of a parameter says."""
        if parameter.name in self._empty:
            return self._empty[parameter.name]
        return self.none if parameter.allows_none or parameter.default is None else ""


def object_spec(catalog: Catalog, parameter: Parameter, value: Value) -> ObjectSpec | LayerSpec | None:
    """The object or inner layer that ``value`` means, whether it is told by class or by identifier."""
    if parameter.kind == "layer" or (parameter.takes_layer and isinstance(value, KerasObject)):
        return catalog.inner_layer(value.type) if isinstance(value, KerasObject) else None
    kind = parameter.object_kind
    if kind is None or kind == "activation":
        return None
    name = value.type if isinstance(value, KerasObject) else value if isinstance(value, str) else None
    return catalog.object(kind, name) if name else None


def _type_of(catalog: Catalog, parameter: Parameter, value: Value) -> str | None:
    spec = object_spec(catalog, parameter, value)
    return spec.type if spec is not None else None


def _entries(catalog: Catalog, parameter: Parameter, words: Words) -> list[tuple[str, Value]] | None:
    """What can be chosen, or None where a value is typed."""
    found: list[tuple[str, Value]] = []
    is_optional = parameter.allows_none or parameter.default is None
    none: list[tuple[str, Value]] = [(words.nothing_for(parameter), None)] if is_optional else []
    both: list[tuple[str, Value]] = [(words.yes, True), (words.no, False)]
    if parameter.kind == "bool" and not parameter.also:
        return none + both
    if parameter.kind == "choice":
        found = [(choice, choice) for choice in parameter.choices]
        if set(parameter.also) - {"bool"}:
            return None
        return none + found + (both if "bool" in parameter.also else [])
    if parameter.kind == "dtype":
        return none + [(dtype, dtype) for dtype in _DTYPES]
    if parameter.kind == "layer":
        return none + _layers(catalog, parameter)
    kind = parameter.object_kind
    if parameter.kind == "code":
        return none + [(spec.type, KerasObject(spec.type)) for spec in catalog.objects("function").values()]
    if kind is not None and parameter.kind in ("activation", "initializer", "regularizer", "constraint"):
        specs = sorted(catalog.objects(kind).values(), key=lambda spec: (not spec.is_common, spec.order, spec.type))
        if kind == "activation":
            found = [(spec.identifier or spec.type, _activation(spec)) for spec in specs if _takes_tensor_alone(spec)]
            layers = [(words.layer.format(name=name), value) for name, value in _layers(catalog, parameter)]
            return none + found + layers
        for spec in specs:
            found.append((spec.type, KerasObject(spec.type, catalog.initial_object_params(kind, spec.type))))
        return none + found
    return None


def _layers(catalog: Catalog, parameter: Parameter) -> list[tuple[str, Value]]:
    return [(spec.type, catalog.initial_inner(parameter, spec.type)) for spec in catalog.fitting(parameter)]


def _takes_tensor_alone(spec: ObjectSpec) -> bool:
    return not any(parameter.is_required for parameter in spec.parameters)


def _activation(spec: ObjectSpec) -> Value:
    """An activation of Keras is told by its name; one of one's own is an object, so that it is code in the export."""
    return KerasObject(spec.type) if spec.is_own else spec.identifier or spec.type
