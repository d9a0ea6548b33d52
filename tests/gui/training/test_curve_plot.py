"""The curves: what lines are drawn, where their labels stand, what the pointer reads."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.runs.run import Curve, Run
from studio.gui.training.curve_plot import CurvePlot, value_at
from studio.gui.training.lines import LABEL_GAP_PX, Label, spread
from tests.gui.training.conftest import curve_run


@pytest.fixture
def plot(qtbot: QtBot, qapp: QApplication) -> CurvePlot:
    theme.apply(qapp, "light")
    made = CurvePlot("loss")
    qtbot.addWidget(made)
    made.resize(560, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def lines(plot: CurvePlot, run: Run):
    return plot._lines[run]


def picture_has(plot: CurvePlot, colour: str, *, near: int = 24) -> int:
    """How many pixels have about this colour."""
    image = plot.grab().toImage()
    wanted = QColor(colour)
    return sum(
        abs(at.red() - wanted.red()) + abs(at.green() - wanted.green()) + abs(at.blue() - wanted.blue()) < near
        for x in range(image.width())
        for y in range(image.height())
        for at in [image.pixelColor(x, y)]
    )


def label_box(plot: CurvePlot, label: Label) -> QRectF:
    box = plot._layer.label_box(label)
    assert box is not None
    return box


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


def test_a_picture_of_ten_long_runs_is_cheap_to_draw(qtbot: QtBot, plot: CurvePlot) -> None:
    run = Run(1, curve_run().project, "", curve_run().folder)
    run.started(1, 10, 10_000)
    values = np.random.default_rng(0).random(100_000)
    run.add_points(list(range(1, 100_001)), {"loss": values.tolist()})
    plot.show_runs([run], run)
    assert len(lines(plot, run).raw.x) < 5000
    assert len(lines(plot, run).training.x) <= 452


def test_the_axes_are_painted_again_only_when_they_change(plot: CurvePlot, qapp: QApplication) -> None:
    """The picture under the living lines is most of what a picture would cost."""
    run = curve_run(done=3, epochs=20)
    plot.show_runs([run], run)
    plot.grab()
    grounds = [plot._layer._ground]

    def remake(act: Callable[[], object]) -> bool:
        act()
        plot.grab()
        grounds.append(plot._layer._ground)
        return grounds[-1] is not grounds[-2]

    def go_on() -> None:
        run.add_points([run.step + 1], {"loss": [0.4]})
        plot.redraw()

    assert not remake(go_on)
    assert remake(lambda: plot.resize(500, 300))
    assert not remake(go_on)
    try:
        assert remake(lambda: theme.apply(qapp, "dark"))
    finally:
        theme.apply(qapp, "light")
    assert remake(lambda: plot.set_options(is_smooth=True, is_log=True, is_per_epoch=False))
    assert remake(lambda: (run.ended("finished", ""), plot.redraw()))


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize("is_smooth", [False, True])
def test_a_line_that_was_drawn_on_looks_like_one_drawn_anew(
    qtbot: QtBot, plot: CurvePlot, is_log: bool, is_smooth: bool
) -> None:
    """And what stands left of where it went on has not changed, since only the rest is painted."""
    dice = np.random.default_rng(5)
    run = Run(1, curve_run().project, "", curve_run().folder)
    run.started(1, 4, 100)
    run.set_state("running")
    plot.set_options(is_smooth=is_smooth, is_log=is_log, is_per_epoch=False)
    plot.show_runs([run], run)
    layer, changed = plot._layer, [QRect()]
    layer.update = lambda *area: changed.append(*(area or [layer.rect()]))  # type: ignore[method-assign]
    picture, strips = layer.grab().toImage(), 0
    while run.step < 360:
        steps = range(run.step + 1, run.step + int(dice.integers(2, 9)))
        falling = [2.0 / (1 + step / 50) + float(dice.random()) / 5 for step in steps]
        if run.step % 7 == 0:
            falling[0] = math.nan
        run.add_points(list(steps), {"loss": falling})
        if run.step // 100 > run.epoch:
            run.add_epoch(run.epoch + 1, run.step, {"loss": falling[-1], "val_loss": 1.1 * falling[-1]}, 0.1)
        changed.clear()
        plot.redraw()
        before, picture = picture, layer.grab().toImage()
        left = min(area.left() for area in changed)
        assert picture.copy(0, 0, left, layer.height()) == before.copy(0, 0, left, layer.height())
        strips += left > layer.width() / 8
    assert strips > 20
    layer.forget()
    # A smooth line drawn anew has fewer points.
    assert differing(picture, layer.grab().toImage()) < (400 if is_smooth else 40)
    run.ended("finished", "")
    plot.redraw()
    fresh = CurvePlot("loss")
    qtbot.addWidget(fresh)
    fresh.resize(plot.size())
    fresh.set_options(is_smooth=is_smooth, is_log=is_log, is_per_epoch=False)
    fresh.show()
    fresh.show_runs([run], run)
    assert fresh.grab().toImage() == plot.grab().toImage()


def differing(first: QImage, second: QImage) -> int:
    """How many pixels are others."""
    assert first.size() == second.size()
    arrays = [np.frombuffer(image.constBits(), np.uint32) for image in (first, second)]
    return int((arrays[0] != arrays[1]).sum())


def test_a_run_that_lives_looks_like_one_that_ended_but_for_its_thin_line(plot: CurvePlot) -> None:
    living, ended = curve_run(epochs=20, done=10), curve_run(epochs=20, done=10)
    ended.ended("finished", "")
    pictures = []
    for run in (living, ended):
        plot.show_runs([run], run)
        for each in lines(plot, run).lines:
            each.pen, each.is_antialiased = QPen(Qt.GlobalColor.red), False
        plot._layer.forget()
        pictures.append(plot.grab().toImage())
    assert pictures[0] == pictures[1]
    assert picture_has(plot, "#FF0000") > 100


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
