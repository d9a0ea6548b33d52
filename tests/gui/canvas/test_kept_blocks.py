"""Blocks of the library on the canvas: dragged like a layer, found by the search."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QApplication

from studio.core import edits
from studio.gui.canvas.gestures.drop_layer import LAYER_MIME
from studio.gui.session.shelf import KEPT_PREFIX
from studio.workbench.library import Library
from tests.gui.canvas.drawing import CATALOG, edge_between, node_named, two_branches
from tests.gui.canvas.hands import EMPTY, LEFT, NONE, Hands


@pytest.fixture
def wish(hands: Hands, tmp_path: Path, qtbot) -> str:
    """What a drag of the block in the library carries."""
    project = two_branches()
    inside = [node_named(project, "b1_l1").id, node_named(project, "b1_l2").id]
    project = edits.make_block(project, CATALOG, inside, "twice")
    library = hands.session.library
    library.library = Library(tmp_path)
    kept = library.library.put(project, f"b{two_branches().next_id}")
    with qtbot.waitSignal(library.changed):
        library.refresh()
    return f"{KEPT_PREFIX}{kept.key}"


def test_a_drop_brings_the_block_in_one_step(hands: Hands, wish: str) -> None:
    before = hands.project
    hands.drop_layer(wish, EMPTY)
    (chosen,) = hands.session.selection
    assert hands.project.main.nodes[chosen].name == "twice"
    assert [block.name for block in hands.project.blocks.values()] == ["twice"]
    hands.drop_layer(wish, hands.at(700, 600))
    assert len(hands.project.blocks) == 1
    hands.session.undo()
    assert hands.undo_is_one_step(before)


def test_a_drop_on_an_edge_inserts_it(hands: Hands, wish: str) -> None:
    before = hands.project
    hands.drop_layer(wish, hands.on_edge("m1_l1", "m1_l2"))
    assert edge_between(hands.project, "m1_l1", "twice")
    assert edge_between(hands.project, "twice", "m1_l2")
    assert hands.undo_is_one_step(before)


def test_esc_while_it_is_dragged_leaves_everything(hands: Hands, wish: str) -> None:
    before = hands.project
    hands.hover_layer(wish, EMPTY)
    hands.key(Qt.Key.Key_Escape)
    assert hands.canvas.gesture is None
    assert hands.project is before


def test_the_search_finds_it_and_joins_it(hands: Hands, wish: str) -> None:
    before = hands.project
    hands.session.set_selection([node_named(before, "m1_l1").id])
    hands.key(Qt.Key.Key_A)
    hands.type("twic")
    hands.enter()
    assert edge_between(hands.project, "m1_l1", "twice")
    assert hands.undo_is_one_step(before)


def test_one_that_was_removed_meanwhile_is_not_taken(hands: Hands, wish: str) -> None:
    library = hands.session.library
    library.remove(wish.removeprefix(KEPT_PREFIX))
    data = QMimeData()
    data.setData(LAYER_MIME, wish.encode())
    enter = QDragEnterEvent(EMPTY, Qt.DropAction.CopyAction, data, LEFT, NONE)
    QApplication.sendEvent(hands.canvas, enter)
    assert not enter.isAccepted()
    assert hands.canvas.gesture is None
