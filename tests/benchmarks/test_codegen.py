"""How long the code of 1,000 nodes takes, beside Python's own parser on the same text in the same process.

Read the ratios, not the milliseconds: ``pytest tests/benchmarks/test_codegen.py --benchmark-only``. Nothing here fails
on a clock. ``test_python_parses_it`` is the measure; on a quiet machine it takes about as long as one frame.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import count, cycle

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from studio import catalog
from studio.codegen import GeneratedSource, flat_calls, generate
from studio.core import edits
from studio.core.project import PortRef, Project
from tests.support.large import large_project

CATALOG = catalog.load()


@pytest.fixture(scope="module")
def project() -> Project:
    made = large_project()
    generate(made, CATALOG)
    return made


@pytest.fixture(scope="module")
def convolutions(project: Project) -> list[str]:
    return [node.id for node in project.main.nodes.values() if node.type == "Conv2D"]


def test_python_parses_it(benchmark: BenchmarkFixture, project: Project) -> None:
    text = generate(project, CATALOG).text
    benchmark.pedantic(ast.parse, (text,), rounds=30)


def edited(project: Project, edit: Callable[[Project], Project]) -> Iterator[Project]:
    """The project after one edit, after two and so on."""
    while True:
        project = edit(project)
        yield project


def measure(benchmark: BenchmarkFixture, projects: Iterator[Project], rounds: int = 60) -> None:
    def setup() -> tuple[tuple[Project, catalog.Catalog], dict[str, object]]:
        return (next(projects), CATALOG), {}

    found: GeneratedSource = benchmark.pedantic(generate, setup=setup, rounds=rounds)
    assert not found.problems


def test_after_a_parameter_was_set(benchmark: BenchmarkFixture, project: Project, convolutions: list[str]) -> None:
    keys, sizes = cycle(convolutions), count(17)
    measure(benchmark, edited(project, lambda old: edits.set_param(old, next(keys), "filters", next(sizes))))


def test_after_a_node_was_renamed(benchmark: BenchmarkFixture, project: Project, convolutions: list[str]) -> None:
    keys, numbers = cycle(convolutions), count()
    measure(benchmark, edited(project, lambda old: edits.rename(old, next(keys), f"renamed_{next(numbers)}")))


def test_after_an_edge_was_drawn_again(benchmark: BenchmarkFixture, project: Project, convolutions: list[str]) -> None:
    keys = cycle(convolutions)

    def again(old: Project) -> Project:
        target = next(keys)
        edge = next(edge for edge in old.main.edges.values() if edge.target.node == target)
        without = edits.disconnect(old, [edge.id])
        return edits.connect(without, CATALOG, edge.source, PortRef(target, "inputs"))

    measure(benchmark, edited(project, again))


def test_after_a_layer_was_put_into_an_edge(
    benchmark: BenchmarkFixture, project: Project, convolutions: list[str]
) -> None:
    keys = cycle(convolutions)

    def longer(old: Project) -> Project:
        target = next(keys)
        edge = next(edge for edge in old.main.edges.values() if edge.target.node == target)
        new = f"n{old.next_id}"
        made = edits.disconnect(edits.add_node(old, "ReLU"), [edge.id])
        made = edits.connect(made, CATALOG, edge.source, PortRef(new, "inputs"))
        return edits.connect(made, CATALOG, PortRef(new, "output"), PortRef(target, "inputs"))

    measure(benchmark, edited(project, longer))


def test_after_a_layer_was_deleted_and_is_there_again(
    benchmark: BenchmarkFixture, project: Project, convolutions: list[str]
) -> None:
    """As delete and undo do: what it took goes on without it, and through it again."""
    keys = cycle(convolutions[-40:])

    def both() -> Iterator[Project]:
        while True:
            yield edits.delete(project, CATALOG, [next(keys)])
            yield project

    projects = both()
    benchmark.pedantic(generate, setup=lambda: ((next(projects), CATALOG), {}), rounds=60)


def test_of_a_project_never_seen(benchmark: BenchmarkFixture) -> None:
    measure(benchmark, (large_project() for _ in count()), rounds=10)


def test_flat_calls_after_a_parameter_was_set(
    benchmark: BenchmarkFixture, project: Project, convolutions: list[str]
) -> None:
    keys, sizes = cycle(convolutions), count(17)
    projects = edited(project, lambda old: edits.set_param(old, next(keys), "filters", next(sizes)))
    benchmark.pedantic(flat_calls, setup=lambda: ((next(projects), CATALOG), {}), rounds=60)
