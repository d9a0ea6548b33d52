"""The dialog that finds repeated parts: clicks through it, one step of undo, and nothing where it is cancelled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QThreadPool
from PySide6.QtWidgets import QDialogButtonBox, QWidget

from studio.core.project import Project
from studio.gui.parts_dialog import PartsDialog
from studio.gui.session import Session
from tests.support.catalog import CATALOG
from tests.support.graphs import graph
from tests.support.large import large_project
from tests.support.structure import structure


def towers() -> Project:
    """Five alike stages of six layers each, with other units."""
    lines, before = [], "start:Input(shape=(8,))"
    for number in range(1, 6):
        own, units = f"stage{number}_", 8 * number
        lines += [
            f"{before} -> {own}in:Dense(units={units}) -> {own}norm:LayerNormalization",
            f"{own}norm -> {own}mid:Dense(units={units})",
            f"{own}in & {own}mid -> {own}sum:Add -> {own}relu:ReLU -> {own}drop:Dropout(rate=0.1)",
        ]
        before = f"{own}drop"
    return graph("\n".join([*lines, f"{before} -> end:Output"]))


@pytest.fixture
def session(qapp) -> Iterator[Session]:
    made = Session(CATALOG, towers())
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot, session: Session) -> Iterator[PartsDialog]:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PartsDialog(window, session)
    dialog.open()
    qtbot.waitUntil(dialog.apply_button.isEnabled)
    yield dialog
    window.close()


def test_blocks_are_made_in_one_step(qtbot, session: Session, dialog: PartsDialog) -> None:
    before = session.project
    qtbot.waitUntil(lambda: "become" in dialog.lines.text())
    assert dialog.detail.text().startswith("It starts at stage1_in, stage2_in")
    assert "keep their names" in dialog.detail.text()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    assert [node.name for node in session.project.main.nodes.values() if node.type == "block"] == [
        f"stage{number}" for number in range(1, 6)
    ]
    assert structure(session.project) == structure(before)
    (block,) = session.project.blocks.values()
    assert len({(node.x, node.y) for node in block.graph.nodes.values()}) == len(block.graph.nodes)
    session.undo()
    assert session.project is before


def test_a_block_gets_another_name_and_none_that_is_no_name(qtbot, session: Session, dialog: PartsDialog) -> None:
    item = dialog.table.item(0, 0)
    item.setText("  ")
    assert item.text().strip()
    assert "needs a name" in dialog.lines.text()
    item.setText("tower")
    with qtbot.waitSignal(dialog.accepted):
        qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    assert [block.name for block in session.project.blocks.values()] == ["tower"]


def test_nothing_ticked_says_why_it_cannot_be_done(qtbot, dialog: PartsDialog) -> None:
    dialog.table.setCurrentCell(0, 0)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.table.item(0, 0).checkState() == Qt.CheckState.Unchecked
    assert not dialog.apply_button.isEnabled()
    assert dialog.apply_button.toolTip() == "Tick at least one part."


def test_cancel_leaves_the_drawing(qtbot, session: Session, dialog: PartsDialog) -> None:
    before = session.project
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    with qtbot.waitSignal(dialog.rejected):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert session.project is before


def by_button(qtbot, dialog: PartsDialog) -> None:
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)


def by_escape(qtbot, dialog: PartsDialog) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("cancel", [by_button, by_escape])
def test_a_search_in_1000_nodes_is_cancelled_while_it_goes_on(qtbot, qapp, cancel) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    session = Session(CATALOG, large_project())
    before = session.project
    dialog = PartsDialog(window, session)
    dialog.open()
    pools = dialog.findChildren(QThreadPool)
    qtbot.waitUntil(lambda: any(pool.activeThreadCount() for pool in pools))
    assert dialog.bar.isVisible()
    assert not dialog.apply_button.isEnabled()
    with qtbot.waitSignal(dialog.rejected):
        cancel(qtbot, dialog)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not any(pool.activeThreadCount() for pool in pools))  # the search itself has ended
    assert session.project is before
    assert not dialog.apply_button.isEnabled()
    session.close()


def test_a_drawing_without_repetitions_is_told_so(qtbot, qapp) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    session = Session(CATALOG, graph("a:Input -> b:Dense(units=3) -> c:Output"))
    dialog = PartsDialog(window, session)
    dialog.open()
    qtbot.waitUntil(lambda: "No part comes again" in dialog.message.text())
    assert not dialog.apply_button.isEnabled()
    dialog.reject()
    session.close()
