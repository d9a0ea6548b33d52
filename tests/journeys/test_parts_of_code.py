"""The model or one block as code from the menu; a file that somebody changed is not written over unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from studio.core.project import BLOCK
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.journeys.fake_window import Dialogs

pytestmark = pytest.mark.journey


def load(window: MainWindow, name: str) -> None:
    found = example(name)
    assert found is not None
    window.session.load(found.project(), None, is_saved=True)
    window.refresh_actions()


def do(window: MainWindow, action: str) -> None:
    window.refresh_actions()
    assert window.actions_table[action].isEnabled(), window.actions_table[action].toolTip()
    window.actions_table[action].trigger()


def test_the_model_and_a_block_on_the_clipboard(faked_window: MainWindow) -> None:
    window, session = faked_window, faked_window.session
    load(window, "residual")
    assert not window.actions_table["copy_block"].isEnabled()
    assert "Select one block" in window.actions_table["copy_block"].toolTip()
    do(window, "copy_model")
    text = QGuiApplication.clipboard().text()
    assert "def build_model" in text
    assert "def main" not in text
    use = next(node for node in session.graph.nodes.values() if node.type == BLOCK)
    session.set_selection([use.id])
    do(window, "copy_block")
    text = QGuiApplication.clipboard().text()
    assert "def residual(" in text
    assert "def build_model" not in text
    session.open_graph(use.block or "")
    do(window, "copy_block")
    assert QGuiApplication.clipboard().text() == text


def test_a_changed_file_is_asked_about(faked_window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    window, target = faked_window, tmp_path / "net.py"
    load(window, "xor")
    assert window.files.export(target)
    before = len(dialogs.said)
    assert window.files.export(target)
    assert len(dialogs.said) == before, "our own file is renewed without a question"
    target.write_text("mine = 1\n", encoding="utf-8")
    dialogs.pressed = "Cancel"
    assert not window.files.export(target)
    assert "net.py holds something else than the last export." in dialogs.said[-1]
    assert target.read_text(encoding="utf-8") == "mine = 1\n"
    dialogs.pressed = "Replace"
    assert window.files.export(target)
    assert target.read_text(encoding="utf-8") == window.session.current_source().text
