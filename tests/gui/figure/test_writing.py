"""Figures: everything is said as text, however it is called, and all of it lies in the figure."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from studio.core import edits
from studio.core.project import Project
from studio.gui import figure
from studio.gui.figure import LOOKS, FigureLook
from studio.gui.figure.drawing import all_of
from studio.protocol import Answer
from tests.gui.canvas.drawing import node_named, shape_answer, two_branch_answers, two_branches
from tests.gui.figure.reading import SVG, called, drawn, svg, texts
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("style", LOOKS)
def test_every_node_says_its_name_type_and_shape_as_text(style: str) -> None:
    project = two_branches()
    said = texts(svg(project, two_branch_answers(project), look=LOOKS[style]))
    if style == "plot_model":
        assert {f"{node.name} ({node.type})" for node in project.main.nodes.values()} <= set(said)
        return
    for node in project.main.nodes.values():
        assert node.name in said
    assert said.count("Dense · relu") == 6
    assert said.count("(None, 10)") == 3
    assert said.count("(None, 3)") == 3
    assert ("310" in said) == (style != "paper")


def test_a_look_says_what_is_shown() -> None:
    project = two_branches()
    answers = two_branch_answers(project)
    bare = FigureLook("paper", shows_shapes=False, shows_parameters=False)
    assert sorted(set(texts(svg(project, answers, look=bare)))) == sorted(
        {node.name for node in project.main.nodes.values()}
        | {"Input", "Dense · relu", "Concatenate", "Dense · sigmoid", "Output"}
    )
    full = texts(svg(project, answers, look=FigureLook("paper", shows_dtypes=True)))
    assert "Dense · relu · 310 params" in full
    assert "(None, 30) float32" in full
    assert "Dense · relu" in texts(svg(project, look=FigureLook("dark", shows_shapes=False, shows_parameters=False)))


def test_dtypes_of_a_figure_are_all_short_or_all_long() -> None:
    project = graph("a:Dense(units=1) -> b:Dense(units=1)")
    answers = {
        "n1": Answer(outputs=(((None, 128, 128, 1024), "float32"),), parameters=5),
        "n2": Answer(outputs=(((None, 1), "float32"),), parameters=5),
    }
    look = FigureLook("paper", shows_dtypes=True)
    assert {"(None, 128, 128, 1024) f32", "(None, 1) f32"} <= set(texts(svg(project, answers, look=look)))
    assert "(None, 1) float32" in texts(svg(project, answers, look=look, only=["n2"]))


@pytest.mark.parametrize(("dtype", "short"), [("float32", "f32"), ("bfloat16", "bf16"), ("uint8", "u8"), ("bool",) * 2])
def test_a_dtype_is_short_where_the_room_is(dtype: str, short: str) -> None:
    project = graph("layer:Dense(units=1)")
    wide = Answer(outputs=(((None, 128, 128, 1024), dtype),), parameters=12345)
    look = FigureLook("paper", shows_dtypes=True)
    assert f"(None, 128, 128, 1024) {short}" in texts(svg(project, {"n1": wide}, look=look))


def test_marks_of_work_in_progress_are_left_out() -> None:
    project = graph("a:Dense(units=1) -> b:Dense(units=1)")
    fine = svg(project, {})
    broken = svg(project, {"n1": Answer(problem="It does not fit."), "n2": Answer(blocked_by=("n1",))})
    assert ElementTree.tostring(fine) == ElementTree.tostring(broken)


@pytest.mark.parametrize("style", LOOKS)
@pytest.mark.parametrize("direction", ["down", "right"])
def test_all_nodes_and_edges_lie_in_the_figure(style: str, direction: str) -> None:
    project = edits.set_direction(two_branches(), direction)  # so some edges run backwards and far outside
    whole = figure.content(drawn(project, look=LOOKS[style]), ".svg")
    renderer = QSvgRenderer(QByteArray(whole))
    assert renderer.isValid()
    look = replace(LOOKS[style], dpi=96)
    image = QImage.fromData(figure.content(drawn(project, look=look), ".png"))
    assert image.size() == renderer.viewBox().size()
    ground = image.pixel(0, 0)
    edge = [image.pixel(x, y) for x in range(image.width()) for y in (0, 8, image.height() - 1, image.height() - 9)]
    edge += [image.pixel(x, y) for y in range(image.height()) for x in (0, 8, image.width() - 1, image.width() - 9)]
    assert set(edge) == {ground}, "something reaches to the border, so perhaps beyond it"


def test_far_nodes_make_a_large_figure() -> None:
    project = graph("a:Dense(units=1); b:Dense(units=1)")
    project = edits.move(project, {"n1": (-5000.0, -300.0), "n2": (3000.0, 900.0)})
    box = [float(part) for part in svg(project).attrib["viewBox"].split()]
    assert box == [0, 0, 8000 + 184 + 48, 1200 + 60 + 48]


def test_a_part_of_the_drawing() -> None:
    project = two_branches()
    only = {node_named(project, name).id for name in ("b1_l1", "b1_l2", "diagnosis")}
    tree = svg(project, only=only, look=LOOKS["paper"])
    assert {name for name in texts(tree) if "_" in name or name == "diagnosis"} == {"b1_l1", "b1_l2", "diagnosis"}
    assert edges_in(tree) == 1, "one edge lies inside of the part"
    assert edges_in(svg(project, look=LOOKS["paper"])) == 10


def edges_in(tree: ElementTree.Element) -> int:
    """The number of arrow heads: nothing else on paper is a polygon."""
    return len(list(tree.iter(f"{SVG}polygon")))


def test_the_graph_of_a_block() -> None:
    project = graph("i:Input -> a:Dense(units=1) -> b:Dense(units=1) -> o:Output")
    project = edits.make_block(project, CATALOG, {"n2", "n3"}, "pair")
    (key,) = project.blocks
    use = next(node for node in project.main.nodes.values() if node.block == key)
    inner = {node.name: node.id for node in project.graph(key).nodes.values()}
    answers = {f"{use.id}/{inner[name]}": shape_answer(None, 7) for name in ("a", "b")}
    said = texts(svg(project, answers, graph=key))
    assert {"a", "b"} <= set(said)
    assert said.count("(None, 7)") == 2
    assert use.name in texts(svg(project, answers))


HOSTILE = (
    '<script>alert("1")</script>',
    "a&b &lt; c",
    "\x00\x1b[31m\x07",
    "x\u202egnp.exe",
    "\ud800",
    "]]>",
    "日本語 層",
)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("style", LOOKS)
def test_hostile_names_are_text(name: str, style: str) -> None:
    project = called(name)
    for ending in (".svg", ".pdf", ".png"):
        figure.content(drawn(project, look=LOOKS[style]), ending)
    tree = svg(project, look=LOOKS[style])
    assert not list(tree.iter(f"{SVG}script"))
    shown = "".join(element.text or "" for element in tree.iter(f"{SVG}text"))
    wanted = "".join(sign if ord(sign) > 31 and sign not in "\u202e\ud800" else "\ufffd" for sign in name)
    if style == "paper":
        assert wanted in shown
    assert wanted in (tree.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ((), ""),
        (("(None, 8)",), "(None, 8)"),
        (("(None, 8)",) * 3, "3 × (None, 8)"),
        (("(None, 10)", "(None, 3)"), "(None,10|3)"),
        (tuple(f"(None, 35, 35, {n})" for n in (64, 64, 96, 32)), "(None,35,35,64|64|96|32)"),
        (("(None, 128, 16)", "(None, 64, 32)"), "[(None,128,16), (None,64,32)]"),
        (("(None, 128, 16, 1)", "(None, 64)"), "[(None,128,16,1), (None,64)]"),
    ],
)
def test_shapes_that_go_in_are_told_in_short(shapes: tuple[str, ...], said: str) -> None:
    assert all_of(shapes) == said


def test_shapes_that_have_no_room_are_told_by_the_first() -> None:
    project = graph("a:Input; b:Input; c:Input; a & b & c -> both:Concatenate")
    shapes = [(None, 128, 512), (None, 1024), (None, 2048)]
    ids = [node_id(project, name) for name in "abc"]
    answers = {id: Answer(outputs=((shape, "float32"),), parameters=0) for id, shape in zip(ids, shapes, strict=True)}
    said = texts(svg(project, answers, look=LOOKS["plot_model"]))
    assert "(None, 128, 512) +2" in said
    assert not any("…" in text for text in said)


def test_a_node_of_an_svg_is_a_group_that_says_it_whole() -> None:
    name = "a_very_long_name_of_a_layer_" * 5
    tree = svg(called(name), look=LOOKS["paper"])
    assert [title.text for title in tree.iter(f"{SVG}title")][1:] == [f"{name}: Dense"]


def test_plot_model_tells_what_goes_in_and_out() -> None:
    project = two_branches()
    said = texts(svg(project, two_branch_answers(project), look=LOOKS["plot_model"]))
    assert "b1_l1 (Dense)" in said
    assert said.count("Input") == said.count("Output") - 1  # nothing goes into the Input itself
    assert "(None,10|3)" in said
    assert not any("relu" in text for text in said)
    bare = texts(svg(project, two_branch_answers(project), look=replace(LOOKS["plot_model"], shows_shapes=False)))
    assert sorted(bare) == sorted(f"{n.name} ({n.type})" for n in project.main.nodes.values())


def test_optional_ports_are_drawn_where_something_is_joined_to_them() -> None:
    alone = graph("x:Input(shape=(4, 8)) -> r:LSTM(units=8) -> o:Output; h:Input(shape=(8,)); c:Input(shape=(8,))")
    joined = graph("h -> r.initial_state; c -> r.initial_state", project=alone)

    def circles(project: Project) -> int:
        return len(list(svg(project).iter(f"{SVG}ellipse")))

    plain = circles(graph("x:Input(shape=(4, 8)) -> r:Dense(units=8) -> o:Output; h:Input(shape=(8,)); "
                          "c:Input(shape=(8,))"))  # fmt: skip
    assert circles(alone) == plain
    assert circles(joined) > plain
