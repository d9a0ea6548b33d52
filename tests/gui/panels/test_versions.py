"""Comparing with another version: the list, its marks, and what cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio import storage
from studio.core import edits
from studio.core.compare import Difference, compare
from studio.gui.panels.versions import VersionsPanel
from studio.gui.session import Session, comparing
from studio.gui.session.checker import Checker
from studio.gui.session.comparing import Comparing
from tests.gui.canvas.drawing import many
from tests.gui.panels.conftest import CATALOG, small_project
from tests.support.engines import fake_engine

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def whole(qtbot, qapp):
    made = Session(CATALOG, small_project(), checker=Checker(engine=fake_engine("checker")))
    yield made
    made.close()


@pytest.fixture
def panel(qtbot, whole):
    made = VersionsPanel(whole, Comparing(whole, whole))
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def rows(panel) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def change(session) -> None:
    session.apply(lambda project: edits.set_param(project, "n2", "units", 20), "Change units")
    session.apply(lambda project: edits.delete(project, CATALOG, ["n3"]), "Delete")
    session.apply(lambda project: edits.add_node(project, "Dropout", name="drop"), "Add")


def test_with_the_last_save_and_again_after_saving(qtbot, whole, panel, tmp_path: Path) -> None:
    assert not panel.with_save.isEnabled()
    assert panel.with_save.toolTip() == "The project was not saved yet."
    whole.saved_as(tmp_path / "mine.studio")
    change(whole)
    assert panel.with_save.isEnabled()
    QTest.mouseClick(panel.with_save, Qt.MouseButton.LeftButton)
    assert panel.heading.text() == "Since the last save: 1 added, 1 removed, 2 changed"
    assert rows(panel)[0] == "≠  hidden   Dense\n     units: 10 → 20"
    assert "−  hidden_2   Dense" in rows(panel)
    assert (
        panel.comparing.marks() == {"n2": "changed", "n4": "changed", "n5": "added"} or "n2" in panel.comparing.marks()
    )
    (ghost,) = panel.comparing.ghosts()["main"]
    assert ghost.name == "hidden_2"
    whole.undo()
    qtbot.waitUntil(lambda: panel.heading.text() == "Since the last save: 0 added, 1 removed, 2 changed")
    whole.saved_as(tmp_path / "mine.studio")
    assert rows(panel) == []
    assert panel.hint.text() == "There is no difference."


def test_a_row_leads_to_its_layer(qtbot, whole, panel, tmp_path: Path) -> None:
    whole.saved_as(tmp_path / "mine.studio")
    change(whole)
    panel.comparing.with_last_save()
    panel.list.setCurrentRow(0)
    with qtbot.waitSignal(panel.node_wanted) as wanted:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert wanted.args == ["n2"]
    assert whole.selection == {"n2"}
    before = whole.selection
    gone = next(row for row in range(panel.list.count()) if panel.list.item(row).text()[0] == "−")
    QTest.mouseClick(
        panel.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=panel.list.visualItemRect(panel.list.item(gone)).center(),
    )
    assert whole.selection == before


def test_with_a_file_and_with_one_that_is_none(qtbot, whole, panel, tmp_path: Path, monkeypatch) -> None:
    good, bad = tmp_path / "old.studio", tmp_path / "bad.studio"
    storage.save(whole.project, good)
    bad.write_text("{", encoding="utf-8")
    change(whole)
    said: list[tuple[str, bool]] = []
    panel.comparing.told.connect(lambda *words: said.append(words))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(good), ""))
    QTest.mouseClick(panel.with_file, Qt.MouseButton.LeftButton)
    assert panel.stop.isVisible()
    qtbot.waitUntil(lambda: panel.heading.text().startswith("Since old.studio: 1 added"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    QTest.mouseClick(panel.with_file, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(said) == 1)
    ((sentence, is_bad),) = said
    assert is_bad
    assert sentence.endswith(".")
    assert panel.heading.text().startswith("Since old.studio")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    QTest.mouseClick(panel.with_file, Qt.MouseButton.LeftButton)
    assert panel.heading.text().startswith("Since old.studio")
    assert panel.comparing.differences
    QTest.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    assert panel.comparing.differences == ()
    assert panel.heading.text() == "Changes"
    assert not panel.stop.isVisible()


def test_another_project_is_not_compared(whole, panel, tmp_path: Path) -> None:
    whole.saved_as(tmp_path / "mine.studio")
    change(whole)
    panel.comparing.with_last_save()
    whole.load(small_project(), None)
    assert panel.comparing.other is None
    assert rows(panel) == []


def test_large_versions_are_compared_beside_the_window(qtbot, whole, panel, tmp_path: Path, monkeypatch) -> None:
    threads: list[bool] = []

    def noting(*projects) -> tuple[Difference, ...]:
        threads.append(QThread.currentThread() is QCoreApplication.instance().thread())
        return compare(*projects)

    monkeypatch.setattr(comparing, "compare", noting)
    old = tmp_path / "old.studio"
    large = many(150)
    storage.save(large, old)
    whole.load(edits.set_param(large, "n2", "units", 77), None)
    panel.comparing.with_file(old)
    qtbot.waitUntil(lambda: panel.heading.text() == "Since old.studio: 0 added, 0 removed, 1 changed")
    whole.apply(lambda project: edits.delete(project, CATALOG, ["n150"]), "Delete")
    qtbot.waitUntil(lambda: panel.heading.text() == "Since old.studio: 0 added, 1 removed, 1 changed")
    assert threads == [False, False]


def test_stopping_while_it_compares_leaves_nothing(qtbot, whole, panel, tmp_path: Path) -> None:
    old = tmp_path / "old.studio"
    storage.save(many(150), old)
    panel.comparing.with_file(old)
    QTest.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    assert panel.heading.text() == "Changes"
    qtbot.waitUntil(lambda: not panel.comparing.is_waiting)
    assert (panel.comparing.other, panel.comparing.differences) == (None, ())
