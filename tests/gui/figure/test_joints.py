"""Where edges begin and end on the nodes of a figure."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from studio.core import edits
from studio.core.project import Project
from studio.gui.figure import LOOKS
from studio.layout import tidy
from tests.gui.figure.reading import SVG, svg
from tests.support.catalog import CATALOG
from tests.support.graphs import graph

pytestmark = pytest.mark.usefixtures("qapp")

RESIDUAL = """
x:Input(shape=(8,)) -> a:Dense(units=8) -> b:Dense(units=8)
x & b -> sum:ops.add -> y:Output
"""
SELF_ATTENTION = """
x:Input(shape=(4, 8)) -> mha:MultiHeadAttention(num_heads=2, key_dim=4) -> y:Output
x -> mha.value
"""
STATES = """
x:Input(shape=(4, 8)) -> encoder:GRU(units=8, return_state=True)
t:Input(shape=(4, 8)) -> decoder:GRU(units=8) -> y:Output
encoder.state -> decoder.initial_state
"""

Way = tuple[float, float, float, float]


def ways(project: Project, style: str, **asked) -> dict[tuple[str, str], list[Way]]:
    """Begin and end of each edge relative to the middle of its nodes, by the names of the nodes; the right way round
    for drawings that run downwards."""
    tidied = tidy(project, catalog=CATALOG)
    tree = svg(tidied, look=LOOKS[style], **asked)
    middles = {}
    for group in tree.iter(f"{SVG}g"):
        title = group.findtext(f"{SVG}title")
        if title and "transform" in group.attrib:
            x, y = numbers(group.attrib["transform"])
            middles[title.partition(":")[0]] = (x + 92, y)
    found: dict[tuple[str, str], list[Way]] = {}
    for path in edge_paths(tree):
        said = numbers(path.attrib["d"])
        (x, y), (u, v) = said[:2], said[-2:]
        source = min(middles, key=lambda name: abs(middles[name][1] + 60 - y) + abs(middles[name][0] - x) / 1000)
        target = min(middles, key=lambda name: abs(middles[name][1] - v) + abs(middles[name][0] - u) / 1000)
        found.setdefault((source, target), []).append((x - middles[source][0], y, u - middles[target][0], v))
    return found


def edge_paths(tree: ElementTree.Element) -> list[ElementTree.Element]:
    (root,) = (element for element in tree if element.tag == f"{SVG}g")
    return [each for each in root if each.tag == f"{SVG}path" and each.get("fill") == "none"]


def numbers(text: str) -> list[float]:
    return [float(part) for part in re.findall(r"-?[\d.]+", text)]


@pytest.mark.parametrize("style", LOOKS)
def test_a_chain_runs_straight_into_an_operation_on_two_tensors(style: str) -> None:
    found = ways(graph(RESIDUAL), style)
    (straight,), (skip,) = found["b", "sum"], found["x", "sum"]
    assert straight[0] == straight[2] == 0
    assert skip[2] == -46
    turned = ways(graph(RESIDUAL.replace("x & b", "b & x")), style)
    assert turned["b", "sum"][0][2] == 0
    assert turned["x", "sum"][0][2] == 46


@pytest.mark.parametrize("style", LOOKS)
def test_ports_that_nothing_is_joined_to_leave_their_room_to_the_others(style: str) -> None:
    """On the canvas the key and the masks of an attention have places, too, and its query is far to the left."""
    found = ways(graph(SELF_ATTENTION), style)
    assert [end for _, _, end, _ in found["x", "mha"]] == pytest.approx([-92 / 3, 92 / 3], abs=0.01)
    assert [end for _, _, end, _ in found["mha", "y"]] == [0]


def test_a_state_runs_straight_and_the_sequence_beside_it() -> None:
    found = ways(graph(STATES), "paper")
    assert found["encoder", "decoder"][0][2] == 0
    assert abs(found["t", "decoder"][0][2]) > 40


@pytest.mark.parametrize("style", ["light", "dark"])
def test_ports_are_drawn_where_edges_end(style: str) -> None:
    for text in (RESIDUAL, SELF_ATTENTION, STATES):
        tree = svg(tidy(graph(text), catalog=CATALOG), look=LOOKS[style])
        circles = set()
        for group in tree.iter(f"{SVG}g"):
            if "transform" in group.attrib:
                x, y = numbers(group.attrib["transform"])
                for circle in group.iter(f"{SVG}ellipse"):
                    circles.add((round(x + float(circle.attrib["cx"]), 1), round(y + float(circle.attrib["cy"]), 1)))
        paths = edge_paths(tree)
        assert paths
        for path in paths:
            said = numbers(path.attrib["d"])
            assert (round(said[0], 1), round(said[1], 1)) in circles
            assert (round(said[-2], 1), round(said[-1], 1)) in circles


def test_without_the_other_edge_the_last_one_is_as_straight() -> None:
    project = graph(RESIDUAL)
    only = [node.id for node in project.main.nodes.values() if node.name in ("b", "sum")]
    assert ways(project, "paper", only=only)["b", "sum"][0][2] == 0


def test_a_drawing_to_the_right_is_as_straight() -> None:
    tree = svg(tidy(edits.set_direction(graph(RESIDUAL), "right"), catalog=CATALOG), look=LOOKS["paper"])
    level = [numbers(path.attrib["d"]) for path in edge_paths(tree)]
    assert sum(len({round(y, 2) for y in each[1::2]}) == 1 for each in level) == len(level) - 1
