"""Bad files, seen from the window: one sentence, what was open stays, nothing runs, and everybody goes on."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from studio import storage
from studio.gui.training.readiness import why_not_train
from studio.gui.window import MainWindow
from tests.journeys.fake_window import Dialogs, one_sentence
from tests.support.bad_projects import TRAP, chain, odd, plain, refused, text

pytestmark = pytest.mark.journey

AT_MOST_S = 5
"""Of the processor's time, which other work on the machine does not take."""
"""No bad file may hold the window longer (reliability.md)."""
REFUSED, ODD = refused(), odd()


@pytest.fixture
def window(faked_window: MainWindow) -> MainWindow:
    """In this file everything happens in a window with fake engines."""
    return faked_window


def settle(window: MainWindow) -> None:
    """Let everything be derived, and painted, that follows from opening."""
    for _ in range(5):
        QApplication.processEvents()
    window.grab()


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_project_is_refused_in_one_sentence(
    window: MainWindow, dialogs: Dialogs, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bad.studio"
    path.write_bytes(REFUSED[kind])
    project, where, title = window.session.project, window.session.path, window.windowTitle()
    began = time.process_time()
    assert not window.files.open(path)
    assert time.process_time() - began < AT_MOST_S
    sentence = one_sentence(dialogs.said)
    assert "bad.studio" in sentence
    assert dialogs.formats == [Qt.TextFormat.PlainText]
    assert window.status.news == sentence
    assert window.session.project is project
    assert window.session.path == where
    assert window.windowTitle() == title
    assert path.read_bytes() == REFUSED[kind]
    assert window.isVisible()


@pytest.mark.parametrize("kind", ODD)
def test_what_is_odd_opens_and_is_survived(
    qtbot: QtBot, window: MainWindow, dialogs: Dialogs, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "odd.studio"
    path.write_bytes(ODD[kind])
    began = time.process_time()
    assert window.files.open(path)
    session = window.session
    assert dialogs.said == []
    assert session.project == storage.loads(ODD[kind].decode("utf-8"))
    for workspace in ("data", "train", "runs", "design"):
        window.workspaces.show(workspace)
        settle(window)
    window.canvas.sight.fit()
    session.set_selection(session.graph.nodes)
    settle(window)
    for node in session.graph.nodes:
        session.set_selection((node,))
        QApplication.processEvents()
    settle(window)
    took = time.process_time() - began
    assert took < AT_MOST_S
    for problem in session.problems:
        assert problem.message.endswith((".", ")", "…")), problem.message
        assert "\n" not in problem.message
    qtbot.waitUntil(lambda: session.engine_state == "ready")  # the checker is alive and has answered
    assert nothing_is_markup(window) == []
    assert window.files.save()
    assert storage.load(path) == session.project


UNTRAINABLE = sorted(
    kind
    for kind in ODD
    if kind.startswith(("a circle", "an edge to", "two edges", "an unknown", "units t", "no ", "nothing", "shares"))
    or kind in ("a Lambda", "a layer that reads a file", "a dropout of NaN", "an input of 2**63", "a missing file")
    or kind in ("a learning rate of text", "a seed beyond 2**32", "a checkpoint elsewhere", "unknown made-up data")
    or kind in ("a file elsewhere", "a file above", "features that are not there", "made-up data without bounds")
)


@pytest.mark.parametrize("kind", UNTRAINABLE)
def test_what_cannot_be_trained_is_refused_with_a_reason(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "odd.studio"
    path.write_bytes(ODD[kind])
    assert window.files.open(path)
    runs = len(window.trainer.runs)
    window.train()  # which waits for the word of an engine that is still judging
    qtbot.waitUntil(lambda: window.status.news == why_not_train(window.session) != "")
    assert len(window.trainer.runs) == runs
    qtbot.waitUntil(lambda: not window.header.train_button.isEnabled())
    assert not list(tmp_path.glob("*.runs"))


def nothing_is_markup(window: QWidget) -> list[str]:
    """Texts that Qt would show as HTML though they hold a stranger's tags."""
    found: list[str] = []

    def look(where: str, shown: str) -> None:
        if TRAP in shown:  # as it is, not escaped
            found.append(f"{where}: {shown[:200]}")

    for widget in window.findChildren(QWidget):
        name = type(widget).__name__
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            look(f"{name} {widget.objectName()}", widget.text())
        look(f"{name}.toolTip", widget.toolTip())
        look(f"{name}.statusTip", widget.statusTip())
        look(f"{name}.whatsThis", widget.whatsThis())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for tip in tips(widget.model()):
                look(f"{name} item", tip)
    for action in window.findChildren(QAction):
        look("action", action.toolTip())
    return found


def tips(model: QAbstractItemModel) -> Iterator[str]:
    role = Qt.ItemDataRole.ToolTipRole
    # QAbstractListModel keeps its columnCount to itself: it has one.
    columns = range(1 if isinstance(model, QAbstractListModel) else min(model.columnCount(QModelIndex()), 20))
    for column in columns:
        yield str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
        for row in range(min(model.rowCount(QModelIndex()), 50)):
            yield str(model.index(row, column, QModelIndex()).data(role) or "")


def test_the_search_for_markup_finds_it(qtbot: QtBot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    label = QLabel(TRAP, outer)
    assert len(nothing_is_markup(outer)) == 1
    label.setTextFormat(Qt.TextFormat.PlainText)
    assert nothing_is_markup(outer) == []
    label.setToolTip(TRAP)
    assert len(nothing_is_markup(outer)) == 1
    label.setToolTip(f"<span>{html.escape(TRAP)}</span>")
    assert nothing_is_markup(outer) == []


def test_questions_about_a_hostile_title_are_plain(window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    path = tmp_path / "odd.studio"
    path.write_bytes(ODD["a name that is a picture"])
    assert window.files.open(path)
    window.session.apply(lambda project: storage.loads(text(lambda plain: plain.update(title=TRAP)).decode()), "Change")
    assert window.files.may_leave()
    path.write_bytes(b"changed")
    assert not window.files.save()  # asks, and nobody pressed Replace
    assert len(dialogs.formats) == 2
    assert set(dialogs.formats) == {Qt.TextFormat.PlainText}
    assert path.read_bytes() == b"changed"


def test_ten_thousand_nodes_open(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "large.studio"
    path.write_bytes(chain(10_000, cut_every=100))
    began = time.monotonic()
    assert window.files.open(path)
    opened = time.monotonic() - began
    settle(window)
    shown = time.monotonic() - began
    print(f"10,000 nodes: opened after {opened:.2f} s, shown and judged after {shown:.2f} s")
    assert len(window.session.graph.nodes) == 10_002


@pytest.mark.parametrize("kind", ["gone", "a folder", "a pipe", "a circle of links", "too large", "a bad name"])
def test_what_is_no_file_is_refused_too(window: MainWindow, dialogs: Dialogs, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd.studio"
    match kind:
        case "a folder":
            path.mkdir()
        case "a pipe":
            os.mkfifo(path)
        case "a circle of links":
            path.symlink_to(path)
        case "too large":
            with path.open("wb") as stream:
                stream.truncate(1 << 31)
        case "a bad name":
            path = tmp_path / "a\0b.studio"
    project = window.session.project
    began = time.process_time()
    assert not window.files.open(path)
    assert time.process_time() - began < AT_MOST_S
    one_sentence(dialogs.said)
    assert window.session.project is project


def test_the_small_project_itself_is_fine(window: MainWindow) -> None:
    assert why_not_train(window.session) == ""
    assert plain()["main"]["nodes"][1]["name"] == "hidden"
