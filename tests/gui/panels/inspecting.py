"""The inspector on the screen, and what a person does with its form."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.gui.panels.inspector import InspectorPanel


def make(qtbot, session, *chosen: str) -> InspectorPanel:
    panel = InspectorPanel(session)
    qtbot.addWidget(panel)
    panel.resize(336, 700)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)  # only the active window has a focus to lose
    session.set_selection(chosen)
    return panel


def row(panel, name: str):
    found = panel.node_page.form.row(name)
    assert found is not None
    return found


def field(panel, name: str) -> QWidget:
    return row(panel, name).editor.field


def type_over(widget: QLineEdit, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    if text:
        QTest.keyClicks(widget, text)
    else:
        QTest.keyClick(widget, Qt.Key.Key_Delete)


def choose(panel, name: str, text: str) -> None:
    combo = field(panel, name)
    number = combo.findText(text)
    assert number >= 0
    combo.setCurrentIndex(number)
    combo.activated.emit(number)


def params(session, node: str) -> dict:
    return dict(session.graph.nodes[node].params)
