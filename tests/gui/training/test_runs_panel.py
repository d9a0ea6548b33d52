"""The list of runs: what was different, what came out, the code of each, and the way back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.training.runs_panel import RunsPanel
from tests.gui.training.conftest import SCRIPT, SLOW, Bench
from tests.gui.whole.cut_text import cut_words
from tests.gui.whole.test_names_for_all import nameless

LEFT = Qt.MouseButton.LeftButton
Make = Callable[..., tuple[Bench, RunsPanel]]


@pytest.fixture
def make(qtbot: QtBot, make_bench: Callable[..., Bench]) -> Make:
    def made(*options: str) -> tuple[Bench, RunsPanel]:
        bench = make_bench(*options)
        panel = RunsPanel(bench.trainer)
        qtbot.addWidget(panel)
        panel.resize(1600, 500)
        panel.show()
        qtbot.waitExposed(panel)
        return bench, panel

    return made


def texts(panel: RunsPanel, row: int) -> list[str]:
    items = [panel.table.item(row, column) for column in range(panel.table.columnCount())]
    return [item.text() for item in items if item is not None]


def test_without_runs_there_is_a_sentence(make: Make) -> None:
    _, panel = make()
    assert not panel.table.isVisible()
    assert not panel.restore_button.isVisible()


def test_a_row_tells_what_was_different_and_what_came_out(make: Make) -> None:
    bench, panel = make()
    bench.end(bench.train())
    assert texts(panel, 0)[:8] == [
        "run 1", "finished", "Adam", "0.001", "4 / 4", "32", "127", "validation accuracy 0.945",
    ]  # fmt: skip


def test_the_newest_run_is_on_top_and_marked(make: Make) -> None:
    bench, panel = make()
    first = bench.end(bench.train(SCRIPT + "# first\n"))
    second = bench.end(bench.train(SCRIPT + "# second\n"))
    assert panel.run is second
    assert "# second" in panel.code.toPlainText()
    item = panel.table.item(1, 0)
    assert item is not None
    bench.qtbot.mouseClick(panel.table.viewport(), LEFT, pos=panel.table.visualItemRect(item).center())
    assert panel.run is first
    assert panel.code.toPlainText().rstrip("\n") == first.source_text.rstrip("\n")


def test_it_follows_a_run_that_is_alive(qtbot: QtBot, make: Make) -> None:
    bench, panel = make(*SLOW)
    run = bench.train(SCRIPT.replace("4", "400"), epochs=400)  # it does not end before it is stopped
    assert texts(panel, 0)[1] == "waiting"
    qtbot.waitUntil(lambda: run.epoch >= 1)
    assert texts(panel, 0)[1] == "running"
    assert texts(panel, 0)[4] == f"{run.epoch} / 400"
    bench.trainer.stop()
    assert texts(panel, 0)[1] == "stopping"
    bench.end(run)
    assert texts(panel, 0)[1] == "stopped"


def test_a_bad_outcome_has_the_colour_of_problems_in_both_themes(make: Make, qapp: QApplication) -> None:
    bench, panel = make()
    run = bench.end(bench.train(SCRIPT + "# DIVERGE"))
    item = panel.table.item(0, 1)
    assert item is not None
    assert item.text() == "diverged"
    assert item.foreground().color() == QColor(theme.LIGHT.problem)
    assert item.toolTip() == run.message
    try:
        theme.apply(qapp, "dark")
        assert item.foreground().color() == QColor(theme.DARK.problem)
    finally:
        theme.apply(qapp, "light")


def test_a_run_can_be_made_the_drawing_again(qtbot: QtBot, make: Make) -> None:
    bench, panel = make()
    run = bench.end(bench.train())
    with qtbot.waitSignal(panel.restore_requested) as told:
        qtbot.mouseClick(panel.restore_button, LEFT)
    assert told.args == [run]
    with qtbot.waitSignal(panel.folder_requested) as told:
        qtbot.mouseClick(panel.folder_button, LEFT)
    assert told.args == [run]


def test_the_library_of_plots_is_loaded_when_all_panels_are_there_and_on_a_thread() -> None:
    """It takes half a second: neither the first picture waits for it, nor the first curves."""
    code = """
import sys, threading
import studio.gui.training.panel, studio.gui.training.plan, studio.gui.training.row_table
import studio.gui.training.runs_panel
from studio.gui import late_panels
if "pyqtgraph" in sys.modules:
    sys.exit(1)
late_panels.fill((), None)
for thread in threading.enumerate():
    if thread is not threading.main_thread():
        thread.join()
sys.exit("pyqtgraph" not in sys.modules)
"""
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_no_word_of_the_comparison_is_cut_and_all_of_it_has_a_name(make: Make) -> None:
    bench, panel = make()
    for word in ("first", "second"):
        bench.end(bench.train(f"{SCRIPT}# {word}\n"))
    QApplication.processEvents()
    assert panel.table.isVisible()
    assert cut_words(panel) == []
    assert set(nameless(panel)) == set()
