"""The main window: puts the panels together and passes wishes and facts between them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QVBoxLayout, QWidget

from studio.core import edits
from studio.core.change import Change
from studio.core.problem import Problem
from studio.core.project import Project
from studio.gui import dropping, keymap, late_panels, old_names, theme
from studio.gui.action_search import ActionSearch
from studio.gui.actions import TABLE, Actions
from studio.gui.breadcrumb import Breadcrumb
from studio.gui.building import Building
from studio.gui.canvas import commands as drawing
from studio.gui.coach import Coach
from studio.gui.commands import WindowCommands
from studio.gui.context_menus import context_menu
from studio.gui.dock import Panel, pass_over_unused_bars
from studio.gui.files import Files
from studio.gui.header import Header
from studio.gui.measuring import MeasuringHeat
from studio.gui.panels.palette import PalettePanel
from studio.gui.remembered import canvas_as_left
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.session import Session, going
from studio.gui.settings import Settings
from studio.gui.status import StatusStrip
from studio.gui.tidying import Tidying
from studio.gui.training.readiness import StartOfRuns, why_not_train
from studio.gui.training.row_table import RowTable
from studio.gui.workspaces import Workspaces
from studio.workbench import starting
from studio.workbench.examples import Example


class MainWindow(QMainWindow, late_panels.Contents):
    """One window with one project. ``start_engines`` brings it to life after it was painted."""

    def __init__(self, session: Session, trainer: Trainer, settings: Settings) -> None:
        super().__init__()
        self.session = session
        self.trainer = trainer
        self.settings = settings
        self.setWindowTitle("Layer Studio")
        self.setDockNestingEnabled(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

        self.canvas = canvas_as_left(session, settings)
        self.tidying = Tidying(session, self)
        self.measuring = MeasuringHeat(session, trainer, self.canvas.reading, self)
        self.coach = Coach(session)
        self.breadcrumb = Breadcrumb(session)
        self.table = RowTable()
        self._starting = StartOfRuns(session, trainer, partial(self.say, is_bad=True), self)
        self.setCentralWidget(self._centre())
        contents: dict[str, tuple[str, QWidget | Callable[[], QWidget]]] = {
            "palette": (self.tr("Layers"), PalettePanel(session, fills_later=True)),
            "outline": (self.tr("Outline"), partial(late_panels.outline_panel, session, self.canvas, self.say)),
            "history": (self.tr("History"), partial(late_panels.history_panel, session)),
            "table": (self.tr("The table"), self.table),
            "inspector": (self.tr("Inspector"), partial(late_panels.inspector_panel, self)),
            "code": (self.tr("Code"), partial(late_panels.code_panel, self)),
            "own": (self.tr("Your code"), partial(late_panels.own_code_panel, session)),
            "problems": (self.tr("Problems"), partial(late_panels.problems_panel, self)),
            "versions": (self.tr("Changes"), partial(late_panels.versions_panel, session, self.canvas, self.say)),
            "training": (self.tr("Training"), partial(late_panels.training_panel, self)),
            "data": (self.tr("Data"), partial(late_panels.data_panel, session)),
            "plan": (self.tr("Training plan"), partial(late_panels.plan_panel, session)),
            "runs": (self.tr("Runs"), partial(late_panels.runs_panel, trainer, self._restore, self._open_folder)),
        }
        self.panels = {name: Panel(name, title, content, self) for name, (title, content) in contents.items()}
        for late in ("inspector", "code", "training"):
            self.panels[late].waits = True
        self.workspaces = Workspaces(self, self.panels, settings)
        self.files = Files(session, settings, self)
        keymap.use(keymap.read(settings.shortcuts, TABLE), TABLE)
        self._commands = WindowCommands(self)
        self.actions_table = Actions(self._commands, self)
        self.canvas.narrator.why_not = self._commands.why_not
        self.header = Header(self.actions_table)
        self.setMenuWidget(self.header)
        self.status = StatusStrip()
        self.setStatusBar(self.status)
        self._search: ActionSearch | None = None
        self._refreshing = QTimer(self, singleShot=True, interval=0)
        self._refreshing.timeout.connect(self.refresh_actions)
        self._connect()
        self.workspaces.show("design")
        self._show_title()
        self._show_table()
        self.refresh_actions()

    def _centre(self) -> QWidget:
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.coach)
        layout.addWidget(self.breadcrumb)
        layout.addWidget(self.canvas, 1)
        return centre

    def _connect(self) -> None:
        session, trainer = self.session, self.trainer
        session.project_changed.connect(self._project_changed)
        places = self.canvas.places.changed
        for signal in (session.history_changed, session.selection_changed, session.problems_changed, places):
            signal.connect(self._refreshing.start)
        session.path_changed.connect(self._show_title)
        session.catalog_changed.connect(self.palette_panel.refresh)
        self.palette_panel.place_requested.connect(partial(old_names.show, self))
        session.code_wanted.connect(partial(late_panels.show_own_code, self))
        session.type_wanted.connect(partial(late_panels.choose_type, self))
        session.loaded.connect(trainer.forget_runs)
        session.loaded.connect(lambda: trainer.find_runs(session.path))
        session.loaded.connect(self.table.forget_predictions)
        session.history_changed.connect(self._show_title)
        session.engine_state_changed.connect(self._show_engine)
        session.engine_died.connect(lambda sentence: self.say(sentence, is_bad=True))
        trainer.state_changed.connect(self._trainer_changed)
        trainer.run_added.connect(lambda run: self.coach.run_started())
        trainer.predictions_changed.connect(self._show_predictions)
        trainer.run_ended.connect(self._run_ended)
        trainer.runs_told.connect(self.say)
        trainer.engine_died.connect(lambda sentence: self.say(sentence, is_bad=True))
        for engine in (session.checker.engine, trainer.engine):
            engine.responding_changed.connect(self._engine_responds)
        self.header.workspace_requested.connect(self.workspaces.turn_to)
        self.header.train_requested.connect(self.train)
        self.header.stop_requested.connect(self.stop)
        self.header.search_requested.connect(self.search_actions)
        self.workspaces.changed.connect(self.header.show_workspace)
        self.palette_panel.layer_requested.connect(self._add_layer)
        self.files.told.connect(self.say)
        self.files.progressed.connect(self.status.show_progress)
        session.library.told.connect(self.say)
        self.files.autosave_failed.connect(self.status.show_autosave)
        self.canvas.menu_requested.connect(self._open_menu)
        self.canvas.popups.suggesting.place_wanted.connect(partial(old_names.show, self))
        self.canvas.parameters_wanted.connect(lambda: self.inspector.focus_parameter())
        self.canvas.narrator.said.connect(self.say)
        self.canvas.tidy_requested.connect(self.tidying.tidy)
        self.canvas.action_wanted.connect(lambda action: self.actions_table[action].trigger())
        self.tidying.told.connect(self.say)
        self.tidying.arranged.connect(lambda only: self.canvas.sight.show(*only) if only else self.canvas.sight.fit())
        self.canvas.node_activated.connect(partial(going.enter, session))
        self.coach.action_requested.connect(self._coach_wants)
        self.coach.finished.connect(self._coach_finished)
        self.status.problems_clicked.connect(self._open_problems)
        self.status.restart_requested.connect(self.restart_engines)
        self.building = Building(session, self.status, self)

    # Life

    def start_engines(self) -> None:
        """Start the engines; called when the window has been painted."""
        self.palette_panel.fill_rest()
        self.session.start()
        self.trainer.start()
        late_panels.fill_those_that_wait(self.panels.values(), self)

    def begin_first_minute(self) -> None:
        """Show the first sentence and draw the eye to Train."""
        self.coach.begin()
        self.header.pulse()

    def restart_engines(self) -> None:
        """End the engines that are unwell and start new ones; both, where neither is. A healthy run goes on."""
        owners = (self.session.checker, self.trainer)
        unwell = [owner for owner in owners if owner.engine.state == "dead" or not owner.engine.is_responding]
        for owner in unwell or owners:
            owner.restart()

    # Projects

    def new_project(self) -> None:
        """Begin with an Input and an Output."""
        self.files.new(starting.new_project())

    def open_gallery(self) -> None:
        """Let the person choose an example."""
        from studio.gui.gallery import Gallery  # not needed for the first picture

        gallery = Gallery(self)
        if gallery.exec() and gallery.chosen is not None:
            self.open_example(gallery.chosen)

    def open_example(self, example: Example) -> None:
        """Open a copy of an example."""
        self.files.open_example(example.project())

    def _restore(self, run: Run) -> None:
        self.session.apply(lambda project: run.project, self.tr("Go back to run {0}").format(run.number))
        self.workspaces.show("design")
        self.canvas.sight.fit()

    def _open_folder(self, run: Run) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.folder)))

    # Training

    def train(self) -> None:
        """Begin a run of what is drawn."""
        self._begin_run(start_paused=False)

    def step(self) -> None:
        """Do one batch of the run; without a run begin one that holds after its first batch."""
        if self.trainer.is_busy:
            self.trainer.step()
        else:
            self._begin_run(start_paused=True)

    def stop(self) -> None:
        """End the run after its batch; asked again after 3 s in vain, kill its engine."""
        self.trainer.stop_or_force()

    def _begin_run(self, *, start_paused: bool) -> None:
        if not self.trainer.is_busy:
            self._starting.begin(start_paused=start_paused)

    def _run_ended(self, run: Run) -> None:
        self.coach.run_ended(self.table.are_all_right)
        if run.outcome in ("failed", "diverged", "lost"):
            self.say(run.message, is_bad=True)

    def _show_predictions(self, run: Run) -> None:
        self.table.show_predictions(run.watched_inputs, run.predictions)

    def _trainer_changed(self, _state: str) -> None:
        self._show_engine(self.session.engine_state)
        self._refreshing.start()

    # What is shown

    def say(self, sentence: str, is_bad: bool = False) -> None:
        """Tell something in the status strip for a few seconds; bad news stay until the next."""
        self.status.say(sentence, is_bad)

    def refresh_actions(self) -> None:
        """Enable what can be done now."""
        self.actions_table.refresh()
        document = self.session.document
        for action, name in (("undo", document.undo_name), ("redo", document.redo_name)):
            words = self.tr("Undo") if action == "undo" else self.tr("Redo")
            self.actions_table[action].setText(f"{words}: {name}" if name else words)
        reason = "" if self.trainer.is_busy else why_not_train(self.session)
        self.header.show_training(self.trainer.is_busy, reason)
        late_panels.show_readiness(self, reason)
        self.status.show_problems(self.session.problems)
        count = sum(problem.severity != "hint" for problem in self.session.problems)
        self.panels["problems"].setWindowTitle(
            self.tr("Problems ({0})").format(count) if count else self.tr("Problems")
        )

    def set_theme(self, choice: theme.Choice) -> None:
        """Use other colours, now and at the next starts."""
        self.settings.theme = choice
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, choice, in_turns=True)

    def _show_title(self) -> None:
        project, session = self.session.project, self.session
        name = session.path.stem if session.path is not None else project.title
        self.header.show_title(name, starting.data_in_words(project.data), session.document.is_saved)
        self.setWindowTitle(f"{name}[*] — Layer Studio")
        self.setWindowModified(not session.document.is_saved)
        self.status.show_saved(session.document.is_saved)

    def _show_engine(self, state: str) -> None:
        engine = self.session.checker.engine
        silent = not (engine.is_responding and self.trainer.engine.is_responding)
        self.status.show_engine(state, engine.keras_version, engine.devices, self.trainer.state, silent)

    def _engine_responds(self, responds: bool) -> None:
        self._show_engine(self.session.engine_state)
        sentence = self.tr("The engine gives no sign of life. A large network may keep it busy; Restart ends it.")
        self.say("" if responds else sentence, is_bad=not responds)

    def _show_table(self) -> None:
        has_table = self.table.show_source(self.session.project.data, self.session.folder)
        self.workspaces.want_table(has_table)

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if old.data != new.data:
            self._show_table()
        if old.title != new.title or old.data != new.data:
            self._show_title()
        if old.direction != new.direction:
            self.canvas.sight.fit()

    # Problems

    def show_problem(self, problem: Problem) -> None:
        """Select and show the node that a problem is about."""
        if problem.node is not None and problem.node in self.session.graph.nodes:
            self.workspaces.show("design")
            self.show_node(problem.node)

    def show_node(self, node: str) -> None:
        """Select and show a node of the open graph."""
        self.session.set_selection((node,))
        self.canvas.sight.jump_to(node)

    def next_problem(self) -> None:
        """Go to the next node with a problem."""
        problem = self.problems_panel.go_to_next()
        if problem is not None:
            self.say(problem.message)

    def _open_problems(self) -> None:
        self.workspaces.show("design")
        self.panels["problems"].setVisible(True)
        self.panels["problems"].raise_()

    # Small things

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.refresh_actions()
        self.actions_table.fill_context_menu(menu, context_menu(self))
        canvas, at = self.canvas, QPointF(self.canvas.pointer)

        def begin() -> None:  # what is picked is done where the menu was opened, not where the pointer left the canvas
            canvas.pointer = at

        menu.aboutToHide.connect(begin)
        menu.popup(place)

    def _add_layer(self, type_name: str) -> None:
        drawing.add_to_chain(self.canvas, type_name)
        self.canvas.setFocus()

    def search_actions(self) -> None:
        """Open the action search."""
        if self._search is None:
            self._search = ActionSearch(self.actions_table, self, lambda: self.session.catalog)
            self._search.chosen.connect(lambda action: self.actions_table[action].trigger())
            self._search.place_chosen.connect(partial(old_names.show, self))
            self._search.layer_chosen.connect(self._add_layer)
        self.refresh_actions()
        self._search.open()

    def _coach_wants(self, action: str) -> None:
        if action == "delete_hidden":
            node = self.coach.hidden_layer()
            if node:
                catalog = self.session.catalog
                name = self.session.graph.nodes[node].name
                self.session.apply(
                    lambda project: edits.delete(project, catalog, (node,)), self.tr("Delete {0}").format(name)
                )
        else:
            self.actions_table[action].trigger()

    def _coach_finished(self) -> None:
        self.settings.is_coach_done = True

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        dropping.enter(self, event)

    def dropEvent(self, event: QDropEvent) -> None:
        dropping.drop(self, event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        pass_over_unused_bars(self)
        return super().focusNextPrevChild(is_next)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self.settings.set_bytes("window", self.saveGeometry())
        self.workspaces.remember()
        self.settings.save()
        self.files.close()
        self._commands.close()
        self.tidying.close()
        self.trainer.close()
        self.session.close()
        super().closeEvent(event)
