"""What a person does in the whole window, aimed at things by name."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit

from studio.gui.panels.inspector.row import ParameterRow
from studio.gui.window import MainWindow
from tests.gui.canvas.hands import Hands

RUN_WITHOUT_US = """
import json, runpy, sys
sys.modules["studio"] = None  # an import of our package is an error here
import keras
fit = keras.Model.fit
def noted(self, *arguments, **options):
    history = fit(self, *arguments, **options)
    with open(sys.argv[2], "w") as stream:
        json.dump(history.history, stream)
    return history
keras.Model.fit = noted
runpy.run_path(sys.argv[1], run_name="__main__")
"""


class Person:
    """Drags, clicks and types in a window."""

    def __init__(self, qtbot, window: MainWindow) -> None:
        self.qtbot = qtbot
        self.window = window
        self.canvas_hands = Hands(window.canvas)

    def go_to(self, number: Qt.Key) -> None:
        """Open a workspace by its key and see it."""
        QTest.keyClick(self.window, number, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.waitUntil(lambda: self.window.workspaces.is_settled)

    def choose_data(self, kind: str, name: str) -> None:
        """Open the Data workspace, click a set in the list, come back."""
        self.go_to(Qt.Key.Key_2)
        rows = self.window.panels["data"].content.sources.list
        number = next(n for n in range(rows.count()) if rows.item(n).data(Qt.ItemDataRole.UserRole) == (kind, name))
        rows.scrollToItem(rows.item(number))
        place = rows.visualItemRect(rows.item(number)).center()
        QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        self.qtbot.waitUntil(lambda: self.window.session.project.data.name == name)
        self.go_to(Qt.Key.Key_1)

    def drop(self, layer: str, x: float, y: float, *, name: str = "", **params: str) -> None:
        """Drag a layer from the palette to a scene point; then give it a name and type its parameters."""
        before = set(self.window.session.graph.nodes)
        self.canvas_hands.drop_layer(layer, self.canvas_hands.at(x, y))
        (node_id,) = set(self.window.session.graph.nodes) - before
        self.window.session.set_selection((node_id,))
        for parameter, text in params.items():
            self.set_parameter(parameter, text)
        if name:
            QTest.keyClick(self.window.canvas, Qt.Key.Key_F2)
            field = self.window.canvas.name_field
            assert field is not None
            field.selectAll()
            QTest.keyClicks(field, name)
            QTest.keyClick(field, Qt.Key.Key_Return)

    def set_parameter(self, name: str, text: str) -> None:
        """Type or choose a parameter of the selected node in the inspector."""
        row = self.window.inspector.node_page.form.row(name)
        assert row is not None
        put(row, text)

    def connect(self, source: str, target: str) -> None:
        """Drag an edge from the output of one node to the input of another."""
        self.canvas_hands.drag(self.canvas_hands.output(source), self.canvas_hands.input(target))

    def connect_chain(self, *names: str) -> None:
        """Drag an edge from each node to the next."""
        for source, target in itertools.pairwise(names):
            self.connect(source, target)

    def move(self, name: str, x: float, y: float) -> None:
        """Drag a node so that its middle comes to a scene point."""
        self.canvas_hands.drag(self.canvas_hands.node(name), self.canvas_hands.at(x, y))

    def set_plan(self, name: str, text: str) -> None:
        """Type a number into the form of the Train workspace."""
        self.go_to(Qt.Key.Key_3)
        field = self.window.panels["plan"].content.findChild(QLineEdit, name)
        assert field is not None
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.go_to(Qt.Key.Key_1)

    def train(self, timeout_s: int = 120) -> None:
        """Press Train and wait for the end of the run."""
        runs = len(self.window.trainer.runs)
        self.qtbot.waitUntil(self.window.header.train_button.isEnabled)
        QTest.mouseClick(self.window.header.train_button, Qt.MouseButton.LeftButton)
        self.qtbot.waitUntil(lambda: len(self.window.trainer.runs) > runs)
        run = self.window.trainer.runs[-1]
        self.qtbot.waitUntil(lambda: not run.is_alive, timeout=timeout_s * 1000)


def run_without_us(script: Path, history: Path) -> None:
    """Run an exported file as anybody would, with our package out of reach; ``history`` gets its values per epoch."""
    command = [sys.executable, "-c", RUN_WITHOUT_US, str(script), str(history)]
    done = subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def put(row: ParameterRow, text: str) -> None:
    """Type or choose what a parameter shall be."""
    field = row.editor.field
    if isinstance(field, QComboBox):
        number = field.findText(text)
        assert number >= 0, [field.itemText(index) for index in range(field.count())]
        field.setCurrentIndex(number)
        field.activated.emit(number)
    else:
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
