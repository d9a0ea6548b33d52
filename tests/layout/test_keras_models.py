"""Real architectures come out as one would draw them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studio.layout.arranging import longest_path
from studio.layout.flow import Flow
from tests.layout.figures import Drawing, edges_through_nodes, middle, overlaps, path, upward_edges
from tests.layout.keras_models import NAMES, model_drawing

pytestmark = pytest.mark.keras

MOST_CROSSINGS = {"NASNetMobile": 46, "NASNetLarge": 47}
"""In the smaller one as many as Graphviz's ``dot`` leaves; none in the others."""


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


@pytest.mark.parametrize("name", ["ResNet50", "MobileNetV3Small", "NASNetMobile"])
def test_the_main_chain_is_exactly_vertical(name: str) -> None:
    drawing = model_drawing(name)
    found = drawing.arranged()
    chain = [middle(found, drawing, node) for node in main_chain(drawing)]
    assert len(chain) > 100
    bends = sum(one != other for one, other in pairwise(chain))
    assert bends == 0


def test_the_branches_of_inception_stand_in_the_order_of_the_inputs() -> None:
    drawing = model_drawing("InceptionV3")
    found = drawing.arranged()
    merges = 0
    for node in drawing.boxes:
        entering = [edge for edge in drawing.edges if edge.target == node]
        if len(entering) > 1:
            merges += 1
            ends = [path(found, drawing.boxes, edge)[-2][0] for edge in entering]
            assert ends == sorted(set(ends)), node
    assert merges == 15
    trunk = {middle(found, drawing, node) for node in drawing.boxes if node.startswith("mixed") and "_" not in node}
    assert len(trunk) == 1


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
