"""How long an arrangement takes, and how good it is: crossings, size, straight edges, movement after an edit.

``pytest tests/benchmarks/test_layout.py --benchmark-only -s`` prints a line per drawing. layout.md has the figures of
thirteen other engines. Nothing here fails on a clock.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from itertools import pairwise
from statistics import fmean

import pytest

from studio.core.project import Project
from studio.layout import Arrangement, Edge, tidy
from tests.layout.figures import CARD, INCEPTION, RESIDUAL, U_NET, Drawing, path
from tests.layout.keras_models import NAMES, model_drawing
from tests.support.large import large_project


def tell(name: str, drawing: Drawing, found: Arrangement, milliseconds: float) -> None:
    """One line about the result."""
    left = min(x for x, _ in found.positions.values())
    right = max(x for x, _ in found.positions.values()) + CARD.width
    bottom = max(y for _, y in found.positions.values()) + CARD.height
    paths = [path(found, drawing.boxes, edge) for edge in drawing.edges]
    straight = sum(all(a[0] == b[0] for a, b in pairwise(points)) for points in paths)
    print(
        f"\n{name}: {len(drawing.boxes)} nodes, {len(drawing.edges)} edges, {milliseconds:.0f} ms, "
        f"{found.crossings} crossings, {right - left:.0f} x {bottom:.0f} px, "
        f"{straight} edges straight, {sum(map(bool, found.routes.values()))} with way-points",
        file=sys.stderr,
    )


def random_network(nodes: int, reach: int) -> Drawing:
    chance = random.Random(nodes)
    edges: list[Edge] = []
    for k in range(1, nodes):
        for rank in range(chance.choice([1, 1, 1, 2])):
            edges.append(Edge(f"e{len(edges)}", f"n{chance.randint(max(0, k - reach), k - 1)}", f"n{k}", rank))
    return Drawing({f"n{k}": CARD for k in range(nodes)}, edges)


def measure(benchmark, name: str, drawing: Drawing, rounds: int = 5) -> Arrangement:
    found = benchmark.pedantic(drawing.arranged, rounds=rounds, warmup_rounds=1)
    tell(name, drawing, found, benchmark.stats.stats.min * 1e3)
    return found


@pytest.mark.parametrize("drawing", [RESIDUAL, INCEPTION, U_NET], ids=["residual", "inception", "u-net"])
def test_small(benchmark, drawing: Drawing) -> None:
    measure(benchmark, "small", drawing)


@pytest.mark.parametrize(("nodes", "reach"), [(1000, 6), (1000, 200), (5000, 6)])
def test_random(benchmark, nodes: int, reach: int) -> None:
    measure(benchmark, f"random, reach {reach}", random_network(nodes, reach), rounds=2)


@pytest.mark.keras
@pytest.mark.parametrize("name", NAMES)
def test_models(benchmark, name: str) -> None:
    drawing = model_drawing(name)
    found = measure(benchmark, name, drawing)
    moved = []
    for edge in random.Random(0).sample(drawing.edges, 10):
        new = drawing.with_node("new", (edge.source, "new", 0), ("new", edge.target, 99))
        after = new.arranged(previous=found.positions, previous_routes=found.routes)
        moved.append(fmean(abs(after.positions[node][0] - found.positions[node][0]) for node in drawing.boxes))
    print(f"{name}: a new node moves the others by {fmean(moved):.1f} px sideways", file=sys.stderr)


def test_a_large_project(benchmark) -> None:
    """Everything that a thread of the window does, and the edit."""
    project = large_project()
    found = benchmark.pedantic(lambda: tidy(project), rounds=3, warmup_rounds=1)
    assert isinstance(found, Project)


def test_the_longest_stall_of_another_thread(benchmark) -> None:
    """The window draws on while a thread arranges 1,000 nodes: what a sleep of 2 ms takes meanwhile."""
    drawing = random_network(1000, 6)
    longest = 0.0

    def arranged() -> None:
        nonlocal longest
        thread = threading.Thread(target=drawing.arranged)
        thread.start()
        while thread.is_alive():
            start = time.perf_counter()
            time.sleep(0.002)
            longest = max(longest, time.perf_counter() - start)
        thread.join()

    benchmark.pedantic(arranged, rounds=3)
    print(f"\nlongest stall {longest * 1e3:.0f} ms", file=sys.stderr)
