"""The Data panel: what there is on the left, what was chosen on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QWidget

from studio import data
from studio.catalog.values import Value
from studio.core import edits
from studio.core.change import Change
from studio.core.project import DataSource, Project, Split
from studio.gui import theme
from studio.gui.background import Background
from studio.gui.data.facts import Facts, gather, is_quick, used_columns
from studio.gui.data.page import Page
from studio.gui.data.source_list import SourceList
from studio.gui.data.split_form import limited

if TYPE_CHECKING:
    from studio.gui.session import Session

LIST_PX = 208
NARROW_LIST_PX = 176
NARROW_PX = 800
SCALING = ("Normalization", "Rescaling", "BatchNormalization", "LayerNormalization")


class DataPanel(QWidget):
    """Chooses the data of a session's project. Every change is one edit that can be undone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._files: list[str] = []
        self._facts = Facts(DataSource())
        self._used: frozenset[str] | None = None
        self._is_behind = False
        self._background = Background(self)
        self.sources = SourceList()
        self.page = Page()
        self.painted_apart = (self.sources, *self.page.painted_apart)
        line = QFrame()
        theme.set_role(line, "line")
        line.setFixedWidth(1)
        line.setMaximumHeight(16_777_215)
        line.setStyleSheet("max-height: 16777215px;")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sources)
        layout.addWidget(line)
        layout.addWidget(self.page, 1)
        self.setAcceptDrops(True)
        self._connect()
        self._follow(session.project.data)

    @property
    def facts(self) -> Facts:
        """What is shown now; it may be one background reading behind the project."""
        return self._facts

    @property
    def is_waiting(self) -> bool:
        """Whether something is being read in the background."""
        return self._background.is_waiting

    def choose(self, kind: str, name: str) -> None:
        """Take a set; how rows are divided and what happens to gaps stays as it was."""
        folder = self._session.folder

        def chosen() -> DataSource:
            return data.choose(kind, name, folder=folder)  # type: ignore[arg-type]

        self._take(chosen, DataSource(kind, name))  # type: ignore[arg-type]

    def open_path(self, path: Path) -> None:
        """Take a file that a person picked on this machine."""
        name = data.pick(path, self._session.folder)
        if name not in self._files:
            self._files.append(name)
        self.choose("file", name)

    def ask_open(self) -> None:
        """Let the person pick a file."""
        folder = str(self._session.folder or Path.home())
        kinds = self.tr("Tables and arrays (*.csv *.npz);;All files (*)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Open data"), folder, kinds)
        if path:
            self.open_path(Path(path))

    # What was wished

    def _connect(self) -> None:
        page = self.page
        self.sources.chosen.connect(self.choose)
        self.sources.open_requested.connect(self.ask_open)
        self._background.waiting_changed.connect(page.show_waiting)
        page.open_requested.connect(self.ask_open)
        page.renew_requested.connect(self._renew)
        page.copy_requested.connect(self._copy_beside)
        page.use_wished.connect(self._use)
        page.kind_wished.connect(self._set_kind)
        page.params_wished.connect(self._set_params)
        page.split.split_changed.connect(self._set_split)
        page.split.gaps_changed.connect(lambda gaps: self._apply(replace(self._source, gaps=gaps)))
        page.bindings.bind_wished.connect(self._bind)
        self._session.project_changed.connect(self._project_changed)
        self._session.path_changed.connect(self._folder_changed)

    @property
    def _source(self) -> DataSource:
        return self._session.project.data

    def _apply(self, source: DataSource, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_data(project, source), self.tr("Choose data"), merge_key)

    def _take(self, work: Callable[[], DataSource], wanted: DataSource, merge_key: str | None = None) -> None:
        """Read a source and make it the project's; off the event loop where that may take long."""

        def then(result: object) -> None:
            if isinstance(result, data.DataError):
                name = Path(wanted.name).name
                is_named = wanted.kind != "file" or name in result.message
                said = self.tr("{file} was not taken. {reason}").format(file=name, reason=result.message)
                self._refuse(result.message if is_named else said)
            elif isinstance(result, DataSource):
                was = self._source
                self._apply(replace(result, split=was.split, gaps=was.gaps), merge_key)
                self._show_list()
            else:
                self._refuse(self.tr("The data could not be read."))

        self.page.refuse("")
        if is_quick(wanted, self._session.folder):
            self._background.forget()
            try:
                then(work())
            except data.DataError as error:
                then(error)
        else:
            self._background.ask(work, then)

    def _renew(self) -> None:
        source, folder = self._source, self._session.folder
        self._take(lambda: data.renew(source, folder), source)

    def _copy_beside(self) -> None:
        folder = self._session.folder
        if folder is None:
            return
        try:
            self._apply(data.bring_beside(self._source, folder))
        except (data.DataError, OSError):
            self._refuse(self.tr("The file could not be copied into the project's folder."))

    def _use(self, column: str, use: str) -> None:
        source = self._source
        order = [each.name for each in source.columns]
        features, targets = set(source.features) - {column}, set(source.targets) - {column}
        if use:
            (features if use == "feature" else targets).add(column)
        chosen = tuple(name for name in order if name in features)
        is_weight = use and column == source.sample_weights
        weights = None if is_weight else source.sample_weights
        wanted = tuple(name for name in order if name in targets)
        self._apply(replace(source, features=chosen, targets=wanted, sample_weights=weights))

    def _set_kind(self, column: str, kind: str) -> None:
        try:
            self._apply(data.with_kind(self._source, column, kind, self._session.folder))  # type: ignore[arg-type]
        except data.DataError as error:
            self._refuse(error.message)

    def _set_params(self, params: dict[str, Value], which: str) -> None:
        source = replace(self._source, params=params)
        self._take(lambda: data.renew(source), source, f"data.params.{which}")

    def _set_split(self, split: Split, field: str) -> None:
        self._apply(replace(self._source, split=limited(split, field)), f"data.split.{field}")

    def _bind(self, node: str, columns: tuple[str, ...] | None) -> None:
        self._session.apply(lambda project: edits.bind(project, node, columns), self.tr("Choose columns"))

    def _refuse(self, message: str) -> None:
        self.page.refuse(message)
        self._show_list()

    # What follows

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if not self.isVisible():
            self._is_behind = True
        elif new.data is not old.data:
            self.page.refuse("")
            self._follow(new.data)
        elif new.main.nodes is not old.main.nodes:
            self.page.bindings.show_project(new)
            self._show_hint()
            if used_columns(new) != self._used:
                self._follow(new.data)

    def _folder_changed(self) -> None:
        if self.isVisible():
            self._follow(self._source)
        else:
            self._is_behind = True

    def _follow(self, source: DataSource) -> None:
        """Show this source; what must be read from a large file comes a moment later."""
        self._is_behind = False
        self._show_list()
        folder = self._session.folder
        used = self._used = used_columns(self._session.project)
        if is_quick(source, folder):
            self._background.forget()
            self._show(gather(source, folder, used))
        else:
            was = self._facts
            is_same = (source.kind, source.name, source.rows) == (was.source.kind, was.source.name, was.source.rows)
            self._show(replace(was, source=source) if is_same else Facts(source))  # old counts, not an empty page
            self._background.ask(lambda: gather(source, folder, used), self._gathered)

    def _gathered(self, facts: object) -> None:
        if isinstance(facts, Facts):
            self._show(facts)

    def _show(self, facts: Facts) -> None:
        self._facts = facts
        self.page.show_facts(facts, self._session.folder)
        self.page.bindings.show_project(self._session.project)
        self._show_hint()

    def _show_hint(self) -> None:
        nodes = self._session.project.main.nodes.values()
        is_scaled = any(node.type in SCALING for node in nodes)
        hint = self._facts.hint
        self.page.hint.say(hint.message if hint and not (is_scaled and hint.code == "scale") else "")

    def _show_list(self) -> None:
        source = self._source
        if source.kind == "file" and source.name not in self._files:
            self._files.append(source.name)
        key = None if source.kind == "none" else (source.kind, source.name)
        self.sources.fill(self._files, key)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_behind:
            self.page.refuse("")
            self._follow(self._source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sources.setFixedWidth(LIST_PX if event.size().width() >= NARROW_PX else NARROW_LIST_PX)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.open_path(path)


def _dropped(event: QDropEvent) -> Path | None:
    """The one data file that is being dropped, or None."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in data.SUFFIXES else None
