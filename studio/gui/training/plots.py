"""The curves of the training panel: which quantities are shown, how they are drawn, and the words at the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.runs.run import Run
from studio.gui.training.words import quantity

if TYPE_CHECKING:
    from studio.gui.training.curve_plot import CurvePlot

TWO_PLOTS_PX = 760
"""From this width on there is room for two plots side by side."""


class Plots(QWidget):
    """One plot or two, with switches above. ``redraw`` is called by who knows the pace."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, CurvePlot] = {}
        self.metric_buttons: dict[str, QPushButton] = {}
        self._runs: tuple[Run, ...] = ()
        self._run: Run | None = None
        self._shown: list[str] = []
        self._chosen = ""
        self.quantities: tuple[str, ...] = ()
        """What one can choose from: what the run in full colour had when ``refresh_metrics`` looked last."""
        self.smooth_button = self._switch(self.tr("Smooth"), self.tr("Moving average over the batches"), True)
        self.epochs_button = self._switch(self.tr("Per epoch"), self.tr("One value per epoch, not per batch"), False)
        self.log_button = self._switch(self.tr("Log"), self.tr("Logarithmic value axis"), False)
        self.read_out = plain.label("", "mono")
        self.read_out.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._metric_row = QHBoxLayout()
        self._metric_row.setSpacing(4)
        self._options = QWidget()
        options = QHBoxLayout(self._options)
        options.setContentsMargins(0, 0, 0, 0)
        options.setSpacing(4)
        options.addLayout(self._metric_row)
        options.addSpacing(8)
        options.addWidget(self.read_out, 1)
        for button in (self.smooth_button, self.epochs_button, self.log_button):
            button.toggled.connect(self._options_changed)
            options.addWidget(button)
        self._waiting = plain.label(self.tr("The curves begin with the first batch."), "secondary")
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._plot_row = QHBoxLayout()
        self._plot_row.setSpacing(16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._options)
        layout.addWidget(self._waiting, 1)
        layout.addLayout(self._plot_row, 1)

    @property
    def shown(self) -> tuple[str, ...]:
        """The quantities that are shown."""
        return tuple(self._shown)

    def show_runs(self, runs: Sequence[Run], current: Run | None) -> None:
        """Show the curves of these runs, those of ``current`` in full colour."""
        self._runs, self._run = tuple(runs), current
        self.refresh_metrics()
        for name in self._shown:
            self.plots[name].show_runs(self._runs, self._run)

    def refresh_metrics(self) -> None:
        """Make place for quantities that the run has got since."""
        self.quantities = self._run.metric_names if self._run is not None else ()
        names = list(self.quantities)
        for name in names:
            if name not in self.plots:
                self._add_plot(name)
        self._choose_plots(names)

    def redraw(self) -> None:
        """Draw what the runs hold now."""
        for name in self._shown:
            self.plots[name].redraw()

    def _add_plot(self, name: str) -> None:
        from studio.gui.training.curve_plot import CurvePlot  # its library is slow to import, and not needed at start

        plot = CurvePlot(name)
        plot.read_out.connect(self.read_out.setText)
        plot.hide()
        self.plots[name] = plot
        self._set_options(plot)
        self._plot_row.addWidget(plot, 1)
        button = self._switch(quantity(name), self.tr("Show this quantity"), False)
        button.clicked.connect(lambda: self._choose(name))
        self.metric_buttons[name] = button
        self._metric_row.addWidget(button)

    def _choose(self, name: str) -> None:
        self._chosen = name
        self.refresh_metrics()

    def _choose_plots(self, names: list[str]) -> None:
        first = self._chosen if self._chosen in names else (names[0] if names else "")
        shown = [first] if first else []
        if self.width() >= TWO_PLOTS_PX and len(names) > 1:
            shown.append(next(name for name in names if name != first))
            shown.sort(key=names.index)
        for name, plot in self.plots.items():
            plot.setVisible(name in shown)
            self.metric_buttons[name].setChecked(name in shown)
            self.metric_buttons[name].setVisible(name in names and len(names) > len(shown))
            plot.title.setVisible(len(shown) > 1 or len(names) == 1)  # else the switch says it
        self._options.setVisible(bool(shown))
        self._waiting.setVisible(not shown)
        if shown != self._shown:
            self._shown = shown
            for name in shown:
                self.plots[name].show_runs(self._runs, self._run)

    def _options_changed(self) -> None:
        self.smooth_button.setEnabled(not self.epochs_button.isChecked())
        for plot in self.plots.values():
            self._set_options(plot)

    def _set_options(self, plot: CurvePlot) -> None:
        plot.set_options(
            is_smooth=self.smooth_button.isChecked(),
            is_log=self.log_button.isChecked(),
            is_per_epoch=self.epochs_button.isChecked(),
        )

    def _switch(self, text: str, tip: str, is_on: bool) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setChecked(is_on)
        button.setToolTip(tip)
        theme.set_role(button, "flat")
        return button

    # Qt

    def resizeEvent(self, event):
        super().resizeEvent(event)
        if self._run is not None:
            self.refresh_metrics()
