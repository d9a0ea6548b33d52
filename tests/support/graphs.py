"""The graph language: drawings as one line of text, for tests.

    graph("image:Input(shape=(28, 28, 1)) -> conv:Conv2D(filters=8) -> probs:Dense(units=10) -> y:Output")

One chain per line (or after ";"). A node is ``name:Type(parameters)`` where it stands first, later its name alone, or
``name.port`` for a port that is not the first. The name may be left out (``Dense(units=3)``). Several sources of one
node are joined by "&": ``b1 & b2 -> both:Concatenate``; an operation gives each of them a port of its own. Parameters
are Python literals; ``HeNormal(seed=1)`` is an object of Keras. What a layer must have and is not given gets the
catalog's initial value.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Mapping

from studio.catalog.values import Dictionary, KerasObject, Value
from studio.core import edits
from studio.core.ports import Catalog, ports_of
from studio.core.project import MAIN, Node, PortRef, Project
from tests.support.catalog import CATALOG

_STEP_PX = 90


def graph(text: str, *, catalog: Catalog = CATALOG, project: Project | None = None, key: str = MAIN) -> Project:
    """The project that ``text`` draws, into ``project`` where one is given."""
    drawing = _Drawing(project or Project(), catalog, key)
    for line in filter(None, map(str.strip, re.split(r"[;\n]", text))):
        drawing.draw(line)
    return drawing.project


def node(project: Project, name: str, key: str = MAIN) -> Node:
    """The node called ``name``."""
    return next(node for node in project.graph(key).nodes.values() if node.name == name)


def node_id(project: Project, name: str, key: str = MAIN) -> str:
    """The id of the node called ``name``."""
    return node(project, name, key).id


def edge_id(project: Project, source: str, target: str, key: str = MAIN) -> str:
    """The id of the first edge from one node to the other, by their names."""
    ends = node_id(project, source, key), node_id(project, target, key)
    edges = project.graph(key).edges.values()
    return next(edge.id for edge in edges if (edge.source.node, edge.target.node) == ends)


def edges(project: Project, key: str = MAIN) -> list[str]:
    """All edges as text, "a -> b" or "a.state_h -> b.initial_state", merges in the order of their ranks."""
    drawn = project.graph(key)

    def end(ref: PortRef) -> str:
        name = drawn.nodes[ref.node].name
        return name if ref.port in ("output", "inputs") else f"{name}.{ref.port}"

    found = sorted(drawn.edges.values(), key=lambda edge: (int(edge.target.node[1:]), edge.target.port, edge.rank))
    return [f"{end(edge.source)} -> {end(edge.target)}" for edge in found]


class _Drawing:
    def __init__(self, project: Project, catalog: Catalog, key: str) -> None:
        self.project = project
        self._catalog = catalog
        self._key = key

    def draw(self, line: str) -> None:
        groups = [[part.strip() for part in group.split("&")] for group in line.split("->")]
        ids = [[self._place(part) for part in group] for group in groups]
        for sources, targets in itertools.pairwise(ids):
            for target in targets:
                for source in sources:
                    self._join(source, target)

    def _place(self, text: str) -> tuple[str, str | None]:
        match = re.fullmatch(r"(?:(?P<name>[^:()]+):)?(?P<type>[\w.]+)(?P<params>\(.*\))?", text)
        names = {node.name: node.id for node in self.project.graph(self._key).nodes.values()}
        name, _, port = text.partition(".")
        if text in names:
            return names[text], None
        if port and name in names:
            return names[name], port
        if match is None:
            raise ValueError(f"what is {text!r}?")
        type_name = match["type"]
        new = f"n{self.project.next_id}"
        block = next((block.id for block in self.project.blocks.values() if block.name == type_name), None)
        if block is None and self._catalog.layer(type_name) is None and not match["name"]:
            raise ValueError(f"no node and no layer is called {text!r}")
        params: dict[str, Value] = {} if block else dict(self._catalog.initial_params(type_name))
        params |= parameters(match["params"] or "()")
        height = _STEP_PX * len(names)
        self.project = edits.add_node(
            self.project, "block" if block else type_name, y=height, name=match["name"], params=params, block=block,
            graph=self._key,
        )  # fmt: skip
        return new, None

    def _join(self, source: tuple[str, str | None], target: tuple[str, str | None]) -> None:
        nodes = self.project.graph(self._key).nodes
        outputs = ports_of(self.project, self._catalog, nodes[source[0]])[1]
        inputs = ports_of(self.project, self._catalog, nodes[target[0]])[0]
        taken = {
            edge.target.port for edge in self.project.graph(self._key).edges.values() if edge.target.node == target[0]
        }
        if nodes[target[0]].type.startswith("ops."):
            inputs = tuple([port for port in inputs if port.takes_many or port.name not in taken]) or inputs
        start = PortRef(source[0], source[1] or (outputs[0].name if outputs else "output"))
        end = PortRef(target[0], target[1] or (inputs[0].name if inputs else "inputs"))
        before = self.project
        self.project = edits.connect(before, self._catalog, start, end, graph=self._key)
        if self.project is before:
            raise ValueError(f"{nodes[source[0]].name} -> {nodes[target[0]].name} cannot be drawn")


def parameters(text: str) -> dict[str, Value]:
    """The values of ``(filters=8, kernel_initializer=HeNormal(seed=1))``."""
    call = ast.parse(f"f{text}", mode="eval").body
    assert isinstance(call, ast.Call)
    return {keyword.arg or "": _value(keyword.value) for keyword in call.keywords}


def _value(tree: ast.expr) -> Value:
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        return KerasObject(tree.func.id, {keyword.arg or "": _value(keyword.value) for keyword in tree.keywords})
    if isinstance(tree, ast.Tuple | ast.List):
        return tuple(_value(item) for item in tree.elts)
    found = ast.literal_eval(tree)
    if isinstance(found, Mapping):
        return Dictionary(dict(found))
    assert found is None or isinstance(found, bool | int | float | str)
    return found
