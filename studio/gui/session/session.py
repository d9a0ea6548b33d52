"""The session: one document, its selection, and what is derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio import codegen
from studio.catalog import Catalog
from studio.core import edits, uses
from studio.core.change import Change, diff
from studio.core.document import Document
from studio.core.edits import Edit
from studio.core.meaning import Meaning
from studio.core.problem import Problem
from studio.core.project import MAIN, Graph, Project
from studio.gui.session import going, judging
from studio.gui.session.catalogs import Catalogs
from studio.gui.session.checker import Checker
from studio.gui.session.code_writer import CodeWriter
from studio.gui.session.data_judge import DataJudge
from studio.gui.session.shelf import KeptBlocks
from studio.protocol import Answer, Call
from studio.workbench.consent import Consent
from studio.workbench.library import Library

if TYPE_CHECKING:
    from studio.codegen import FlatCall, GeneratedSource

BEFORE_START_MS = 100
"""How long deriving waits until ``start`` is called: the first picture of the window comes first."""
JUDGE_WHILE_BUSY_MS = 100
"""How often problems are looked for while the engine is still answering."""
JUDGE_AFTER_ANSWER_MS = 25
"""How long the rules wait for an engine that is about to answer: most answers to an edit come within this time."""


class Session(QObject):
    """What every panel of the window looks at and speaks to.

    Wishes come in as method calls, facts go out as signals. Shapes, problems and code are derived: they follow the
    project by themselves, a moment later.
    """

    project_changed = Signal(object, object, object)  # old project, new project, Change
    selection_changed = Signal()
    graph_opened = Signal(str)
    use_changed = Signal()  # the open graph is looked at from another use of its block
    answers_changed = Signal(object)  # frozenset of call ids
    problems_changed = Signal()
    source_changed = Signal()
    history_changed = Signal()
    path_changed = Signal()
    engine_state_changed = Signal(str)
    engine_died = Signal(str)
    tried = Signal(int, object)
    docs = Signal(str, str)  # layer type, Keras's text about it
    catalog_changed = Signal()
    judged = Signal()  # the problems are looked for; ``is_judging`` tells whether that was the last word
    loaded = Signal()  # another project was opened
    code_wanted = Signal(str)  # the id of a snippet that shall be shown in its editor
    type_wanted = Signal(str)  # the id of a node for which another type of layer shall be chosen
    _ask_next = Signal()
    travelled = Signal(object)  # ids of the nodes of the open graph that undo, redo or the history made others

    def __init__(
        self,
        catalog: Catalog,
        project: Project | None = None,
        parent: QObject | None = None,
        checker: Checker | None = None,
        library: Library | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = Document(project or Project())
        self.graph_key = MAIN
        self.use: uses.Path = ()
        """The uses of blocks that lead to the open graph, whose shapes are shown; () in a block that is not used."""
        self.path: Path | None = None
        self._judge = judging.Judge(self, self._problems_now)
        self._judge.changed.connect(self.problems_changed)
        self._judge.judged.connect(self.judged)
        self._source: GeneratedSource | None = None
        self._meaning = Meaning()
        self._derived: Project | None = None
        self._is_asked = False
        self.selection = self.selected_notes = frozenset[str]()
        self.library = KeptBlocks(library or Library(), self)
        self.is_loading = False
        """While another project is being opened: ``graph_opened`` follows the change at once."""
        self.is_travelling = False
        """While a step is taken back or done again: no hand is on the drawing."""
        self.checker = checker or Checker(self)
        self.checker.answers_changed.connect(self._answers_changed)
        self.checker.state_changed.connect(self.engine_state_changed)
        self.checker.tried.connect(self.tried)
        self.checker.docs.connect(self.docs)
        self.checker.died.connect(self.engine_died)
        self.checker.code_stopped.connect(self.engine_died)
        self.catalogs = Catalogs(catalog, self.document.project, self.checker, self)
        self.catalogs.changed.connect(self.catalog_changed)
        self.catalogs.replaced.connect(self._derive_anew)
        self.style = codegen.DEFAULT
        self._writer = CodeWriter(self)
        self._writer.written.connect(self._source_written)
        self._data_judge = DataJudge(self)
        self._derive_soon = QTimer(self, singleShot=True)
        self._derive_soon.timeout.connect(self._derive)
        self._ask_next.connect(self._ask, Qt.ConnectionType.QueuedConnection)
        self._data_judge.judged.connect(self._judge.look_soon)
        self.document.subscribe(self._document_changed)
        self._derive_soon.start(BEFORE_START_MS)

    # What there is

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.document.project

    @property
    def catalog(self) -> Catalog:
        """The layers and the like that there are, with those that are code of the project."""
        return self.catalogs.whole

    @property
    def graph(self) -> Graph:
        """The graph that is open: the main one or that of a block."""
        return self.project.graph(self.graph_key)

    @property
    def chosen(self) -> frozenset[str]:
        """All that is selected: nodes and notes."""
        return self.selection | self.selected_notes

    @property
    def folder(self) -> Path | None:
        """The folder of the project file; paths in the project are relative to it. None before the first save."""
        return self.path.parent if self.path is not None else None

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What Keras said, by call id (a node's id; ``use/inner`` inside blocks)."""
        return self.checker.answers

    @property
    def source(self) -> GeneratedSource:
        """The code of the project; at the latest one frame behind it."""
        if self._source is None:
            self._source = codegen.generate(self.project, self.catalog, style=self.style)
        return self._source

    def current_source(self) -> GeneratedSource:
        """The code of the project as it is this instant, for training and export."""
        meant = self._meaning.of(self.project)
        written = self._writer.written_for(meant, self.catalog, self.style)
        return written or codegen.generate(meant, self.catalog, style=self.style)

    @property
    def consent(self) -> Consent:
        """Which code of the person's own may run."""
        return self.checker.consent

    @property
    def engine_state(self) -> str:
        """ "off", "starting", "ready", "busy" or "dead"."""
        return self.checker.state

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the project, the worst first."""
        return self._judge.problems

    @property
    def is_judging(self) -> bool:
        """Whether ``problems`` may be those of before the last change: the engine or the rules have not spoken yet."""
        return self._derive_soon.isActive() or self._judge.is_waiting or self.checker.state == "busy"

    def problems_of(self, node_id: str) -> tuple[Problem, ...]:
        """The problems of one node, the worst first."""
        return self._judge.of(node_id)

    # What may be wished

    def start(self) -> None:
        """Start the engine that infers shapes."""
        self.checker.start()
        self.library.refresh()
        self._derive_soon.start(0)

    def restart(self) -> None:
        """End the engine that infers shapes and start a new one."""
        self.checker.restart()

    def close(self) -> None:
        """End what runs in the background."""
        self._derive_soon.stop()
        self._judge.close()
        self._data_judge.close()
        self._writer.close()
        self.checker.close()

    def look_at_data(self) -> None:
        """Look at the data's file again and judge at once: it may be gone, or another one, since the last look."""
        self._data_judge.judge(self.project.data, self.folder)
        self._data_judge.look_again()
        self._judge.look()

    def apply(
        self, edit: Edit, name: str, merge_key: str | None = None, selection: Iterable[str] | None = None
    ) -> bool:
        """Change the project by an edit, as one step of undo called ``name``; tells whether anything changed.

        ``selection`` is what shall be selected afterwards; without it the selection stays, less what is gone.
        """
        changed = self.document.apply(edit, name, merge_key=merge_key, selection=selection)
        if not changed and selection is not None:
            self.set_selection(selection)
        return changed

    def write_code(self, edit: Edit, name: str, merge_key: str | None = None) -> bool:
        """As ``apply``, for an edit by which the person writes code: what they write themselves may run."""
        old = self.project.snippets
        for key, snippet in edit(self.project).snippets.items():
            if (before := old.get(key)) is not snippet:
                self.consent.wrote(before.source if before is not None else "", snippet.source)
        return self.apply(edit, name, merge_key)

    def new_code(self, kind: str, name: str, source: str, use: Callable[[str], Edit] | None = None) -> str:
        """Add code and, in the same step, use it: ``use`` makes an edit from the name that it got. Gives its id."""
        identifier = f"s{self.project.next_id}"

        def edit(project: Project) -> Project:
            added = edits.add_snippet(project, kind, name, source)
            found = added.snippets.get(identifier)
            return use(found.name)(added) if use is not None and found is not None else added

        if not self.write_code(edit, self.tr("Add code of your own")):
            return ""
        self.code_wanted.emit(identifier)
        return identifier

    def consent_changed(self) -> None:
        """More code may run than before: ask the engine about what waited for that."""
        self._derive_anew()

    def undo(self) -> None:
        """Take back the last step, and give back what was selected before it."""
        self._travel(self.document.undo)

    def redo(self) -> None:
        """Do again the step that was taken back last."""
        self._travel(self.document.redo)

    def travel(self, steps_done: int) -> None:
        """Go to another place in the history: where so many steps are done."""
        self._travel(lambda: self.document.travel(steps_done))

    def _travel(self, go: Callable[[], bool]) -> None:
        before = self.project
        self.is_travelling = True
        try:
            has_gone = go()
        finally:
            self.is_travelling = False
        if has_gone:
            self.travelled.emit(going.to_change(self, diff(before, self.project)))

    def set_style(self, style: codegen.Style) -> None:
        """Write code in another style: what the panel shows, what is exported and what is trained."""
        if style != self.style:
            self.style = style
            self._derive_soon.start()

    def set_selection(self, ids: Iterable[str]) -> None:
        """Select these nodes and notes of the open graph; ids that are not there are passed over."""
        graph = self.graph
        self.document.select([id for id in ids if id in graph.nodes or id in graph.notes])
        self._show_selection()

    def open_graph(self, key: str, use: uses.Path | None = None) -> None:
        """Show the main graph or the inside of a block, as ``use`` makes it; without it from its first use."""
        if key != self.graph_key and (key == MAIN or key in self.project.blocks):
            self.graph_key = key
            self.use = use if use is not None else uses.first_to(self.project, key)
            self.document.select(())
            self.graph_opened.emit(key)
            self._show_selection()
        elif use is not None:
            going.look_from(self, use)

    def load(self, project: Project, path: Path | None, *, is_saved: bool = True) -> None:
        """Replace the document by another project, with a new history. ``is_saved`` False: it is in no file yet."""
        self.path = path
        self.graph_key, self.use = MAIN, ()
        self.checker.forget()
        self._meaning = Meaning()
        self.is_loading = True
        try:
            self.document.load(project, is_saved=is_saved)
        finally:
            self.is_loading = False
        self.graph_opened.emit(MAIN)
        self._show_selection()
        self.path_changed.emit()
        self.history_changed.emit()
        self.loaded.emit()
        self._derive_anew()  # an equal project in another folder may find other data there

    def saved_as(self, path: Path) -> None:
        """The project as it is was written to ``path``."""
        self.path = path
        self.consent.keep(self.project.snippets.values())
        self.document.mark_saved()
        self.path_changed.emit()
        self.history_changed.emit()
        self._derive_soon.start()  # its data is looked for beside it

    def try_calls(self, calls: Sequence[Call]) -> int:
        """Ask Keras what calls would give, without changing anything; ``tried`` answers with the id returned here."""
        return self.checker.try_calls(calls)

    def ask_docs(self, type_name: str) -> None:
        """Ask for Keras's own text about a layer type; ``docs`` answers."""
        self.checker.ask_docs(type_name)

    def try_call(self, project: Project, call: FlatCall) -> int:
        """As ``try_calls``, for one call of ``project``, which is not drawn yet; -1 where its code may not run."""
        return self.checker.try_call(project, self.catalog, call)

    # What follows

    def _document_changed(self, old: Project, new: Project, change: Change) -> None:
        self.catalogs.follow(new)
        if not change.is_layout_only and self._meaning.of(new) is not self._derived:
            self._derive_anew()
            if not self.is_loading:  # the picture of another project comes first
                self._ask_next.emit()
        if self.graph_key != MAIN and self.graph_key not in new.blocks:
            self.graph_key, self.use = MAIN, ()
            self.graph_opened.emit(MAIN)
        self.project_changed.emit(old, new, change)
        if uses.graph_of(new, self.use) != self.graph_key:
            going.look_from(self, uses.first_to(new, self.graph_key))
        self._show_selection()
        self.history_changed.emit()

    def _show_selection(self) -> None:
        found = tuple(self.document.selection & part.keys() for part in (self.graph.nodes, self.graph.notes))
        if found != (self.selection, self.selected_notes):
            self.selection, self.selected_notes = found
            self.selection_changed.emit()

    def _ask(self) -> None:
        """Let the engine begin while the window paints: a posted call comes before the painting, a timer after it."""
        if self._derive_soon.isActive() and not self._is_asked:
            self._is_asked = True
            self.checker.check(self._meaning.of(self.project), self.catalog)
            self.checker.engine.flush()

    def _derive_anew(self) -> None:
        """What has to be asked, or what is known besides the project, is not what it was."""
        self._is_asked = False
        self._derive_soon.start()

    def _derive(self) -> None:
        meant = self._derived = self._meaning.of(self.project)
        if not self._is_asked:  # of a large drawing that fills a turn of the loop
            self._is_asked = True
            self.checker.check(meant, self.catalog)
            self._derive_soon.start(0)
            return
        self._writer.write(meant, self.catalog, self.style)
        self._data_judge.judge(self.project.data, self.folder)
        # Not before the next turn of the loop: the engine gets what was sent to it only when this one has ended. And
        # where an answer is on its way, it comes first; the problems are looked for again with it anyway.
        self._judge.look_soon(JUDGE_AFTER_ANSWER_MS if self.engine_state == "busy" else 0)

    def _answers_changed(self, ids: frozenset[str]) -> None:
        self.answers_changed.emit(ids)
        # While answers keep coming in, not after each part of them.
        is_busy = self.engine_state == "busy"
        if not (is_busy and self._judge.is_looking_soon):
            self._judge.look_soon(JUDGE_WHILE_BUSY_MS if is_busy else 0)

    def _source_written(self, source: GeneratedSource) -> None:
        if self._source is None or source.text != self._source.text or source.spans != self._source.spans:
            self._source = source
            self.source_changed.emit()

    def _problems_now(self) -> tuple[Problem, ...]:
        meant = self._meaning.of(self.project)
        of_engine = self.checker.problems(meant)
        return judging.problems_of(meant, self.catalog, self.answers, self._data_judge.problems, of_engine)
