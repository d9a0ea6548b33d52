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

MOST_CROSSINGS = {"NASNetMobile": 46, "NASNetLarge": 47}
"""In the smaller one as many as Graphviz's ``dot`` leaves; none in the others."""


MOST_TURNED = {"NASNetMobile": 37, "NASNetLarge": 49}
"""Merges whose inputs stand in another order, where edges have to cross anyway; none in the others."""


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
    assert found.crossings <= MOST_CROSSINGS.get(name, 0)


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


@pytest.mark.parametrize("name", [name for name in of_all("ResNet50", "MobileNetV3Small", "NASNetMobile")
                                  if not name.startswith("Inception")])  # fmt: skip
def test_the_main_chain_is_exactly_vertical(name: str) -> None:
    """But for modules of Inception, whose longest branch stands where their merge takes it, which is not the middle."""
    drawing = model_drawing(name)
    found = drawing.arranged()
    chain = [middle(found, drawing, node) for node in main_chain(drawing)]
    assert len(chain) > 20
    bends = sum(one != other for one, other in pairwise(chain))
    assert bends == 0


@pytest.mark.parametrize("name", of_all("InceptionV3"))
def test_the_branches_of_a_merge_stand_in_the_order_of_its_inputs(name: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged()
    turned = merges = 0
    for node in drawing.boxes:
        entering = [edge for edge in drawing.edges if edge.target == node]
        ends = [path(found, drawing.boxes, edge)[-2][0] for edge in entering]
        merges += len(ends) > 1
        turned += ends != sorted(ends)
    assert merges == 15 or name != "InceptionV3"
    assert turned <= MOST_TURNED.get(name, 0)


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
