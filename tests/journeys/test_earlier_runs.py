"""A second session sees the runs of the first: listed, laid over each other, their code, the way back to a drawing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio import storage
from studio.core import edits
from studio.gui.app import make_window
from studio.gui.runs.run import Run
from studio.gui.settings import Settings
from studio.gui.training.runs_panel import RunsPanel
from studio.gui.window import MainWindow
from tests.journeys.fake_window import one_sentence
from tests.support.engines import fake_engine

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def project_file(faked_window: MainWindow) -> Path:
    assert faked_window.session.path is not None
    return faked_window.session.path


def train(qtbot: QtBot, window: MainWindow) -> Run:
    count = len(window.trainer.runs)
    button = window.header.train_button
    qtbot.waitUntil(lambda: button.isEnabled() and button.text() == "Train")
    qtbot.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: len(window.trainer.runs) > count)
    run = window.trainer.runs[-1]
    qtbot.waitUntil(lambda: not run.is_alive)
    return run


def reopened(qtbot: QtBot, window: MainWindow, path: Path, count: int) -> list[Run]:
    assert window.files.open(path)
    qtbot.waitUntil(lambda: len(window.trainer.runs) == count)
    return window.trainer.runs


def runs_panel(window: MainWindow) -> RunsPanel:
    window.workspaces.show("runs")
    panel = window.panels["runs"].content
    assert isinstance(panel, RunsPanel)
    return panel


def click_row(qtbot: QtBot, panel: RunsPanel, row: int) -> None:
    item = panel.table.item(row, 0)
    assert item is not None
    qtbot.mouseClick(panel.table.viewport(), LEFT, pos=panel.table.visualItemRect(item).center())


def test_a_second_session_sees_the_runs_of_the_first(
    qtbot: QtBot, qapp: QApplication, faked_window: MainWindow, project_file: Path, tmp_path: Path
) -> None:
    first, second = train(qtbot, faked_window), train(qtbot, faked_window)
    other = make_window(qapp, Settings(tmp_path / "state"), fake_engine("checker"), fake_engine("trainer"))
    qtbot.addWidget(other)
    try:
        other.show()
        other.start_engines()
        earlier = reopened(qtbot, other, project_file, 2)
        for before, after in zip((first, second), earlier, strict=True):
            assert after is not before
            for name in ("number", "folder", "source_text", "project", "outcome", "message", "parameters", "epoch"):
                assert getattr(after, name) == getattr(before, name), name
            assert after.headline == before.headline
            assert after.curves["val_loss"].epochs.x.tolist() == before.curves["val_loss"].epochs.x.tolist()
            assert after.curves["loss"].epochs.y.tolist() == before.curves["loss"].epochs.y.tolist()
        third = train(qtbot, other)
        assert third.number == 3
        assert third.folder.name == "0003"
        panel = runs_panel(other)
        assert [panel.table.item(row, 0).text() for row in range(3)] == ["run 3", "run 2", "run 1"]  # type: ignore[union-attr]
        assert panel.run is third
        click_row(qtbot, panel, 2)
        assert panel.run is earlier[0]
        assert panel.code.toPlainText().rstrip("\n") == first.source_text.rstrip("\n")
    finally:
        other.close()


def test_curves_of_earlier_runs_are_laid_over_each_other(
    qtbot: QtBot, faked_window: MainWindow, project_file: Path
) -> None:
    for _ in range(2):
        train(qtbot, faked_window)
    earlier = reopened(qtbot, faked_window, project_file, 2)
    faked_window.workspaces.show("train")
    listed = faked_window.training.runs
    assert faked_window.training.run is earlier[1], "the newest is shown"
    row = listed.visualItemRect(listed.item(1)).center()
    qtbot.mouseClick(listed.viewport(), LEFT, CTRL, row)
    assert listed.picked_runs == tuple(earlier)
    plots = faked_window.training.plots
    lines = plots.plots["loss"]._lines
    assert set(lines) == set(earlier)
    for run in earlier:
        assert lines[run].training.x.tolist() == run.curves["loss"].epochs.x.tolist()
    place = listed.visualItemRect(listed.item(0)).center() + QPoint(2, 0)
    qtbot.mouseClick(listed.viewport(), LEFT, pos=place)
    assert listed.picked_runs == (earlier[1],)


def test_an_earlier_run_becomes_the_drawing_in_one_step(
    qtbot: QtBot, faked_window: MainWindow, project_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = train(qtbot, faked_window)
    session = faked_window.session
    session.apply(lambda project: edits.delete(project, "main", list(project.main.nodes)), "Delete all")
    storage.save(session.project, project_file)
    session.document.mark_saved()
    (earlier,) = reopened(qtbot, faked_window, project_file, 1)
    emptied = session.project
    panel = runs_panel(faked_window)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    qtbot.mouseClick(panel.folder_button, LEFT)
    assert opened == [str(run.folder)]
    qtbot.mouseClick(panel.restore_button, LEFT)
    assert session.project == earlier.project == run.project
    session.undo()
    assert session.project is emptied


def test_a_damaged_folder_is_passed_over_with_one_sentence(
    qtbot: QtBot, faked_window: MainWindow, project_file: Path
) -> None:
    for _ in range(2):
        train(qtbot, faked_window)
    (project_file.with_suffix(".runs") / "0001" / "project.studio").write_text("{")
    with qtbot.waitSignal(faked_window.trainer.runs_told) as told:
        reopened(qtbot, faked_window, project_file, 1)
    assert "run 1" in one_sentence(told.args)
    assert faked_window.status.news == told.args[0]


def test_a_run_that_was_cut_off_says_so(qtbot: QtBot, faked_window: MainWindow, project_file: Path) -> None:
    run = train(qtbot, faked_window)
    (run.folder / "outcome.json").unlink()
    reopened(qtbot, faked_window, project_file, 1)
    panel = runs_panel(faked_window)
    item = panel.table.item(0, 1)
    assert item is not None
    assert item.text() == "no end noted"
    assert item.toolTip()
    faked_window.workspaces.show("train")
    assert "no end noted" in faked_window.training.controls.status.text()


def test_the_runs_of_one_project_are_not_those_of_the_next(
    qtbot: QtBot, faked_window: MainWindow, project_file: Path, tmp_path: Path
) -> None:
    train(qtbot, faked_window)
    other = tmp_path / "other.studio"
    other.write_bytes(project_file.read_bytes())
    assert faked_window.files.open(project_file)
    assert faked_window.files.open(other)  # before the runs of the first are read
    qtbot.waitUntil(lambda: not faked_window.trainer._finder._background.is_waiting)
    assert faked_window.trainer.runs == []
