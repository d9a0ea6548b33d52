"""Expanding a ready-made network into its layers: the engine builds it, a thread reads and tidies, one step of undo."""

from __future__ import annotations

import threading
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.core.project import Project
from studio.gui.background import Background
from studio.gui.patience import Patience
from studio.gui.session import Session
from studio.layout import Cancelled
from studio.workbench.expanding import ModelFileError, as_block, question, why_not_expand


class Expanding(QObject):
    """Does one at a time. Asked again while busy, it cancels. ``told`` says what goes on: a sentence, is it bad."""

    told = Signal(str, bool)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._patience = Patience(window, self)
        self._background = Background(self)
        self._wanted: tuple[int, str, str, str] | None = None
        self._cancel = threading.Event()
        session.checker.expanded.connect(self._built)
        session.checker.died.connect(lambda _: self._end())

    @property
    def is_busy(self) -> bool:
        """Whether a network is being expanded."""
        return self._wanted is not None

    def why_not(self) -> str:
        """Why the selected node cannot be expanded, in one sentence; "" where it can be, or be cancelled."""
        session = self._session
        if self.is_busy:
            return ""
        if len(session.selection) != 1:
            return self.tr("Select exactly one layer.")
        if session.engine_state not in ("ready", "busy"):
            return self.tr("The engine has to run for this; it is not ready yet.")
        return why_not_expand(session.project, next(iter(session.selection)), session.graph_key)

    def expand(self) -> None:
        """Expand the selected network, or cancel what is under way."""
        if self.is_busy:
            self._cancelled()
            return
        session = self._session
        (node_id,) = session.selection
        asked = question(session.project, session.catalog, node_id, session.graph_key, session.answers)
        if isinstance(asked, str):
            self.told.emit(asked, True)
            return
        name = session.graph.nodes[node_id].name
        self._cancel = threading.Event()
        self._wanted = (session.checker.expand(*asked), session.graph_key, node_id, name)
        self.told.emit(self.tr("Building {0} to see its layers; the same action again cancels.").format(name), False)
        self._patience.begin(
            self.tr("Expand into its layers"),
            self.tr("Building {0} to see its layers...").format(name),
            self._cancelled,
        )

    def _cancelled(self) -> None:
        self._end()
        self.told.emit(self.tr("The network stays as it was."), False)

    def _built(self, request: int, config: dict[str, object], problem: str) -> None:
        if self._wanted is None or self._wanted[0] != request:
            return
        _, graph, node_id, name = self._wanted
        project = self._session.project
        if problem or graph not in project.graphs() or why_not_expand(project, node_id, graph):
            self._end()
            self.told.emit(problem or self.tr("{0} was changed meanwhile, so it stays as it is.").format(name), True)
            return
        catalog, cancelled = self._session.catalog, self._cancel.is_set
        work = partial(as_block, project, catalog, node_id, config, graph, cancelled)
        self._background.ask(work, lambda result: self._take(project, node_id, name, result))

    def _take(self, before: Project, node_id: str, name: str, result: object) -> None:
        self._end()
        if isinstance(result, Cancelled):
            return
        if isinstance(result, ModelFileError):
            self.told.emit(result.message, True)
        elif isinstance(result, Exception):
            raise result
        elif isinstance(result, Project):
            if self._session.project is not before:
                self.told.emit(self.tr("The drawing was changed meanwhile; expand {0} again.").format(name), True)
                return
            self._session.apply(lambda _: result, self.tr("Expand {0} into its layers").format(name))
            count = len(result.blocks[result.graph(self._session.graph_key).nodes[node_id].block or ""].graph.nodes) - 2
            self.told.emit(
                self.tr("{0} is a block of {1} layers now; double click goes in.").format(name, count), False
            )

    def _end(self) -> None:
        self._wanted = None
        self._patience.end()
        self._cancel.set()
        self._background.forget()
