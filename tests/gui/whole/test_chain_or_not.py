"""A plain chain says so and can be a Sequential; a tensor on its way that is an output too makes it something else."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from studio.codegen import generate
from studio.gui.window import MainWindow
from studio.importing.script import read_script
from tests.journeys.hands import Person
from tests.support.catalog import CATALOG
from tests.support.graphs import edges, graph
from tests.support.structure import structure


def choose(box: QComboBox, text: str) -> None:
    """Click into a combo box and go to one of its entries."""
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    view = box.view()
    assert view.isVisible()
    steps = box.findText(text) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(view, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert box.currentText() == text


def test_a_chain_is_told_and_chosen_and_an_output_on_the_way_ends_it(qtbot, faked_window: MainWindow) -> None:
    window, person = faked_window, Person(qtbot, faked_window)
    session, status = window.session, window.canvas.status
    session.load(graph("x:Input(shape=(4,)) -> code:Dense(units=2) -> body:Dense(units=4) -> y:Output"), None)
    window.workspaces.show("design")
    window.canvas.sight.fit()
    panel = window.panels["code"].content
    window.panels["code"].raise_()
    qtbot.waitUntil(lambda: "a plain chain" in status.text())
    qtbot.waitUntil(lambda: "keras.Model(" in session.source.text)
    choose(panel.style_box, "Sequential")
    qtbot.waitUntil(lambda: "keras.Sequential(" in session.source.text)
    assert not panel.note.isVisible()
    person.drop("Output", 300, 90, name="features")
    person.connect("code", "features")  # its tensor goes on to the body, and is an output too
    qtbot.waitUntil(lambda: "a plain chain" not in status.text())
    qtbot.waitUntil(panel.note.isVisible)
    assert panel.note.text() == "In the functional form, since features is a second Output."
    assert "keras.Sequential(" not in session.source.text
    assert {"code -> body", "code -> features"} <= set(edges(session.project))
    choose(panel.style_box, "default style")
    text = generate(session.project, CATALOG).text
    assert 'outputs={"y": y, "features": features}' in text
    assert structure(read_script(text, CATALOG).project) == structure(session.project)
    while session.document.can_undo:
        session.undo()
    qtbot.waitUntil(lambda: "a plain chain" in status.text())
