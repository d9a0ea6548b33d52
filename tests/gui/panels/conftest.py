"""A session for the panels: a real document and the real catalog, but answers, problems and code set by the test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from studio import catalog
from studio.codegen import DEFAULT, Style
from studio.core import edits
from studio.core.change import Change
from studio.core.document import Document
from studio.core.problem import Problem
from studio.core.project import MAIN, PortRef, Project
from studio.core.uses import first_to
from studio.gui import theme
from studio.gui.session.shelf import KeptBlocks
from studio.workbench.library import Library

CATALOG = catalog.load()


@dataclass(frozen=True)
class Answer:
    outputs: tuple[tuple[tuple[int | None, ...], str], ...] = ()
    parameters: int = 0
    trainable_parameters: int = 0
    problem: str = ""
    details: str = ""
    blocked_by: tuple[str, ...] = ()
    is_refused: bool = False


@dataclass(frozen=True)
class Span:
    node: str
    first_line: int
    last_line: int


@dataclass(frozen=True)
class Source:
    text: str = ""
    spans: tuple[Span, ...] = ()
    not_stacked: str = ""


@dataclass
class Derived:
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    source: Source = field(default_factory=Source)


class FakeSession(QObject):
    catalog_changed = Signal()
    code_wanted = Signal(str)
    project_changed = Signal(object, object, object)
    selection_changed = Signal()
    answers_changed = Signal(object)
    problems_changed = Signal()
    source_changed = Signal()
    graph_opened = Signal(str)
    use_changed = Signal()
    loaded = Signal()
    judged = Signal()
    engine_state_changed = Signal(str)
    docs = Signal(str, str)
    engine_state = "ready"
    folder = None
    is_judging = False
    style = DEFAULT

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.catalog = CATALOG
        self.library = KeptBlocks(Library(Path("no such folder")), self)
        self.document = Document(project)
        self.document.subscribe(self._changed)
        self.graph_key = MAIN
        self.use: tuple[str, ...] = ()
        self.selection: frozenset[str] = frozenset()
        self.selected_notes: frozenset[str] = frozenset()
        self.derived = Derived()
        self.asked_docs: list[str] = []

    def set_style(self, style: Style) -> None:
        self.style = style

    @property
    def project(self) -> Project:
        return self.document.project

    @property
    def graph(self) -> Any:
        return self.project.graph(self.graph_key)

    @property
    def answers(self) -> dict[str, Answer]:
        return self.derived.answers

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.derived.problems

    @property
    def source(self) -> Source:
        return self.derived.source

    @property
    def chosen(self) -> frozenset[str]:
        return self.selection | self.selected_notes

    def problems_of(self, node: str) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.node == node)

    def apply(
        self,
        edit: Callable[[Project], Project],
        name: str,
        merge_key: str | None = None,
        selection: Iterable[str] | None = None,
    ) -> bool:
        changed = self.document.apply(edit, name, merge_key=merge_key)
        if selection is not None:
            self.set_selection(selection)
        return changed

    def ask_docs(self, type_name: str) -> None:
        self.asked_docs.append(type_name)

    def undo(self) -> None:
        self.document.undo()

    def redo(self) -> None:
        self.document.redo()

    def set_selection(self, ids: Iterable[str]) -> None:
        chosen = frozenset(ids)
        if chosen != self.chosen:
            self.selected_notes = chosen & self.graph.notes.keys()
            self.selection = chosen - self.selected_notes
            self.selection_changed.emit()

    def open_graph(self, key: str, use: tuple[str, ...] | None = None) -> None:
        if key != self.graph_key:
            self.graph_key = key
            self.use = first_to(self.project, key) if use is None else use
            self.selection = frozenset()
            self.graph_opened.emit(key)
            self.selection_changed.emit()

    # What a test says

    def answer(self, **answers: Answer) -> None:
        self.derived.answers.update(answers)
        self.answers_changed.emit(frozenset(answers))

    def tell(self, *problems: Problem) -> None:
        self.derived.problems = problems
        self.problems_changed.emit()

    def write(self, text: str, *spans: Span) -> None:
        self.derived.source = Source(text, spans)
        self.source_changed.emit()

    def _changed(self, old: Project, new: Project, change: Change) -> None:
        self.project_changed.emit(old, new, change)


def small_project() -> Project:
    """data -> hidden -> hidden_2 -> answer"""
    project = Project(title="two_branches")
    for place, (type_name, name, params) in enumerate(
        [
            ("Input", "data", {"shape": (10,)}),
            ("Dense", "hidden", {"units": 10, "activation": "relu"}),
            ("Dense", "hidden_2", {"units": 3}),
            ("Output", "answer", {}),
        ]
    ):
        project = edits.add_node(project, type_name, x=0, y=80 * place, name=name, params=params)
    for source, target in [("n1", "n2"), ("n2", "n3"), ("n3", "n4")]:
        project = edits.connect(project, CATALOG, PortRef(source, "output"), PortRef(target, "inputs"))
    return project


@pytest.fixture
def session(qapp: QApplication) -> FakeSession:
    theme.apply(qapp, "light")
    return FakeSession(small_project())
