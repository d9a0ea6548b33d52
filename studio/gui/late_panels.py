"""The panels that are made when somebody sees them first, when there is time, or right after the first picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from studio.gui.dock import Panel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from studio.gui.canvas.canvas import Canvas
    from studio.gui.own_code.panel import OwnCodePanel
    from studio.gui.panels.code import CodePanel
    from studio.gui.panels.inspector import InspectorPanel
    from studio.gui.panels.palette import PalettePanel
    from studio.gui.panels.problems import ProblemsPanel
    from studio.gui.panels.versions import VersionsPanel
    from studio.gui.runs.run import Run
    from studio.gui.runs.trainer import Trainer
    from studio.gui.session import Session
    from studio.gui.training.panel import TrainingPanel
    from studio.gui.window import MainWindow

EVERY_MS = 60
"""One panel at a time, so that a click in between is heard."""


class Contents:
    """What some panels of a window show, by name; made now if it is not made yet."""

    panels: Mapping[str, Panel]

    @property
    def code(self) -> CodePanel:
        """What the drawing means in Python."""
        return cast("CodePanel", self.panels["code"].content)

    @property
    def palette_panel(self) -> PalettePanel:
        """All layers, and the search for one."""
        return cast("PalettePanel", self.panels["palette"].content)

    @property
    def inspector(self) -> InspectorPanel:
        """The forms of what is selected."""
        return cast("InspectorPanel", self.panels["inspector"].content)

    @property
    def problems_panel(self) -> ProblemsPanel:
        """The list of problems."""
        return cast("ProblemsPanel", self.panels["problems"].content)

    @property
    def training(self) -> TrainingPanel:
        """The live curves."""
        return cast("TrainingPanel", self.panels["training"].content)


def inspector_panel(window: MainWindow) -> QWidget:
    """The forms of what is selected."""
    from studio.gui.panels.inspector import InspectorPanel

    made = InspectorPanel(window.session)
    made.left.connect(window.canvas.setFocus)
    made.node_wanted.connect(window.show_node)
    return made


def problems_panel(window: MainWindow) -> QWidget:
    """What is wrong with the drawing."""
    from studio.gui.panels.problems import ProblemsPanel

    made = ProblemsPanel(window.session)
    made.problem_activated.connect(window.show_problem)
    return made


def code_panel(window: MainWindow) -> QWidget:
    """What the drawing means in Python."""
    from studio.gui.panels.code import CodePanel

    made = CodePanel(window.session)
    made.style_chosen.connect(partial(setattr, window.settings, "code_style"))
    made.copy_requested.connect(window.actions_table["copy_code"].trigger)
    made.export_requested.connect(window.actions_table["export"].trigger)
    window.session.loaded.connect(made.show_network)
    return made


def training_panel(window: MainWindow) -> QWidget:
    """The live curves of the runs."""
    from studio.gui.training.panel import TrainingPanel

    made = TrainingPanel(window.trainer)
    made.step_requested.connect(window.step)
    made.line_requested.connect(partial(show_line, window))
    made.data_requested.connect(lambda: window.workspaces.turn_to("data"))
    QTimer.singleShot(0, window, window.refresh_actions)  # when it is in its place
    return made


def show_readiness(window: MainWindow, why_not: str) -> None:
    """Let the training panel, where it is made, say why no run can begin; "" where one can."""
    panel = window.panels["training"]
    if panel.is_filled:
        wants_data = window.session.project.data.kind == "none"
        cast("TrainingPanel", panel.widget()).show_readiness(why_not, wants_data=wants_data)


def show_line(window: MainWindow, line: int) -> None:
    """Show one line of the code."""
    window.workspaces.show("design")
    window.panels["code"].raise_()
    window.code.view.mark((line,))
    window.code.view.reveal(line, line)


def data_panel(session: Session) -> QWidget:
    """Where data is chosen."""
    from studio.gui.data import DataPanel

    return DataPanel(session)


def plan_panel(session: Session) -> QWidget:
    """How the network learns."""
    from studio.gui.training.plan import PlanPanel

    return PlanPanel(session)


def outline_panel(session: Session, canvas: Canvas, say: Callable[[str], None]) -> QWidget:
    """All layers as a list; the canvas shows the one that is chosen, and opens the search for a new one."""
    from studio.gui.canvas import keys
    from studio.gui.panels.outline import OutlinePanel

    def show(node: str) -> None:
        canvas.sight.jump_to(node)
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def act(event: QKeyEvent) -> bool:
        is_done = keys.act(canvas, event)
        if is_done and canvas.quick_add is not None:  # a search was opened; what is chosen there leads back here
            canvas.quick_add.closed.connect(lambda: made.list.setFocus(Qt.FocusReason.OtherFocusReason))
        return is_done

    made = OutlinePanel(session, act)
    made.node_activated.connect(show)
    made.layer_wanted.connect(canvas.open_quick_add)
    made.told.connect(say)
    made.menu_wanted.connect(canvas.menu_requested)
    return made


def history_panel(session: Session) -> QWidget:
    """What was done, step by step."""
    from studio.gui.panels.history import HistoryPanel

    return HistoryPanel(session)


def runs_panel(trainer: Trainer, restore: Callable[[Run], None], open_folder: Callable[[Run], None]) -> QWidget:
    """The runs side by side; ``restore`` makes a run the drawing again."""
    from studio.gui.training.runs_panel import RunsPanel

    made = RunsPanel(trainer)
    made.restore_requested.connect(restore)
    made.folder_requested.connect(open_folder)
    return made


def versions_panel(session: Session, canvas: Canvas, say: Callable[[str, bool], None]) -> QWidget:
    """What is different from another version; the canvas marks it."""
    from studio.gui.panels.versions import VersionsPanel
    from studio.gui.session.comparing import Comparing

    def show(node: str) -> None:
        canvas.sight.jump_to(node)

    comparing = Comparing(session, canvas)
    comparing.told.connect(say)
    comparing.changed.connect(lambda: canvas.reading.show_versions(comparing.marks(), comparing.ghosts()))
    made = VersionsPanel(session, comparing)
    made.node_wanted.connect(show)
    return made


def show_versions(window: MainWindow) -> VersionsPanel:
    """Open the panel that compares."""
    window.workspaces.show("design")
    panel = window.panels["versions"]
    panel.setVisible(True)
    panel.raise_()
    return cast("VersionsPanel", panel.content)


def own_code_panel(session: Session) -> QWidget:
    """Code of the person's own."""
    from studio.gui.own_code.panel import OwnCodePanel

    return OwnCodePanel(session)


def show_own_code(window: MainWindow, snippet: str = "") -> None:
    """Open the panel for code of one's own, with this piece in its editor, where one is: beside drawing or plan."""
    if window.workspaces.current != "train":
        window.workspaces.show("design")
    panel = window.panels["own"]
    panel.setVisible(True)
    panel.raise_()
    if snippet:
        cast("OwnCodePanel", panel.content).show_snippet(snippet)


def choose_type(window: MainWindow, node: str) -> None:
    """Ask in the drawing which type a layer shall be of, wherever that was wished."""
    key = next((key for key, graph in window.session.project.graphs().items() if node in graph.nodes), None)
    if key is not None:
        window.workspaces.show("design")
        window.session.open_graph(key)
        window.session.set_selection([node])
        window.canvas.popups.open_swap()


def fill_those_that_wait(panels: Iterable[Panel], owner: QObject) -> None:
    """Make what is seen and waited for the first picture, one panel in each turn of the loop."""
    for panel in panels:
        if panel.waits:
            QTimer.singleShot(0, owner, panel.wait_no_longer)


def fill(panels: Iterable[Panel], owner: QObject) -> None:
    """Make what is not made yet, one panel in each turn of the loop; then read what draws curves."""
    panels = tuple(panels)
    empty = next((panel for panel in panels if not panel.is_filled), None)
    if empty is not None:
        empty.fill()
        QTimer.singleShot(EVERY_MS, owner, lambda: fill(panels, owner))
    else:
        read_curves()


def read_curves() -> None:
    """Import what draws curves, on a thread: it takes half a second, in which the first run would show nothing."""
    # No daemon: an import that is cut off in the middle of Qt's modules ends the process by a signal.
    Thread(target=import_module, args=("studio.gui.training.curve_plot",), name="curves").start()
