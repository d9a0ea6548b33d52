"""How long the search for repeated parts takes on 1,000 nodes; nothing here fails on a clock.

``pytest tests/benchmarks/test_parts.py --benchmark-only``
"""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from studio.core.parts import find_parts
from tests.support.catalog import CATALOG
from tests.support.large import large_project


def test_of_1000_nodes(benchmark: BenchmarkFixture) -> None:
    project = large_project()
    found = benchmark.pedantic(find_parts, (project, CATALOG), rounds=3)
    assert found.parts
