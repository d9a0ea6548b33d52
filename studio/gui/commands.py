"""What the actions do, and why they cannot be done where they cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from studio.core import edits, rules
from studio.core.project import MAIN, Direction, FrameColour
from studio.gui import dialogs, keymap, late_panels, layer_commands, panel_focus, panel_sizes, theme
from studio.gui.actions import TABLE
from studio.gui.canvas import bookmarks, by_keys, framed, keys, noting, together, walking
from studio.gui.canvas import commands as drawing
from studio.gui.canvas.measures import Measure
from studio.gui.layer_commands import LayerCommands
from studio.gui.part_commands import PartCommands
from studio.gui.presenting import Presenting
from studio.gui.session import going
from studio.gui.training.readiness import why_not_train

if TYPE_CHECKING:
    from studio.gui.figure.asking import Figures
    from studio.gui.window import MainWindow

_NEEDS_SELECTION = {
    "add_after",
    "add_branch",
    "connect_to",
    "insert",
    "duplicate_with_inputs",
    "fold",
    "bookmark",
    "make_block",
    "select_downstream",
    "select_upstream",
}
_NEEDS_ANYTHING = {"cut", "copy", "duplicate", *(id for id in keys.OWN if id.startswith("nudge_"))}
_NEEDS_TWO = {"connect", "straighten", "select_between"}
_NEEDS_TWO_OF_ANY = {
    "select_box",
    "align_left",
    "align_centre",
    "align_top",
    "align_middle",
    "distribute_x",
    "distribute_y",
}
_WORKSPACES = ("design", "data", "train", "runs")
_MEASURES: tuple[Measure, ...] = ("parameters", "memory", "time", "gradients")


class WindowCommands:
    """The actions of one window, by id. ``run`` of an id without a method here is a fault of the table."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        canvas = window.canvas
        self._layers = LayerCommands(window)
        self._presenting = Presenting(window)
        self._parts = PartCommands(window)
        self._figures: Figures | None = None
        self._do: dict[str, Callable[[], object]] = {
            "new": window.new_project,
            "open": window.files.ask_open,
            "gallery": window.open_gallery,
            "save": window.files.save,
            "save_as": window.files.save_as,
            "compare_saved": lambda: late_panels.show_versions(window).comparing.with_last_save(),
            "compare_file": lambda: late_panels.show_versions(window).ask_file(),
            "export": window.files.ask_export,
            **self._parts.table,
            "copy_code": self._copy_code,
            "figure": self._save_figure,
            "quit": window.close,
            "undo": window.session.undo,
            "redo": window.session.redo,
            "cut": partial(drawing.cut, canvas),
            "copy": partial(drawing.copy, canvas),
            "paste": partial(drawing.paste, canvas),
            "paste_with_inputs": partial(drawing.paste, canvas, keeps_inputs=True),
            "duplicate": partial(drawing.duplicate, canvas),
            "duplicate_with_inputs": partial(drawing.duplicate, canvas, keeps_inputs=True),
            "delete": partial(drawing.delete, canvas),
            "find": self._find,
            "select_all": partial(drawing.select_all, canvas),
            "add_layer": canvas.open_quick_add,
            "add_note": partial(noting.add, canvas),
            "rename": canvas.rename,
            **self._layers.table,
            "tidy": window.tidying.tidy,
            "tidy_selection": window.tidying.tidy,
            "tidy_all": partial(window.tidying.tidy, is_whole=True),
            **{id: partial(do, canvas) for id, do in by_keys.ACTIONS.items()},
            "go_after": partial(walking.after, canvas),
            "go_before": partial(walking.before, canvas),
            "go_beside": partial(walking.beside, canvas, 1),
            "edit_parameters": partial(drawing.open_selected, canvas),
            "add_after": partial(canvas.popups.open_add_after, is_beside=False),
            "add_branch": partial(canvas.popups.open_add_after, is_beside=True),
            "insert": canvas.popups.open_insert,
            "change_type": canvas.popups.open_swap,
            "connect_to": canvas.popups.open_connect,
            "bypass": partial(framed.bypass, canvas),
            "fold": partial(framed.fold, canvas),
            "make_frame": partial(framed.make, canvas),
            "bookmark": partial(bookmarks.toggle, canvas),
            "next_bookmark": partial(bookmarks.go_next, canvas),
            "bookmarks": canvas.popups.open_bookmarks,
            "go_back": canvas.places.back,
            "go_forward": canvas.places.forward,
            "leave_frame": partial(framed.leave, canvas),
            **{id: partial(do, canvas) for id, do in keys.OWN.items()},
            "remove_frame": partial(framed.remove, canvas),
            **{f"frame_{colour}": partial(framed.paint, canvas, colour) for colour in get_args(FrameColour)},
            **{f"note_{colour}": partial(noting.colour, canvas, colour) for colour in get_args(FrameColour)},
            **{f"note_{way}": partial(noting.resize, canvas, *step) for way, step in noting.STEPS.items()},
            "connect": partial(together.connect, canvas),
            "straighten": partial(together.straighten, canvas),
            **{f"align_{side}": partial(together.align, canvas, side) for side in ("left", "centre", "top", "middle")},
            **{f"distribute_{axis}": partial(together.distribute, canvas, axis) for axis in ("x", "y")},
            "select_downstream": partial(together.select_downstream, canvas),
            "select_upstream": partial(together.select_upstream, canvas),
            "select_box": partial(together.select_box, canvas),
            "select_between": partial(together.select_between, canvas),
            **{f"select_{way}": partial(do, canvas) for way, do in walking.SELECTING.items()},
            "make_block": self._make_block,
            "find_parts": self._find_parts,
            "own_code": partial(late_panels.show_own_code, window),
            "leave_block": partial(going.leave, window.session),
            **{f"workspace_{name}": partial(window.workspaces.turn_to, name) for name in _WORKSPACES},
            **{f"show_{name}": partial(panel_focus.go_to, window, name) for name in panel_focus.PANELS},
            "next_panel": partial(panel_focus.go_round, window, 1),
            "previous_panel": partial(panel_focus.go_round, window, -1),
            **panel_sizes.commands(window),
            "reset_workspace": window.workspaces.reset,
            "move_panels": self._toggle_move_panels,
            "fit": canvas.sight.fit,
            "zoom_in": partial(canvas.camera.zoom, 1.25),
            "zoom_out": partial(canvas.camera.zoom, 1 / 1.25),
            "zoom_reset": partial(canvas.camera.zoom_to, 1.0),
            "edge_shapes": self._toggle_edge_shapes,
            "minimap": self._toggle_minimap,
            "axis_names": self._toggle_axis_names,
            "heat_off": partial(canvas.reading.set_measure, ""),
            **{f"heat_{measure}": partial(canvas.reading.set_measure, measure) for measure in _MEASURES},
            "left_to_right": self._toggle_direction,
            **{f"theme_{name}": partial(window.set_theme, name) for name in get_args(theme.Choice)},
            "presentation": self._presenting.toggle,
            "next_problem": window.next_problem,
            "train": window.train,
            "pause": self._pause,
            "step": window.step,
            "stop": window.stop,
            "restart_engine": window.restart_engines,
            "search_actions": window.search_actions,
            "tell": self._tell,
            "shortcuts": partial(dialogs.show_shortcuts, window),
            "change_shortcuts": self._change_shortcuts,
            "forget_habits": self._forget_habits,
            "about": partial(dialogs.show_about, window),
        }
        missing = {row.id for row in TABLE} ^ self._do.keys()
        if missing:
            raise ValueError(f"actions without a command, or commands without an action: {sorted(missing)}")

    def run(self, action: str) -> None:
        """Do it; every command says itself when it has nothing to do."""
        reason = self.why_not(action)
        if reason:
            self._window.say(reason)
            return
        self._do[action]()
        self._window.refresh_actions()

    def why_not(self, action: str) -> str:
        """Why the action cannot be done now, in one sentence; "" where it can."""
        window = self._window
        document = window.session.document
        is_on_edge = action == "insert" and window.canvas.selected_edge is not None
        if action in _NEEDS_SELECTION and not window.session.selection and not is_on_edge:
            return window.tr("Select a layer first.")
        if action in _NEEDS_ANYTHING and not window.session.chosen:
            return window.tr("Select a layer or a note first.")
        match action:
            case "undo" if not document.can_undo:
                return window.tr("There is nothing to undo.")
            case "redo" if not document.can_redo:
                return window.tr("There is nothing to redo.")
            case "rename" | "edit_parameters" if noting.selected(window.session) is not None:
                return ""
            case "rename" if framed.selected(window.session) is not None:
                return ""
            case "make_frame":
                return framed.why_not_make(window.session)
            case "leave_frame":
                return framed.why_not_leave(window.session)
            case "compare_saved" if window.session.path is None or document.saved_project is None:
                return window.tr("The project was not saved yet.")
            case "next_bookmark" | "bookmarks":
                return bookmarks.why_not_go(window.canvas)
            case "go_back" if not window.canvas.places.can_go_back:
                return window.tr("There is no place to go back to yet.")
            case "go_forward" if not window.canvas.places.can_go_forward:
                return window.tr("One has not come back from anywhere.")
            case "change_type":
                return drawing.why_not_swap(window.canvas)
            case "bypass":
                return framed.why_not_bypass(window.session)
            case _ if action == "remove_frame" or action.startswith("frame_"):
                return framed.why_not_change(window.session)
            case _ if action.startswith("note_"):
                return noting.why_not_change(window.session)
            case _ if action in layer_commands.ACTIONS:
                return self._layers.why_not(action)
            case "export_block" | "copy_block":
                return self._parts.why_not()
            case "keep_block":
                return self._parts.why_not_keep()
            case _ if action.startswith("bookmark_"):
                return bookmarks.why_not_go(window.canvas, int(action[-1]))
            case "rename" | "edit_parameters" | "block_parameters" if len(window.session.selection) != 1:
                return window.tr("Select exactly one layer.")
            case _ if action in _NEEDS_TWO and len(window.session.selection) < 2:
                return window.tr("Select two layers or more.")
            case _ if action in _NEEDS_TWO_OF_ANY and len(window.session.chosen) < 2:
                return window.tr("Select two layers or notes or more.")
            case "delete" if not (window.session.chosen or window.canvas.selected_edge):
                return window.tr("Select a layer, a note or an edge first.")
            case "leave_block" if window.session.graph_key == MAIN:
                return window.tr("The whole network is shown already.")
            case _ if action in by_keys.ACTIONS:
                return by_keys.why_not(window.canvas, action)
            case "forget_habits" if not len(window.canvas.popups.suggesting.habits):
                return window.tr("Nothing is remembered yet.")
            case "tidy_selection" if len(window.session.selection) < 2:
                return window.tr("Select two layers or more.")
            case "find_parts" if len(window.session.project.main.nodes) < 6 and not window.session.project.blocks:
                return window.tr("The drawing is too small to have parts that come again.")
            case "make_block":
                session = window.session
                problem = rules.why_not_make_block(session.project, session.selection, graph=session.graph_key)
                return problem.message if problem is not None else ""
            case "train" | "step" if window.trainer.is_busy and action == "train":
                return window.tr("A run is going on; stop it first.")
            case "train" | "step" if not window.trainer.is_busy:
                return why_not_train(window.session)
            case "pause" if window.trainer.state not in ("running", "paused"):
                return window.tr("Nothing is being trained.")
            case "stop" if not window.trainer.is_busy:
                return window.tr("Nothing is being trained.")
            case "next_problem" if not window.session.problems:
                return window.tr("There are no problems.")
        return ""

    def is_checked(self, action: str) -> bool:
        """Whether a switch is on."""
        window = self._window
        match action:
            case "freeze":
                return self._layers.is_frozen()
            case "every_step":
                return self._layers.is_on_every_step()
            case "presentation":
                return self._presenting.is_on
            case "bookmark":
                return bookmarks.is_on(window.canvas)
            case "move_panels":
                return window.workspaces.are_movable
            case "edge_shapes":
                return window.settings.shows_edge_shapes
            case "axis_names":
                return window.settings.names_axes
            case _ if action.startswith("heat_"):
                return action == f"heat_{window.canvas.reading.measure or 'off'}"
            case "minimap":
                return window.settings.shows_minimap
            case "left_to_right":
                return window.session.project.direction == "right"
            case _:
                return action == f"theme_{window.settings.theme}"

    def _find(self) -> None:
        from studio.gui.panels.outline import OutlinePanel  # not needed to show a window

        panel = self._window.panels["outline"]
        self._window.workspaces.show("design")
        panel.setVisible(True)
        panel.raise_()
        outline = panel.content
        if isinstance(outline, OutlinePanel):
            outline.focus_search()

    def _tell(self) -> None:
        from studio.gui import telling  # asked for rarely

        telling.show()

    def _forget_habits(self) -> None:
        self._window.canvas.popups.suggesting.habits.forget()
        self._window.say(self._window.tr("The search begins anew: it does not know any more which layers you add."))

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._window.session.current_source().text)
        self._window.say(self._window.tr("The code is on the clipboard."))

    def _save_figure(self) -> None:
        from studio.gui.figure.asking import Figures  # Qt's SVG and PDF parts are not needed to show a window

        if self._figures is None:
            self._figures = Figures(self._window, self._window.session)
            self._figures.told.connect(self._window.say)
        self._figures.ask()

    def close(self) -> None:
        """The window closes: what is on its way is not wanted any more."""
        if self._figures is not None:
            self._figures.close()

    def _make_block(self) -> None:
        session, window = self._window.session, self._window
        from studio.gui import asking  # not needed to show a window

        title, question = window.tr("Make a block"), window.tr("What shall the block be called?")
        name = asking.name(window, title, question, window.tr("block"), title)
        if name:
            chosen = tuple(session.chosen)
            session.apply(
                lambda project: edits.make_block(project, session.catalog, chosen, name, graph=session.graph_key),
                window.tr("Make the block {0}").format(name),
                selection=(f"n{session.project.next_id + 1}",),  # its use
            )

    def _find_parts(self) -> None:
        from studio.gui.parts_dialog import PartsDialog  # not needed to show a window

        dialog = PartsDialog(self._window, self._window.session)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._window.canvas.sight.fit)  # a hundred layers may have become ten
        dialog.open()

    def _change_shortcuts(self) -> None:
        from studio.gui.shortcuts_dialog import ShortcutsDialog  # not needed to show a window

        window = self._window

        def take(changes: keymap.Changes) -> None:
            window.settings.shortcuts = {id: list(texts) for id, texts in changes.items()}
            keymap.use(changes, TABLE)
            window.actions_table.follow_keymap()
            window.refresh_actions()

        dialog = ShortcutsDialog(window, keymap.read(window.settings.shortcuts, TABLE), take)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _toggle_move_panels(self) -> None:
        self._window.workspaces.set_movable(not self._window.workspaces.are_movable)

    def _toggle_edge_shapes(self) -> None:
        settings = self._window.settings
        settings.shows_edge_shapes = not settings.shows_edge_shapes
        self._window.canvas.set_shows_shapes(settings.shows_edge_shapes)

    def _toggle_axis_names(self) -> None:
        settings = self._window.settings
        settings.names_axes = not settings.names_axes
        self._window.canvas.reading.set_names_axes(settings.names_axes)
        if settings.names_axes and not settings.shows_edge_shapes:
            self._toggle_edge_shapes()

    def _toggle_minimap(self) -> None:
        settings = self._window.settings
        settings.shows_minimap = not settings.shows_minimap
        self._window.canvas.set_shows_minimap(settings.shows_minimap)

    def _toggle_direction(self) -> None:
        session = self._window.session
        direction: Direction = "down" if session.project.direction == "right" else "right"
        session.apply(lambda project: edits.set_direction(project, direction), self._window.tr("Turn the drawing"))

    def _pause(self) -> None:
        trainer = self._window.trainer
        (trainer.resume if trainer.state == "paused" else trainer.pause)()
