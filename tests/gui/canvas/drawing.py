"""Drawings for the tests of the canvas, and a session without engine and code."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.codegen import FlatCall
from studio.core import edits
from studio.core.change import diff
from studio.core.document import Document
from studio.core.problem import Problem
from studio.core.project import MAIN, Edge, Graph, Node, PortRef, Project
from studio.core.uses import first_to
from studio.gui.session.going import to_change
from studio.gui.session.shelf import KeptBlocks
from studio.protocol import Answer, Call
from studio.workbench.inference import protocol_call
from studio.workbench.library import Library
from tests.support.catalog import CATALOG


class FakeSession(QObject):
    """Says what the real session says, but answers come from the test and no code is written."""

    project_changed = Signal(object, object, object)
    selection_changed = Signal()
    graph_opened = Signal(str)
    loaded = Signal()
    answers_changed = Signal(object)
    engine_state_changed = Signal(str)
    problems_changed = Signal()
    source_changed = Signal()
    use_changed = Signal()
    tried = Signal(int, object)
    travelled = Signal(object)

    def __init__(self, project: Project | None = None) -> None:
        super().__init__()
        self.catalog = CATALOG
        self.library = KeptBlocks(Library(Path("no such folder")), self)
        self.document = Document(project or Project())
        self.document.subscribe(self._changed)
        self.graph_key = MAIN
        self.selection: frozenset[str] = frozenset()
        self.selected_notes: frozenset[str] = frozenset()
        self.is_loading = self.is_travelling = False
        self.use: tuple[str, ...] = ()
        self.answers: dict[str, Answer] = {}
        self.engine_state = "ready"
        self.problems: tuple[Problem, ...] = ()
        self.tried_calls: list[Sequence[Call]] = []

    @property
    def project(self) -> Project:
        return self.document.project

    @property
    def graph(self) -> Graph:
        return self.project.graph(self.graph_key)

    @property
    def chosen(self) -> frozenset[str]:
        return self.selection | self.selected_notes

    def problems_of(self, node_id: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.node == node_id)

    def apply(self, edit, name: str, merge_key: str | None = None, selection: Iterable[str] | None = None) -> bool:
        wanted = self.chosen if selection is None else frozenset(selection)
        changed = self.document.apply(edit, name, merge_key=merge_key, selection=wanted)
        if selection is not None:
            self.set_selection(wanted)
        return changed

    def undo(self) -> None:
        self._travel(self.document.undo)

    def redo(self) -> None:
        self._travel(self.document.redo)

    def _travel(self, go: Callable[[], bool]) -> None:
        before = self.project
        self.is_travelling = True
        has_gone = go()
        self.is_travelling = False
        if has_gone:
            self.travelled.emit(to_change(self, diff(before, self.project)))

    def set_selection(self, ids: Iterable[str]) -> None:
        self.document.select(frozenset(ids) & {*self.graph.nodes, *self.graph.notes})
        self._show_selection()

    def open_graph(self, key: str, use: tuple[str, ...] | None = None) -> None:
        if key != self.graph_key:
            self.graph_key = key
            self.use = first_to(self.project, key) if use is None else use
            self.document.select(())
            self.selection = self.selected_notes = frozenset()
            self.graph_opened.emit(key)
            self.selection_changed.emit()

    def try_calls(self, calls: Sequence[Call]) -> int:
        self.tried_calls.append(calls)
        return len(self.tried_calls)

    def try_call(self, project: Project, call: FlatCall) -> int:
        return self.try_calls([protocol_call(call)])

    # For tests

    def answer(self, answers: Mapping[str, Answer]) -> None:
        self.answers.update(answers)
        self.answers_changed.emit(frozenset(answers))

    def tell(self, *problems: Problem) -> None:
        self.problems = problems
        self.problems_changed.emit()

    def _changed(self, old: Project, new: Project, change: object) -> None:
        self.project_changed.emit(old, new, change)
        self._show_selection()

    def _show_selection(self) -> None:
        chosen = self.document.selection
        found = chosen & self.graph.nodes.keys(), chosen & self.graph.notes.keys()
        if found != (self.selection, self.selected_notes):
            self.selection, self.selected_notes = found
            self.selection_changed.emit()


def shape_answer(*shape: int | None, parameters: int = 0, learned: int | None = None) -> Answer:
    learned = parameters if learned is None else learned
    return Answer(outputs=((tuple(shape), "float32"),), parameters=parameters, trainable_parameters=learned)


def node_named(project: Project, name: str, graph: str = MAIN) -> Node:
    return next(node for node in project.graph(graph).nodes.values() if node.name == name)


def edge_between(project: Project, source: str, target: str) -> Edge | None:
    """The edge between two nodes of these names, or None."""
    one, other = node_named(project, source).id, node_named(project, target).id
    edges = project.main.edges.values()
    return next((edge for edge in edges if (edge.source.node, edge.target.node) == (one, other)), None)


def put(project: Project, type: str, name: str, x: float, y: float, **params) -> Project:
    return edits.add_node(project, type, name=name, x=x, y=y, params=params)


def join(project: Project, source: str, target: str, port: str = "inputs") -> Project:
    one, other = node_named(project, source), node_named(project, target)
    return edits.connect(project, CATALOG, PortRef(one.id, "output"), PortRef(other.id, port))


def two_branches() -> Project:
    """The book's network: two branches of Dense layers that meet in a Concatenate."""
    project = put(Project(title="two_branches"), "Input", "measurements", 208, 0)
    for branch, x, units in (("b1", 0, 10), ("b2", 416, 3)):
        for depth in (1, 2, 3):
            project = put(project, "Dense", f"{branch}_l{depth}", x, 8 + 88 * depth, units=units, activation="relu")
    project = put(project, "Concatenate", "m1_l1", 208, 360)
    project = put(project, "Dense", "m1_l2", 208, 448, units=1, activation="sigmoid")
    project = put(project, "Output", "diagnosis", 208, 536)
    for branch in ("b1", "b2"):
        chain = ("measurements", *(f"{branch}_l{depth}" for depth in (1, 2, 3)), "m1_l1")
        for source, target in itertools.pairwise(chain):
            project = join(project, source, target)
    return join(join(project, "m1_l1", "m1_l2"), "m1_l2", "diagnosis")


def two_branch_answers(project: Project) -> dict[str, Answer]:
    told = {
        "measurements": shape_answer(None, 30),
        **{f"b1_l{depth}": shape_answer(None, 10, parameters=count) for depth, count in ((1, 310), (2, 110), (3, 110))},
        **{f"b2_l{depth}": shape_answer(None, 3, parameters=count) for depth, count in ((1, 93), (2, 12), (3, 12))},
        "m1_l1": shape_answer(None, 13),
        "m1_l2": shape_answer(None, 1, parameters=14),
        "diagnosis": shape_answer(None, 1),
    }
    return {node_named(project, name).id: answer for name, answer in told.items()}


def chain(*types: str) -> Project:
    """A straight chain; names are those that Keras would give."""
    project = Project()
    for place, type in enumerate(types):
        project = edits.add_node(project, type, x=0, y=88 * place)
        if place:
            ids = list(project.main.nodes)
            project = edits.connect(project, CATALOG, PortRef(ids[-2], "output"), PortRef(ids[-1], "inputs"))
    return project


def many(count: int, seed: int = 1) -> Project:
    """A layered graph of ``count`` nodes and about 1.3 as many edges, made at once."""
    pick = random.Random(seed)
    columns = max(2, round(math.sqrt(count * 0.55)))
    nodes: dict[str, Node] = {}
    edges: dict[str, Edge] = {}
    kinds = ("Dense", "Conv2D", "Dropout", "Concatenate", "Add", "Activation")
    for k in range(count):
        row, column = divmod(k, columns)
        x, y = column * 232 + pick.uniform(-12, 12), row * 120 + pick.uniform(-8, 8)
        type = pick.choice(kinds)
        nodes[f"n{k + 1}"] = Node(
            f"n{k + 1}", type, f"{type.lower()}_{k}", {"units": 8} if type == "Dense" else {}, x, y
        )
    next_id = count + 1
    for k in range(columns, count):
        for _ in range(2 if nodes[f"n{k + 1}"].type in ("Concatenate", "Add") else 1):
            row, column = divmod(k, columns)
            above = (row - 1) * columns + min(columns - 1, max(0, column + pick.choice((-1, 0, 0, 1))))
            edge = Edge(f"e{next_id}", PortRef(f"n{above + 1}", "output"), PortRef(f"n{k + 1}", "inputs"))
            edges[edge.id] = edge
            next_id += 1
    return Project(main=Graph(nodes, edges), next_id=next_id)
