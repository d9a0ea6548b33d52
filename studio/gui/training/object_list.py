"""A list of Keras objects of one kind, such as the metrics of an output: each with its settings and a cross."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.catalog import Catalog
from studio.catalog.spec import ObjectKind
from studio.catalog.values import KerasObject
from studio.gui.training.form_rows import adding_choice, fill_choice
from studio.gui.training.object_settings import Adjust, ObjectSettings, Refuse, Revise


class ObjectList(QWidget):
    """``items`` are the objects from top to bottom, ``adding`` is where one more is chosen.

    It changes nothing itself: ``changed`` brings (all objects, what was done in words, key by which steps of undo
    merge or ""). ``template_wanted`` brings the template of a new one that is code of one's own, ``code_shown`` the
    name of code that shall be opened, ``function_wanted`` the number of an object and the parameter for which a
    function shall begin.
    """

    changed = Signal(object, str, str)
    template_wanted = Signal(object)
    code_shown = Signal(str)
    function_wanted = Signal(int, str)
    left = Signal()

    def __init__(
        self,
        catalog: Catalog,
        kind: ObjectKind,
        words: str,
        parent: QWidget | None = None,
        *,
        revise: Revise = lambda parameter: parameter,
        adjust: Adjust = lambda value, name: value,
        refuse: Refuse = lambda value, name: "",
    ) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self._kind = kind
        self._revise, self._adjust, self._refuse = revise, adjust, refuse
        self._objects: tuple[KerasObject, ...] = ()
        self.items: list[ObjectSettings] = []
        self.adding = adding_choice(catalog, kind, words)
        self.adding.taken.connect(self._add)
        self.adding.template_wanted.connect(self.template_wanted)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self.setVisible(False)

    @property
    def objects(self) -> tuple[KerasObject, ...]:
        """What is shown."""
        return self._objects

    def offer(self, catalog: Catalog) -> None:
        """Offer what the catalog has now."""
        self._catalog = catalog
        self.adding.offer(catalog)
        self.adding.clear()
        fill_choice(self.adding, catalog, self._kind)
        self.adding.setCurrentIndex(-1)
        for item in self.items:
            item.offer(catalog)

    def show_objects(self, objects: tuple[KerasObject, ...]) -> None:
        """Show these objects; what is unfolded stays so."""
        self._objects = objects
        while len(self.items) > len(objects):
            self._drop(len(self.items) - 1)
        while len(self.items) < len(objects):
            self.items.append(self._item())
            self._layout.addWidget(self.items[-1])
        for item, value in zip(self.items, objects, strict=True):
            item.show_object(self._catalog.object(self._kind, value.type), value)
        self.setVisible(bool(objects))

    def _item(self) -> ObjectSettings:
        item = ObjectSettings(
            self._catalog,
            parent=self,
            is_removable=True,
            revise=self._revise,
            adjust=self._adjust,
            refuse=self._refuse,
        )
        item.changed.connect(lambda name, value: self._change(item, name, cast(KerasObject, value)))
        item.removed.connect(lambda: self._remove(item))
        item.code_shown.connect(self.code_shown)
        item.function_wanted.connect(lambda name: self.function_wanted.emit(self.items.index(item), name))
        item.left.connect(self.left)
        return item

    def _drop(self, index: int) -> None:
        item = self.items.pop(index)
        self._layout.removeWidget(item)
        item.hide()
        item.deleteLater()

    def _add(self) -> None:
        name = self.adding.currentData()
        more = self.adding.take_params()
        self.adding.setCurrentIndex(-1)
        if name:
            new = KerasObject(name, {**self._catalog.initial_object_params(self._kind, name), **more})
            self.changed.emit((*self._objects, new), self.tr("Add {0}").format(name), "")

    def _remove(self, item: ObjectSettings) -> None:
        index = self.items.index(item)
        name = self._objects[index].type
        kept = self._objects[:index] + self._objects[index + 1 :]
        self._drop(index)  # before the others move up, so that each keeps its fold
        self.changed.emit(kept, self.tr("Remove {0}").format(name), "")

    def _change(self, item: ObjectSettings, name: str, value: KerasObject) -> None:
        index = self.items.index(item)
        objects = (*self._objects[:index], value, *self._objects[index + 1 :])
        words = self.tr("Change {0} of {1}").format(name.replace("_", " "), value.type)
        self.changed.emit(objects, words, f"{self._kind}.{index}.{name}")
