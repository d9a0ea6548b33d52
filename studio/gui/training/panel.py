"""The training panel: what runs, how far it is, its curves, and the runs before it to compare with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.training.controls import Controls
from studio.gui.training.message_card import MessageCard
from studio.gui.training.plots import Plots
from studio.gui.training.run_list import RunList
from studio.gui.training.words import quantity

REDRAW_MS = 200
"""Five pictures a second: on two cores the drawing costs the training more than the streaming does (engine.md)."""
AT_LATEST_MS = 220
"""A picture comes with the first points after ``REDRAW_MS``, so that they need not wait for a clock; else then."""
WORDS_MS = 500
"""Figures that change more often cannot be read, and to paint them and what is behind them costs as much as a curve."""
SIDE_PX = 196


class TrainingPanel(QWidget):
    """Shows the runs of a trainer. Wishes go out as signals; the window decides whether they can be fulfilled."""

    train_requested = Signal()
    step_requested = Signal()
    line_requested = Signal(int)
    data_requested = Signal()

    def __init__(self, trainer: Trainer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._needs_redraw = False
        self.controls = Controls(trainer)
        self.controls.step_requested.connect(self.step_requested)
        self.card = MessageCard()
        self.card.line_requested.connect(self.line_requested)
        self.plots = Plots()
        self.runs = RunList()
        self.runs.picked.connect(self._picked)
        self.bar = QProgressBar()
        self._figure_name = plain.label("", "secondary")
        self._build()
        self._ticker = QTimer(self)
        self._ticker.setInterval(AT_LATEST_MS)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one may be 5 % late, and a point waits with it
        self._ticker.timeout.connect(self._tick)
        self._since = QElapsedTimer()
        self._since.start()
        self._told = QElapsedTimer()
        self._told.start()
        self._with_points = QTimer(self, singleShot=True, interval=0)
        self._with_points.timeout.connect(self._tick)
        trainer.state_changed.connect(lambda _: self._show_state())
        trainer.run_added.connect(self._run_added)
        trainer.runs_found.connect(self._runs_found)
        trainer.runs_forgotten.connect(self._runs_forgotten)
        trainer.run_changed.connect(self._run_changed)
        trainer.points_added.connect(self._points_added)
        self._show_state()
        # The panel is made after the window's first picture; runs of earlier sessions may have been found meanwhile.
        self._runs_found([run for run in trainer.runs if not run.is_alive])
        for run in trainer.runs:
            if run.is_alive:
                self._run_added(run)

    @property
    def run(self) -> Run | None:
        """The run that is shown in colour."""
        return self.runs.current_run

    @property
    def stop_button(self) -> QPushButton:
        """The button that ends the run, politely first."""
        return self.controls.stop_button

    def show_readiness(self, why_not: str, *, wants_data: bool) -> None:
        """Say how a run begins, or why none can: ``why_not``, "" where one can. ``wants_data``: there is no data."""
        begin = why_not or self.tr("Press Train to begin.")
        words = self.tr("Here you will see the loss fall while the network learns. {0}").format(begin)
        if words != self._invitation.text():
            self._invitation.setText(words)
        self.data_button.setVisible(wants_data)
        self.controls.show_why_not(why_not)

    def _empty_page(self) -> QWidget:
        self._invitation = plain.label("", "secondary", wraps=True)
        self._invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.data_button = QPushButton(self.tr("Choose data"))
        theme.set_role(self.data_button, "link")
        self.data_button.clicked.connect(self.data_requested)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._invitation)
        column.addWidget(self.data_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def _build(self) -> None:
        side = QWidget()
        side.setFixedWidth(SIDE_PX)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 4, 0, 0)
        right.setSpacing(4)
        over = QHBoxLayout()
        over.addWidget(plain.label(self.tr("Runs"), "secondary"))
        over.addWidget(self._figure_name, 1, Qt.AlignmentFlag.AlignRight)
        right.addLayout(over)
        right.addWidget(self.runs, 1)
        page = QWidget()
        middle = QHBoxLayout(page)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(16)
        middle.addWidget(self.plots, 1)
        middle.addWidget(side)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(page)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the run"))
        policy = self.bar.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 10, 20, 10)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addWidget(self.card)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.bar)
        self.show_readiness("", wants_data=False)

    # Facts come in

    def _run_added(self, run: Run) -> None:
        self.runs.add(run)
        self._ticker.start()

    def _runs_found(self, runs: Sequence[Run]) -> None:
        self.runs.add_earlier(runs)
        if self.isVisible():
            self.runs.pick_newest()

    def _runs_forgotten(self) -> None:
        self.runs.clear()
        self._picked()

    def _run_changed(self, run: Run) -> None:
        if run is self.run:
            self.plots.refresh_metrics()
            if run.state != "running" or run.epoch < 1:  # else it is an epoch more, of which there may be many a second
                self._show_state()
        self._needs_redraw = True
        if not run.is_alive:
            self._ticker.stop()
            self._tick()

    def _points_added(self, run: Run) -> None:
        self._needs_redraw = True
        if self._since.elapsed() >= REDRAW_MS:
            self._with_points.start()
        if run is self.run and run.metric_names != self.plots.quantities:
            self.plots.refresh_metrics()

    def _picked(self) -> None:
        runs, current = self.runs.picked_runs, self.run
        if current is not None and current not in runs:
            runs = (*runs, current)
        self.plots.show_runs(runs, current)
        self._show_state()

    def _tick(self) -> None:
        if self.run is None or not self.isVisible():
            return
        if self._told.hasExpired(WORDS_MS) or self.run.state != "running":
            self._told.start()
            self._show_progress()
            self.runs.refresh()
        if self._needs_redraw:
            self._needs_redraw = False
            self._since.start()
            if self._ticker.isActive():
                self._ticker.start()  # from now on
            self.plots.redraw()

    # What it shows

    def _show_state(self) -> None:
        self._pages.setCurrentIndex(0 if self.run is None else 1)
        self.card.show_run(self.run)
        self._show_progress()

    def _show_progress(self) -> None:
        run = self.run
        self.controls.show_run(run)
        self.bar.setVisible(run is not None)
        if run is None:
            return
        self.bar.setRange(0, 0 if run.state == "waiting" else 1000)  # busy until the first batch
        self.bar.setValue(round(1000 * run.progress))
        self._figure_name.setText(quantity(run.headline[0]))

    # Qt

    def showEvent(self, event):
        super().showEvent(event)
        self.runs.pick_newest()
        self._needs_redraw = True
        self._tick()
