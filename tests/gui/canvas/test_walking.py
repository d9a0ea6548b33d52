"""The drawing without a mouse: walk, add after, branch, insert, connect."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.core.project import Project
from studio.gui import keymap
from studio.gui.actions import TABLE
from tests.gui.canvas.drawing import edge_between, node_named
from tests.gui.canvas.hands import ALT, CTRL, NONE, SHIFT, Hands

Key = Qt.Key


def here(hands: Hands) -> str:
    (node,) = hands.session.selection
    return hands.project.main.nodes[node].name


def go(hands: Hands, name: str) -> None:
    hands.session.set_selection([node_named(hands.project, name).id])


def search(hands: Hands, text: str) -> None:
    assert hands.canvas.quick_add is not None
    hands.type(text)
    hands.enter()


def test_alt_and_arrows_walk_along_edges(hands: Hands) -> None:
    hands.key(Key.Key_Right, ALT)
    assert here(hands) == "measurements"
    hands.key(Key.Key_Right, ALT)
    assert here(hands) == "b1_l1"
    hands.key(Key.Key_Down, ALT)
    assert here(hands) == "b2_l1"
    hands.key(Key.Key_Down, ALT)
    assert here(hands) == "b2_l1"
    hands.key(Key.Key_Right, ALT)
    assert here(hands) == "b2_l2"
    hands.key(Key.Key_Right, ALT)
    hands.key(Key.Key_Up, ALT)
    assert here(hands) == "b1_l3", "beside it, since both feed one merge"
    hands.key(Key.Key_Right, ALT)
    hands.key(Key.Key_Left, ALT)
    assert here(hands) == "b1_l3"


def test_tab_walks_through_all_and_then_out(hands: Hands, qtbot) -> None:
    go(hands, "measurements")
    seen = [here(hands)]
    for _ in range(len(hands.project.main.nodes) - 1):
        QTest.keyClick(hands.canvas, Key.Key_Tab)
        seen.append(here(hands))
    assert len(set(seen)) == len(hands.project.main.nodes)
    assert seen[-1] == "diagnosis"
    QTest.keyClick(hands.canvas, Key.Key_Backtab, SHIFT)
    assert here(hands) == seen[-2]
    hands.key(Key.Key_Escape)
    QTest.keyClick(hands.canvas, Key.Key_Tab)
    assert not hands.session.selection


def test_ctrl_right_adds_after_and_with_shift_a_branch(hands: Hands) -> None:
    before = hands.project
    go(hands, "m1_l2")
    hands.key(Key.Key_Right, CTRL)
    search(hands, "Dropout")
    assert here(hands) == "dropout"
    assert edge_between(hands.project, "m1_l2", "dropout") is not None
    assert hands.undo_is_one_step(before)
    go(hands, "m1_l2")
    hands.key(Key.Key_Right, CTRL | SHIFT)
    search(hands, "Dropout")
    one, other = node_named(hands.project, "dropout"), node_named(hands.project, "m1_l2")
    assert one.x > other.x + 184
    assert hands.undo_is_one_step(before)


def test_insert_puts_a_layer_before_the_selected_one(hands: Hands) -> None:
    before = hands.project
    go(hands, "b1_l2")
    hands.key(Key.Key_Insert)
    search(hands, "BatchNorm")
    assert edge_between(hands.project, "b1_l1", "batch_normalization") is not None
    assert edge_between(hands.project, "batch_normalization", "b1_l2") is not None
    assert hands.undo_is_one_step(before)
    go(hands, "measurements")
    hands.key(Key.Key_Insert)
    assert hands.canvas.quick_add is None


def test_c_connects_with_a_layer_that_is_found_by_name(hands: Hands) -> None:
    before = hands.project
    go(hands, "b1_l1")
    hands.key(Key.Key_C)
    assert hands.canvas.quick_add is not None
    offered = [found.title for found in hands.canvas.quick_add.found]
    assert "measurements" not in offered
    assert "b1_l1" not in offered
    assert "m1_l1" in offered
    search(hands, "m1_l1")
    edge = edge_between(hands.project, "b1_l1", "m1_l1")
    assert edge is not None
    assert edge.rank == 2
    assert here(hands) == "m1_l1"
    assert hands.undo_is_one_step(before)


def test_connecting_can_be_given_up_and_needs_an_output(hands: Hands) -> None:
    before: Project = hands.project
    go(hands, "b1_l1")
    hands.key(Key.Key_C)
    QTest.keyClick(hands.canvas.quick_add.field, Key.Key_Escape)  # type: ignore[union-attr]
    assert hands.canvas.quick_add is None
    go(hands, "diagnosis")
    hands.key(Key.Key_C, NONE)
    assert hands.canvas.quick_add is None
    assert hands.project is before


def test_a_key_that_was_given_to_another_action_means_that_one(hands: Hands, qtbot) -> None:
    keymap.use({"bypass": ("K",), "fold": ()}, TABLE)
    try:
        before = hands.project
        hands.session.set_selection([node_named(before, "m1_l2").id])
        with qtbot.waitSignal(hands.canvas.action_wanted) as wanted:
            hands.key(Key.Key_K)
        assert wanted.args == ["bypass"]
        for key in (Key.Key_M, Key.Key_H):  # what these keys meant in the table
            hands.key(key)
        assert hands.project is before
    finally:
        keymap.use({}, TABLE)
    hands.key(Key.Key_M)
    assert node_named(hands.project, "m1_l2").is_bypassed
