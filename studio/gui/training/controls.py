"""The head of the training panel: what runs, how far it is, and the buttons that hold, step and end it."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.catalog.values import KerasObject
from studio.core.project import TrainingPlan
from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.fields import NumberField
from studio.gui.training.words import duration


class Controls(QWidget):
    """A row of words and buttons. They do what they say; to begin a run is the window's business."""

    step_requested = Signal()

    def __init__(self, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._run: Run | None = None
        self._why_not = ""
        title = plain.label(self.tr("Training"), "name")
        self.status = plain.label("", "secondary")
        self.status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._rate_label = plain.label(self.tr("Learning rate"), "secondary")
        self.rate = NumberField(is_whole=False, low=0.0, above_low=True, high=1000.0)
        self.rate.setFixedWidth(84)
        self.rate.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.rate.setAccessibleName(self.tr("Learning rate"))
        self.rate.returnPressed.connect(self._set_rate)
        self.rate.editingFinished.connect(self._show_status)  # what was typed and not sent is gone
        self._rate_label.setBuddy(self.rate)
        self.pause_button = QPushButton(self.tr("Pause"))
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.step_button = QPushButton(self.tr("Step"))
        self.step_button.clicked.connect(self.step_requested)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(title)
        row.addSpacing(4)
        row.addWidget(self.status, 1)
        row.addWidget(self._rate_label)
        row.addWidget(self.rate)
        row.addSpacing(8)
        for button in (self.pause_button, self.step_button, self.stop_button):
            row.addWidget(button)
        trainer.state_changed.connect(self._show_buttons)
        self._show_buttons()

    def show_run(self, run: Run | None) -> None:
        """Tell of this run, or of the engine where there is none."""
        if run is not self._run:
            self._run = run
            self._show_buttons()
        self._show_status()

    def show_why_not(self, reason: str) -> None:
        """Why no run can begin; "" where one can."""
        if reason != self._why_not:
            self._why_not = reason
            self._show_buttons()

    # Words and buttons

    def _show_status(self) -> None:
        run = self._run
        text = self._engine_in_words() if run is None else " · ".join(self._run_in_words(run))
        if text != self.status.text():
            self.status.setText(text)
            self.status.setToolTip(text)
        if not self.rate.is_being_edited:
            rate = math.nan if run is None else run.learning_rate
            self.rate.show_value(None if math.isnan(rate) else float(f"{rate:.6g}"))

    def _engine_in_words(self) -> str:
        words = {"warming": self.tr("the engine is warming up"), "ready": self.tr("ready")}
        return words.get(self._trainer.state, "")

    def _run_in_words(self, run: Run) -> list[str]:
        parts = [self.tr("run {0}").format(run.number)]
        if run.state == "waiting":
            return [*parts, self.tr("it begins as soon as the engine is ready")]
        is_over = run.state == "ended"
        if run.epochs and run.steps_per_epoch and not is_over:
            epoch = min(run.epochs, run.step // run.steps_per_epoch + 1)
            parts.append(self.tr("epoch {0} of {1}").format(epoch, run.epochs))
        elif run.epochs:
            parts.append(self.tr("epoch {0} of {1}").format(run.epoch, run.epochs))
        if is_over:
            parts.append(self._outcome(run))
        elif run.state == "running":
            if not math.isnan(run.seconds_left):
                parts.append(self.tr("{0} left").format(duration(run.seconds_left)))
        else:
            parts.append(self.tr("batch {0}").format(run.step))
            parts.append(self.tr("paused") if run.state == "paused" else self.tr("stopping"))
        return parts

    def _outcome(self, run: Run) -> str:
        words = {
            "finished": self.tr("finished in {0}"),
            "stopped": self.tr("stopped after {0}"),
            "failed": self.tr("failed after {0}"),
            "diverged": self.tr("diverged after {0}"),
            "lost": self.tr("lost after {0}"),
        }
        return words.get(run.outcome, self.tr("no end noted")).format(duration(run.seconds))

    def _show_buttons(self, _state: str = "") -> None:
        state = self._trainer.state
        is_paused = state == "paused"
        self.pause_button.setText(self.tr("Resume") if is_paused else self.tr("Pause"))
        tip = self.tr("Go on (Ctrl+Alt+P)") if is_paused else self.tr("Hold after this batch (Ctrl+Alt+P)")
        self.pause_button.setToolTip(tip)
        self.pause_button.setEnabled(state in ("running", "paused"))
        self.stop_button.setEnabled(self._trainer.is_busy)
        forced = self._trainer.can_force_stop
        self.stop_button.setText(self.tr("Force stop") if forced else self.tr("Stop"))
        self.stop_button.setToolTip(
            self.tr("End the engine now; the weights of this run are lost")
            if forced
            else self.tr("End the run after this batch and keep what was learned (Ctrl+Alt+Enter)")
        )
        theme.set_role(self.stop_button, "danger" if forced else "")
        why_not = "" if self._trainer.is_busy else self._why_not
        self.step_button.setEnabled(state != "stopping" and not why_not)
        tip = self.tr("Learn from one batch, then hold (Ctrl+Shift+Enter)")
        self.step_button.setToolTip(plain.tool_tip(why_not) if why_not else tip)
        is_current = self._run is not None and self._run is self._trainer.current
        schedule = self._schedule()
        self.rate.setEnabled(is_current and state in ("running", "paused") and not schedule)
        self.rate.set_tip(
            self.tr("{0} sets the learning rate of each batch, so it cannot be changed by hand.").format(schedule)
            if schedule
            else self.tr("Used from the next batch on (Enter)")
        )
        for widget in (self._rate_label, self.rate):
            widget.setVisible(self._run is not None)
        self._rate_label.setEnabled(self.rate.isEnabled())
        self._show_status()

    def _schedule(self) -> str:
        """The schedule that the run shown goes by: Keras refuses another learning rate then."""
        plan = self._run.project.training if self._run is not None else TrainingPlan()
        rate = plan.optimizer.params.get("learning_rate")
        return rate.type if isinstance(rate, KerasObject) else ""

    # Wishes

    def _pause_or_resume(self) -> None:
        if self._trainer.state == "paused":
            self._trainer.resume()
        else:
            self._trainer.pause()

    def _stop(self) -> None:
        if self._trainer.can_force_stop:
            self._trainer.force_stop()
        else:
            self._trainer.stop()

    def _set_rate(self) -> None:
        if self.rate.value is not None and self.rate.is_valid:
            self._trainer.set_learning_rate(self.rate.value)
            self.rate.clearFocus()
