"""What each axis of a tensor stands for: batch, time, height, width, channel, feature. From what Keras tells, no Qt.

Keras says it for some layers only: those that take a ``data_format`` (with the rank, and the "2D" of their name),
recurrent layers and attention (sequences), Embedding and Dense. From these it is handed on along the edges, forwards
and backwards, through layers that leave the axes where they are. What nobody says stays without a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from studio.codegen.wiring import order_of
from studio.core.ports import Catalog
from studio.core.project import BLOCK, Graph, Node
from studio.core.topology import edges_from, edges_into

Axes: TypeAlias = tuple[str, ...]
Shape: TypeAlias = tuple[int | None, ...]

SHORT: Mapping[str, str] = {
    "batch": "batch", "time": "t", "depth": "d", "height": "h", "width": "w", "channel": "ch", "feature": "f",
}  # fmt: skip

_SPACE: Mapping[int, Axes] = {1: ("time",), 2: ("height", "width"), 3: ("depth", "height", "width")}
_SEQUENCE: Axes = ("batch", "time", "feature")
_MOVING = frozenset(("Permute", "Reshape", "Flatten", "RepeatVector"))
"""Layers whose axes are not those of their input, although the rank may be the same."""
_SIZED = re.compile(r"([123])D")


def axes_of(graph: Graph, catalog: Catalog, shapes: Mapping[str, Sequence[Shape]]) -> dict[str, Axes]:
    """The names of the axes of the first output of each node, as far as they are known. ``shapes`` by node id."""
    found: dict[str, Axes] = {}
    order = [id for id in order_of(graph) if shapes.get(id)]
    for _ in range(2):  # what is handed back may be handed on by another way
        for id in order:
            if id not in found:
                axes = _made(graph, catalog, shapes, found, graph.nodes[id])
                if axes and len(axes) == len(shapes[id][0]):
                    found[id] = axes
        for id in reversed(order):
            if id not in found:
                wanted = _wanted(graph, catalog, shapes, found, id)
                if wanted and len(wanted) == len(shapes[id][0]):
                    found[id] = wanted
    for id in order:
        if id not in found and len(shapes[id][0]) == 2:
            found[id] = ("batch", "feature")
    return found


def text_of(axes: Axes, shape: Shape) -> str:
    """A shape with the names of its axes: "(batch, h 28, w 28, ch 1)"."""
    parts = [
        SHORT[axis] if length is None else f"{SHORT[axis]} {length}" for axis, length in zip(axes, shape, strict=True)
    ]
    return f"({', '.join(parts)})"


def words_of(axes: Axes, shape: Shape) -> str:
    """The same with whole words, a length that is not fixed without a number."""
    return ", ".join(axis if length is None else f"{axis} {length}" for axis, length in zip(axes, shape, strict=True))


def _formatted(catalog: Catalog, node: Node, rank: int) -> Axes:
    """The axes of a tensor of this rank at a layer that knows channels and space."""
    spec = catalog.layer(node.type)
    if spec is None or not any(parameter.name == "data_format" for parameter in spec.parameters):
        return ()
    sized = _SIZED.search(node.type)
    spatial = int(sized[1]) if sized is not None else rank - 2
    space = _SPACE.get(spatial, ())
    has_time = spec.family == "recurrent" and rank == spatial + 3
    if not space or rank != spatial + 2 + has_time:
        return ()
    is_first = node.params.get("data_format") == "channels_first"
    inner = ("channel", *space) if is_first else (*space, "channel")
    return ("batch", "time", *inner) if has_time else ("batch", *inner)


def _made(
    graph: Graph, catalog: Catalog, shapes: Mapping[str, Sequence[Shape]], found: Mapping[str, Axes], node: Node
) -> Axes:
    """What the axes of a node's output are by the layer itself and by what it takes."""
    rank = len(shapes[node.id][0])
    arriving = sorted(edges_into(graph, node.id), key=lambda edge: edge.rank)
    source = arriving[0].source.node if arriving else ""
    taken = found.get(source, ())
    formatted = _formatted(catalog, node, rank)
    if formatted and node.type != "Flatten":
        return formatted
    spec = catalog.layer(node.type)
    family = spec.family if spec is not None else ""
    if node.type == "Embedding":
        return (*taken, "feature") if taken[1:] == ("time",) else _SEQUENCE if rank == 3 else ()
    if family in ("recurrent", "attention") and rank == 3 and "TimeDistributed" not in node.type:
        return taken or _SEQUENCE
    if node.type == "RepeatVector":
        return _SEQUENCE
    if node.type in _MOVING or node.type == BLOCK or len(taken) != rank:
        return ()
    if node.type == "Dense":
        return (*taken[:-1], "feature")
    is_unmoved = not node.type.startswith("ops.") or shapes[node.id][0] == shapes[source][0]
    return taken if is_unmoved else ()


def _wanted(
    graph: Graph, catalog: Catalog, shapes: Mapping[str, Sequence[Shape]], found: Mapping[str, Axes], id: str
) -> Axes:
    """What those that take a node's output say about it."""
    shape = shapes[id][0]
    for edge in edges_from(graph, id):
        taker = graph.nodes[edge.target.node]
        formatted = _formatted(catalog, taker, len(shape))
        if formatted:
            return formatted
        spec = catalog.layer(taker.type)
        family = spec.family if spec is not None else ""
        if taker.type == "Embedding" and len(shape) == 2:
            return ("batch", "time")
        if family in ("recurrent", "attention") and len(shape) == 3 and "TimeDistributed" not in taker.type:
            return _SEQUENCE
        theirs = found.get(taker.id, ())
        if taker.type not in _MOVING and taker.type != BLOCK and theirs and shapes.get(taker.id, ((),))[0] == shape:
            return theirs
    return ()
