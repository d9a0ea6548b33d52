"""Letters of figures: how large they are, where names are cut or broken, and where the lines of a node stand."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from studio.gui.figure import LOOKS
from studio.protocol import Answer
from tests.gui.canvas.drawing import two_branch_answers, two_branches
from tests.gui.figure.reading import SVG, called, svg, texts
from tests.support.graphs import graph, node_id

pytestmark = pytest.mark.usefixtures("qapp")


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
