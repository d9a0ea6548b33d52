"""The curves: what lines are drawn, where their labels stand, what the pointer reads."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.runs.run import Curve
from studio.gui.training.curve_plot import CurvePlot, value_at
from studio.gui.training.lines import LABEL_GAP_PX, spread
from tests.gui.training.conftest import curve_run
from tests.gui.training.curves import label_box, lines, picture_has


def test_training_is_solid_and_blue_validation_dashed_and_orange(plot: CurvePlot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    drawn = lines(plot, run)
    assert drawn.training.pen.style() == Qt.PenStyle.SolidLine
    assert drawn.training.pen.color() == QColor("#0072B2")
    assert drawn.validation.pen.style() == Qt.PenStyle.DashLine
    assert drawn.validation.pen.color() == QColor("#E69F00")
    assert picture_has(plot, "#0072B2") > 100
    assert picture_has(plot, "#E69F00") > 50


def test_both_themes_colour_what_is_shown_already(plot: CurvePlot, qapp: QApplication) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    try:
        theme.apply(qapp, "dark")
        assert lines(plot, run).training.pen.color() == QColor("#56B4E9")
        assert lines(plot, run).training_label.colour == QColor("#56B4E9")
    finally:
        theme.apply(qapp, "light")


def test_labels_at_the_line_ends_neither_overlap_nor_are_cut(plot: CurvePlot) -> None:
    for height, done in [(1.0, 10), (0.001, 10), (1e-6, 10), (5000.0, 10), (1.0, 3)]:
        run = curve_run(height=height, done=done)
        plot.show_runs([run], run)
        plot.grab()  # places follow the range when it is painted
        training, validation = (label_box(plot, label) for label in lines(plot, run).labels)
        assert abs(training.center().y() - validation.center().y()) >= LABEL_GAP_PX - 0.5
        view = QRectF(plot._layer.rect())
        for box in (training, validation):
            assert view.left() <= box.left()
            assert box.right() <= view.right()
            assert view.top() <= box.top()
            assert box.bottom() <= view.bottom()
    assert lines(plot, run).validation_label.text.startswith("validation 0.")


def test_smooth_draws_the_average_over_pale_batches(plot: CurvePlot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    drawn = lines(plot, run)
    assert len(drawn.raw.x) == 100
    pale = drawn.raw.pen.color()
    assert pale.lightnessF() > QColor("#0072B2").lightnessF() + 0.3
    assert pale.alphaF() == 1.0  # a transparent one takes three times as long to draw
    assert len(drawn.training.x) == 100
    plot.set_options(is_smooth=False, is_log=False, is_per_epoch=False)
    assert drawn.raw.pen.color() == QColor("#0072B2")
    assert not len(drawn.training.x)
    assert drawn.training_label.place is not None


def test_per_epoch_draws_one_value_an_epoch(plot: CurvePlot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    plot.set_options(is_smooth=True, is_log=False, is_per_epoch=True)
    x, y = lines(plot, run).training.x, lines(plot, run).training.y
    assert x.tolist() == list(range(1, 11))
    assert y.tolist() == run.curves["loss"].epochs.y.tolist()
    assert not len(lines(plot, run).raw.x)


def test_other_runs_are_pale_and_carry_their_numbers(plot: CurvePlot) -> None:
    first, second = curve_run(1, height=2.0), curve_run(2)
    plot.show_runs([first, second], second)
    assert lines(plot, first).training.pen.color() == QColor(theme.current().edge)
    assert lines(plot, first).training.pen.width() == 1
    assert {label.text for label in lines(plot, first).labels if label.place is not None} == {"run 1"}
    assert {label.colour.name() for label in lines(plot, first).labels} == {theme.current().secondary.lower()}
    assert lines(plot, second).training.pen.width() == 1  # it is alive: drawing must not cost the training
    second.ended("finished", "")
    plot.redraw()
    assert lines(plot, second).training.pen.width() == 2
    plot.show_runs([first, second], first)
    assert lines(plot, first).training.pen.color() == QColor("#0072B2")
    plot.show_runs([second], second)
    assert [run.number for run in plot._lines] == [2]


def test_values_that_are_no_numbers_leave_the_curve_and_its_range(plot: CurvePlot) -> None:
    run = curve_run(done=2)
    run.add_points([21, 22, 23], {"loss": [math.nan, math.inf, -math.inf]})
    run.add_epoch(3, 23, {"loss": math.nan, "val_loss": math.nan}, 0.001)
    run.ended("diverged", "The loss became NaN.")
    plot.show_runs([run], run)
    _, high = plot._plot.viewRange()[1]
    assert high < 2
    assert picture_has(plot, "#0072B2") > 50
    mark = lines(plot, run).diverged
    assert mark.place is not None
    assert mark.place[0] == pytest.approx(2.3)
    assert "23" in mark.text
    assert picture_has(plot, theme.current().problem) > 20
    assert lines(plot, run).training_label.text == "train NaN"


def test_the_read_out_tells_what_stands_at_the_pointer(qtbot: QtBot, plot: CurvePlot) -> None:
    first, run = curve_run(1, height=2.0), curve_run(2)
    plot.show_runs([first, run], run)
    told: list[str] = []
    plot.read_out.connect(told.append)
    plot.grab()  # places follow the range when it is painted
    at = plot._view.mapFromScene(plot._plot.getViewBox().mapViewToScene(QPointF(5.0, 0.5)))
    qtbot.mouseMove(plot._view.viewport(), at)
    qtbot.waitUntil(lambda: bool(told) and told[-1].startswith("epoch 5.0"))
    assert f"train {math.exp(-5 / 3):.3f}" in told[-1]
    assert f"validation {1.2 * math.exp(-5 / 3):.3f}" in told[-1]
    assert f"run 1: train {2 * math.exp(-5 / 3):.3f}" in told[-1]
    assert plot._layer.pointer == pytest.approx(5.0, abs=0.05)
    plot._leave()
    assert told[-1] == ""
    assert plot._layer.pointer is None


def test_the_nearest_batch_is_read() -> None:
    curve = Curve()
    assert value_at(curve, 1.0) is None
    assert value_at(None, 1.0) is None
    curve.add_batches([1.0, 2.0, 3.0], [10.0, 20.0, 30.0])
    assert [value_at(curve, x) for x in (0.0, 1.4, 1.6, 9.0)] == [10.0, 10.0, 20.0, 30.0]
    curve.epochs.extend([3.0], [99.0])
    assert value_at(curve, 1.0, per_epoch=True) == 99.0


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=5),
    st.floats(1, 15),
)
def test_labels_are_spread_with_room_between_them(places: list[float], gap: float) -> None:
    found = spread(places, gap, 0, 100)
    assert len(found) == len(places)
    ordered = sorted(found)
    assert all(second - first >= gap - 1e-6 for first, second in itertools.pairwise(ordered))
    assert ordered[0] >= -1e-6
    assert ordered[-1] <= 100 + 1e-6
    by_place = sorted(range(len(places)), key=lambda index: places[index])
    assert [found[index] for index in by_place] == pytest.approx(ordered)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=4, unique_by=lambda place: place // 20))
def test_labels_with_room_stay_where_they_belong(places: list[float]) -> None:
    apart = all(abs(a - b) >= 2 for i, a in enumerate(places) for b in places[:i])
    if apart:
        assert spread(places, 2, 0, 100) == pytest.approx(places)


def test_keys_read_along_the_curves(plot: CurvePlot, qtbot: QtBot) -> None:
    run = curve_run()
    plot.show_runs([run], run)
    said: list[str] = []
    plot.read_out.connect(said.append)
    with qtbot.waitActive(plot):
        plot.activateWindow()
    plot.clearFocus()
    plot.setFocus()
    assert said[-1].startswith("epoch ")
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert said[-1].startswith("epoch 0.0")
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert said[-1].startswith("epoch 1.0")
    QTest.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert said[-1].startswith("epoch 0.9")
    assert "train " in said[-1]
    plot.clearFocus()
    assert said[-1] == ""


def test_labels_axes_and_lines_grow_with_the_type(plot: CurvePlot) -> None:
    runs = [curve_run(number, height=1.0 + number / 50) for number in range(1, 4)]
    plot.show_runs(runs, runs[-1])
    drawn = lines(plot, runs[-1])
    label = drawn.labels[0]
    small, width = label_box(plot, label), drawn.training.pen.widthF()
    room = plot._left.maximumWidth()
    theme.set_type_scale(1.5)
    try:
        large = label_box(plot, label)
        assert large.height() >= small.height() * 1.3
        assert large.width() > small.width() * 1.3
        assert drawn.training.pen.widthF() > width
        assert plot._left.maximumWidth() > room
        boxes = [label_box(plot, each) for each in [*drawn.labels, *lines(plot, runs[0]).labels] if each.place]
        ordered = sorted(boxes, key=lambda box: box.top())
        assert all(above.center().y() + 16 < below.center().y() for above, below in itertools.pairwise(ordered))
    finally:
        theme.set_type_scale(1.0)
    assert label_box(plot, label).height() == small.height()
