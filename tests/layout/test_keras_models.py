"""Real architectures come out as one would draw them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studio.layout.arranging import longest_path
from studio.layout.flow import Flow
from tests.layout.figures import Drawing, edges_through_nodes, middle, overlaps, path, upward_edges
from tests.layout.keras_models import NAMES, model_drawing
from tests.support.builders import BUILDERS
from tests.support.thorough import sample

pytestmark = pytest.mark.keras

CROSSINGS = {"NASNetMobile": 135, "NASNetLarge": 184}
"""None in the others. By integer programming at these ranks: with all inputs of merges in their order at least 132 and
183 where branches run straight, 120 and 165 where they may cross others half way. A cell merges branches of two tensors
in turns. With the inputs of 37 merges in another order than they are merged the smaller one has 46, as many as
Graphviz's ``dot`` leaves."""

BENDS = {"InceptionV3": 18, "InceptionResNetV2": 4}
"""Of the main chain; none in the others. A module of four branches has no branch in the middle, where its fork and its
merge stand as in the paper: the chain bends out to the longest branch and back, in nine modules and in two."""


def of_all(*first: str) -> tuple[str, ...]:
    """These every day, all others with the thorough profile."""
    return sample((*first, *(name for name in BUILDERS if name not in first)), len(first))


def main_chain(drawing: Drawing) -> list[str]:
    index = {node: number for number, node in enumerate(drawing.boxes)}
    ends = [(index[edge.source], index[edge.target]) for edge in drawing.edges]
    numbers = longest_path(Flow.of(len(index), ends))
    return [drawing.edges[numbers[0]].source, *(drawing.edges[number].target for number in numbers)]


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("name", NAMES)
def test_models_are_sound(name: str, direction: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged(direction=direction)
    assert overlaps(found, drawing.boxes) == []
    assert upward_edges(found, drawing, direction) == []
    assert edges_through_nodes(found, drawing, direction) == []
    assert found.crossings == CROSSINGS.get(name, 0)


def trunk(drawing: Drawing) -> list[str]:
    """The nodes that every path runs through: no edge leads past them. Models tell their layers in order."""
    index = {node: number for number, node in enumerate(drawing.boxes)}
    passed: set[int] = set()
    for edge in drawing.edges:
        passed.update(range(index[edge.source] + 1, index[edge.target]))
    return [node for node in drawing.boxes if index[node] not in passed]


@pytest.mark.parametrize("name", of_all("InceptionV3"))
def test_what_every_path_runs_through_stands_in_one_line(name: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged()
    assert len(trunk(drawing)) >= 5
    assert len({middle(found, drawing, node) for node in trunk(drawing)}) == 1


@pytest.mark.parametrize("name", of_all("ResNet50", "MobileNetV3Small", "NASNetMobile", "InceptionV3"))
def test_the_main_chain_is_exactly_vertical_but_around_an_even_number_of_branches(name: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged()
    chain = main_chain(drawing)
    assert len(chain) > 20
    places = {node: middle(found, drawing, node) for node in chain}
    bends = [(one, other) for one, other in pairwise(chain) if places[one] != places[other]]
    assert len(bends) == BENDS.get(name, 0)
    for (fork, begin), (end, merge) in zip(bends[::2], bends[1::2], strict=True):
        assert places[fork] == places[merge]
        assert places[begin] == places[end]
        branches = [edge for edge in drawing.edges if edge.source == fork]
        assert len(branches) % 2 == 0
        assert len(branches) == len([edge for edge in drawing.edges if edge.target == merge])


@pytest.mark.parametrize("name", of_all("InceptionV3", "NASNetMobile"))
def test_the_branches_of_a_merge_stand_in_the_order_of_its_inputs(name: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged()
    merges = 0
    for node in drawing.boxes:
        entering = [edge for edge in drawing.edges if edge.target == node]
        ends = [path(found, drawing.boxes, edge)[-2][0] for edge in entering]
        merges += len(ends) > 1
        assert ends == sorted(ends), node
    assert merges == {"InceptionV3": 15, "NASNetMobile": 100}.get(name, merges)


@pytest.mark.parametrize("name", NAMES)
def test_an_inserted_layer_leaves_a_model_where_it_is(name: str) -> None:
    drawing = model_drawing(name)
    before = drawing.arranged()
    edge = drawing.edges[len(drawing.edges) // 3]
    new = drawing.without_edge(edge.source, edge.target)
    new = new.with_node("new", (edge.source, "new", 0), ("new", edge.target, edge.rank))
    after = new.arranged(previous=before.positions, previous_routes=before.routes)
    assert edges_through_nodes(after, new) == []
    sideways = [abs(after.positions[node][0] - before.positions[node][0]) for node in drawing.boxes]
    assert sum(sideways) / len(sideways) < 10
