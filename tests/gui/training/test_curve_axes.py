"""The axes of the curves: what stands on them, which range they show, and when it moves."""

from __future__ import annotations

import math

import pytest
from pytestqt.qtbot import QtBot

from studio.gui.training.curve_plot import CurvePlot
from tests.gui.training.conftest import curve_run
from tests.gui.training.curves import lines


def test_the_epochs_stand_on_the_axis_up_to_the_last(plot: CurvePlot) -> None:
    run = curve_run(epochs=20, done=5)
    plot.show_runs([run], run)
    low, high = plot._plot.viewRange()[0]
    assert low <= 0 <= 20 < high
    assert plot._bottom.main_values(low, high, 400) == [0, 5, 10, 15, 20]
    run = curve_run(epochs=3, done=3)
    plot.show_runs([run], run)
    low, high = plot._plot.viewRange()[0]
    assert plot._bottom.main_values(low, high, 400) == [0, 1, 2, 3]


def test_light_lines_stand_at_the_numbers_of_the_value_axis(plot: CurvePlot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    low, high = plot._plot.viewRange()[1]
    values = plot._left.main_values(low, high, plot._plot_height())
    assert 3 <= len(values) <= 8
    x, y = plot._grid.getData()
    assert sorted(set(y)) == pytest.approx(values)
    assert x.max() == run.epochs
    for is_log in (True, False):
        plot.set_options(is_smooth=True, is_log=is_log, is_per_epoch=False)
        low, high = plot._plot.viewRange()[1]
        _, y = plot._grid.getData()
        assert all(low <= value <= high for value in y)


def test_a_logarithmic_axis_has_powers_of_ten(plot: CurvePlot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    plot.set_options(is_smooth=True, is_log=True, is_per_epoch=False)
    low, high = plot._plot.viewRange()[1]
    assert plot._left.main_values(low, high, 200) == [-2, -1, 0]
    y = lines(plot, run).training.y
    assert y[-1] == pytest.approx(math.log10(run.curves["loss"].smoothed.y[-1]))


def test_a_loss_of_zero_does_not_break_the_logarithmic_axis(plot: CurvePlot) -> None:
    run = curve_run(done=2)
    run.add_points([21], {"loss": [0.0]})
    plot.set_options(is_smooth=True, is_log=True, is_per_epoch=False)
    plot.show_runs([run], run)
    assert all(math.isfinite(value) for value in plot._plot.viewRange()[1])


def test_one_wild_batch_does_not_flatten_the_rest(plot: CurvePlot) -> None:
    run = curve_run(done=10, steps=50)
    run.curves["loss"].batches._y[1] = 1e9
    plot.show_runs([run], run)
    assert plot._plot.viewRange()[1][1] < 2


def test_the_value_axis_rests_while_a_run_lives_and_fits_when_it_is_over(plot: CurvePlot) -> None:
    run = curve_run(done=1, epochs=30)
    plot.show_runs([run], run)
    ranges = set()
    for step in range(11, 301):
        run.add_points([step], {"loss": [1 + step / 100]})
        plot.redraw()
        ranges.add(tuple(plot._plot.viewRange()[1]))
    assert len(ranges) < 10
    run.ended("finished", "")
    plot.redraw()
    _, high = plot._plot.viewRange()[1]
    assert high < 4.0 * 1.2


def test_the_axis_of_epochs_does_not_move_to_and_fro_while_a_run_lives(plot: CurvePlot) -> None:
    run = curve_run(done=1, epochs=30)
    plot.show_runs([run], run)
    ends = []
    for epoch, value in enumerate([1.0, 1.23e-05] * 3, start=2):  # numbers of other widths beside the lines
        run.add_points([10 * epoch], {"loss": [value]})
        run.add_epoch(epoch, 10 * epoch, {"loss": value, "val_loss": value}, 0.001)
        plot.redraw()
        ends.append(plot._plot.viewRange()[0][1])
    assert ends == sorted(ends)
    assert len(set(ends)) > 1, "a wider number had no more room"


def test_an_accuracy_uses_the_height_it_needs(qtbot: QtBot) -> None:
    plot = CurvePlot("accuracy")
    qtbot.addWidget(plot)
    run = curve_run(done=0)
    run.add_epoch(1, 10, {"accuracy": 0.91}, 0.1)
    run.add_epoch(2, 20, {"accuracy": 1.0000001}, 0.1)
    plot.show_runs([run], run)
    low, high = plot._plot.viewRange()[1]
    assert 0.8 < low < 0.91
    assert high == pytest.approx(1.0, abs=0.05)
