"""Painting the curves costs little, and looks like painting all of them anew."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.runs.run import Run
from studio.gui.training.curve_plot import CurvePlot
from tests.gui.training.conftest import curve_run
from tests.gui.training.curves import lines, picture_has


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
