"""What assistive technology gets of the drawing: in this process, and over the accessibility bus where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.core.problem import Problem
from studio.gui.canvas.accessible import DrawingFace
from tests.gui.canvas.drawing import node_named, two_branch_answers
from tests.gui.canvas.hands import ALT, Hands
from tests.support.at_spi import needs_the_bus, told_by

NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


def drawing_of(hands: Hands) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(hands.canvas)
    assert isinstance(found, DrawingFace)
    return found


def item(hands: Hands, name: str) -> QAccessibleInterface:
    drawing = drawing_of(hands)
    for number in range(drawing.childCount()):
        if drawing.child(number).text(NAME) == name:
            return drawing.child(number)
    pytest.fail(f"nothing is called {name}")


def test_the_nodes_are_the_items_of_a_list_in_the_order_of_the_code(hands: Hands) -> None:
    drawing = drawing_of(hands)
    assert drawing.role() == QAccessible.Role.List
    assert drawing.text(NAME) == "Drawing of the network"
    nodes = [drawing.child(number) for number in range(10)]
    assert [node.text(NAME) for node in nodes][:3] == ["measurements", "b1_l1", "b1_l2"]
    assert {node.role() for node in nodes} == {QAccessible.Role.ListItem}
    assert [drawing.indexOfChild(node) for node in nodes] == list(range(10))
    assert all(node.parent() is drawing and node.isValid() for node in nodes)
    buttons = [drawing.child(number) for number in range(10, drawing.childCount())]
    assert [drawing.indexOfChild(each) for each in buttons] == list(range(10, drawing.childCount()))


def test_an_item_says_type_shape_weights_sources_and_problem(hands: Hands) -> None:
    hands.session.answer(two_branch_answers(hands.project))
    assert item(hands, "b2_l1").text(DESCRIPTION) == "Dense relu, output any by 3, 93 parameters, from measurements"
    assert item(hands, "m1_l1").text(DESCRIPTION) == "Concatenate, output any by 13, from b1_l3 and b2_l3"
    node = node_named(hands.project, "b2_l1")
    hands.session.tell(Problem("test", "Dense needs a positive number.", node=node.id))
    assert item(hands, "b2_l1").text(DESCRIPTION).endswith("error: Dense needs a positive number.")


def test_an_item_says_that_a_block_is_applied_to_every_time_step(hands: Hands) -> None:
    project = edits.make_block(hands.project, hands.session.catalog, [node_named(hands.project, "b1_l2").id], "part")
    use = node_named(project, "part").id
    hands.session.apply(lambda _: edits.set_time_distributed(project, [use], True), "Make a block")
    assert item(hands, "part").text(DESCRIPTION) == "TimeDistributed part, on every time step, from b1_l1"


def test_relations_tell_what_flows_where(hands: Hands) -> None:
    found = {(face.text(NAME), flag) for face, flag in item(hands, "m1_l1").relations()}
    flows_to, flows_from = QAccessible.RelationFlag.FlowsTo, QAccessible.RelationFlag.FlowsFrom
    assert found == {("b1_l3", flows_to), ("b2_l3", flows_to), ("m1_l2", flows_from)}


def test_an_item_stands_where_its_node_is_painted(hands: Hands) -> None:
    face = item(hands, "b1_l2")
    middle = hands.canvas.mapToGlobal(hands.node("b1_l2"))
    assert face.rect().contains(middle)
    assert drawing_of(hands).childAt(middle.x(), middle.y()) is face
    before = face.rect()
    hands.canvas.pan_by(40, -24)
    assert face.rect() == before.translated(40, -24)
    hands.canvas.pan_by(10_000, 0)
    assert face.state().offscreen


def test_the_focus_follows_the_walk_by_keys(hands: Hands) -> None:
    hands.session.set_selection([node_named(hands.project, "measurements").id])
    hands.key(Qt.Key.Key_Right, ALT)
    focused = drawing_of(hands).focusChild()
    assert focused.text(NAME) == "b1_l1"
    assert focused.state().focused
    assert focused.state().selected
    assert not item(hands, "measurements").state().focused


def test_press_opens_the_name_and_focus_selects(hands: Hands) -> None:
    actions = item(hands, "m1_l2").actionInterface()
    actions.doAction(QAccessibleActionInterface.setFocusAction())
    assert hands.session.selection == {node_named(hands.project, "m1_l2").id}
    assert hands.canvas.name_field is None
    actions.doAction(QAccessibleActionInterface.pressAction())
    assert hands.canvas.name_field is not None


def test_what_is_selected_is_asked_and_changed_as_in_any_list(hands: Hands) -> None:
    drawing = drawing_of(hands)
    choice = drawing.selectionInterface()
    assert drawing.state().multiSelectable
    assert (choice.selectedItemCount(), choice.selectedItems(), choice.selectedItem(0)) == (0, [], None)
    assert choice.select(item(hands, "m1_l2"))
    assert choice.select(item(hands, "b1_l1"))
    assert hands.session.selection == {node_named(hands.project, name).id for name in ("m1_l2", "b1_l1")}
    assert [face.text(NAME) for face in choice.selectedItems()] == ["b1_l1", "m1_l2"], "in the order of the items"
    assert choice.selectedItem(1) is item(hands, "m1_l2")
    assert choice.isSelected(item(hands, "b1_l1"))
    assert not choice.isSelected(item(hands, "b2_l1"))
    assert choice.unselect(item(hands, "b1_l1"))
    assert choice.selectedItemCount() == 1
    assert not choice.select(drawing), "the list is none of its items"
    choice.selectAll()
    assert choice.selectedItemCount() == len(hands.session.graph.nodes)
    choice.clear()
    assert hands.session.selection == frozenset()


def test_no_other_interface_is_promised(hands: Hands) -> None:
    # A wrong word to Qt here ends the program.
    face = item(hands, "m1_l2")
    assert face.textInterface() is None
    assert face.valueInterface() is None
    assert face.selectionInterface() is None
    assert face.attributesInterface() is None
    drawing = drawing_of(hands)
    assert drawing.textInterface() is None
    assert drawing.valueInterface() is None
    assert drawing.attributesInterface() is None
    assert drawing.actionInterface() is not None


def test_a_node_that_goes_while_it_is_held_says_nothing_and_comes_back_with_undo(hands: Hands) -> None:
    face = item(hands, "b1_l2")
    node = node_named(hands.project, "b1_l2").id
    hands.session.apply(lambda project: edits.delete(project, hands.session.catalog, [node]), "Delete")
    assert not face.isValid()
    assert (face.text(NAME), face.text(DESCRIPTION), face.relations(), face.rect().isEmpty()) == ("", "", [], True)
    QApplication.processEvents()
    assert drawing_of(hands).child(99) is None
    hands.session.undo()
    QApplication.processEvents()
    assert item(hands, "b1_l2").isValid()
    corner = hands.canvas.mapToGlobal(QPoint(2, 2))
    assert drawing_of(hands).childAt(corner.x(), corner.y()) is None


def test_nothing_is_freed_twice(root: Path) -> None:
    script = root / "tests" / "gui" / "canvas" / "faces_at_exit.py"
    done = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@needs_the_bus
def test_a_screen_reader_reads_and_walks_the_drawing_over_the_bus(root: Path) -> None:
    told = told_by(root, "tests", "gui", "canvas", "on_at_spi.py")
    assert told["role"] == "list"
    assert told["names"][:3] == ["measurements", "b1_l1", "b1_l2"]
    assert told["description"] == "Dense relu, output any by 10, 310 parameters, from measurements"
    assert told["extents"][2:] == [184, 60]
    assert "uint32 11" in told["flows"], "it says nothing of where it takes from"
    assert told["focus"], "a walk by key was not told"
    assert told["chosen"] == ["n4"]
    assert told["selected"] == [1, "b1_l3"]
    assert told["more"] == ["n2", "n4"], "what the reader selected is not selected"
    assert (told["gone"], told["left"]) == (True, 9)


def test_notes_are_items_after_the_nodes(hands: Hands) -> None:
    hands.session.apply(lambda project: edits.add_note(project, "Why two?\nAsk.", x=620, y=80), "Write")
    QApplication.processEvents()
    drawing, face = drawing_of(hands), item(hands, "Why two?")
    assert drawing.indexOfChild(face) == len(hands.project.main.nodes)
    assert face.text(DESCRIPTION) == "note: Why two?\nAsk."
    assert face.rect().width() > 50
    (note,) = hands.project.main.notes
    hands.session.set_selection([note])
    assert face.state().selected
    acts = face.actionInterface()
    acts.doAction(QAccessibleActionInterface.pressAction())
    assert hands.canvas.name_field is not None
    hands.canvas.name_field.close_field()
    hands.session.undo()
    assert not face.isValid()
