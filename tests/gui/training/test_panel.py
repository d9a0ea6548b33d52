"""The training panel with a fake engine: real clicks, the pace of drawing, and how a run's end is told."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from studio.catalog.values import KerasObject
from studio.core.project import TrainingPlan
from studio.gui.runs.run import Run
from studio.gui.training.curve_plot import CurvePlot
from studio.gui.training.panel import TrainingPanel
from studio.gui.training.run_list import RunList
from tests.gui.training.conftest import SCRIPT, SLOW, Bench

LEFT = Qt.MouseButton.LeftButton
Make = Callable[..., Bench]


def click(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    qtbot.mouseClick(widget, LEFT)


def click_run(bench: Bench, run: Run, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    runs: RunList = bench.panel.runs
    item = next(runs.item(row) for row in range(runs.count()) if runs.item(row).data(Qt.ItemDataRole.UserRole) is run)
    bench.qtbot.mouseClick(runs.viewport(), LEFT, modifier, runs.visualItemRect(item).center())


def test_an_empty_panel_says_what_will_be_here_and_nothing_else(make_bench: Make) -> None:
    panel = make_bench().panel
    controls = panel.controls
    assert not panel.plots.isVisible()
    assert not panel.runs.isVisible()
    assert not panel.bar.isVisible()
    assert not panel.plots.smooth_button.isVisible()
    assert not controls.rate.isVisible()
    assert not controls.pause_button.isEnabled()
    assert not controls.stop_button.isEnabled()
    assert controls.step_button.isEnabled()


def test_a_panel_that_is_made_later_shows_the_runs_that_are_there(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(*SLOW)
    ended = bench.train()
    qtbot.waitUntil(lambda: ended.step >= 1)
    bench.trainer.stop()
    bench.end(ended)
    alive = bench.train()
    qtbot.waitUntil(lambda: alive.step >= 1)
    later = TrainingPanel(bench.trainer)
    qtbot.addWidget(later)
    later.resize(1200, 600)
    later.show()
    assert [later.runs.item(row).data(Qt.ItemDataRole.UserRole) for row in range(2)] == [alive, ended]
    assert later.run is alive
    qtbot.waitUntil(lambda: "loss" in later.plots.plots)


def test_controls_are_28_to_30_pixels_high(make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train())
    controls, plots = bench.panel.controls, bench.panel.plots
    for widget in (controls.pause_button, controls.rate, controls.stop_button, plots.smooth_button, plots.log_button):
        assert 28 <= widget.height() <= 30


def test_controls_do_not_cover_one_another(make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train())
    controls = bench.panel.controls
    row = [controls.status, controls.rate, controls.pause_button, controls.step_button, controls.stop_button]
    for left, right in itertools.pairwise(row):
        assert left.geometry().right() < right.geometry().left()


def test_pause_and_resume_by_click(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(*SLOW)
    run = bench.train()
    qtbot.waitUntil(lambda: run.step >= 1)
    pause = bench.panel.controls.pause_button
    click(qtbot, pause)
    qtbot.waitUntil(lambda: pause.text() == "Resume")
    assert f"batch {run.step} · paused" in bench.panel.controls.status.text()
    step = run.step
    click(qtbot, pause)
    qtbot.waitUntil(lambda: pause.text() == "Pause")
    qtbot.waitUntil(lambda: run.step > step)


def test_step_is_a_wish_that_the_window_fulfils(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench()
    with qtbot.waitSignal(bench.panel.step_requested):
        click(qtbot, bench.panel.controls.step_button)


def test_stop_by_click(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(*SLOW)
    run = bench.train()
    qtbot.waitUntil(lambda: run.step >= 1)
    click(qtbot, bench.panel.controls.stop_button)
    bench.end(run)
    assert "stopped after" in bench.panel.controls.status.text()
    assert bench.panel.card.message.text() == run.message
    assert not bench.panel.controls.stop_button.isEnabled()


def test_a_stop_that_takes_long_becomes_force_stop(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(force_after_ms=60)
    run = bench.train(SCRIPT + "# HANG")
    qtbot.waitUntil(lambda: run.step == 2)
    stop = bench.panel.controls.stop_button
    click(qtbot, stop)
    assert stop.text() == "Stop"
    qtbot.waitUntil(lambda: stop.text() == "Force stop")
    click(qtbot, stop)
    bench.end(run)
    assert run.outcome == "stopped"
    assert stop.text() == "Stop"


def test_the_learning_rate_is_changed_with_enter(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench("--batch-seconds", "0.02")
    run = bench.train(SCRIPT.replace("4", "400"), epochs=400)
    rate = bench.panel.controls.rate
    qtbot.waitUntil(lambda: rate.text() == "0.001")
    qtbot.mouseDClick(rate, LEFT)
    rate.selectAll()
    qtbot.keyClicks(rate, "0,05")
    qtbot.wait(250)  # redraws come in between and must leave what is being typed
    assert rate.text() == "0,05"
    assert run.learning_rate == 0.001
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert rate.text() == "0.05"
    run.learning_rate = 0.0  # so that the engine must have said it
    qtbot.waitUntil(lambda: run.learning_rate == 0.05)
    assert rate.text() == "0.05"


def test_a_schedule_lets_nobody_change_the_learning_rate(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(*SLOW)
    schedule = KerasObject("CosineDecay", {"initial_learning_rate": 0.01, "decay_steps": 10})
    run = bench.train(plan=TrainingPlan(optimizer=KerasObject("Adam", {"learning_rate": schedule}), epochs=4))
    qtbot.waitUntil(lambda: run.state == "running")
    rate = bench.panel.controls.rate
    assert rate.isVisible()
    assert not rate.isEnabled()
    assert rate.toolTip().startswith("CosineDecay sets the learning rate")
    bench.end(run)
    run = bench.train(plan=TrainingPlan(epochs=4))
    qtbot.waitUntil(lambda: run.state == "running")
    assert rate.isEnabled()
    assert "Enter" in rate.toolTip()


@pytest.mark.parametrize("text", ["abc", "0", "-1", "1e999", "2000", ""])
def test_a_learning_rate_that_is_none_is_marked_and_not_sent(qtbot: QtBot, make_bench: Make, text: str) -> None:
    bench = make_bench(*SLOW)
    run = bench.train(start_paused=True)
    qtbot.waitUntil(lambda: bench.trainer.state == "paused")
    run.learning_rate = 0.001
    bench.panel.controls.show_run(run)
    rate = bench.panel.controls.rate
    sent: list[float] = []
    bench.trainer.set_learning_rate = sent.append
    rate.setFocus()
    rate.selectAll()
    qtbot.keyClick(rate, Qt.Key.Key_Delete)
    qtbot.keyClicks(rate, text)
    assert rate.property("invalid") is True
    assert rate.toolTip() == "A number above 0 and at most 1000."
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert sent == []
    assert rate.text() == "0.001"
    assert rate.property("invalid") is False
    assert "Enter" in rate.toolTip()


def test_metric_buttons_choose_the_plot(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train())
    plots = bench.panel.plots
    assert plots.shown == ("loss",)
    click(qtbot, plots.metric_buttons["accuracy"])
    assert plots.shown == ("accuracy",)
    assert plots.plots["accuracy"].isVisible()
    assert not plots.plots["loss"].isVisible()
    assert plots.metric_buttons["accuracy"].isChecked()
    assert not plots.metric_buttons["loss"].isChecked()


def test_a_wide_panel_shows_two_plots(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train())
    bench.panel.resize(1200, 600)
    qtbot.waitUntil(lambda: bench.panel.plots.shown == ("loss", "accuracy"))
    assert not bench.panel.plots.metric_buttons["loss"].isVisible()
    assert bench.panel.plots.plots["accuracy"].title.isVisible()
    bench.panel.resize(760, 300)
    qtbot.waitUntil(lambda: bench.panel.plots.shown == ("loss",))


def test_smooth_log_and_per_epoch_by_click(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train())
    plots = bench.panel.plots
    plot = plots.plots["loss"]
    assert (plot.is_smooth, plot.is_log, plot.is_per_epoch) == (True, False, False)
    for button in (plots.smooth_button, plots.log_button, plots.epochs_button):
        click(qtbot, button)
    assert (plot.is_smooth, plot.is_log, plot.is_per_epoch) == (False, True, True)
    assert not plots.smooth_button.isEnabled()
    click(qtbot, plots.metric_buttons["accuracy"])
    assert plots.plots["accuracy"].is_log


def test_ctrl_click_lays_runs_over_each_other(make_bench: Make) -> None:
    bench = make_bench()
    first, second, third = (bench.end(bench.train()) for _ in range(3))
    plot = bench.panel.plots.plots["loss"]
    assert bench.panel.run is third
    assert list(plot._lines) == [third]
    click_run(bench, first, Qt.KeyboardModifier.ControlModifier)
    assert set(plot._lines) == {first, third}
    assert bench.panel.run is first
    assert plot._lines[first].is_current
    assert not plot._lines[third].is_current
    click_run(bench, second)
    assert set(plot._lines) == {second}
    assert bench.panel.controls.status.text().startswith("run 2")


def test_the_list_tells_the_figure_and_a_bad_end(make_bench: Make) -> None:
    bench = make_bench()
    good = bench.end(bench.train())
    bad = bench.end(bench.train(SCRIPT + "# DIVERGE"))
    texts = {run.number: bench.panel.runs.in_words(run) for run in (good, bad)}
    assert texts == {1: "run 1, 0.945", 2: "run 2, diverged"}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("EPOCHS = 4\n# DIVERGE", ["The loss became NaN", "step 3", "Try a learning rate"]),
        ("import keras\nFAIL", ["The program stopped with an error."]),
        ("CRASH", ["The engine ended by itself"]),
    ],
)
def test_a_bad_end_is_told_in_a_card(qtbot: QtBot, make_bench: Make, script: str, words: list[str]) -> None:
    bench = make_bench()
    run = bench.end(bench.train(script))
    card = bench.panel.card
    assert card.isVisible()
    assert card.property("role") == "problem_card"
    for word in words:
        assert word in card.message.text()
    assert run.outcome in bench.panel.controls.status.text()
    good = bench.end(bench.train())
    assert not card.isVisible()
    click_run(bench, run)
    assert card.isVisible()
    click_run(bench, good)
    assert not card.isVisible()


def test_details_and_the_line_are_one_click_away(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench()
    bench.end(bench.train("import keras\nFAIL"))
    card = bench.panel.card
    assert not card.details.isVisible()
    click(qtbot, card.details_button)
    assert card.details.isVisible()
    assert card.details.text() == "Traceback ..."
    with qtbot.waitSignal(bench.panel.line_requested) as told:
        click(qtbot, card.line_button)
    assert told.args == [2]
    bench.end(bench.train(SCRIPT + "# DIVERGE"))
    assert not card.details.isVisible()
    assert not card.line_button.isVisible()


def test_the_curves_of_a_later_run_begin_with_its_first_batch(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench("--batch-seconds", "0.4")
    for number in (1, 2):
        run = bench.train(epochs=1)
        qtbot.waitUntil(lambda: bench.panel.plots.shown == ("loss",))
        assert run.number == number
        assert run.step < 5, "before its first epoch ended"
        bench.end(run)


def test_progress_and_time_left(qtbot: QtBot, make_bench: Make) -> None:
    bench = make_bench(*SLOW)
    run = bench.train()
    assert bench.panel.bar.maximum() == 0  # busy: the engine starts
    assert not bench.panel.plots.log_button.isVisible()
    assert "as soon as the engine is ready" in bench.panel.controls.status.text()
    status = bench.panel.controls.status
    qtbot.waitUntil(lambda: re.search(r"epoch [2-4] of 4 · .* left", status.text()) is not None)
    assert 250 <= bench.panel.bar.value() < 1000
    bench.end(run)
    assert bench.panel.bar.value() == 1000
    assert "epoch 4 of 4 · finished in" in bench.panel.controls.status.text()


@pytest.fixture
def redraws(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of quantities, one a redraw."""
    seen: list[str] = []
    original = CurvePlot.redraw

    def redraw(plot: CurvePlot) -> None:
        seen.append(plot.quantity)
        original(plot)

    monkeypatch.setattr(CurvePlot, "redraw", redraw)
    return seen


def test_at_most_five_pictures_a_second_while_it_learns(qtbot: QtBot, make_bench: Make, redraws: list[str]) -> None:
    bench = make_bench("--batch-seconds", "0.002")
    run = bench.train(SCRIPT.replace("4", "4000"), epochs=4000)
    qtbot.waitUntil(lambda: run.step > 20)
    qtbot.waitUntil(lambda: len(redraws) > 2)
    before, points, began = len(redraws), run.step, time.monotonic()
    qtbot.waitUntil(lambda: len(redraws) >= before + 5 and run.step > points + 20)
    assert len(redraws) - before <= 5 * (time.monotonic() - began) + 2
    click(qtbot, bench.panel.controls.stop_button)
    bench.end(run)


def test_no_picture_at_all_while_hidden_and_one_at_once_when_shown(
    qtbot: QtBot, make_bench: Make, redraws: list[str]
) -> None:
    bench = make_bench("--batch-seconds", "0.002")
    run = bench.train(SCRIPT.replace("4", "4000"), epochs=4000)
    qtbot.waitUntil(lambda: len(redraws) > 2)
    bench.panel.hide()
    before, points = len(redraws), run.step
    qtbot.wait(500)
    assert run.step > points
    assert len(redraws) == before
    bench.panel.show()
    assert len(redraws) > before
    bench.trainer.stop()
    bench.end(run)


def test_nothing_is_drawn_while_nothing_happens(qtbot: QtBot, make_bench: Make, redraws: list[str]) -> None:
    bench = make_bench()
    run = bench.train(start_paused=True)
    qtbot.waitUntil(lambda: bench.trainer.state == "paused")
    bench.trainer.step()
    qtbot.waitUntil(lambda: run.step == 1)
    qtbot.wait(450)
    before = len(redraws)
    qtbot.wait(500)
    assert len(redraws) == before
