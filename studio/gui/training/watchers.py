"""Who watches the training: callbacks that stop early, slow down, or keep the best weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtWidgets import QCheckBox, QWidget

from studio.catalog import Catalog
from studio.catalog.values import KerasObject, Value
from studio.core import edits, plan
from studio.gui.session import Session
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import FormRows, choice, show_choice

INDENT_PX = 22


@dataclass(frozen=True, slots=True)
class Offer:
    """A callback that is offered here: which of its parameters, and with what it begins."""

    type: str
    parameters: tuple[str, ...]
    initial: dict[str, Value]


OFFERS = (
    Offer(
        "EarlyStopping",
        ("monitor", "patience", "restore_best_weights"),
        {"patience": 5, "restore_best_weights": True},
    ),
    Offer("ReduceLROnPlateau", ("monitor", "factor", "patience"), {"patience": 3}),
    Offer("ModelCheckpoint", ("monitor", "save_best_only"), {"filepath": "best.keras", "save_best_only": True}),
)
"""All others come with the whole list of callbacks."""


class Watcher(FormRows):
    """A switch, and the fields of the callback while it is on."""

    def __init__(self, session: Session, offer: Offer, words: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._offer = offer
        self.switch = QCheckBox(words)
        self.switch.setToolTip(f"{offer.type}: {tip}")
        self.switch.setObjectName(offer.type)
        self.switch.clicked.connect(self._switch)
        self.add(self.switch)
        self._fields = FormRows()
        self.add(self._fields, INDENT_PX)
        self.fields: dict[str, QWidget] = {}
        self._refreshers = [self._add_field(parameter) for parameter in offer.parameters]

    def refresh(self) -> None:
        """Show what the project says."""
        callback = self._callback()
        self.switch.setChecked(callback is not None)
        self._fields.setVisible(callback is not None)
        if callback is not None:
            for show in self._refreshers:
                show(callback)

    def _callback(self) -> KerasObject | None:
        callbacks = self._session.project.training.callbacks
        return next((entry for entry in callbacks if entry.type == self._offer.type), None)

    def _add_field(self, parameter: str) -> Callable[[KerasObject], None]:
        default = _default(self._session.catalog, self._offer.type, parameter)
        words = parameter.replace("_", " ").capitalize()
        if parameter == "monitor":
            return self._add_monitor(words, str(default))
        if isinstance(default, bool):
            box = QCheckBox(words)
            box.clicked.connect(lambda on: self._set(parameter, on))
            self._fields.add(box)
            self.fields[parameter] = box
            return lambda callback: box.setChecked(bool(callback.params.get(parameter, default)))
        is_factor = parameter == "factor"
        field = NumberField(
            is_whole=isinstance(default, int), low=0.0, above_low=is_factor, high=0.999 if is_factor else 1e9
        )
        field.changed.connect(lambda value: self._set(parameter, value))
        field.left.connect(self._session.document.end_merge)
        self._fields.add_row(words, field)
        self.fields[parameter] = field
        return lambda callback: field.show_value(callback.params.get(parameter, default))

    def _add_monitor(self, words: str, default: str) -> Callable[[KerasObject], None]:
        field = choice(words)
        field.activated.connect(lambda _: self._set("monitor", cast(str, field.currentData())))
        self._fields.add_row(words, field)
        self.fields["monitor"] = field

        def show(callback: KerasObject) -> None:
            field.clear()
            for name in plan.monitored(self._session.project):
                field.addItem(name, name)
            show_choice(field, str(callback.params.get("monitor", default)))

        return show

    def _switch(self, on: bool) -> None:
        offer = self._offer
        callbacks = tuple(entry for entry in self._session.project.training.callbacks if entry.type != offer.type)
        if on:
            params = dict(offer.initial)
            if "val_loss" not in plan.monitored(self._session.project):
                params["monitor"] = "loss"
            callbacks = (*callbacks, KerasObject(offer.type, params))
        words = self.tr("Add {0}") if on else self.tr("Remove {0}")
        self._apply(callbacks, words.format(offer.type))

    def _set(self, parameter: str, value: Value) -> None:
        default = _default(self._session.catalog, self._offer.type, parameter)

        def changed(entry: KerasObject) -> KerasObject:
            params = dict(entry.params) | {parameter: value}
            if value == default:
                del params[parameter]
            return KerasObject(entry.type, params)

        callbacks = tuple(
            changed(entry) if entry.type == self._offer.type else entry
            for entry in self._session.project.training.callbacks
        )
        words = self.tr("Change {0} of {1}").format(parameter.replace("_", " "), self._offer.type)
        self._apply(callbacks, words, f"{self._offer.type}.{parameter}")

    def _apply(self, callbacks: tuple[KerasObject, ...], name: str, merge_key: str | None = None) -> None:
        training = replace(self._session.project.training, callbacks=callbacks)
        self._session.apply(lambda project: edits.set_training(project, training), name, merge_key=merge_key)


class Watchers(FormRows):
    """All callbacks that are offered."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.tr("Who watches"), parent)
        words = {
            "EarlyStopping": (
                self.tr("Stop early"),
                self.tr("end when the watched value has not improved for a while"),
            ),
            "ReduceLROnPlateau": (
                self.tr("Reduce the learning rate"),
                self.tr("take smaller steps when the watched value does not improve"),
            ),
            "ModelCheckpoint": (self.tr("Keep checkpoints"), self.tr("write the model to a file while it learns")),
        }
        self.watchers = {offer.type: Watcher(session, offer, *words[offer.type]) for offer in OFFERS}
        for watcher in self.watchers.values():
            self.add(watcher)

    def refresh(self) -> None:
        """Show what the project says."""
        for watcher in self.watchers.values():
            watcher.refresh()


def _default(catalog: Catalog, watcher: str, parameter: str) -> Value:
    spec = catalog.object("callback", watcher)
    entry = spec.parameter(parameter) if spec is not None else None
    return cast(Value, entry.default) if entry is not None and not entry.is_required else None
