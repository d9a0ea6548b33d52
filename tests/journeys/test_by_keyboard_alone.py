"""The book's two-branch network from an empty project, by keyboard alone; Keras answers, and the code is run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from studio.gui.canvas.canvas import Canvas
from studio.gui.window import MainWindow
from studio.workbench.starting import new_project

pytestmark = [pytest.mark.keras, pytest.mark.journey]
Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT, ALT, NONE = (
    Modifier.ControlModifier,
    Modifier.ShiftModifier,
    Modifier.AltModifier,
    Modifier.NoModifier,
)


class Typist:
    """Somebody without a mouse: every key goes to what has the focus."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def focus(self) -> QWidget:
        QApplication.processEvents()
        focus = QApplication.focusWidget()
        assert focus is not None, "nothing has the focus"
        return focus

    @property
    def here(self) -> str:
        """The name of the selected layer."""
        session = self.window.session
        (chosen,) = session.selection
        return session.graph.nodes[chosen].name

    def press(self, key: Qt.Key, modifiers=NONE) -> None:
        QTest.keyClick(self.focus, key, modifiers)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        QTest.keyClicks(self.focus, text)

    def go_to(self, name: str) -> None:
        """Walk in the order of the code until the layer is selected."""
        assert isinstance(self.focus, Canvas)
        count = len(self.window.session.graph.nodes)
        for _ in range(count):  # to the first one, which Shift+Tab would leave
            if self.here == "input":
                break
            self.press(Key.Key_Tab, SHIFT)
        for _ in self.window.session.graph.nodes:
            if self.here == name:
                return
            self.press(Key.Key_Tab)
        pytest.fail(f"Tab does not lead to {name}")

    def add_after(
        self, type: str, name: str, units: str = "", activation: str = "", *, is_branch: bool = False
    ) -> None:
        """Add a layer after the selected one, name it, give it its values; the focus is in the drawing again."""
        self.press(Key.Key_Right, CTRL | (SHIFT if is_branch else NONE))
        self.type(type)
        self.press(Key.Key_Return)
        self.press(Key.Key_F2)
        self.press(Key.Key_A, CTRL)
        self.type(name)
        self.press(Key.Key_Return)
        assert self.here == name
        if units:
            self.press(Key.Key_Return)
            self.press(Key.Key_A, CTRL)
            self.type(units)
            self.press(Key.Key_Tab)
            assert self.focus.accessibleName() == "Activation"
            choice = self.focus
            assert isinstance(choice, QComboBox)
            for _ in range(choice.count()):
                if choice.currentText() == activation:
                    break
                self.press(Key.Key_Down)
            assert choice.currentText() == activation
            self.press(Key.Key_Escape)
        assert isinstance(self.focus, Canvas), self.focus

    def connect(self, source: str, target: str) -> None:
        self.go_to(source)
        self.press(Key.Key_C)
        self.type(target)
        self.press(Key.Key_Return)
        assert self.here == target


def test_two_branches_without_a_mouse(qtbot, window: MainWindow) -> None:
    session = window.session
    window.canvas.camera.motion_ms = 0
    window.activateWindow()
    window.canvas.setFocus()  # as when the window opens
    person = Typist(window)
    person.press(Key.Key_N, CTRL)
    assert session.project == new_project()
    person.press(Key.Key_Right, ALT)  # to the first layer
    assert person.here == "input"
    person.press(Key.Key_Return)
    person.press(Key.Key_A, CTRL)
    person.type("(30,)")
    person.press(Key.Key_Return)
    person.press(Key.Key_Escape)
    for branch, units in (("b1", "10"), ("b2", "3")):
        person.go_to("input")
        for level in (1, 2, 3):
            person.add_after("Dense", f"{branch}_l{level}", units, "relu", is_branch=branch == "b2" and level == 1)
    person.add_after("Concatenate", "m1")
    person.connect("b1_l3", "m1")
    person.add_after("Dense", "m1_l1", "5", "relu")
    person.add_after("Dense", "diagnosis", "1", "sigmoid")
    person.connect("diagnosis", "output")

    drawn = {node.name: node.params for node in session.graph.nodes.values()}
    assert drawn["input"] == {"shape": (30,)}
    assert drawn["b1_l2"] == {"units": 10, "activation": "relu"}
    assert drawn["b2_l3"] == {"units": 3, "activation": "relu"}
    assert drawn["diagnosis"] == {"units": 1, "activation": "sigmoid"}
    names = {id: node.name for id, node in session.graph.nodes.items()}
    edges = {(names[edge.source.node], names[edge.target.node]) for edge in session.graph.edges.values()}
    assert edges == {
        ("input", "b1_l1"), ("b1_l1", "b1_l2"), ("b1_l2", "b1_l3"), ("b1_l3", "m1"),
        ("input", "b2_l1"), ("b2_l1", "b2_l2"), ("b2_l2", "b2_l3"), ("b2_l3", "m1"),
        ("m1", "m1_l1"), ("m1_l1", "diagnosis"), ("diagnosis", "output"),
    }  # fmt: skip
    by_name = {name: id for id, name in names.items()}

    def shape(name: str) -> object:
        answer = session.answers.get(by_name[name])
        return answer.outputs[0][0] if answer is not None and answer.outputs else None

    qtbot.waitUntil(lambda: shape("output") == (None, 1))
    assert shape("m1") == (None, 13)
    qtbot.waitUntil(lambda: 'layers.Concatenate(name="m1")' in session.source.text)
    while session.document.can_undo:
        person.press(Key.Key_Z, CTRL)
    assert session.project == new_project()
