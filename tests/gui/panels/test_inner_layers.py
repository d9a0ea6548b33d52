"""Wrappers and cells: what stands inside another layer is edited in its form, with all parameters, by real clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core import edits
from studio.core.project import PortRef
from tests.gui.panels.inspecting import choose, make, params, row, type_over

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def opened(qtbot, session, type_name: str):
    """A panel that shows a new node of this type, between hidden and hidden_2."""
    session.apply(
        lambda project: edits.add_node(
            project, type_name, x=0, y=0, name="wrapper", params=session.catalog.initial_params(type_name)
        ),
        "Add",
    )
    node = next(node.id for node in session.graph.nodes.values() if node.name == "wrapper")
    return make(qtbot, session, node), node


def pick(combo: QComboBox, text: str) -> None:
    """Choose an entry with the keyboard, as a person does in a closed box."""
    combo.setFocus()
    number = combo.findText(text)
    assert number >= 0, [combo.itemText(place) for place in range(combo.count())]
    while combo.currentIndex() != number:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down if before < number else Qt.Key.Key_Up)
        assert combo.currentIndex() != before


def click(button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def entries(combo: QComboBox) -> list[str]:
    return [combo.itemText(place) for place in range(combo.count())]


def test_the_layer_inside_stands_open_with_all_its_parameters(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "Bidirectional")
    inner = row(panel, "layer")
    assert inner.editor.field.currentText() == "LSTM"
    assert inner._nested.isVisible()
    # What a call is told belongs to the layer outside.
    wanted = {parameter.name for parameter in session.catalog.layer("LSTM").parameters if not parameter.is_call}
    assert {parameter.name for parameter in inner._nested.parameters} == wanted
    type_over(inner._nested.row("units").editor.field, "24")
    assert params(session, node)["layer"] == KerasObject("LSTM", {"units": 24})
    pick(inner._nested.row("return_sequences").editor.field, "yes")
    assert params(session, node)["layer"] == KerasObject("LSTM", {"units": 24, "return_sequences": True})
    session.undo()
    assert params(session, node)["layer"] == KerasObject("LSTM", {"units": 24})
    assert inner._nested.row("return_sequences").editor.field.currentText() == "no"


def test_only_layers_that_fit_are_offered_and_what_was_said_is_kept(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "Bidirectional")
    inner = row(panel, "layer")
    offered = entries(inner.editor.field)
    assert "GRU" in offered
    assert "Dense" not in offered
    type_over(inner._nested.row("units").editor.field, "24")
    pick(inner._nested.row("unit_forget_bias").editor.field, "no")
    pick(inner.editor.field, "GRU")
    assert params(session, node)["layer"] == KerasObject("GRU", {"units": 24}), "a GRU has no forget bias"
    assert "reset_after" in {parameter.name for parameter in inner._nested.parameters}


def test_the_second_direction_begins_turned_round(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "Bidirectional")
    pick(row(panel, "backward_layer").editor.field, "LSTM")
    backward = params(session, node)["backward_layer"]
    assert backward.type == "LSTM"
    assert backward.params["go_backwards"] is True


def test_bad_values_inside_are_explained_where_they_stand(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "TimeDistributed")
    before = session.project
    units = row(panel, "layer")._nested.row("units")
    type_over(units.editor.field, "none of them")
    assert units.message.isVisible()
    assert session.project is before
    type_over(units.editor.field, "7")
    assert not units.message.isVisible()
    assert params(session, node)["layer"] == KerasObject("Dense", {"units": 7})
    pick(row(panel, "layer")._nested.row("kernel_regularizer").editor.field, "L2")
    assert params(session, node)["layer"].params["kernel_regularizer"].type == "L2"


def test_an_rnn_takes_any_cell_and_stacks_them(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "RNN")
    cell = row(panel, "cell")
    assert set(entries(cell.editor.field)) == {"LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"}
    pick(cell.editor.field, "GRUCell")
    assert params(session, node)["cell"] == KerasObject("GRUCell", {"units": 16})
    pick(cell.editor.field, "StackedRNNCells")
    assert params(session, node)["cell"].type == "StackedRNNCells"
    cells = cell._nested.row("cells")
    assert len(cells._inner.rows) == 1
    assert not cells._inner.removers[0].isEnabled()
    click(cells.editor.field)
    click(cells.editor.field)
    assert len(params(session, node)["cell"].params["cells"]) == 3
    second = cells._inner.rows[1]
    pick(second.editor.field, "GRUCell")
    type_over(second._nested.row("units").editor.field, "5")
    found = params(session, node)["cell"].params["cells"]
    assert [(inner.type, inner.params["units"]) for inner in found] == [
        ("LSTMCell", 16),
        ("GRUCell", 5),
        ("LSTMCell", 16),
    ]
    click(cells._inner.removers[0])
    found = params(session, node)["cell"].params["cells"]
    assert [inner.type for inner in found] == ["GRUCell", "LSTMCell"]
    assert cells._inner.rows[0].editor.field.currentText() == "GRUCell"
    session.undo()
    assert len(params(session, node)["cell"].params["cells"]) == 3
    assert len(cells._inner.rows) == 3


def test_what_was_set_inside_stands_in_the_code(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "SpectralNormalization")
    pick(row(panel, "layer").editor.field, "Conv2D")
    type_over(row(panel, "layer")._nested.row("filters").editor.field, "9")
    assert "Dropout" not in entries(row(panel, "layer").editor.field)

    def joined(project):
        ends = [PortRef("n1", "output"), PortRef(node, "inputs"), PortRef(node, "output")]
        project = edits.set_param(project, "n1", "shape", (8, 8, 3))
        project = edits.connect(project, session.catalog, ends[0], ends[1])
        return edits.connect(project, session.catalog, ends[2], PortRef("n4", "inputs"))

    session.apply(joined, "Connect")
    assert "layers.SpectralNormalization(layers.Conv2D(9, 3)" in generate(session.project, session.catalog).text


def test_a_field_without_room_beside_its_name_stands_below_the_name(qtbot, session) -> None:
    panel, _ = opened(qtbot, session, "RNN")
    panel.resize(300, 900)
    pick(row(panel, "cell").editor.field, "StackedRNNCells")
    (cell,) = row(panel, "cell")._nested.row("cells")._inner.rows
    found = cell._nested.row("recurrent_dropout")
    field, label = found.editor.field, found.label
    qtbot.waitUntil(lambda: field.y() > label.geometry().bottom())
    assert field.x() == label.x() + label.indent()
    assert field.geometry().right() <= found.width()


def test_a_layer_is_chosen_as_activation_with_its_parameters(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "Dense")
    activation = row(panel, "activation")
    combo = activation.editor.field
    offered = [text for text in entries(combo) if text.endswith(" (layer)")]
    assert offered == [f"{name} (layer)" for name in ("ReLU", "LeakyReLU", "Softmax", "PReLU", "ELU")]
    assert "threshold" not in entries(combo)  # Keras insists on two numbers there
    pick(combo, "LeakyReLU (layer)")
    assert params(session, node)["activation"] == KerasObject("LeakyReLU")
    type_over(activation._nested.row("negative_slope").editor.field, "0.2")
    assert params(session, node)["activation"] == KerasObject("LeakyReLU", {"negative_slope": 0.2})
    combo.setFocus()
    choose(panel, "activation", "PReLU (layer)")  # one step of undo: keys would choose what is passed by, too
    assert params(session, node)["activation"] == KerasObject("PReLU")
    session.undo()
    assert combo.currentText() == "LeakyReLU (layer)"
    assert activation._nested.row("negative_slope").editor.field.text() == "0.2"
    session.redo()
    pick(activation._nested.row("alpha_initializer").editor.field, "Ones")
    assert params(session, node)["activation"] == KerasObject("PReLU", {"alpha_initializer": KerasObject("Ones")})
    pick(combo, "relu")
    assert (params(session, node)["activation"], activation._nested.isVisible()) == ("relu", False)
    click(activation.dot)
    assert "activation" not in params(session, node)


def test_a_layer_that_is_not_offered_stands_in_the_field_of_the_activation(qtbot, session) -> None:
    panel, node = opened(qtbot, session, "Dense")
    session.apply(
        lambda project: edits.set_param(project, node, "activation", KerasObject("BatchNormalization")), "Set"
    )
    activation = row(panel, "activation")
    assert activation.editor.field.currentText() == "BatchNormalization (layer)"
    type_over(activation._nested.row("momentum").editor.field, "0.5")
    assert params(session, node)["activation"] == KerasObject("BatchNormalization", {"momentum": 0.5})
