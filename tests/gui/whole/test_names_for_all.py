"""Whoever hears the window is told what each field and button is: its name, whether it was changed, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from studio.gui.panels.inspector.row import ParameterRow
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.gui.whole.every_dialog import DIALOGS, opened
from tests.support.graphs import graph, node_id

Text = QAccessible.Text


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def heard(widget: QWidget, kind: QAccessible.Text = Text.Name) -> str:
    face = QAccessible.queryAccessibleInterface(widget)
    return str(face.text(kind)) if face is not None else ""


def is_labelled(box: QComboBox) -> bool:
    """On Linux a combo box is heard by its choice, and by the label that says what it chooses."""
    beside = box.parentWidget().findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return any(label.buddy() is box and label.text().strip() for label in beside)


def nameless(window: QWidget) -> Iterator[str]:
    for each in window.findChildren(QWidget):
        can_be_met = each.focusPolicy() & Qt.FocusPolicy.TabFocus or isinstance(each, QAbstractButton)
        if each.objectName().startswith("qt_") or type(each).__name__.startswith("QTabBar"):
            continue
        is_heard = heard(each).strip() if not isinstance(each, QComboBox) else is_labelled(each)
        if can_be_met and each.isVisible() and each.focusProxy() is None and not is_heard:
            above = each.parentWidget()
            yield f"{type(each).__name__} in {type(above).__name__}"


@pytest.mark.parametrize("workspace", ["design", "data", "train", "runs"])
def test_all_that_can_have_the_focus_or_be_clicked_has_a_name(qtbot, faked_window: MainWindow, workspace: str) -> None:
    window, two = faked_window, example("two_branches")
    assert two is not None
    window.session.load(two.project(), None)
    window.workspaces.show(workspace)
    settle()
    found: set[str] = set()
    tabs = ("outline", "history", "palette", "own", "versions", "code", "problems") if workspace == "design" else ("",)
    for tab in tabs:
        if tab:
            window.panels[tab].raise_()
        for node in [None, *list(window.session.graph.nodes)[:2], *list(window.session.graph.nodes)[-1:]]:
            window.session.set_selection([node] if node else [])
            settle()
            found |= set(nameless(window))
    window.workspaces.show("design")
    assert found == set()


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_name_all_that_they_have(qtbot, faked_window: MainWindow, name: str) -> None:
    with opened(name, faked_window) as dialog:
        settle()
        assert set(nameless(dialog)) == set()


def test_a_parameter_says_that_it_was_changed_and_what_is_wrong(faked_window: MainWindow) -> None:
    window = faked_window
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=3) -> y:Output")
    window.session.load(project, None)
    window.session.set_selection([node_id(project, "a")])
    window.panels["inspector"].raise_()
    settle()
    rows = {row.parameter.name: row for row in window.panels["inspector"].findChildren(ParameterRow)}
    field = rows["units"].editor.field
    assert heard(field) == "Units"
    said = heard(field, Text.Description)
    assert "changed" in said
    assert "changed" not in heard(rows["use_bias"].editor.field, Text.Description).casefold()
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "-2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    settle()
    reason = rows["units"].message.text()
    assert reason
    assert reason in heard(field, Text.Description)
