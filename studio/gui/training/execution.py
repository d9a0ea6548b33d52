"""How the computer does the training: compiled or not, in which numbers. Folded, for few need it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtWidgets import QCheckBox, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.core import edits
from studio.core.bindings import ends
from studio.core.project import INPUT, Compiling, DtypePolicy, TrainingPlan
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import LABEL_PX, FormRows, choice
from studio.gui.training.runs_on_choice import RunsOnChoice

MOST_STEPS = 1_000_000
_TOLD = ("runs_on", "dtype_policy", "jit_compile", "steps_per_execution", "run_eagerly", "are_inputs_listed")


class Execution(QWidget):
    """A fold over the settings that ``_TOLD`` names.

    It is open from the start if one of them is set.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.fold = QPushButton(self.tr("More"))
        self.fold.setToolTip(
            self.tr("How the computer does it: in which numbers, compiled or not, how many batches at a time")
        )
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_form)
        self.form = FormRows()
        self.runs_on = RunsOnChoice(session)
        self.policy = choice(self.tr("Precision"))
        for words, policy in (
            (self.tr("float32: exact, everywhere"), "float32"),
            (self.tr("mixed_float16: for graphics cards"), "mixed_float16"),
            (self.tr("mixed_bfloat16: also for TPUs"), "mixed_bfloat16"),
        ):
            self.policy.addItem(words, policy)
        self.policy.setToolTip(
            self.tr(
                "Mixed precision keeps the weights in float32 and computes in numbers of half the size: faster and "
                "smaller on hardware made for them, slower on an ordinary processor. A layer's own dtype still wins."
            )
        )
        self.policy.activated.connect(self._set_policy)
        self.compiling = choice(self.tr("Compile"))
        for words, value in (
            (self.tr("automatic: where Keras can"), "auto"),
            (self.tr("always, with XLA"), True),
            (self.tr("never"), False),
        ):
            self.compiling.addItem(words, value)
        self.compiling.setToolTip(
            self.tr("XLA makes machine code of the whole network: slow to begin, often faster after.")
        )
        self.compiling.activated.connect(self._set_compiling)
        self.steps = NumberField(is_whole=True, low=1, high=MOST_STEPS)
        self.steps.set_tip(
            self.tr("Batches that Keras does in one go. Points, pause and stop come once per so many batches.")
        )
        self.steps.changed.connect(self._set_steps)
        self.steps.left.connect(session.document.end_merge)
        self.eagerly = QCheckBox(self.tr("run line by line, as plain Python"))
        self.eagerly.setToolTip(
            self.tr("Much slower, but an error in code of your own is found at its line (run_eagerly).")
        )
        self.eagerly.clicked.connect(self._set_eagerly)
        self.form.add_row(self.tr("Precision"), self.policy)
        self.form.add_row(self.tr("Compile"), self.compiling)
        self.form.add_row(self.tr("Batches at once"), self.steps)
        self.form.add_row(self.tr("Eagerly"), self.eagerly)
        self.inputs = choice(self.tr("Inputs go in as"))
        self.inputs.addItem(self.tr("dictionary, by name"), False)
        self.inputs.addItem(self.tr("list, in order"), True)
        self.inputs.activated.connect(self._set_inputs)
        self.form.add_row(self.tr("Inputs go in as"), self.inputs)
        self.form.add_row(self.tr("Script runs on"), self.runs_on)
        self.form.add(self.runs_on.note, LABEL_PX + 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.fold)
        layout.addWidget(self.form)
        self.fold.setChecked(self._is_set)
        self._show_form()

    def refresh(self) -> None:
        """Show what the project says."""
        plan = self._training
        self.runs_on.refresh()
        self.policy.setCurrentIndex(self.policy.findData(plan.dtype_policy))
        self.compiling.setCurrentIndex(self.compiling.findData(plan.jit_compile))
        self.steps.show_value(plan.steps_per_execution)
        self.eagerly.setChecked(plan.run_eagerly)
        self._show_inputs()
        if self._is_set:
            self.fold.setChecked(True)

    @property
    def _training(self) -> TrainingPlan:
        return self._session.project.training

    @property
    def _is_set(self) -> bool:
        plan, usual = self._training, TrainingPlan()
        return any(getattr(plan, name) != getattr(usual, name) for name in _TOLD)

    def _show_form(self) -> None:
        is_open = self.fold.isChecked()
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")
        self.form.setVisible(is_open)

    def _show_inputs(self) -> None:
        self.inputs.setCurrentIndex(self.inputs.findData(self._training.are_inputs_listed))
        names = [node.name for node in ends(self._session.project, INPUT)]
        self.inputs.setEnabled(len(names) > 1)
        why = self.tr("A single Input goes in as it is; with a second one there is a choice.")
        if len(names) > 1:
            why = self.tr(
                "How the model takes its data: by the names of the Inputs, or in this order: {0}. For another order "
                "drag the Inputs in the outline, or select one in the drawing and choose “Earlier in the order”."
            ).format(", ".join([*names[:6], "..."] if len(names) > 6 else names))
        self.inputs.setToolTip(plain.tool_tip(why))

    # What the person wants

    def _apply(self, training: TrainingPlan, words: str, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_training(project, training), words, merge_key=merge_key)

    def _set_policy(self) -> None:
        chosen = cast(DtypePolicy, self.policy.currentData())
        if chosen != self._training.dtype_policy:
            self._apply(replace(self._training, dtype_policy=chosen), self.tr("Change precision"))

    def _set_compiling(self) -> None:
        chosen = cast(Compiling, self.compiling.currentData())
        if chosen != self._training.jit_compile:
            self._apply(replace(self._training, jit_compile=chosen), self.tr("Change compiling"))

    def _set_steps(self, value: int) -> None:
        training = replace(self._training, steps_per_execution=value)
        self._apply(training, self.tr("Change batches at once"), "steps_per_execution")

    def _set_inputs(self) -> None:
        chosen = bool(self.inputs.currentData())
        if chosen != self._training.are_inputs_listed:
            self._apply(replace(self._training, are_inputs_listed=chosen), self.tr("Change how Inputs go in"))

    def _set_eagerly(self, is_eager: bool) -> None:
        self._apply(replace(self._training, run_eagerly=is_eager), self.tr("Change eager running"))
