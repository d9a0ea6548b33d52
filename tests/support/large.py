"""A large drawing as engineers make them: a residual and branching picture network of 1,000 nodes and 1,300 edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from studio import data
from studio.catalog.values import Value
from studio.core import edits
from studio.core.project import Edge, Graph, Node, PortRef, Project

RESIDUAL, BRANCHING = 83, 73
"""How often each of the two parts is there."""

_COLUMN_PX, _ROW_PX = 220, 90
_ROWS = 60
"""The drawing goes on in the next group of columns after so many rows, so that it has the form of a screen."""

_SAME: Mapping[str, Value] = {"padding": "same", "activation": "relu"}


def large_project() -> Project:
    """The network on the handwritten digits; neither the rules nor Keras find anything wrong with it."""
    drawing = _Drawing()
    x = drawing.add("Input", "image", {})
    x = drawing.add("Conv2D", "stem", {"filters": 16, "kernel_size": 3, **_SAME}, x)
    for number in range(max(RESIDUAL, BRANCHING)):
        if number < RESIDUAL:
            x = _residual(drawing, x)
        if number < BRANCHING:
            x = _branching(drawing, x)
    x = drawing.add("GlobalAveragePooling2D", "pool", {}, x)
    x = drawing.add("Dense", "digit", {"units": 10, "activation": "softmax"}, x)
    drawing.add("Output", "output", {}, x)
    project = edits.set_data(Project(title="Large"), data.choose("bundled", "mnist5k"))
    return replace(project, main=Graph(drawing.nodes, drawing.edges), next_id=drawing.last + 1)


class _Drawing:
    """Nodes and edges, collected: as 1,000 edits they would take a second."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[str, Edge] = {}
        self.last = 0
        self._rows: dict[str, int] = {}
        self._names: dict[str, int] = {}

    def add(self, type: str, name: str, params: Mapping[str, Value], *sources: str, column: int = 0) -> str:
        """A layer below its sources; returns its id."""
        key = self._id("n")
        row = self._rows[key] = 1 + max((self._rows[source] for source in sources), default=-1)
        number = self._names[name] = self._names.get(name, -1) + 1
        x, y = (row // _ROWS * 4 + column) * _COLUMN_PX, row % _ROWS * _ROW_PX
        self.nodes[key] = Node(key, type, f"{name}_{number}" if number else name, dict(params), float(x), float(y))
        for rank, source in enumerate(sources):
            edge = self._id("e")
            self.edges[edge] = Edge(edge, PortRef(source, "output"), PortRef(key, "inputs"), rank)
        return key

    def _id(self, letter: str) -> str:
        self.last += 1
        return f"{letter}{self.last}"


def _residual(drawing: _Drawing, x: str) -> str:
    """Five nodes, six edges."""
    y = drawing.add("BatchNormalization", "normal", {}, x)
    y = drawing.add("Activation", "relu", {"activation": "relu"}, y)
    y = drawing.add("Conv2D", "conv", {"filters": 16, "kernel_size": 3, "padding": "same"}, y)
    y = drawing.add("Dropout", "drop", {"rate": 0.1}, y)
    return drawing.add("Add", "sum", {}, x, y)


def _branching(drawing: _Drawing, x: str) -> str:
    """Eight nodes, eleven edges. What changes the shape of a branch changes ``both`` and no further node."""
    branches = []
    for column, size in enumerate((1, 3, 5)):
        branch = drawing.add("Conv2D", f"b{size}", {"filters": 4, "kernel_size": 1, **_SAME}, x, column=column)
        if size > 1:
            params: Mapping[str, Value] = {"filters": 6, "kernel_size": size, **_SAME}
            branch = drawing.add("Conv2D", f"b{size}_wide", params, branch, column=column)
        branches.append(branch)
    both = drawing.add("Concatenate", "both", {}, *branches)
    mixed = drawing.add("Conv2D", "mix", {"filters": 16, "kernel_size": 1, "padding": "same"}, both)
    return drawing.add("Add", "sum", {}, x, mixed)
