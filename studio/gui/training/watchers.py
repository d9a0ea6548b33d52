"""Who watches the training: callbacks that stop early, slow down, keep the best weights, and all the others."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtWidgets import QCheckBox, QWidget

from studio.catalog.spec import Parameter
from studio.catalog.values import KerasObject
from studio.core import edits, plan
from studio.core.project import TrainingPlan
from studio.core.rules.planning import PLACES, callback_problems, checkpoint_endings
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training import own_code
from studio.gui.training.form_rows import FormRows
from studio.gui.training.object_list import ObjectList
from studio.gui.training.object_settings import ObjectSettings
from studio.immutable import immutable
from studio.workbench.templates import Template, first_of

Callbacks = tuple[KerasObject, ...]


@immutable
class Offer:
    """A callback that has a switch of its own, and which of its parameters stand above the fold."""

    type: str
    shown: tuple[str, ...]


OFFERS = (
    Offer("EarlyStopping", ("monitor", "patience", "restore_best_weights")),
    Offer("ReduceLROnPlateau", ("monitor", "factor", "patience")),
    Offer("ModelCheckpoint", ("filepath", "monitor", "save_best_only")),
)
"""All others, and a second one of these, are added from the list of callbacks."""


class Watcher(FormRows):
    """A switch, and the fields of the callback while it is on."""

    def __init__(self, watchers: Watchers, offer: Offer, words: str, tip: str) -> None:
        super().__init__(parent=watchers)
        self._watchers = watchers
        self._offer = offer
        self.switch = QCheckBox(words)
        self.switch.setToolTip(f"{offer.type}: {tip}")
        self.switch.setObjectName(offer.type)
        self.switch.clicked.connect(self._switch)
        self.add(self.switch)
        self.settings = ObjectSettings(
            watchers.session.catalog, parent=self, revise=self._revise, adjust=_adjusted, refuse=_why_not
        )
        self.settings.keep_open()
        self.settings.changed.connect(self._change)
        self.settings.left.connect(watchers.session.document.end_merge)
        self.add(self.settings)

    def show_callback(self, callback: KerasObject | None) -> None:
        """Show the callback, or that there is none."""
        self.switch.setChecked(callback is not None)
        spec = self._watchers.session.catalog.object("callback", self._offer.type)
        self.settings.show_object(spec, callback)

    def _revise(self, parameter: Parameter) -> Parameter:
        return replace(self._watchers.revise(parameter), advanced=parameter.name not in self._offer.shown)

    def _switch(self, on: bool) -> None:
        name = self._offer.type
        callbacks = self._watchers.callbacks
        if on:
            self._watchers.apply((*callbacks, self._watchers.new(name)), self.tr("Add {0}").format(name))
        else:
            index = self._watchers.switched[name]
            self._watchers.apply(callbacks[:index] + callbacks[index + 1 :], self.tr("Remove {0}").format(name))

    def _change(self, parameter: str, value: object) -> None:
        index = self._watchers.switched[self._offer.type]
        callbacks = self._watchers.callbacks
        words = self.tr("Change {0} of {1}").format(parameter.replace("_", " "), self._offer.type)
        changed = (*callbacks[:index], cast(KerasObject, value), *callbacks[index + 1 :])
        self._watchers.apply(changed, words, f"{self._offer.type}.{parameter}")


class Watchers(FormRows):
    """All callbacks: three with switches, the rest in a list to which any can be added."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.tr("Who watches"), parent)
        self.session = session
        self.switched: dict[str, int] = {}
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
        self.watchers = {offer.type: Watcher(self, offer, *words[offer.type]) for offer in OFFERS}
        for watcher in self.watchers.values():
            self.add(watcher)
        self.others = ObjectList(
            session.catalog,
            "callback",
            self.tr("Add a callback"),
            revise=self.revise,
            adjust=_adjusted,
            refuse=_why_not,
        )
        self.others.changed.connect(self._change_others)
        self.others.template_wanted.connect(self._begin)
        self.others.function_wanted.connect(self._begin_function)
        self.others.code_shown.connect(partial(own_code.show, session))
        self.others.left.connect(session.document.end_merge)
        self.add(self.others)
        self.add(self.others.adding)
        plain.named(self.others.adding, self.others.adding.accessibleName())
        self.add(self.others.adding.note)

    @property
    def callbacks(self) -> Callbacks:
        """All callbacks of the project, in their order."""
        return self.session.project.training.callbacks

    def refresh(self) -> None:
        """Show what the project says."""
        self.switched = {}
        for index, callback in enumerate(self.callbacks):
            if callback.type in self.watchers:
                self.switched.setdefault(callback.type, index)
        for name, watcher in self.watchers.items():
            place = self.switched.get(name)
            watcher.show_callback(self.callbacks[place] if place is not None else None)
        self.others.show_objects(tuple([self.callbacks[index] for index in self._places_of_others()]))

    def apply(self, callbacks: Callbacks, words: str, merge_key: str | None = None) -> None:
        """Put these callbacks into the project."""
        training = replace(self.session.project.training, callbacks=callbacks)
        self.session.apply(lambda project: edits.set_training(project, training), words, merge_key=merge_key)

    def new(self, type: str) -> KerasObject:
        """A callback as it begins here: it watches the loss where no rows are kept for validation."""
        return self._watching(KerasObject(type, self.session.catalog.initial_object_params("callback", type)))

    def revise(self, parameter: Parameter) -> Parameter:
        """What is watched is chosen from what this model reports."""
        if parameter.name != "monitor":
            return parameter
        return replace(parameter, kind="choice", choices=plan.monitored(self.session.project))

    def _watching(self, callback: KerasObject) -> KerasObject:
        spec = self.session.catalog.object("callback", callback.type)
        monitor = spec.parameter("monitor") if spec is not None else None
        if monitor is None or monitor.default in plan.monitored(self.session.project):
            return callback
        return KerasObject(callback.type, {**callback.params, "monitor": "loss"})

    def fill(self) -> None:
        """Offer what the catalog has now."""
        self.others.offer(self.session.catalog)

    def _begin(self, template: Template) -> None:
        own_code.begin(self.session, template, lambda plan, code: replace(plan, callbacks=(*plan.callbacks, code)))

    def _begin_function(self, number: int, name: str) -> None:
        """Begin a function that is the parameter ``name`` of a callback in the list."""
        place = self._places_of_others()[number]
        owner = self.callbacks[place]

        def used(plan: TrainingPlan, code: KerasObject) -> TrainingPlan:
            given = KerasObject(owner.type, {**owner.params, name: code})
            return replace(plan, callbacks=(*plan.callbacks[:place], given, *plan.callbacks[place + 1 :]))

        own_code.begin(self.session, first_of("function", owner.type, name), used)

    def _begin_with_functions(self, callback: KerasObject, needed: str) -> None:
        """Add a callback that is nothing without a function, together with one that works."""

        def used(plan: TrainingPlan, code: KerasObject) -> TrainingPlan:
            given = KerasObject(callback.type, {**callback.params, needed: code})
            return replace(plan, callbacks=(*plan.callbacks, given))

        own_code.begin(self.session, first_of("function", callback.type, needed), used)

    def _places_of_others(self) -> list[int]:
        with_switch = set(self.switched.values())
        return [index for index in range(len(self.callbacks)) if index not in with_switch]

    def _change_others(self, others: Callbacks, words: str, merge_key: str) -> None:
        places = self._places_of_others()
        if len(others) > len(places):
            needed = _FUNCTIONS.get(others[-1].type)
            if needed is not None:
                self._begin_with_functions(others[-1], needed)
                return
            self.apply((*self.callbacks, self._watching(others[-1])), words)
            return
        left = iter(others)
        kept = [callback if index not in places else next(left, None) for index, callback in enumerate(self.callbacks)]
        self.apply(tuple([callback for callback in kept if callback is not None]), words, merge_key or None)


_FUNCTIONS = {"LearningRateScheduler": "schedule", "LambdaCallback": "on_epoch_end"}
"""Callbacks that do nothing without a function, and the parameter that begins with one."""

_CONCERNED = {"callback_place": PLACES, "checkpoint_name": ("filepath",), "factor": ("factor",)}


def _why_not(callback: KerasObject, name: str) -> str:
    """Why the parameter ``name`` cannot be so; what is wrong with others is told among the problems."""
    found = (problem.message for problem in callback_problems(callback) if name in _CONCERNED[problem.code])
    return next(found, "")


def _adjusted(callback: KerasObject, name: str) -> KerasObject:
    """Weights alone and whole models have files that end differently: the name goes with the switch."""
    place = callback.params.get("filepath")
    if callback.type != "ModelCheckpoint" or name != "save_weights_only" or not isinstance(place, str):
        return callback
    endings = checkpoint_endings(callback)
    stem = place
    for ending in (".weights.h5", ".keras", ".h5"):
        stem = stem.removesuffix(ending)
    return KerasObject(callback.type, {**callback.params, "filepath": stem + endings[0]})
