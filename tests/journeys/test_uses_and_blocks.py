"""Layers used again and frozen, blocks with parameters, a ready-made network expanded: all from the window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QProgressDialog

from studio.catalog.values import ParameterRef
from studio.core import edits
from studio.core.project import BLOCK, MAIN
from studio.gui import asking, patience
from studio.gui.canvas.heat_legend import HeatLegend
from studio.gui.window import MainWindow
from studio.workbench.starting import new_project
from tests.journeys.hands import Person, run_without_us
from tests.support.graphs import edges, graph, node, node_id

pytestmark = [pytest.mark.keras, pytest.mark.journey]

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def begin(qtbot, window: MainWindow, text: str) -> Person:
    window.files.new(new_project())
    window.canvas.camera.motion_ms = 0
    window.session.load(graph(text), None, is_saved=True)
    window.canvas.sight.fit()
    qtbot.waitUntil(lambda: window.session.engine_state == "ready", timeout=60_000)
    return Person(qtbot, window)


def do(window: MainWindow, action: str) -> None:
    """Take an action from the menu, which is brought up to date when it opens."""
    window.refresh_actions()
    assert window.actions_table[action].isEnabled(), window.actions_table[action].toolTip()
    window.actions_table[action].trigger()


def learned(window: MainWindow, call: str) -> int | None:
    answer = window.session.answers.get(call)
    return answer.trainable_parameters if answer is not None and answer.outputs else None


def shape(window: MainWindow, call: str) -> tuple[int | None, ...] | None:
    answer = window.session.answers.get(call)
    return answer.outputs[0][0] if answer is not None and answer.outputs else None


def click(person: Person, name: str) -> None:
    person.canvas_hands.click(person.canvas_hands.node(name))


def row_menu(person: Person, name: str, words: str) -> None:
    """Open the menu of a parameter's row and click an entry."""
    row = person.window.inspector.node_page.form.row(name)
    row.customContextMenuRequested.emit(row.rect().center())
    menu = next(each for each in row.findChildren(QMenu) if each.isVisible())
    action = next(each for each in menu.actions() if each.text().startswith(words))
    action.trigger()
    menu.close()


def test_use_again_freeze_and_unshare(qtbot, window: MainWindow) -> None:
    person = begin(qtbot, window, "x:Input(shape=(4,)) -> dense:Dense(units=3) -> y:Output")
    session = window.session
    click(person, "dense")
    do(window, "use_again")
    assert session.graph.nodes[next(iter(session.selection))].name == "dense_1"
    QTest.keyClick(window, Qt.Key.Key_F, CTRL_SHIFT)
    assert all(edits.is_frozen(node(session.project, name)) for name in ("dense", "dense_1"))
    window.refresh_actions()
    assert window.actions_table["freeze"].isChecked()
    qtbot.waitUntil(lambda: learned(window, node_id(session.project, "dense")) == 0)
    qtbot.waitUntil(lambda: "trainable=False" in session.source.text)
    session.set_selection(())
    qtbot.waitUntil(lambda: window.inspector.project_page.weights.text() == "0 of 15 weights learn")
    session.set_selection([node_id(session.project, "dense_1")])
    do(window, "unshare")
    assert node(session.project, "dense_1").shares is None
    do(window, "freeze")
    assert edits.is_frozen(node(session.project, "dense"))
    assert not edits.is_frozen(node(session.project, "dense_1"))
    for _ in range(4):
        session.undo()
    assert [each.name for each in session.graph.nodes.values()] == ["x", "dense", "y"]


def test_a_block_with_a_parameter(qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    person = begin(qtbot, window, "x:Input(shape=(4,)) -> a:Dense(units=3) -> b:Dense(units=5) -> y:Output")
    session = window.session
    session.set_selection([node_id(session.project, name) for name in "ab"])
    monkeypatch.setattr(asking, "name", lambda *_: "tower")
    do(window, "make_block")
    (block,) = session.project.blocks
    person.canvas_hands.double_click(person.canvas_hands.node("tower"))
    assert session.graph_key == block
    page = window.inspector.block_page
    assert page.isVisible()
    assert "Used once: tower." in page.uses.text()
    session.set_selection([node_id(session.project, "a", block)])
    row_menu(person, "units", "Make this a parameter")
    assert node(session.project, "a", block).params["units"] == ParameterRef("units")
    session.set_selection(())
    row = page.rows["units"]
    row.name.setFocus()
    row.name.selectAll()
    QTest.keyClicks(row.name, "for")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert "cannot be a parameter" in page.message.text()
    row.name.selectAll()
    QTest.keyClicks(row.name, "width")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    assert [each.name for each in session.project.blocks[block].parameters] == ["width"]
    field = page.rows["width"].default.editor.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "6")
    assert session.project.blocks[block].parameters[0].default == 6
    do(window, "leave_block")
    click(person, "tower")
    person.set_parameter("width", "9")
    assert node(session.project, "tower").params == {"width": 9}
    inner = f"{node_id(session.project, 'tower')}/{node_id(session.project, 'a', block)}"
    qtbot.waitUntil(lambda: shape(window, inner) == (None, 9))
    qtbot.waitUntil(lambda: "width=9" in session.source.text)
    person.set_parameter("width", "many")
    assert node(session.project, "tower").params == {"width": 9}
    do(window, "freeze")
    assert node(session.project, "tower").params == {"width": 9, "trainable": False}
    qtbot.waitUntil(lambda: learned(window, inner) == 0)
    do(window, "unpack_block")
    assert {each.name for each in session.graph.nodes.values()} == {"x", "a", "b", "y"}
    window.refresh_actions()
    assert not window.actions_table["unpack_block"].isEnabled()


def test_into_blocks_and_out_again(qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    person = begin(qtbot, window, "x:Input(shape=(4,)) -> a:Dense(units=3) -> y:Output")
    session, crumbs = window.session, window.breadcrumb
    qtbot.waitUntil(lambda: "15 parameters · 60 B · a plain chain" in window.canvas.status.text())
    for number, name in enumerate(("inner", "outer")):
        monkeypatch.setattr(asking, "name", lambda *_, name=name: name)
        session.set_selection([node_id(session.project, "inner" if number else "a")])
        do(window, "make_block")
    inner, outer = session.project.blocks
    again = edits.add_node(session.project, BLOCK, name="again", block=outer)
    session.apply(lambda project: graph("outer -> again -> z:Output", project=again), "Use again")
    qtbot.waitUntil(lambda: "a plain chain" not in window.canvas.status.text())
    person.canvas_hands.double_click(person.canvas_hands.node("again"))
    assert crumbs.isVisible()
    assert session.use == (node_id(session.project, "again"),)
    assert [crumbs.uses_box.itemText(n) for n in range(crumbs.uses_box.count())] == ["outer", "again"]
    scene = window.canvas.scene
    slot = scene.slot[node_id(session.project, "inner", outer)]
    person.canvas_hands.double_click(person.canvas_hands.at(*(scene.pos[slot] + scene.size[slot] / 2)))
    assert session.graph_key == inner
    assert crumbs.uses_box.currentText() == "again › inner"
    dense = node_id(session.project, "a", inner)
    session.set_selection([dense])
    qtbot.waitUntil(lambda: window.inspector.node_page.weights.text() == "12 weights")
    crumbs.uses_box.setCurrentIndex(0)
    crumbs.uses_box.activated.emit(0)
    assert window.inspector.node_page.weights.text() == "15 weights"
    assert scene.cards[scene.slot[dense]].parameters == 15
    do(window, "leave_block")
    assert session.graph_key == outer
    assert session.selection == {node_id(session.project, "inner", outer)}
    QTest.mouseClick(crumbs.steps[0], Qt.MouseButton.LeftButton)
    assert session.graph_key == MAIN
    assert not crumbs.isVisible()
    click(person, "outer")
    do(window, "freeze")
    qtbot.waitUntil(lambda: "12 of 27 weights learn" in window.canvas.status.text())


def test_a_ready_made_network_is_expanded_and_taken_back(
    qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = begin(qtbot, window, "x:Input(shape=(32, 32, 3)) -> y:Output")
    session = window.session
    session.apply(lambda project: edits.disconnect(project, [*project.main.edges]), "Disconnect")
    panel = window.palette_panel
    panel.search_field.setFocus()
    QTest.keyClicks(panel.search_field, "mobilenet")
    assert panel.model.rows[0].text == "MobileNet"
    QTest.keyClick(panel.search_field, Qt.Key.Key_Return)
    assert node(session.project, "mobilenet").type == "applications.MobileNet"
    person.set_parameter("alpha", "0.25")
    do(window, "expand")
    assert "connect its input first" in window.status.news
    key = node_id(session.project, "mobilenet")
    session.apply(lambda project: graph("x -> mobilenet -> y", project=project), "Connect")
    qtbot.waitUntil(lambda: bool(session.answers.get(key) and session.answers[key].outputs))
    assert session.answers[key].outputs[0][0] == (None, 256)
    weights = session.answers[key].parameters
    session.set_selection([key])
    do(window, "freeze")
    before = session.project
    do(window, "expand")
    do(window, "expand")  # The same action cancels.
    assert session.project is before
    monkeypatch.setattr(patience, "PATIENCE_MS", 0)
    do(window, "expand")
    qtbot.waitUntil(lambda: bool(boxes := window.findChildren(QProgressDialog)) and boxes[-1].isVisible())
    QTest.keyClick(window.findChildren(QProgressDialog)[-1], Qt.Key.Key_Escape)  # so does Esc in the box
    assert window.status.news == "The network stays as it was."
    assert session.project is before
    do(window, "expand")
    qtbot.waitUntil(lambda: bool(session.project.blocks), timeout=60_000)
    qtbot.waitUntil(lambda: not window.findChildren(QProgressDialog))
    (block,) = session.project.blocks.values()
    assert len(block.graph.nodes) > 80
    assert node(session.project, "mobilenet").block == block.id
    inside = f"{key}/"
    qtbot.waitUntil(lambda: session.engine_state == "ready" and
                    sum(a.parameters for c, a in session.answers.items() if c.startswith(inside)) == weights,
                    timeout=60_000)  # fmt: skip
    assert not [problem for problem in session.problems if problem.severity == "error" and problem.code != "no_data"]
    # It stays frozen as a whole: one click lets all of it learn again.
    assert node(session.project, "mobilenet").params == {"trainable": False}
    page = window.inspector.node_page
    qtbot.waitUntil(lambda: page.weights.text() == f"{weights:,} weights")
    assert (page.sum.text(), page.flow.text()) == ("frozen", "(None, 32, 32, 3) → (None, 256)  float32")
    do(window, "freeze")
    assert all(inner.params.get("trainable") is not False for inner in block.graph.nodes.values())
    qtbot.waitUntil(lambda: "of them learn" in page.sum.text(), timeout=60_000)
    session.undo()
    session.undo()
    assert session.project is before
    assert QApplication.activeModalWidget() is None


def test_a_block_is_called_again_with_the_same_weights(
    qtbot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model used as a layer: made of a selection, called twice, refused for another shape, trained, taken away."""
    person = begin(
        qtbot, window,
        "point:Input(shape=(2,)) -> h:Dense(units=2, activation='tanh') -> d:Dropout(rate=0.0)"
        " -> p:Dense(units=2, activation='softmax') -> y:Output",
    )  # fmt: skip
    session = window.session
    person.choose_data("made", "moons")
    session.set_selection([node_id(session.project, name) for name in "hd"])
    monkeypatch.setattr(asking, "name", lambda *_: "step")
    do(window, "make_block")
    click(person, "step")
    do(window, "use_again")
    assert session.graph.nodes[next(iter(session.selection))].name == "step_1"
    window.canvas.sight.fit()
    person.connect("step", "step_1")
    person.connect("step_1", "p")
    first, again = node_id(session.project, "step"), node_id(session.project, "step_1")
    assert node(session.project, "step_1").shares == first
    drawn = {"point -> step.input", "step -> step_1.input", "step_1 -> p", "p -> y"}
    assert set(edges(session.project)) == drawn
    qtbot.waitUntil(lambda: "12 parameters" in window.canvas.status.text())
    qtbot.waitUntil(lambda: "step_model = keras.Model(" in session.source.text)
    session.set_selection([again])
    assert "step" in window.inspector.node_page.shared.text()
    # Another shape is told where it is, and taken back.
    person.canvas_hands.double_click(person.canvas_hands.node("step"))
    session.set_selection([node_id(session.project, "h", session.graph_key)])
    person.set_parameter("units", "3")
    do(window, "leave_block")
    qtbot.waitUntil(lambda: any("is used first" in problem.message for problem in session.problems))
    assert {problem.node for problem in session.problems if "is used first" in problem.message} == {again}
    session.undo()
    do(window, "leave_block")  # undo had shown where it was done
    qtbot.waitUntil(lambda: not [each for each in session.problems if each.severity == "error"])
    person.set_plan("epochs", "2")
    person.train()
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    script = tmp_path / "export" / "moons.py"
    script.parent.mkdir()
    assert window.files.export(script)
    run_without_us(script, tmp_path / "history.json")
    assert json.loads((tmp_path / "history.json").read_text())["loss"] == run.curves["loss"].epochs.y.tolist()
    qtbot.waitUntil(lambda: not window.trainer.is_busy)
    do(window, "heat_gradients")
    legend = window.canvas.findChild(HeatLegend, "heat_legend")
    qtbot.waitUntil(lambda: bool(window.canvas.scene.heat.values), timeout=60_000)
    assert again in window.canvas.scene.heat.values, legend.told
    # Weights of its own, and undo.
    session.set_selection([again])
    do(window, "unshare")
    assert node(session.project, "step_1").shares is None
    qtbot.waitUntil(lambda: "18 parameters" in window.canvas.status.text())
    session.undo()
    assert node(session.project, "step_1").shares == first
