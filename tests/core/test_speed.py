"""How long edits, changes and rules take with 1,000 layers. Measured and printed, never judged by a clock."""

from __future__ import annotations

from itertools import count

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from studio.core import edits, rules
from studio.core.change import diff
from studio.core.project import PortRef, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, graph, node_id

LAYERS = 1_000


@pytest.fixture(scope="module")
def project() -> Project:
    """A chain of 1,000 Dense layers between an Input and an Output."""
    chain = " -> ".join("Dense(units=8, activation='relu')" for _ in range(LAYERS))
    return graph(f"x:Input(shape=(3,)) -> {chain} -> y:Output")


@pytest.fixture
def middle(project: Project) -> str:
    """The id of a node in the middle."""
    return node_id(project, "dense_500")


def test_setting_a_parameter(project: Project, middle: str, benchmark: BenchmarkFixture) -> None:
    numbers = count(9)
    benchmark(lambda: edits.set_param(project, middle, "units", next(numbers)))


def test_deleting_and_healing(project: Project, middle: str, benchmark: BenchmarkFixture) -> None:
    benchmark(lambda: edits.delete(project, CATALOG, [middle]))


def test_drawing_an_edge(project: Project, benchmark: BenchmarkFixture) -> None:
    source = PortRef(node_id(project, "dense_10"), "output")
    target = PortRef(node_id(project, "dense_900"), "inputs")
    benchmark(lambda: edits.connect(project, CATALOG, source, target))


def test_inserting_on_an_edge(project: Project, benchmark: BenchmarkFixture) -> None:
    edge = edge_id(project, "dense_500", "dense_501")
    bigger = edits.add_node(project, "Dropout", params={"rate": 0.5})
    benchmark(lambda: edits.insert_on_edge(bigger, CATALOG, f"n{project.next_id}", edge))


def test_the_difference_of_one_node(project: Project, middle: str, benchmark: BenchmarkFixture) -> None:
    changed = edits.set_param(project, middle, "units", 9)
    assert benchmark(diff, project, changed).of("main").updated_nodes == {middle}


def test_the_difference_of_all_places(project: Project, benchmark: BenchmarkFixture) -> None:
    moved = edits.move(project, {key: (node.x + 1, node.y) for key, node in project.main.nodes.items()})
    assert benchmark(diff, project, moved).is_layout_only


def test_problems_after_an_edit_of_one_node(project: Project, middle: str, benchmark: BenchmarkFixture) -> None:
    numbers = count(9)

    def fresh() -> tuple[tuple[Project], dict[str, object]]:
        return (edits.set_param(project, middle, "units", next(numbers)),), {}

    benchmark.pedantic(lambda edited: rules.problems(edited, CATALOG), setup=fresh, rounds=50)  # type: ignore[no-untyped-call]
