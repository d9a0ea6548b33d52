"""The training panel: what runs, how far it is, its curves, and the buttons that hold, step and end it."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.run_list import RunList

REDRAW_MS = 200
"""Five pictures a second: on two cores the drawing costs the training more than the streaming does (engine.md)."""
WIDE_PX = 780
"""From this width on there is room for two plots side by side."""
LISTED_METRICS = 4


class TrainingPanel(QWidget):
    """Shows the runs of a trainer. Wishes go out as signals; the window decides whether they can be fulfilled."""

    train_requested = Signal()
    step_requested = Signal()
    line_requested = Signal(int)

    def __init__(self, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer = trainer
        self._plots: dict[str, QWidget] = {}
        self._shown_metrics: list[str] = []
        self._chosen_metric = ""
        self._needs_redraw = False
        self._build()
        self._ticker = QTimer(self)
        self._ticker.setInterval(REDRAW_MS)
        self._ticker.timeout.connect(self._tick)
        trainer.state_changed.connect(self._show_state)
        trainer.run_added.connect(self._run_added)
        trainer.run_changed.connect(self._run_changed)
        trainer.points_added.connect(self._mark)
        self._show_state()

    # What it shows

    @property
    def run(self) -> Run | None:
        """The run that is shown in colour."""
        return self._list.current_run

    def _build(self) -> None:
        self._title = QLabel(self.tr("Training"))
        theme.set_role(self._title, "name")
        self._status = QLabel()
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._status, "secondary")
        self._read_out = QLabel()
        self._read_out.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._read_out, "mono")
        self._rate_label = QLabel(self.tr("Learning rate"))
        theme.set_role(self._rate_label, "secondary")
        self._rate = QLineEdit()
        self._rate.setFixedWidth(84)
        validator = QDoubleValidator(0.0, 1e3, 12, self._rate)
        validator.setNotation(QDoubleValidator.Notation.ScientificNotation)
        self._rate.setValidator(validator)
        self._rate.setToolTip(self.tr("Used from the next batch on (Enter)"))
        self._rate.setAccessibleName(self.tr("Learning rate"))
        self._rate.returnPressed.connect(self._set_rate)
        self._rate_label.setBuddy(self._rate)
        self.pause_button = QPushButton(self.tr("Pause"))
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.step_button = QPushButton(self.tr("Step"))
        self.step_button.setToolTip(self.tr("Learn from one batch, then hold (Ctrl+Shift+Enter)"))
        self.step_button.clicked.connect(self.step_requested)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self._stop)
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(self._title)
        header.addSpacing(4)
        header.addWidget(self._status, 1)
        header.addWidget(self._rate_label)
        header.addWidget(self._rate)
        header.addSpacing(8)
        for button in (self.pause_button, self.step_button, self.stop_button):
            header.addWidget(button)

        self._metric_row = QHBoxLayout()
        self._metric_row.setSpacing(4)
        self._metric_row.setContentsMargins(0, 0, 0, 0)
        self._metric_buttons: dict[str, QPushButton] = {}
        self.smooth_button = self._switch(self.tr("Smooth"), self.tr("Moving average over the batches"), True)
        self.smooth_button.toggled.connect(self._options_changed)
        self.log_button = self._switch(self.tr("Log"), self.tr("Logarithmic value axis"), False)
        self.log_button.toggled.connect(self._options_changed)
        options = QHBoxLayout()
        options.setSpacing(4)
        options.addLayout(self._metric_row)
        options.addStretch(1)
        options.addWidget(self._read_out)
        options.addSpacing(8)
        options.addWidget(self.smooth_button)
        options.addWidget(self.log_button)
        self._options = QWidget()
        self._options.setLayout(options)
        options.setContentsMargins(0, 0, 0, 0)

        self._empty = QLabel(
            self.tr("Here you will see the loss fall while the network learns. Press Train (Ctrl+Enter) to begin.")
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        theme.set_role(self._empty, "secondary")
        self._plot_row = QHBoxLayout()
        self._plot_row.setContentsMargins(0, 0, 0, 0)
        self._plot_row.setSpacing(16)

        self._card = QFrame()
        theme.set_role(self._card, "problem_card")
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line_button = QPushButton(self.tr("Show the line"))
        theme.set_role(self._line_button, "link")
        self._line_button.clicked.connect(self._show_line)
        self._details_button = QPushButton(self.tr("Details"))
        theme.set_role(self._details_button, "link")
        self._details_button.setCheckable(True)
        self._details_button.toggled.connect(lambda on: self._details.setVisible(on))
        self._details = QLabel()
        self._details.setTextFormat(Qt.TextFormat.PlainText)
        self._details.setWordWrap(True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_role(self._details, "mono")
        self._details.hide()
        card_row = QHBoxLayout()
        card_row.addWidget(self._message, 1)
        card_row.addWidget(self._line_button)
        card_row.addWidget(self._details_button)
        card = QVBoxLayout(self._card)
        card.setContentsMargins(12, 6, 12, 6)
        card.addLayout(card_row)
        card.addWidget(self._details)
        self._card.hide()

        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self._options)
        left.addWidget(self._empty, 1)
        self._plots_widget = QWidget()
        self._plots_widget.setLayout(self._plot_row)
        left.addWidget(self._plots_widget, 1)

        runs_heading = QLabel(self.tr("Runs"))
        theme.set_role(runs_heading, "secondary")
        self._list = RunList()
        self._list.picked.connect(self._picked)
        self._figure_name = QLabel()
        theme.set_role(self._figure_name, "secondary")
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(runs_heading)
        right.addWidget(self._list, 1)
        right.addWidget(self._figure_name)
        self._side = QWidget()
        self._side.setFixedWidth(196)
        self._side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)

        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 1)
        middle.addWidget(self._side)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 10)
        layout.setSpacing(6)
        layout.addLayout(header)
        layout.addWidget(self._card)
        layout.addLayout(middle, 1)
        layout.addWidget(self._bar)

    def _switch(self, text: str, tip: str, is_on: bool) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setChecked(is_on)
        button.setToolTip(tip)
        theme.set_role(button, "flat")
        return button

    # Facts come in

    def _run_added(self, run: Run) -> None:
        self._list.add(run)
        self._ticker.start()
        self._show_state()

    def _run_changed(self, run: Run) -> None:
        self._list.refresh()
        if run is self.run:
            self._refresh_metrics()
            self._show_status()
            self._show_message()
        self._needs_redraw = True
        if not run.is_alive:
            self._ticker.stop()
            self._tick()

    def _mark(self, run: Run) -> None:
        self._needs_redraw = True
        if run is self.run and len(self._plots) < len(run.metric_names):
            self._refresh_metrics()

    def _picked(self) -> None:
        self._refresh_metrics()
        self._show_runs()
        self._show_status()
        self._show_message()

    def _tick(self) -> None:
        run = self.run
        if run is None or not self.isVisible():
            return
        self._show_status()
        if self._needs_redraw:
            self._needs_redraw = False
            for name in self._shown_metrics:
                self._plots[name].redraw()
            self._list.refresh()

    # The plots

    def _refresh_metrics(self) -> None:
        run = self.run
        names = list(run.metric_names) if run is not None else []
        for name in names:
            if name not in self._plots:
                self._add_plot(name)
        for name, button in self._metric_buttons.items():
            button.setVisible(name in names)
        self._choose_plots(names)

    def _add_plot(self, name: str) -> None:
        from studio.gui.training.curve_plot import CurvePlot  # pyqtgraph is slow to import, and not needed at start

        plot = CurvePlot(name)
        plot.set_smooth(self.smooth_button.isChecked())
        plot.set_log(self.log_button.isChecked())
        plot.read_out.connect(self._read_out.setText)
        plot.hide()
        self._plots[name] = plot
        self._plot_row.addWidget(plot, 1)
        button = self._switch(name.replace("_", " "), self.tr("Show this quantity"), False)
        button.clicked.connect(lambda _=False, name=name: self._choose(name))
        self._metric_buttons[name] = button
        self._metric_row.addWidget(button)

    def _choose(self, name: str) -> None:
        self._chosen_metric = name
        run = self.run
        self._choose_plots(list(run.metric_names) if run is not None else [])

    def _choose_plots(self, names: list[str]) -> None:
        first = self._chosen_metric if self._chosen_metric in names else (names[0] if names else "")
        shown = [first] if first else []
        if self._plots_width() >= WIDE_PX and len(names) > 1:
            shown.append(next(name for name in names if name != first))
            shown.sort(key=names.index)
        for name, plot in self._plots.items():
            plot.setVisible(name in shown)
            self._metric_buttons[name].setChecked(name in shown)
        self._empty.setVisible(not shown)
        self._plots_widget.setVisible(bool(shown))
        self._options.setVisible(bool(shown))
        if shown != self._shown_metrics:
            self._shown_metrics = shown
            self._show_runs()

    def _plots_width(self) -> int:
        return self.width() - self._side.width() - 56

    def _show_runs(self) -> None:
        runs, current = self._list.picked_runs, self.run
        if current is not None and current not in runs:
            runs = (*runs, current)
        for name in self._shown_metrics:
            self._plots[name].show_runs(runs, current)

    def _options_changed(self) -> None:
        for plot in self._plots.values():
            plot.set_smooth(self.smooth_button.isChecked())
            if plot.is_log != self.log_button.isChecked():
                plot.set_log(self.log_button.isChecked())

    # Words and buttons

    def _show_status(self) -> None:
        run = self.run
        if run is None:
            words = {"warming": self.tr("the engine is warming up"), "ready": self.tr("ready")}
            self._status.setText(words.get(self._trainer.state, ""))
            self._bar.setValue(0)
            self._figure_name.setText("")
            return
        parts = [self.tr("run {0}").format(run.number)]
        if run.state == "waiting":
            parts.append(self.tr("starting the engine; it begins by itself"))
        else:
            if run.epochs:
                epoch = min(run.epochs, run.step // run.steps_per_epoch + 1 if run.steps_per_epoch else run.epoch)
                epoch = run.epoch if run.state == "ended" else epoch
                parts.append(self.tr("epoch {0} of {1}").format(epoch, run.epochs))
            if run.state in ("paused", "stopping"):
                parts.append(self.tr("batch {0}").format(run.step))
                parts.append({"paused": self.tr("paused"), "stopping": self.tr("stopping")}[run.state])
            elif run.state == "ended":
                parts.append(self._outcome(run))
            elif not math.isnan(run.seconds_left):
                parts.append(self.tr("{0} left").format(duration(run.seconds_left)))
        self._status.setText(" · ".join(parts))
        self._bar.setValue(round(1000 * run.progress))
        self._bar.setRange(0, 0 if run.state == "waiting" else 1000)
        self._figure_name.setText(run.headline[0].replace("val_", self.tr("validation ")).replace("_", " "))
        if not self._rate.hasFocus() and not math.isnan(run.learning_rate):
            self._rate.setText(f"{run.learning_rate:.6g}")

    def _outcome(self, run: Run) -> str:
        words = {
            "finished": self.tr("finished in {0}"),
            "stopped": self.tr("stopped after {0}"),
            "failed": self.tr("failed after {0}"),
            "diverged": self.tr("diverged after {0}"),
            "lost": self.tr("lost after {0}"),
        }
        return words[run.outcome].format(duration(run.seconds))

    def _show_message(self) -> None:
        run = self.run
        text = run.message if run is not None else ""
        is_bad = run is not None and run.outcome in ("failed", "diverged", "lost")
        self._card.setVisible(bool(text))
        if run is None or not text:
            return
        theme.set_role(self._card, "problem_card" if is_bad else "tip_card")
        self._message.setText(text)
        self._line_button.setVisible(run.failed_line > 0)
        self._details_button.setVisible(bool(run.details))
        self._details_button.setChecked(False)
        self._details.setText(run.details[-2000:])

    def _show_state(self, _state: str = "") -> None:
        state = self._trainer.state
        alive = state in ("running", "paused", "stopping")
        self.pause_button.setText(self.tr("Resume") if state == "paused" else self.tr("Pause"))
        self.pause_button.setToolTip(
            self.tr("Go on (Ctrl+Alt+P)") if state == "paused" else self.tr("Hold after this batch")
        )
        self.pause_button.setEnabled(state in ("running", "paused"))
        self.stop_button.setEnabled(alive or state == "waiting")
        forced = self._trainer.can_force_stop
        self.stop_button.setText(self.tr("Force stop") if forced else self.tr("Stop"))
        self.stop_button.setToolTip(
            self.tr("End the engine now; the weights of this run are lost")
            if forced
            else self.tr("End the run after this batch and keep what was learned (Ctrl+Alt+Enter)")
        )
        theme.set_role(self.stop_button, "danger" if forced else "")
        self._rate.setEnabled(state in ("running", "paused"))
        self._rate_label.setEnabled(self._rate.isEnabled())
        self._show_status()

    # Wishes go out

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
        try:
            value = float(self._rate.text().replace(",", "."))
        except ValueError:
            return
        if value > 0:
            self._trainer.set_learning_rate(value)
            self._rate.clearFocus()

    def _show_line(self) -> None:
        if self.run is not None:
            self.line_requested.emit(self.run.failed_line)

    # Qt

    def resizeEvent(self, event):
        super().resizeEvent(event)
        run = self.run
        if run is not None:
            self._choose_plots(list(run.metric_names))

    def showEvent(self, event):
        super().showEvent(event)
        self._needs_redraw = True
        self._tick()

    def changeEvent(self, event):
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._show_state()


def duration(seconds: float) -> str:
    """A time for people: 4 s, 2 min 5 s, 1 h 3 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
