"""The history panel: names of steps, where the project is, and the way to another place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core import edits
from studio.gui.panels.history import HistoryPanel
from studio.gui.session import Session
from tests.gui.panels.conftest import CATALOG
from tests.support.graphs import graph


@pytest.fixture
def panel(qapp, qtbot) -> HistoryPanel:
    session = Session(CATALOG)
    for name in ("one", "two", "three"):
        session.apply(lambda project, name=name: edits.set_title(project, name), f"Call it {name}")
    panel = HistoryPanel(session)
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    session.close()


def rows(panel: HistoryPanel) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def click(panel: HistoryPanel, row: int) -> None:
    place = panel.list.visualItemRect(panel.list.item(row)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_all_steps_stand_there_by_name(panel: HistoryPanel) -> None:
    assert rows(panel) == ["At the start", "Call it one", "Call it two", "Call it three"]
    assert panel.list.currentRow() == 3


def test_a_step_says_which_layers_it_was_about(qapp, qtbot) -> None:
    session = Session(CATALOG)
    try:
        session.load(graph("x:Input -> first:Dense -> second:Dense -> third:Dense -> y:Output"), None)
        ids = {node.name: node.id for node in session.project.main.nodes.values()}
        session.set_selection([ids["first"]])
        session.apply(lambda project: edits.set_bypassed(project, [ids["first"]], True), "Bypass")
        session.apply(lambda project: edits.rename(project, ids["first"], "stem"), "Rename")
        edge = next(edge.id for edge in session.project.main.edges.values() if edge.target.node == ids["third"])
        session.apply(lambda project: edits.disconnect(project, [edge]), "Cut edges")
        session.set_selection(ids.values())
        places = {id: (9.0, 9.0) for id in ids.values() if id != ids["y"]}
        session.apply(lambda project: edits.move(project, places), "Move")
        session.set_selection([ids["second"]])
        session.apply(lambda project: edits.delete(project, CATALOG, [ids["second"]]), "Delete")
        session.apply(lambda project: edits.set_title(project, "Another"), "Change the title")
        panel = HistoryPanel(session)
        qtbot.addWidget(panel)
        panel.show()
        assert rows(panel) == [
            "At the start", "Bypass · first", "Rename · first → stem", "Cut edges · second → third",
            "Move · x and 3 more", "Delete · second", "Change the title",
        ]  # fmt: skip
        assert panel.list.item(4).toolTip() == "Move · x and 3 more"
    finally:
        session.close()


def test_a_click_goes_there_and_later_steps_can_be_done_again(panel: HistoryPanel, qtbot) -> None:
    session = panel.session
    end = session.project
    click(panel, 1)
    assert session.project.title == "one"
    assert session.document.undo_name == "Call it one"
    assert session.document.redo_name == "Call it two"
    qtbot.waitUntil(lambda: panel.list.item(2).font().italic())
    assert len(rows(panel)) == 4
    click(panel, 3)
    assert session.project is end
    click(panel, 0)
    assert session.project.title == "Untitled"
    assert not session.document.can_undo


def test_arrow_keys_travel(panel: HistoryPanel) -> None:
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert panel.session.project.title == "two"


def test_it_follows_undo_and_new_steps(panel: HistoryPanel, qtbot) -> None:
    panel.session.undo()
    qtbot.waitUntil(lambda: panel.list.currentRow() == 2)
    panel.session.apply(lambda project: edits.set_title(project, "four"), "Call it four")
    qtbot.waitUntil(lambda: rows(panel)[-1] == "Call it four")
    assert len(rows(panel)) == 4


def test_a_long_history_shows_the_part_that_matters(panel: HistoryPanel, qtbot) -> None:
    for number in range(500):
        panel.session.apply(lambda project, number=number: edits.set_title(project, f"t{number}"), f"Step {number}")
    qtbot.waitUntil(lambda: panel.list.currentItem().text() == "Step 499")
    assert len(rows(panel)) <= 202
    click(panel, panel.list.currentRow() - 2)
    assert panel.session.project.title == "t497"
