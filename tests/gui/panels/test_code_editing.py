"""Typing into the code: it changes the drawing as one step, or stays and says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from studio import catalog
from studio.core.project import Project
from studio.gui.panels.code import CodePanel
from studio.gui.session import Session
from tests.codegen.projects import stages

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def session(qapp) -> Iterator[Session]:
    made = Session(catalog.load(), stages())
    yield made
    made.close()


@pytest.fixture
def panel(qtbot, session: Session) -> CodePanel:
    made = CodePanel(session)
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    QTest.mouseClick(made.edit_button, Qt.MouseButton.LeftButton)
    assert made.editing.is_active
    return made


def change(panel: CodePanel, old: str, new: str) -> None:
    cursor = panel.view.document().find(old)
    assert not cursor.isNull()
    panel.view.setTextCursor(cursor)
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    panel.view.textCursor().insertText(new)


def places(project: Project) -> dict[str, tuple[float, float]]:
    return {id: (node.x, node.y) for graph in project.graphs().values() for id, node in graph.nodes.items()}


def test_a_changed_argument_is_one_step_and_nothing_moves(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.2)")
    QTest.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not panel.editing.is_active)
    noise = next(node for node in session.project.main.nodes.values() if node.type == "GaussianNoise")
    assert noise.params == {"stddev": 0.2}
    assert places(session.project) == places(before)
    session.undo()
    assert session.project is before
    assert panel.view.isReadOnly()


def test_apply_is_grey_while_there_is_nothing_to_apply_and_says_why(qtbot, panel: CodePanel) -> None:
    button = panel.editing.apply_button
    assert (button.isEnabled(), button.toolTip()) == (False, "Nothing was changed yet.")
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.2)")
    assert button.isEnabled()
    change(panel, "GaussianNoise(0.2)", "GaussianNoise(0.1)")
    qtbot.waitUntil(lambda: not button.isEnabled())
    assert button.toolTip() == "Nothing was changed yet."
    change(panel, "GaussianNoise(0.1)", "GaussianNoise( 0.1 )")
    qtbot.waitUntil(lambda: button.toolTip() == "Nothing in the drawing changes by that.")
    assert not button.isEnabled()
    change(panel, "GaussianNoise( 0.1 )", "GaussianNoise(")
    assert button.isEnabled()
    qtbot.waitUntil(lambda: not button.isEnabled())
    assert button.toolTip() == panel.editing.message.text() != ""
    change(panel, "GaussianNoise(", "GaussianNoise(0.3)")
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.editing.is_active)


def test_the_keys_of_the_text_are_not_those_of_the_window(qtbot, panel: CodePanel, session: Session) -> None:
    pressed: list[str] = []
    for keys in ("Ctrl+Return", "Esc"):
        shortcut = QShortcut(QKeySequence(keys), panel)
        shortcut.activated.connect(lambda keys=keys: pressed.append(keys))
    panel.activateWindow()
    qtbot.waitUntil(panel.view.hasFocus)
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.2)")
    QTest.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not panel.editing.is_active)
    QTest.mouseClick(panel.edit_button, Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not panel.editing.is_active
    assert pressed == []
    assert "GaussianNoise(0.2)" in session.current_source().text
    QTest.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["Ctrl+Return"]


def test_a_new_line_is_a_new_node_and_the_others_keep_their_places(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    line = "    x = layers.GaussianNoise(0.1)(x)"
    change(panel, line, f"{line}\n    x = layers.Dropout(0.4)(x)")
    QTest.mouseClick(panel.editing.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.editing.is_active)
    added = session.project.main.nodes.keys() - before.main.nodes.keys()
    assert [session.project.main.nodes[id].type for id in added] == ["Dropout"]
    assert before.main.nodes.keys() <= session.project.main.nodes.keys()
    qtbot.waitUntil(lambda: "layers.Dropout(0.4)(x)" in session.source.text)


def test_what_cannot_be_drawn_is_underlined_and_stays(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    change(panel, "GaussianNoise(0.1)", "GausianNoise(0.1)")
    qtbot.waitUntil(lambda: bool(panel.view.faulty))
    typed = panel.view.toPlainText()
    assert "no layer called GausianNoise in this version of Keras; is GaussianNoise meant?" in (
        panel.editing.message.text()
    )
    QTest.mouseClick(panel.editing.apply_button, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    assert panel.editing.is_active
    assert panel.view.toPlainText() == typed
    assert session.project is before
    QTest.keyClick(panel.view, Qt.Key.Key_Escape)
    assert not panel.editing.is_active
    assert panel.view.toPlainText() == session.source.text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("GaussianNoise(0.1)", "GaussianNoise(0.1", "never closed"),
        ("validation=0.2", "validation=0.3", "The program writes this part itself"),
        ("    x = layers.GaussianNoise(0.1)(x)", "    print(x)\n    x = layers.GaussianNoise(0.1)(x)", "no place"),
    ],
)
def test_the_reason_is_told_while_typing(qtbot, panel: CodePanel, old: str, new: str, reason: str) -> None:
    change(panel, old, new)
    qtbot.waitUntil(lambda: reason in panel.editing.message.text())
    assert panel.view.faulty


def test_the_editor_has_an_undo_of_its_own(panel: CodePanel, session: Session) -> None:
    text = panel.view.toPlainText()
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.9)")
    QTest.keyClick(panel.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(panel.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.view.toPlainText() == text


def elsewhere(panel: CodePanel) -> None:
    """Go on outside of the text, as a click on the canvas does."""
    panel.style_box.setFocus(Qt.FocusReason.MouseFocusReason)


def test_going_elsewhere_applies_what_was_typed_in_one_step(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    panel.activateWindow()
    qtbot.waitUntil(panel.view.hasFocus)
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.2)")
    elsewhere(panel)
    qtbot.waitUntil(lambda: not panel.editing.is_active)
    assert [node.params["stddev"] for node in session.graph.nodes.values() if node.type == "GaussianNoise"] == [0.2]
    session.undo()
    assert session.project is before


def test_going_elsewhere_leaves_what_cannot_be_drawn(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    panel.activateWindow()
    qtbot.waitUntil(panel.view.hasFocus)
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.1")
    elsewhere(panel)
    qtbot.waitUntil(lambda: bool(panel.view.faulty))
    assert panel.editing.is_active
    assert "GaussianNoise(0.1(x)" in panel.view.toPlainText()
    assert session.project is before
    line = min(panel.view.faulty)
    cursor = QTextCursor(panel.view.document().findBlockByNumber(line - 1))
    panel.view.setTextCursor(cursor)
    point = panel.view.cursorRect().center()
    help = QHelpEvent(QEvent.Type.ToolTip, point, panel.view.viewport().mapToGlobal(point))
    QApplication.sendEvent(panel.view.viewport(), help)
    assert "never closed" in QToolTip.text()
    QToolTip.hideText()


def test_going_elsewhere_without_typing_ends_it(qtbot, panel: CodePanel, session: Session) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.view.hasFocus)
    elsewhere(panel)
    qtbot.waitUntil(lambda: not panel.editing.is_active)
    assert panel.view.isReadOnly()


def test_the_buttons_of_the_strip_still_do_what_they_say(qtbot, panel: CodePanel, session: Session) -> None:
    before = session.project
    panel.activateWindow()
    qtbot.waitUntil(panel.view.hasFocus)
    change(panel, "GaussianNoise(0.1)", "GaussianNoise(0.2)")
    panel.editing.revert_button.setFocus(Qt.FocusReason.MouseFocusReason)
    QTest.mouseClick(panel.editing.revert_button, Qt.MouseButton.LeftButton)
    assert not panel.editing.is_active
    assert session.project is before


def cursor_after(panel: CodePanel, text: str) -> None:
    cursor = panel.view.document().find(text)
    assert not cursor.isNull()
    cursor.setPosition(cursor.selectionEnd())
    panel.view.setTextCursor(cursor)


def test_enter_keeps_the_indentation_and_tab_moves_lines(panel: CodePanel) -> None:
    line = "    x = layers.GaussianNoise(0.1)(x)"
    cursor_after(panel, line)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    QTest.keyClicks(panel.view, "x = a")
    QTest.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(panel.view, "x = b")
    assert f"{line}\n    x = a\n    x = b\n" in panel.view.toPlainText()
    assert panel.view.document().blockCount() == panel.view.toPlainText().count("\n") + 1
    QTest.keyClick(panel.view, Qt.Key.Key_Backtab)
    assert "\nx = b\n" in panel.view.toPlainText()
    QTest.keyClick(panel.view, Qt.Key.Key_Home)
    QTest.keyClick(panel.view, Qt.Key.Key_Tab)
    QTest.keyClick(panel.view, Qt.Key.Key_Backspace)
    assert "\nx = b\n" in panel.view.toPlainText()


def click_on(panel: CodePanel, text: str) -> None:
    """A click of the mouse on the line that holds the text."""
    cursor = panel.view.document().find(text)
    assert not cursor.isNull()
    panel.view.setTextCursor(cursor)
    panel.view.centerCursor()
    point = panel.view.cursorRect().center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_a_line_is_that_of_its_layer_also_where_lines_were_typed_above(panel: CodePanel, session: Session) -> None:
    line = "    x = layers.GaussianNoise(0.1)(x)"
    noise = next(node for node in session.project.main.nodes.values() if node.type == "GaussianNoise")
    first = next(span.first_line for span in session.source.spans if span.node == noise.id)
    session.set_selection([noise.id])
    assert panel.view.marked == {first}
    change(panel, line, f"    x = layers.Dropout(0.4)(x)\n    x = layers.Dropout(0.5)(x)\n{line}")
    assert panel.view.marked == {first + 2}
    session.set_selection([])
    click_on(panel, "Dropout(0.4)")
    assert session.selection == frozenset(), "this is no layer yet"
    click_on(panel, "GaussianNoise(0.1)")
    assert session.selection == {noise.id}
    assert panel.view.marked == {first + 2}
