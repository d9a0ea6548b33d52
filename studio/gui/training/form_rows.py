"""Rows of a label and a field, all labels of a panel equally wide."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import ObjectKind
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField
from studio.gui.training.fields import NumberField
from studio.gui.training.object_choice import ObjectChoice

LABEL_PX = 104


class FormRows(QWidget):
    """A form with an optional heading in upper case."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(8)
        if heading:
            self.box.addWidget(plain.label(heading.upper(), "heading"))

    def add_row(self, words: str, *fields: QWidget) -> QLabel:
        """A row with a label; the first field takes the room that the others leave."""
        label = plain.label(words, "quiet")
        label.setFixedWidth(LABEL_PX)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        for place, field in enumerate(fields):
            row.addWidget(field, 0 if place else 1)
        self.box.addLayout(row)
        for field in fields:
            if isinstance(field, ObjectChoice | NumberField):
                self.box.addWidget(field.note)
        if fields:
            label.setBuddy(fields[0])
            if not fields[0].accessibleName():
                fields[0].setAccessibleName(words)
        return label

    def add(self, widget: QWidget, indent_px: int = 0) -> None:
        """Something over the whole width."""
        if not indent_px:
            self.box.addWidget(widget)
            return
        row = QHBoxLayout()
        row.setContentsMargins(indent_px, 0, 0, 0)
        row.addWidget(widget)
        self.box.addLayout(row)


class ChoiceWithNote(FormRows):
    """A form that begins with one choice, and a sentence below it where there is something to say."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.choice = choice(words)
        self.add_row(words, self.choice)
        self.note = plain.label("", "secondary", wraps=True)
        self.add(self.note)

    def say(self, text: str) -> None:
        """Say this below the choice; "" for nothing."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def allow(self, place: int, reason: str, tip: str = "") -> None:
        """Let an entry be chosen, or say at it why not; ``tip`` is what it says else."""
        item = cast(QStandardItemModel, self.choice.model()).item(place)
        item.setEnabled(not reason)
        item.setData(plain.tool_tip(reason or tip), TIP)


def choice(accessible_name: str) -> ChoiceField:
    """A combo box for a form."""
    field = ChoiceField()
    field.setAccessibleName(accessible_name)
    field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return field


def fill_choice(field: ChoiceField, catalog: Catalog, kind: ObjectKind) -> None:
    """Add all objects of a kind to a combo box, common ones first; the data of each is its class name.

    A choice that can be searched offers new code of one's own after them.
    """
    specs = catalog.objects(kind)
    for name in sorted(specs, key=lambda name: (not specs[name].is_common, name)):
        field.addItem(name, name)
        field.setItemData(field.count() - 1, plain.tool_tip(specs[name].summary), TIP)
    if isinstance(field, ObjectChoice):
        field.offer_templates()


def object_choice(catalog: Catalog, kind: ObjectKind, words: str) -> ObjectChoice:
    """An empty combo box for objects of a kind that can be searched."""
    field = ObjectChoice(catalog, kind)
    field.setAccessibleName(words)
    return field


def adding_choice(catalog: Catalog, kind: ObjectKind, words: str) -> ObjectChoice:
    """A combo box in which one more object of a kind is chosen; it shows ``words`` until then."""
    field = object_choice(catalog, kind, words)
    field.setPlaceholderText(words)
    field.line.setPlaceholderText(words)
    fill_choice(field, catalog, kind)
    field.setCurrentIndex(-1)
    return field


def show_choice(field: ChoiceField, value: str) -> None:
    """Choose the entry with this data; one that is not there yet is added at the end."""
    index = field.findData(value)
    if index < 0:
        field.addItem(value, value)
        index = field.count() - 1
    field.setCurrentIndex(index)


TIP = Qt.ItemDataRole.ToolTipRole
