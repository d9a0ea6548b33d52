"""Graphs for layout tests, and what must hold for every arrangement of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from studio.core.project import Project
from studio.layout import Arrangement, Box, Edge, arrange

CARD = Box(184.0, 60.0)

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawing:
    """What goes into ``arrange``."""

    boxes: dict[str, Box]
    edges: list[Edge]

    def arranged(self, **options: object) -> Arrangement:
        return arrange(self.boxes, self.edges, **options)  # type: ignore[arg-type]

    def with_node(self, id: str, *edges: tuple[str, str, int]) -> Drawing:
        """The drawing with one more node and edges of it."""
        new = [Edge(f"{source}>{target}", source, target, rank) for source, target, rank in edges]
        return Drawing({**self.boxes, id: CARD}, [*self.edges, *new])

    def without_edge(self, source: str, target: str) -> Drawing:
        return Drawing(self.boxes, [edge for edge in self.edges if (edge.source, edge.target) != (source, target)])


def drawn(text: str) -> Drawing:
    """``"a b c; a d c"``: chains of nodes. Edges into a node have the order in which they are written."""
    boxes: dict[str, Box] = {}
    edges: list[Edge] = []
    ranks: dict[str, int] = {}
    for chain in text.split(";"):
        nodes = chain.split()
        boxes.update(dict.fromkeys(nodes, CARD))
        for source, target in pairwise(nodes):
            ranks[target] = ranks.get(target, -1) + 1
            edges.append(Edge(f"e{len(edges)}", source, target, ranks[target]))
    return Drawing(boxes, edges)


RESIDUAL = drawn("in out0; " + "; ".join(f"out{k} out{k + 1}; out{k} a{k} b{k} c{k} out{k + 1}" for k in range(6)))
INCEPTION = drawn(
    "in stem mix0; stem a1 a2 mix0; stem b1 b2 b3 mix0; stem c1 c2 mix0;"
    "mix0 d1 mix1; mix0 e1 e2 mix1; mix0 f1 f2 f3 mix1; mix0 g1 g2 mix1; mix1 pool out"
)
U_NET = drawn("in d1 d1b p1 d2 d2b p2 d3 d3b p3 m1 m2 u3 k3 e3 u2 k2 e2 u1 k1 e1 out; d3b k3; d2b k2; d1b k1")
TWO_BRANCHES = drawn("in a1 a2 both; in b1 b2 both; both dense out")
TWO_INPUTS = drawn("left l1 l2 both; right r1 r2 both; both dense out")


def random_drawing(seed: int) -> Drawing:
    """An acyclic graph of up to 40 nodes of mixed sizes: chains, merges, skips, several edges between two nodes."""
    chance = random.Random(seed)
    count = chance.randint(1, 40)
    kinds = [CARD] if chance.random() < 0.3 else [CARD, Box(96, 24), Box(300, 60), Box(184, 200), Box(50.5, 33.3)]
    boxes = {f"n{k}": chance.choice(kinds) for k in range(count)}
    reach = chance.choice([2, 4, 40])
    edges: list[Edge] = []
    for k in range(1, count):
        for rank in range(chance.choices([0, 1, 2, 3, 5], [1, 8, 4, 2, 1])[0]):
            source = chance.randint(max(0, k - reach), k - 1)
            edges.append(Edge(f"e{len(edges)}", f"n{source}", f"n{k}", rank))
    return Drawing(boxes, edges)


def as_drawn(project: Project) -> tuple[Arrangement, Drawing]:
    """How the main graph of a project stands, and what of."""
    edges = project.main.edges.values()
    return (
        Arrangement(
            {node.id: (node.x, node.y) for node in project.main.nodes.values()},
            {edge.id: edge.route for edge in edges},
            0,
        ),
        Drawing(
            dict.fromkeys(project.main.nodes, CARD),
            [Edge(edge.id, edge.source.node, edge.target.node, edge.rank) for edge in edges],
        ),
    )


def rectangle(found: Arrangement, boxes: dict[str, Box], node: str) -> Rectangle:
    x, y = found.positions[node]
    return x, y, x + boxes[node].width, y + boxes[node].height


def overlaps(found: Arrangement, boxes: dict[str, Box]) -> list[tuple[str, str]]:
    """Pairs of nodes that cover each other."""
    return [
        (one, other)
        for one, other in combinations(boxes, 2)
        if _meet(rectangle(found, boxes, one), rectangle(found, boxes, other))
    ]


def upward_edges(found: Arrangement, drawing: Drawing, direction: str = "down") -> list[str]:
    """Edges whose target does not stand wholly below (or to the right of) their source, ends of way-points included."""
    upward = []
    for edge in drawing.edges:
        axis = 1 if direction == "down" else 0
        along = [point[axis] for point in path(found, drawing.boxes, edge, direction)]
        if any(after < before for before, after in pairwise(along)) or along[0] == along[-1]:
            upward.append(edge.id)
    return upward


def path(found: Arrangement, boxes: dict[str, Box], edge: Edge, direction: str = "down") -> list[tuple[float, float]]:
    """Middle of the source's lower side, way-points, middle of the target's upper side."""
    left, top, right, bottom = rectangle(found, boxes, edge.source)
    start = ((left + right) / 2, bottom) if direction == "down" else (right, (top + bottom) / 2)
    left, top, right, bottom = rectangle(found, boxes, edge.target)
    end = ((left + right) / 2, top) if direction == "down" else (left, (top + bottom) / 2)
    return [start, *found.routes[edge.id], end]


def edges_through_nodes(found: Arrangement, drawing: Drawing, direction: str = "down") -> list[tuple[str, str]]:
    """Edges and nodes through which they run.

    The curve between two points stays in the rectangle that they span (``test_curves`` shows it), so whatever keeps
    all these rectangles free of nodes keeps the curves free of them.
    """
    rectangles = {node: rectangle(found, drawing.boxes, node) for node in drawing.boxes}
    return [
        (edge.id, node)
        for edge in drawing.edges
        for spanned in _spanned(path(found, drawing.boxes, edge, direction))
        for node, covered in rectangles.items()
        if _meet(spanned, covered)
    ]


def _spanned(points: Iterable[tuple[float, float]]) -> Iterator[Rectangle]:
    for (x, y), (u, v) in pairwise(points):
        yield min(x, u), min(y, v), max(x, u), max(y, v)


def _meet(one: Rectangle, other: Rectangle) -> bool:
    """Whether the insides of two rectangles meet; a line has an inside along itself."""
    tiny = 1e-6
    return (
        one[0] < other[2] - tiny and other[0] < one[2] - tiny and one[1] < other[3] - tiny and other[1] < one[3] - tiny
    )


def middle(found: Arrangement, drawing: Drawing, node: str, axis: int = 0) -> float:
    """The middle of a node across the direction."""
    box = drawing.boxes[node]
    return found.positions[node][axis] + (box.width, box.height)[axis] / 2
