"""Operations between tensors by hand: found by their sign, dragged, wired, read in the code as people write them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.gui.window import MainWindow
from studio.workbench.starting import new_project
from tests.journeys.hands import Person


def model_of(window: MainWindow) -> str:
    """The function that builds the model, as the code panel shows it."""
    text = window.session.source.text
    return text[text.index("def build_model") : text.index("def compile_model")]


def ready(faked_window: MainWindow) -> Person:
    faked_window.files.new(new_project())
    faked_window.workspaces.show("design")
    faked_window.canvas.camera.motion_ms = 0
    faked_window.canvas.sight.fit()
    return Person(None, faked_window)


def test_a_sum_is_found_dragged_wired_and_read(qtbot: QtBot, faked_window: MainWindow) -> None:
    person = ready(faked_window)
    session = faked_window.session
    panel = faked_window.palette_panel
    panel.focus_search()
    QTest.keyClicks(panel.search_field, "+")
    assert panel.model.rows[0].text == "add"
    panel.search_field.clear()
    for name, x in (("left", -60), ("right", 244)):
        person.drop("Dense", x, 200, name=name, units="4")
    person.drop("ops.add", 92, 320)
    (added,) = (node for node in session.graph.nodes.values() if node.type == "ops.add")
    for source, target in (("input", "left"), ("input", "right")):
        person.connect(source, target)
    hands = person.canvas_hands
    hands.drag(hands.output("left"), hands.input(added.name, "x1"))
    hands.drag(hands.output("right"), hands.input(added.name, "x2"))
    person.connect(added.name, "output")
    qtbot.waitUntil(lambda: " + " in model_of(faked_window))
    text = model_of(faked_window)
    assert "left + right" in text, text
    assert "ops.add" not in text
    session.undo()
    session.undo()  # The wire of the second tensor: a sum of one is none.
    qtbot.waitUntil(lambda: " + " not in model_of(faked_window))


def test_a_number_takes_the_place_of_a_tensor_and_a_slice_is_typed(qtbot: QtBot, faked_window: MainWindow) -> None:
    person = ready(faked_window)
    session = faked_window.session
    person.drop("ops.multiply", 92, 200)
    (times,) = (node for node in session.graph.nodes.values() if node.type == "ops.multiply")
    person.drop("ops.get_item", 92, 320)
    (cut,) = (node for node in session.graph.nodes.values() if node.type == "ops.get_item")
    session.set_selection((times.id,))
    person.set_parameter("x2", "0.5")
    session.set_selection((cut.id,))
    person.set_parameter("key", ":, 0:2")
    hands = person.canvas_hands
    hands.drag(hands.output("input"), hands.input(times.name, "x1"))
    person.connect(times.name, cut.name)
    person.connect(cut.name, "output")
    qtbot.waitUntil(lambda: "0.5" in model_of(faked_window))
    text = model_of(faked_window)
    assert " * 0.5" in text, text
    assert "[:, 0:2]" in text, text
    # A bad slice is refused in the form, with a reason, and the code stays.
    session.set_selection((cut.id,))
    row = faked_window.inspector.node_page.form.row("key")
    assert row is not None
    row.editor.field.setFocus()
    row.editor.field.selectAll()
    QTest.keyClicks(row.editor.field, "nonsense")
    assert row.message.isVisible()
    QTest.keyClick(row.editor.field, Qt.Key.Key_Escape)
    assert session.graph.nodes[cut.id].params["key"] == ":, 0:2"
