"""The outline: what it lists and says, what it finds, and the drawing edited by its keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.problem import Problem
from studio.gui.panels.outline import OutlinePanel
from tests.gui.panels.conftest import CATALOG, Answer, FakeSession

Key = Qt.Key


@pytest.fixture
def panel(session: FakeSession, qtbot) -> OutlinePanel:
    panel = OutlinePanel(session)  # type: ignore[arg-type]
    panel.resize(300, 500)
    qtbot.addWidget(panel)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel


def names(panel: OutlinePanel) -> list[str]:
    return [panel.model.index(row, 0).data() for row in range(panel.model.rowCount())]


def node(session: FakeSession, name: str, key: str = "main") -> str:
    return next(id for id, found in session.project.graph(key).nodes.items() if found.name == name)


def look_for(panel: OutlinePanel, text: str) -> list[str]:
    panel.focus_search()
    QTest.keyClicks(panel.search_field, text)
    found = names(panel)
    panel.search_field.clear()
    return found


def press(panel: OutlinePanel, key: Qt.Key) -> None:
    QTest.keyClick(panel.list, key)


def with_block(session: FakeSession) -> str:
    """A block made of all layers between Input and Output; its id."""
    inside = [id for id, found in session.project.main.nodes.items() if found.type not in ("Input", "Output")]
    session.apply(lambda project: edits.make_block(project, CATALOG, inside, "part"), "Make a block")
    return next(iter(session.project.blocks))


def test_layers_stand_in_the_order_of_the_code(panel: OutlinePanel, session: FakeSession) -> None:
    assert names(panel)[0] == next(n.name for n in session.project.main.nodes.values() if n.type == "Input")
    assert sorted(names(panel)) == sorted(found.name for found in session.project.main.nodes.values())


def test_it_follows_the_drawing(panel: OutlinePanel, session: FakeSession, qtbot) -> None:
    session.apply(lambda project: edits.add_node(project, "Dropout", name="late"), "Add")
    qtbot.waitUntil(lambda: "late" in names(panel))
    session.undo()
    qtbot.waitUntil(lambda: "late" not in names(panel))


def test_it_finds_by_name_type_parameter_shape_and_problem(panel: OutlinePanel, session: FakeSession) -> None:
    dense = next(found for found in session.project.main.nodes.values() if found.type == "Dense")
    session.answer(**{dense.id: Answer(outputs=(((None, 77), "float32"),), parameters=5)})
    session.tell(Problem("x", "It hurts.", node=dense.id))
    assert look_for(panel, "hidden_2") == ["hidden_2"]
    for query in ("Dense", f"units={dense.params['units']}", "(None, 77)", "(None,77)", "hurts", "problem dense"):
        assert dense.name in look_for(panel, query), query
    assert look_for(panel, "no such thing") == []
    assert len(names(panel)) == len(session.project.main.nodes)


def test_a_word_can_be_looked_for_in_one_place_alone(panel: OutlinePanel, session: FakeSession) -> None:
    layers = session.project.main.nodes.values()
    dense = next(found for found in layers if found.type == "Dense")
    session.apply(lambda project: edits.add_node(project, "Dropout", name="dense_drop", params={"rate": 0.28}), "Add")
    session.apply(lambda project: edits.set_note(project, dense.id, "type: 28 of them"), "Note")
    session.answer(**{dense.id: Answer(outputs=(((None, 28), "float32"),), parameters=5)})
    session.tell(Problem("x", "It hurts.", node=dense.id))
    assert "dense_drop" in look_for(panel, "dense")
    assert look_for(panel, "name:drop") == ["dense_drop"]
    assert "dense_drop" not in look_for(panel, "type:dense")
    assert look_for(panel, "Type:drop") == ["dense_drop"]
    assert "dense_drop" in look_for(panel, "28")
    assert look_for(panel, "shape:28") == look_for(panel, "problem:") == look_for(panel, "note:28") == [dense.name]
    assert look_for(panel, "shape:28 problem:hurts type:dense") == [dense.name]
    assert look_for(panel, "problem:28") == look_for(panel, "shape:hurts") == []


def test_a_search_that_finds_nothing_says_so_and_what_can_be_looked_for(panel: OutlinePanel) -> None:
    QTest.keyClicks(panel.search_field, "xyzzy")
    assert panel.nothing.isVisible()
    assert "xyzzy" in panel.nothing.text()
    for way in ("units=10", "type:", "shape:", "problem:", "bypassed"):
        assert way in panel.nothing.text()
    QTest.keyClick(panel.search_field, Key.Key_Escape)
    assert not panel.nothing.isVisible()


def test_selection_goes_both_ways(panel: OutlinePanel, session: FakeSession) -> None:
    QTest.keyClick(panel.search_field, Key.Key_Down)
    assert panel.list.hasFocus()
    press(panel, Key.Key_Down)
    assert session.selection == {panel.model.entries[1].node}
    QTest.keyClick(panel.list, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert session.selection == {panel.model.entries[1].node, panel.model.entries[2].node}
    panel.search_field.setFocus()
    session.set_selection({panel.model.entries[0].node})
    assert [index.row() for index in panel.list.selectionModel().selectedIndexes()] == [0]


def test_enter_goes_there(panel: OutlinePanel, session: FakeSession, qtbot) -> None:
    with qtbot.waitSignal(panel.node_activated) as caught:
        panel.focus_search()
        QTest.keyClicks(panel.search_field, "Output")
        QTest.keyClick(panel.search_field, Key.Key_Return)
    assert session.project.main.nodes[caught.args[0]].type == "Output"


def test_f2_renames_and_a_bad_name_is_refused(panel: OutlinePanel, session: FakeSession, qtbot) -> None:
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(1, 0))
    old, before = names(panel)[1], session.project
    press(panel, Key.Key_F2)
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "fresh")
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: session.project.main.nodes[panel.model.entries[1].node].name == "fresh")
    session.undo()
    assert session.project is before
    press(panel, Key.Key_F2)
    editor = QApplication.focusWidget()
    with qtbot.waitSignal(panel.told):
        QTest.keyClicks(editor, "a/b")
        QTest.keyClick(editor, Key.Key_Return)
    assert session.project.main.nodes[panel.model.entries[1].node].name == old


def test_delete_takes_a_layer_away_in_one_step(panel: OutlinePanel, session: FakeSession) -> None:
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(1, 0))
    gone, before = names(panel)[1], session.project
    press(panel, Key.Key_Delete)
    assert gone not in names(panel)
    assert panel.list.currentIndex().row() == 1
    session.undo()
    assert session.project is before


def test_a_asks_for_a_layer(panel: OutlinePanel, qtbot) -> None:
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(0, 0))
    with qtbot.waitSignal(panel.layer_wanted):
        press(panel, Key.Key_A)


def test_blocks_unfold_by_key_and_by_click(panel: OutlinePanel, session: FakeSession, qtbot) -> None:
    block = with_block(session)
    qtbot.waitUntil(lambda: len(names(panel)) == 3)
    row = next(row for row, entry in enumerate(panel.model.entries) if session.project.main.nodes[entry.node].block)
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(row, 0))
    press(panel, Key.Key_Right)
    inner = len(session.project.blocks[block].graph.nodes)
    assert len(names(panel)) == 3 + inner
    assert panel.model.entries[row + 1].depth == 1
    panel.list.setCurrentIndex(panel.model.index(row + 2, 0))
    assert session.graph_key == block
    press(panel, Key.Key_Delete)
    assert len(session.project.blocks[block].graph.nodes) == inner - 1
    panel.list.setCurrentIndex(panel.model.index(row, 0))
    place = panel.list.visualRect(panel.model.index(row, 0))
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(16, place.center().y()))
    assert len(names(panel)) == 3


def test_a_search_looks_into_blocks(panel: OutlinePanel, session: FakeSession) -> None:
    with_block(session)
    assert "input" in look_for(panel, "Input")


def test_a_use_of_a_block_has_the_shape_of_its_output(panel: OutlinePanel, session: FakeSession, qtbot) -> None:
    block = with_block(session)
    qtbot.waitUntil(lambda: len(names(panel)) == 3)
    use = next(found for found in session.project.main.nodes.values() if found.block)
    inner = session.project.blocks[block].graph.nodes
    session.answer(**{f"{use.id}/{id}": Answer(outputs=(((None, 77), "float32"),), parameters=5) for id in inner})
    index = panel.model.index(panel.model.row_of("main", use.id), 0)
    assert "output any by 77, 20 parameters" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert use.name in look_for(panel, "77)")


def test_people_who_hear_it_are_told_all(panel: OutlinePanel, session: FakeSession) -> None:
    dense = next(found for found in session.project.main.nodes.values() if found.type == "Dense")
    session.answer(**{dense.id: Answer(outputs=(((None, 10), "float32"),), parameters=1234)})
    session.tell(Problem("x", "It hurts.", node=dense.id))
    index = panel.model.index(panel.model.row_of("main", dense.id), 0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith(f"{dense.name}, Dense")
    for part in ("output any by 10", "1,234 parameters", "from ", "error: It hurts."):
        assert part in said


def test_notes_stand_after_the_layers_are_found_edited_and_deleted(
    panel: OutlinePanel, session: FakeSession, qtbot
) -> None:
    first = names(panel)
    session.apply(lambda project: edits.add_note(project, "Ask Anna\nabout the kernel", y=200), "Write")
    session.apply(lambda project: edits.add_note(project, "higher", y=100), "Write")
    qtbot.waitUntil(lambda: len(names(panel)) > len(first))
    assert names(panel) == [*first, "higher", "Ask Anna"]
    assert look_for(panel, "KERNEL anna") == ["Ask Anna"]
    assert look_for(panel, "note") == ["higher", "Ask Anna"]
    row = panel.model.index(len(first) + 1, 0)
    panel.list.setCurrentIndex(row)
    note = next(id for id, each in session.project.main.notes.items() if "Anna" in each.text)
    assert session.selected_notes == {note}
    assert "note" in row.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "about the kernel" in row.data(Qt.ItemDataRole.ToolTipRole)
    panel.model.setData(row, "Ask Ben")
    assert session.project.main.notes[note].text == "Ask Ben"
    press(panel, Key.Key_Delete)
    assert note not in session.project.main.notes
    panel.list.viewport().repaint()
