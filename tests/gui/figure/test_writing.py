"""Figures: everything is said as text, however it is called, and all of it lies in the figure."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from studio.core import edits
from studio.core.project import Project
from studio.gui import figure
from studio.gui.figure import LOOKS, FigureError, FigureLook
from studio.gui.figure.drawing import all_of
from studio.protocol import Answer
from tests.gui.canvas.drawing import node_named, shape_answer, two_branch_answers, two_branches
from tests.gui.figure.reading import SVG, drawn, svg, texts
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


def called(name: str) -> Project:
    """A drawing of one layer with a name that only a file can bring, and the same title."""
    project = graph("layer:Dense(units=1)")
    node = replace(project.main.nodes["n1"], name=name)
    return replace(project, title=name, main=replace(project.main, nodes={"n1": node}))


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


def letters(tree: ElementTree.Element, wanted: str) -> set[str]:
    """The sizes in which texts with these words are written."""
    return {each.attrib["font-size"] for each in tree.iter(f"{SVG}text") if wanted in (each.text or "")}


@pytest.mark.parametrize("style", LOOKS)
def test_all_nodes_of_a_figure_are_written_alike(style: str) -> None:
    """One node that has not enough room for name and type side by side: then no node has them so."""
    project = graph("conv2_block1_3_bn:BatchNormalization -> a:Dense(units=1)")
    answers = {id: Answer(outputs=(((None, 112, 112, 64), "float32"),), parameters=9472) for id in project.main.nodes}
    tree = svg(project, answers, look=LOOKS[style])
    assert {"conv2_block1_3_bn", "BatchNormalization", "a", "Dense", "(None, 112, 112, 64)"} <= set(texts(tree))
    for wanted in ("conv2_block1_3_bn", "BatchNormalization", "112, 64"):
        assert len(letters(tree, wanted)) == 1
    assert letters(tree, "BatchNormalization") == letters(tree, "Dense")
    assert letters(tree, "conv2") == {"14" if style in ("light", "dark") else "13" if style == "paper" else "12"}


@pytest.mark.parametrize("style", ["light", "dark"])
def test_a_large_count_is_told_in_short_before_the_type_is_written_smaller(style: str) -> None:
    project = graph("up:Conv2DTranspose(filters=2, kernel_size=2)")
    answers = {"n1": Answer(outputs=(((None, 112, 112, 64), "float32"),), parameters=2097664)}
    tree = svg(project, answers, look=LOOKS[style])
    assert "2.1M" in texts(tree)
    assert letters(tree, "Conv2DTranspose") == {"12"}
    assert "2,097,664 parameters" in (tree.findtext(f"{SVG}desc") or "")


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


def test_a_long_name_is_cut_but_said_whole_in_the_description() -> None:
    name = "a_very_long_name_of_a_layer_" * 5
    tree = svg(called(name), look=LOOKS["paper"])
    assert any(text.startswith("a_very") and "…" in text for text in texts(tree))
    assert tree.findtext(f"{SVG}desc") == f"{name}: Dense"


@pytest.mark.parametrize("style", LOOKS)
def test_a_name_is_written_smaller_then_in_two_lines_before_it_is_cut(style: str) -> None:
    two = {
        "encoder_self_attention_heads_norm": ["encoder_self_", "attention_heads_norm"],
        "separable_conv_2_bn_normal_right1_12": ["separable_conv_2_", "bn_normal_right1_12"],
        "model/block_12/expanded_conv/depthwise": ["model/block_12/", "expanded_conv/depthwise"],
        "averyverylongnamewithoutasingleplacetobreak": None,
    }
    answers = {"n1": Answer(outputs=(((None, 112, 112, 64), "float32"),), parameters=9472)}
    for name in ("conv2_block1_1_conv", "global_average_pooling2d"):
        assert name in texts(svg(called(name), answers, look=LOOKS[style])) or style == "plot_model"
    for name, parts in two.items():
        lines = [each for each in texts(svg(called(name), answers, look=LOOKS[style])) if each in name]
        assert len(lines) == 2
        assert "".join(lines) == name
        assert lines == (parts or lines)
    tree = svg(called("conv2_block1_conv"), look=LOOKS[style])
    assert {"conv2_block1_conv", "Dense"} <= set(texts(tree)) or style == "plot_model"


@pytest.mark.parametrize("style", LOOKS)
def test_lines_lie_in_the_node_and_not_over_each_other(style: str) -> None:
    """Capitals do not touch the line above, whatever the name and whether or not shape and parameters are told."""
    answers = {"n1": Answer(outputs=(((None, 112, 112, 64), "float32"),), parameters=9472)}
    for name in ("conv", "encoder_self_attention_heads", "a_very_long_name_of_a_layer_" * 5):
        for shapes, parameters in itertools.product((True, False), repeat=2):
            look = replace(LOOKS[style], shows_shapes=shapes, shows_parameters=parameters)
            tree = svg(called(name), answers, look=look)
            lines = sorted(
                {(float(each.attrib["y"]), float(each.attrib["font-size"])) for each in tree.iter(f"{SVG}text")}
            )
            assert all(0.75 * px <= y <= 58 for y, px in lines)
            for (above, _), (below, px) in itertools.pairwise(lines):
                assert below - above < 1 or below - above >= 0.95 * px, f"{name}: {lines}"


def test_every_line_keeps_its_width_in_other_fonts() -> None:
    project = two_branches()
    for element in svg(project, two_branch_answers(project)).iter(f"{SVG}text"):
        assert 0 < float(element.attrib["textLength"]) < 160
        assert re.search(r",(sans-serif|monospace)$", element.attrib["font-family"])


@pytest.mark.parametrize(("style", "anchors"), [("paper", {"middle"}), ("plot_model", {"middle"}), ("light", {"end"})])
def test_lines_stand_where_they_should_in_other_fonts(style: str, anchors: set[str]) -> None:
    """Many readers do not know ``textLength``: lines in their own fonts stood aside of the middle of the node."""
    project = two_branches()
    for group in svg(project, two_branch_answers(project), look=LOOKS[style]).iter(f"{SVG}g"):
        for text in group.findall(f"{SVG}text"):
            anchor = text.get("text-anchor", "start")
            assert anchor in {"start", *anchors}
            if anchor == "middle":
                assert float(text.attrib["x"]) == 92  # of a node that is 184 px wide
            elif anchor == "start":
                assert float(text.attrib["x"]) < 60
    if style == "paper":
        texts_of = list(svg(project, two_branch_answers(project), look=LOOKS[style]).iter(f"{SVG}text"))
        assert {text.get("text-anchor") for text in texts_of} == {"middle"}


def test_both_shapes_of_a_table_have_letters_of_one_size() -> None:
    project = graph("image:Input -> conv:Conv2D")
    sizes = {"image": 3, "conv": 16}
    answers = {
        node_id(project, name): Answer(outputs=(((None, 128, 128, size), "float32"),)) for name, size in sizes.items()
    }
    tree = svg(project, answers, look=replace(LOOKS["plot_model"], shows_dtypes=True))
    shapes = [text for text in tree.iter(f"{SVG}text") if "128, 128" in (text.text or "")]
    taken, given = shapes[-2:]
    assert (taken.text, given.text) == ("(None, 128, 128, 3)", "(None, 128, 128, 16) f32")
    assert taken.attrib["font-size"] == given.attrib["font-size"]


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


U_NET = graph(
    "i:Input(shape=(8, 8, 1)) -> a:Conv2D(filters=2, kernel_size=1) -> p:MaxPooling2D -> "
    "b:Conv2D(filters=4, kernel_size=1) -> u:UpSampling2D -> k:Concatenate -> o:Output; a -> k"
)


@pytest.mark.parametrize("style", LOOKS)
def test_a_folded_figure_is_as_wide_as_its_u(style: str) -> None:
    straight, folded = (drawn(U_NET, look=replace(LOOKS[style], is_folded=is_on)) for is_on in (False, True))
    assert folded.width > straight.width
    assert {node.name for node in U_NET.main.nodes.values()} <= {
        text.partition(" (")[0] for text in texts(svg(U_NET, look=replace(LOOKS[style], is_folded=True)))
    }


def test_the_arrow_to_a_block_of_the_right_side_ends_at_its_second_sheet() -> None:
    ids = {node.name: node.id for node in U_NET.main.nodes.values()}
    project = edits.make_block(U_NET, CATALOG, [ids["k"]], "last")
    use = next(node.name for node in project.main.nodes.values() if node.block)
    look = replace(LOOKS["paper"], is_folded=True)

    def lowest(project: Project, name: str) -> tuple[float, list[float]]:
        """How far down the node reaches, and where the tips of arrows from below lie."""
        tree = svg(project, look=look)
        group = next(g for g in tree.iter(f"{SVG}g") if (g.findtext(f"{SVG}title") or "").startswith(f"{name}: "))
        _, y = map(float, re.findall(r"[-\d.]+", group.attrib["transform"]))
        heads = [
            [float(part) for part in re.findall(r"[-\d.]+", each.attrib["points"])]
            for each in tree.iter(f"{SVG}polygon")
        ]
        return y + 60, [head[1] for head in heads if head[1] < min(head[3], head[5])]

    low, tips = lowest(U_NET, "k")
    assert low in tips
    low, tips = lowest(project, use)
    assert low + 4 in tips
    assert low not in tips


def test_optional_ports_are_drawn_where_something_is_joined_to_them() -> None:
    alone = graph("x:Input(shape=(4, 8)) -> r:LSTM(units=8) -> o:Output; h:Input(shape=(8,)); c:Input(shape=(8,))")
    joined = graph("h -> r.initial_state; c -> r.initial_state", project=alone)

    def circles(project: Project) -> int:
        return len(list(svg(project).iter(f"{SVG}ellipse")))

    plain = circles(graph("x:Input(shape=(4, 8)) -> r:Dense(units=8) -> o:Output; h:Input(shape=(8,)); "
                          "c:Input(shape=(8,))"))  # fmt: skip
    assert circles(alone) == plain
    assert circles(joined) > plain


def test_what_cannot_be_folded_says_so() -> None:
    with pytest.raises(FigureError, match="nothing to fold"):
        drawn(two_branches(), look=FigureLook(is_folded=True))


@pytest.mark.parametrize("style", LOOKS)
def test_frames_are_on_figures_with_their_nodes(style: str) -> None:
    project = two_branches()
    inside = [node_named(project, name).id for name in ("b1_l1", "b1_l2")]
    framed = edits.set_folded(edits.make_frame(project, inside, "Left side"), inside[:1], True)
    assert "Left side" in texts(svg(framed, look=LOOKS[style]))
    assert "Left side" not in texts(svg(framed, look=LOOKS[style], only=inside[:1]))
    alone = drawn(framed, look=LOOKS[style], only=inside)
    assert alone.height > drawn(project, look=LOOKS[style], only=inside).height


@pytest.mark.parametrize("style", LOOKS)
def test_the_title_of_a_frame_is_written_over_the_edges_that_come_in(style: str) -> None:
    project = two_branches()
    inside = [node_named(project, name).id for name in ("m1_l1", "m1_l2")]
    tree = svg(edits.make_frame(project, inside, "A name that reaches to the other end"), look=LOOKS[style])
    (root,) = (element for element in tree if element.tag == f"{SVG}g")
    drawn_in_order = [each for each in root if each.tag != f"{SVG}g"]
    edge = max(at for at, each in enumerate(drawn_in_order) if each.tag == f"{SVG}path")
    title = next(at for at, each in enumerate(drawn_in_order) if "A name" in "".join(each.itertext()))
    assert edge < title - 1
    patch, text = drawn_in_order[title - 1], drawn_in_order[title]
    assert patch.tag == f"{SVG}rect"
    assert float(patch.attrib["x"]) < float(text.attrib["x"])
    assert float(patch.attrib["width"]) > float(text.attrib["textLength"])


@pytest.mark.parametrize("style", LOOKS)
def test_notes_are_on_figures_with_all_of_the_drawing_or_where_they_are_chosen(style: str) -> None:
    project = edits.add_note(two_branches(), "Why so\nnarrow?", x=900, y=0)
    (note,) = project.main.notes
    assert {"Why so", "narrow?"} <= set(texts(svg(project, look=LOOKS[style])))
    assert drawn(project, look=LOOKS[style]).width > drawn(two_branches(), look=LOOKS[style]).width
    assert "Note: Why so narrow?" in drawn(project, look=LOOKS[style]).described()
    one = node_named(project, "b1_l1").id
    assert "Why so" not in texts(svg(project, look=LOOKS[style], only=[one]))
    assert "Why so" in texts(svg(project, look=LOOKS[style], only=[one, note]))
