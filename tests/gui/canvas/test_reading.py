"""Reading a drawing: heat with numbers, names of the axes, and both follow what Keras says."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import Shiboken

from studio.core import edits
from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas import dimensions
from studio.gui.canvas.canvas import Canvas
from studio.gui.canvas.card import Ghost
from studio.gui.canvas.heat_legend import HeatLegend
from studio.gui.canvas.labels import shape_on
from studio.gui.canvas.measures import LEVELS, bytes_of, level, limits, memory
from studio.gui.canvas.numbers import time_text
from studio.gui.canvas.pictures import heat_colour
from studio.gui.canvas.reading import Told
from tests.gui.canvas.drawing import (
    CATALOG,
    FakeSession,
    edge_between,
    node_named,
    shape_answer,
    two_branch_answers,
    two_branches,
)
from tests.gui.canvas.hands import Hands
from tests.support.graphs import graph, node_id

# ---- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "dtype", "size"),
    [
        ((None, 10), "float32", 4 * 32 * 10),
        ((None, 28, 28, 1), "uint8", 32 * 28 * 28),
        ((None, 3), "bool", 32 * 3),
        ((8, 3), "bfloat16", 8 * 3 * 2),
        ((None,), "int64", 32 * 8),
        ((None, None, 16), "float32", None),
        ((None, 1), "string", None),
        ((), "float32", 4),
    ],
)
def test_bytes_of_a_tensor_for_one_batch(shape, dtype, size) -> None:
    assert bytes_of([(shape, dtype)], 32) == size


def test_memory_counts_what_is_inside_of_blocks_and_no_output_twice() -> None:
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=2) -> b:Dense(units=3) -> y:Output")
    inside = [node_id(project, name) for name in "ab"]
    use = f"n{project.next_id + 1}"
    blocked = edits.make_block(project, CATALOG, inside, "both")
    answers = {node_id(blocked, "x"): shape_answer(None, 4), node_id(blocked, "y"): shape_answer(None, 3)}
    answers |= {f"{use}/{inside[0]}": shape_answer(None, 2), f"{use}/{inside[1]}": shape_answer(None, 3)}
    answers[use] = shape_answer(None, 3)
    sizes, is_all = memory(blocked.main, answers, "", 10)
    assert (sizes[use], sizes[node_id(blocked, "x")], is_all) == (4 * 10 * 5, 4 * 10 * 4, True)
    assert node_id(blocked, "y") not in sizes
    answers[use + "/" + inside[0]] = shape_answer(None, None)
    assert memory(blocked.main, answers, "", 10)[1] is False


def test_memory_counts_a_block_on_every_time_step_for_each_of_them() -> None:
    project = graph("x:Input(shape=(6, 4)) -> a:Dense(units=2) -> y:Output")
    inside = node_id(project, "a")
    blocked = edits.make_block(project, CATALOG, [inside], "one")
    use = node_id(blocked, "one")
    blocked = edits.set_time_distributed(blocked, [use], True)
    answers = {f"{use}/{inside}": shape_answer(None, 2), use: shape_answer(None, 6, 2)}
    sizes, is_all = memory(blocked.main, answers, "", 10, blocks=blocked.blocks)
    assert (sizes[use], is_all) == (4 * 10 * (6 * 2 + 6 * 2), True)
    assert memory(blocked.blocks[blocked.main.nodes[use].block or ""].graph, answers, f"{use}/", 10)[0] == {inside: 80}
    answers[use] = shape_answer(None, None, 2)
    assert memory(blocked.main, answers, "", 10, blocks=blocked.blocks)[1] is False


def test_levels_fall_by_halves_and_the_legend_tells_the_same() -> None:
    assert [level(value, 160) for value in (0, 1, 10, 11, 20, 21, 40, 80, 81, 160)] == [0, 1, 1, 2, 2, 3, 3, 4, 5, 5]
    assert limits(160) == [10, 20, 40, 80, 160]
    for largest in (1, 7, 1e12):
        for number, limit in enumerate(limits(largest), 1):
            assert level(limit, largest) == number


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_text_on_every_heat_keeps_its_contrast(name: str) -> None:
    now = theme.THEMES[name]

    def light(colour) -> float:
        parts = [value / 255 for value in (colour.red(), colour.green(), colour.blue())]
        red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    from PySide6.QtGui import QColor

    text = light(QColor(now.text))
    for number in range(LEVELS + 1):
        below = light(heat_colour(now, number, now.node))
        bright, dark = max(text, below), min(text, below)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5


# ---- axes ------------------------------------------------------------------------------------------------------------


def axes(text: str, **shapes: tuple[int | None, ...]) -> dict[str, str]:
    """The named shape of each node, or the bare one."""
    project = graph(text)
    by_id = {node_id(project, name): [shape] for name, shape in shapes.items()}
    found = dimensions.axes_of(project.main, CATALOG, by_id)
    return {
        name: dimensions.text_of(found[id], shapes[name]) if (id := node_id(project, name)) in found else ""
        for name in shapes
    }


def test_pictures_by_the_format_of_the_convolution() -> None:
    told = axes(
        "x:Input(shape=(28, 28, 1)) -> r:Rescaling(scale=1.0) -> c:Conv2D(filters=8) -> d:Dropout -> f:Flatten"
        " -> p:Dense(units=3)",
        x=(None, 28, 28, 1), r=(None, 28, 28, 1), c=(None, 26, 26, 8), d=(None, 26, 26, 8), f=(None, 5408), p=(None, 3),
    )  # fmt: skip
    assert told["x"] == "(batch, h 28, w 28, ch 1)"
    assert told["c"] == told["d"] == "(batch, h 26, w 26, ch 8)"
    assert (told["f"], told["p"]) == ("(batch, f 5408)", "(batch, f 3)")


def test_channels_first_says_so() -> None:
    told = axes(
        "x:Input(shape=(3, 8, 8)) -> c:Conv2D(filters=4, data_format='channels_first')",
        x=(None, 3, 8, 8), c=(None, 4, 6, 6),
    )  # fmt: skip
    assert told == {"x": "(batch, ch 3, h 8, w 8)", "c": "(batch, ch 4, h 6, w 6)"}


def test_sequences_from_words_to_a_class() -> None:
    told = axes(
        "x:Input(shape=(80,)) -> e:Embedding(input_dim=100, output_dim=16) -> l:LSTM(units=8) -> p:Dense(units=2)",
        x=(None, 80), e=(None, 80, 16), l=(None, 8), p=(None, 2),
    )  # fmt: skip
    assert told == {"x": "(batch, t 80)", "e": "(batch, t 80, f 16)", "l": "(batch, f 8)", "p": "(batch, f 2)"}


def test_what_nobody_says_has_no_name() -> None:
    told = axes("x:Input(shape=(4, 5)) -> p:Permute(dims=(2, 1)) -> d:Dense(units=2)",
                x=(None, 4, 5), p=(None, 5, 4), d=(None, 5, 2))  # fmt: skip
    assert told == {"x": "", "p": "", "d": ""}
    ragged = axes("x:Input(shape=(None, 3)) -> g:GRU(units=2)", x=(None, None, 3), g=(None, 2))
    assert ragged["x"] == "(batch, t, f 3)"


# ---- on the canvas ---------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(hands_on: Callable[[Project], Hands]) -> Hands:
    hands = hands_on(two_branches())
    hands.session.answer(two_branch_answers(hands.project))
    QApplication.processEvents()
    return hands


def test_heat_by_parameters_and_off_again(answered: Hands, qtbot) -> None:
    canvas, legend = answered.canvas, answered.canvas._furniture.legend
    area = QRect(0, 100, 1100, 600)  # without what lies over the drawing
    before, project = canvas.grab(area).toImage(), answered.project
    canvas.reading.set_measure("parameters")
    heat = canvas.scene.heat
    assert heat.levels[node_named(project, "b1_l1").id] == LEVELS
    assert heat.levels[node_named(project, "b2_l2").id] == 1
    assert heat.of(node_named(project, "measurements").id) is None
    assert (heat.total, legend.total) == (661, "661 in this drawing")
    assert legend.isVisible()
    assert len(legend.steps) == LEVELS
    assert "661" in legend.accessibleName()
    assert canvas.grab(area).toImage() != before
    QTest.mouseClick(legend.close_button, Qt.MouseButton.LeftButton)
    assert not legend.isVisible()
    assert canvas.grab(area).toImage() == before
    assert answered.project is project


def test_heat_follows_answers_edits_and_the_batch(answered: Hands, qtbot) -> None:
    canvas = answered.canvas
    canvas.reading.set_measure("memory")
    heat, id = canvas.scene.heat, node_named(answered.project, "b1_l1").id
    assert heat.values[id] == 32 * 10 * 4
    answered.session.answer({id: shape_answer(None, 100, parameters=3100)})
    qtbot.waitUntil(lambda: heat.values[id] == 32 * 100 * 4)
    assert heat.levels[id] == LEVELS
    answered.session.apply(lambda project: edits.delete(project, CATALOG, [id]), "Delete")
    qtbot.waitUntil(lambda: id not in heat.values)
    answered.session.undo()
    qtbot.waitUntil(lambda: heat.levels.get(id) == LEVELS)


def test_far_away_a_hot_node_has_the_colour_of_its_heat(answered: Hands) -> None:
    canvas = answered.canvas
    canvas.reading.set_measure("parameters")
    canvas.camera.zoom_to(0.2)
    picture, now = canvas.grab().toImage(), theme.current()
    assert picture.pixelColor(answered.node("b1_l1")) == heat_colour(now, LEVELS, now.border)
    assert picture.pixelColor(answered.node("diagnosis")) == heat_colour(now, 0, now.border)


def test_axes_on_edges_and_bare_again(answered: Hands) -> None:
    canvas = answered.canvas
    edge = edge_between(answered.project, "m1_l1", "m1_l2")
    assert edge is not None
    slot = canvas.scene.edges.slot[edge.id]
    assert shape_on(canvas.scene, slot) == "(None, 13)"
    canvas.reading.set_names_axes(True)
    assert shape_on(canvas.scene, slot) == "(batch, f 13)"
    canvas.reading.set_names_axes(False)
    assert shape_on(canvas.scene, slot) == "(None, 13)"


def test_what_is_painted_in_parts_equals_a_full_repaint(answered: Hands) -> None:
    canvas = answered.canvas
    canvas.reading.set_measure("parameters")
    canvas.reading.set_names_axes(True)
    canvas.set_shows_shapes(True)
    for dx, dy in itertools.product((-31, 17), repeat=2):
        canvas.pan_by(dx, dy)
        in_parts = canvas.grab().toImage()
        canvas.stage.backdrop.is_stale()
        canvas.painter.pictures.clear()
        canvas.repaint()
        assert canvas.grab().toImage() == in_parts


# ---- another version -------------------------------------------------------------------------------------------------


def test_marks_and_ghosts_of_another_version_come_and_go(answered: Hands) -> None:
    canvas, area = answered.canvas, QRect(0, 100, 1100, 600)
    before = canvas.grab(area).toImage()
    marks = {node_named(answered.project, "b1_l1").id: "changed", node_named(answered.project, "m1_l2").id: "added"}
    canvas.reading.show_versions(marks, {"main": [Ghost(700, 200, "gone")], "b9": [Ghost(700, 400, "elsewhere")]})
    shown = canvas.grab(area).toImage()
    corner = answered.at(702, 198) - area.topLeft()
    assert shown.pixel(corner) != before.pixel(corner), "what is gone is not shown"
    elsewhere = answered.at(702, 398) - area.topLeft()
    assert shown.pixel(elsewhere) == before.pixel(elsewhere), "what is gone elsewhere is shown here"
    x, y = canvas.scene.pos[canvas.scene.slot[node_named(answered.project, "m1_l2").id]].tolist()
    badge = answered.at(x + 2, y - 4) - area.topLeft()
    assert shown.pixel(badge) != before.pixel(badge)
    canvas.reading.show_versions({}, {})
    assert canvas.grab(area).toImage() == before


def test_colours_may_change_after_a_canvas_is_gone(qtbot, qapp: QApplication) -> None:
    canvas = Canvas(FakeSession(two_branches()))
    canvas.show()
    QApplication.processEvents()
    Shiboken.delete(canvas)
    theme.apply(qapp, "dark")
    theme.apply(qapp, "light")
    QApplication.processEvents()


# ---- what an engine measured -----------------------------------------------------------------------------------------


def test_what_is_measured_of_calls_adds_up_in_blocks(hands_on: Callable[[Project], Hands]) -> None:
    hands = hands_on(two_branches())
    inside = [node_named(hands.project, name).id for name in ("b1_l1", "b1_l2")]
    hands.session.apply(lambda project: edits.make_block(project, CATALOG, inside, "both"), "Block")
    use = next(node.id for node in hands.project.main.nodes.values() if node.block)
    other = node_named(hands.project, "b2_l1").id
    reading, heat = hands.canvas.reading, hands.canvas.scene.heat
    reading.show_calls({f"{use}/{inside[0]}": 3.0, f"{use}/{inside[1]}": 4.0, other: 0.25}, {})
    assert not heat.values, "nothing is shown before it is wanted"
    reading.set_measure("time")
    assert heat.values == {use: 7.0, other: 0.25}
    assert heat.of(use).text == "7 ms"
    assert heat.of(other).text == "250 µs"
    assert heat.of(node_named(hands.project, "b2_l2").id).text == "", "no count where a time would stand"
    reading.show_calls({}, {f"{use}/{inside[0]}": 3.0, f"{use}/{inside[1]}": 4.0, other: 12.0})
    reading.set_measure("gradients")
    assert heat.values == {use: 5.0, other: 12.0}, "lengths add up as those of vectors"
    assert heat.total == 13.0
    block = next(iter(hands.project.blocks))
    hands.session.open_graph(block)
    QApplication.processEvents()
    reading.set_measure("")
    reading.set_measure("gradients")
    assert heat.values == {inside[0]: 3.0, inside[1]: 4.0}


def test_the_legend_says_how_old_it_is_and_asks_for_more(hands: Hands, qtbot) -> None:
    reading, legend = hands.canvas.reading, hands.canvas.findChild(HeatLegend)
    reading.set_measure("parameters")
    assert not legend.button.isVisible()
    with qtbot.waitSignal(reading.measure_chosen):
        reading.set_measure("time")
    reading.tell(Told("Measured 2 min ago", "Again", rows=32))
    assert legend.button.isVisible()
    assert "Measured 2 min ago" in legend.accessibleName()
    with qtbot.waitSignal(reading.measure_wanted):
        QTest.mouseClick(legend.button, Qt.MouseButton.LeftButton)
    reading.tell(Told("Not measured yet.", "Measure", "Choose some data first."))
    assert not legend.button.isEnabled()
    assert legend.button.toolTip() == "Choose some data first."
    QTest.mouseClick(legend.close_button, Qt.MouseButton.LeftButton)
    assert reading.measure == ""
    assert not legend.isVisible()


def test_in_a_presentation_the_legend_is_as_large_as_all_type(hands: Hands) -> None:
    legend, canvas = hands.canvas.findChild(HeatLegend), hands.canvas
    canvas.reading.set_measure("parameters")
    QApplication.processEvents()
    before = legend.geometry()
    try:
        theme.set_type_scale(1.3)
        QApplication.processEvents()
        assert legend.width() == pytest.approx(1.3 * before.width(), abs=1)
        assert legend.height() == pytest.approx(1.3 * before.height(), abs=1)
        assert canvas.rect().contains(legend.geometry())
        assert legend.geometry().right() == before.right()
        assert legend.rect().contains(legend.close_button.geometry())
    finally:
        theme.set_type_scale(1.0)
    QApplication.processEvents()
    assert legend.geometry() == before


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0 µs"),
        (0.0123, "12 µs"),
        (0.9, "900 µs"),
        (3.42, "3.4 ms"),
        (42, "42 ms"),
        (250, "250 ms"),
        (1234, "1.2 s"),
    ],
)
def test_times_as_people_read_them(milliseconds: float, text: str) -> None:
    assert time_text(milliseconds) == text
