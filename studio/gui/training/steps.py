"""How the training takes steps: the optimizer, its learning rate or the schedule in its place, and its settings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtWidgets import QWidget

from studio.catalog.spec import ObjectSpec
from studio.catalog.values import KerasObject, Value
from studio.core import edits
from studio.core.project import TrainingPlan
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training import own_code
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import FormRows, fill_choice, object_choice, show_choice
from studio.gui.training.object_settings import ObjectSettings
from studio.gui.training.rate_picture import RatePicture
from studio.gui.training.schedule_curve import learning_rates, planned_steps
from studio.workbench.templates import Template

CONSTANT = ""
POINTS = 240
STEPS_WITHOUT_DATA = 1000


class Steps(FormRows):
    """The form of ``training.optimizer``."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session.tr("How it takes steps"), parent)
        self._session = session
        catalog = session.catalog
        self.optimizer = object_choice(catalog, "optimizer", self.tr("Optimizer"))
        self.optimizer.taken.connect(self._set_optimizer)
        self.optimizer.template_wanted.connect(self._begin_optimizer)
        self.learning_rate = NumberField(is_whole=False, low=0.0, above_low=True)
        self.learning_rate.changed.connect(self._set_learning_rate)
        self.learning_rate.left.connect(session.document.end_merge)
        self.schedule = object_choice(catalog, "schedule", self.tr("Schedule"))
        self.schedule.taken.connect(self._set_schedule)
        self.schedule.template_wanted.connect(self._begin_schedule)
        self.schedule_settings = ObjectSettings(
            catalog, left_out=("name",), adjust=_fitting, refuse=self._why_not_schedule
        )
        self.schedule_settings.changed.connect(self._set_schedule_parameter)
        self.schedule_settings.code_shown.connect(partial(own_code.show, session))
        self.schedule_settings.left.connect(session.document.end_merge)
        self.picture = RatePicture()
        self.settings = ObjectSettings(catalog, left_out=("learning_rate",))
        self.settings.changed.connect(self._set_parameter)
        self.settings.code_shown.connect(partial(own_code.show, session))
        self.settings.left.connect(session.document.end_merge)
        self.add_row(self.tr("Optimizer"), self.optimizer)
        self.add_row(self.tr("Learning rate"), self.learning_rate)
        self.add_row(self.tr("Schedule"), self.schedule)
        self.add(self.picture)
        self.add(self.schedule_settings)
        self.add(self.settings)
        self.fill()

    def fill(self) -> None:
        """Offer what the catalog has now."""
        for settings in (self.settings, self.schedule_settings):
            settings.offer(self._session.catalog)
        self.optimizer.offer(self._session.catalog)
        self.optimizer.clear()
        fill_choice(self.optimizer, self._session.catalog, "optimizer")
        self.schedule.offer(self._session.catalog)
        self.schedule.clear()
        self.schedule.addItem(self.tr("none: always the same rate"), CONSTANT)
        fill_choice(self.schedule, self._session.catalog, "schedule")

    def refresh(self) -> None:
        """Show what the project says."""
        catalog = self._session.catalog
        optimizer = self._training.optimizer
        show_choice(self.optimizer, optimizer.type)
        spec = catalog.object("optimizer", optimizer.type)
        self.optimizer.setToolTip(plain.tool_tip(spec.summary if spec is not None else ""))
        rate = optimizer.params.get("learning_rate", self._default_rate(optimizer.type))
        schedule = rate if isinstance(rate, KerasObject) else None
        self.learning_rate.setEnabled(schedule is None)
        self.learning_rate.show_value(rate)
        self.learning_rate.set_tip(
            self.tr("The length of a step. Too high and the loss jumps, too low and it crawls.")
            if schedule is None
            else self.tr("{0} says the learning rate of each batch.").format(schedule.type)
        )
        self.learning_rate.setPlaceholderText("" if schedule is None else self.tr("by the schedule"))
        show_choice(self.schedule, schedule.type if schedule is not None else CONSTANT)
        known = catalog.object("schedule", schedule.type) if schedule is not None else None
        self.schedule.setToolTip(plain.tool_tip(known.summary if known is not None else ""))
        self.schedule_settings.show_object(known, schedule)
        self._draw(known, schedule)
        self.settings.show_object(spec, optimizer)

    def _draw(self, spec: ObjectSpec | None, schedule: KerasObject | None) -> None:
        rates = None
        if spec is not None and schedule is not None:
            length = planned_steps(self._session.project) or STEPS_WITHOUT_DATA
            steps = sorted({round(length * place / POINTS) for place in range(POINTS + 1)})
            defaults = {each.name: cast(Value, each.default) for each in spec.parameters if not each.is_required}
            rates = learning_rates(schedule.type, defaults | dict(schedule.params), steps)
        self.picture.setVisible(rates is not None)
        if rates is not None:
            self.picture.show_rates(steps, rates)

    @property
    def _training(self) -> TrainingPlan:
        return self._session.project.training

    def _default_rate(self, optimizer: str) -> Value:
        spec = self._session.catalog.object("optimizer", optimizer)
        entry = spec.parameter("learning_rate") if spec is not None else None
        return None if entry is None or entry.is_required else cast(Value, entry.default)

    # What the person wants

    def _apply(self, optimizer: KerasObject, words: str, merge_key: str | None = None) -> None:
        training = replace(self._training, optimizer=optimizer)
        self._session.apply(lambda project: edits.set_training(project, training), words, merge_key=merge_key)

    def _set_optimizer(self) -> None:
        name = self.optimizer.currentData()
        now = self._training.optimizer
        more = self.optimizer.take_params()
        if not name or name == now.type:
            return
        # The learning rate of another optimizer means something else: back to its own default. A schedule stays, for
        # it is much to fill in again.
        params = self._session.catalog.initial_object_params("optimizer", name)
        rate = now.params.get("learning_rate")
        if isinstance(rate, KerasObject):
            params["learning_rate"] = rate
        params |= more
        self._apply(KerasObject(name, params), self.tr("Use {0}").format(name))

    def _begin_optimizer(self, template: Template) -> None:
        own_code.begin(self._session, template, lambda plan, code: replace(plan, optimizer=code))

    def _begin_schedule(self, template: Template) -> None:
        def used(plan: TrainingPlan, code: KerasObject) -> TrainingPlan:
            params = {**plan.optimizer.params, "learning_rate": code}
            return replace(plan, optimizer=KerasObject(plan.optimizer.type, params))

        own_code.begin(self._session, template, used)

    def _set_parameter(self, name: str, optimizer: KerasObject) -> None:
        self._apply(optimizer, self.tr("Change {0}").format(name.replace("_", " ")), f"optimizer.{name}")

    def _with_rate(self, rate: Value) -> KerasObject:
        optimizer = self._training.optimizer
        params = dict(optimizer.params) | {"learning_rate": rate}
        if rate == self._default_rate(optimizer.type):
            del params["learning_rate"]
        return KerasObject(optimizer.type, params)

    def _set_learning_rate(self, value: float) -> None:
        self._apply(self._with_rate(value), self.tr("Change learning rate"), "learning_rate")

    def _set_schedule(self) -> None:
        name = self.schedule.currentData()
        optimizer = self._training.optimizer
        rate = optimizer.params.get("learning_rate", self._default_rate(optimizer.type))
        if name == (rate.type if isinstance(rate, KerasObject) else CONSTANT):
            return
        start = rate.params.get("initial_learning_rate") if isinstance(rate, KerasObject) else rate
        if name == CONSTANT:
            back = start if start is not None else self._default_rate(optimizer.type)
            self._apply(self._with_rate(back), self.tr("Use no schedule"))
            return
        params = self._session.catalog.initial_object_params("schedule", name)
        if "initial_learning_rate" in params and start is not None:
            params["initial_learning_rate"] = start
        if "decay_steps" in params and (length := planned_steps(self._session.project)):
            params["decay_steps"] = length
        self.schedule_settings.fold.setChecked(True)
        self._apply(self._with_rate(KerasObject(name, params)), self.tr("Use {0}").format(name))

    def _set_schedule_parameter(self, name: str, schedule: KerasObject) -> None:
        words = self.tr("Change {0} of {1}").format(name.replace("_", " "), schedule.type)
        self._apply(self._with_rate(schedule), words, f"schedule.{name}")

    def _why_not_schedule(self, schedule: KerasObject, name: str) -> str:
        if name not in ("boundaries", "values"):
            return ""
        items = schedule.params.get(name)
        if not isinstance(items, tuple) or not items or any(type(item) not in (int, float) for item in items):
            return self.tr("Wanted: numbers in a list, such as (10, 20); one alone is (10,).")
        boundaries = schedule.params.get("boundaries")
        if name == "values" and isinstance(boundaries, tuple) and len(items) != len(boundaries) + 1:
            return self.tr("There must be {0} values: one more than boundaries.").format(len(boundaries) + 1)
        return ""


def _fitting(schedule: KerasObject, changed: str) -> KerasObject:
    """Pieces always have one more value than boundaries: with other boundaries values go or the last one repeats."""
    boundaries, values = schedule.params.get("boundaries"), schedule.params.get("values")
    if changed != "boundaries" or not isinstance(boundaries, tuple) or not isinstance(values, tuple) or not values:
        return schedule
    needed = len(boundaries) + 1
    fitting = (*values, *[values[-1]] * (needed - len(values)))[:needed]
    return KerasObject(schedule.type, {**schedule.params, "values": fitting})
