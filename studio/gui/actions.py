"""Every action of the window is one row of one table; menus, tooltips and the action search are made from it."""

# PySide declares QT_TRANSLATE_NOOP as returning an object; it returns the text it was given.
# mypy: disable-error-code="arg-type,dict-item"

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from studio.gui import keymap
from studio.gui.panels.plain import tool_tip

_CONTEXT = "Actions"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. ``shortcuts`` are portable key texts, the first one is shown; ``is_canvas_key`` marks keys that the
    canvas handles itself while it has the focus (single letters must not fire while somebody types)."""

    id: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    is_checkable: bool = False
    is_canvas_key: bool = False
    starts_group: bool = False


MENUS = ("file", "edit", "view", "train", "help")
SHEET = ("file", "edit", "canvas", "view", "train", "help")
"""What the sheet of shortcuts lists. Rows of other menus are found by the search, and in the menus of things."""
MENU_TITLES: dict[str, str] = {
    "file": QT_TRANSLATE_NOOP("Actions", "File"),
    "edit": QT_TRANSLATE_NOOP("Actions", "Edit"),
    "view": QT_TRANSLATE_NOOP("Actions", "View"),
    "train": QT_TRANSLATE_NOOP("Actions", "Train"),
    "help": QT_TRANSLATE_NOOP("Actions", "Help"),
    "canvas": QT_TRANSLATE_NOOP("Actions", "In the drawing"),
}


def _of_drawing(id: str, text: str, key: str) -> ActionRow:
    return ActionRow(id, "canvas", text, (key,), is_canvas_key=True)


TABLE: tuple[ActionRow, ...] = (
    ActionRow("new", "file", QT_TRANSLATE_NOOP("Actions", "New project"), ("Ctrl+N",)),
    ActionRow("open", "file", QT_TRANSLATE_NOOP("Actions", "Open..."), ("Ctrl+O",)),
    ActionRow("gallery", "file", QT_TRANSLATE_NOOP("Actions", "Gallery of examples..."), ("Ctrl+Shift+O",)),
    ActionRow("save", "file", QT_TRANSLATE_NOOP("Actions", "Save"), ("Ctrl+S",), starts_group=True),
    ActionRow("save_as", "file", QT_TRANSLATE_NOOP("Actions", "Save as..."), ("Ctrl+Shift+S",)),
    ActionRow("compare_saved", "file", QT_TRANSLATE_NOOP("Actions", "Compare with the last save"), starts_group=True),
    ActionRow("compare_file", "file", QT_TRANSLATE_NOOP("Actions", "Compare with a file...")),
    ActionRow("export", "file", QT_TRANSLATE_NOOP("Actions", "Export..."), ("Ctrl+E",), starts_group=True),
    ActionRow("export_model", "file", QT_TRANSLATE_NOOP("Actions", "Export the model only...")),
    ActionRow("export_block", "file", QT_TRANSLATE_NOOP("Actions", "Export the block only...")),
    ActionRow("copy_code", "file", QT_TRANSLATE_NOOP("Actions", "Copy code"), ("Ctrl+Shift+C",)),
    ActionRow("copy_model", "file", QT_TRANSLATE_NOOP("Actions", "Copy the code of the model")),
    ActionRow("copy_block", "file", QT_TRANSLATE_NOOP("Actions", "Copy the code of the block")),
    ActionRow("import_block", "file", QT_TRANSLATE_NOOP("Actions", "Take blocks of a file into my library...")),
    ActionRow("figure", "file", QT_TRANSLATE_NOOP("Actions", "Save a picture of the drawing...")),
    ActionRow("quit", "file", QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), starts_group=True),
    ActionRow("undo", "edit", QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",)),
    ActionRow("redo", "edit", QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow("cut", "edit", QT_TRANSLATE_NOOP("Actions", "Cut"), ("Ctrl+X",), is_canvas_key=True, starts_group=True),
    ActionRow("copy", "edit", QT_TRANSLATE_NOOP("Actions", "Copy"), ("Ctrl+C",), is_canvas_key=True),
    ActionRow("paste", "edit", QT_TRANSLATE_NOOP("Actions", "Paste"), ("Ctrl+V",), is_canvas_key=True),
    ActionRow("duplicate", "edit", QT_TRANSLATE_NOOP("Actions", "Duplicate"), ("Ctrl+D",), is_canvas_key=True),
    ActionRow(
        "paste_with_inputs",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Paste with its inputs"),
        ("Ctrl+Shift+V",),
        is_canvas_key=True,
    ),
    ActionRow(
        "duplicate_with_inputs",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Duplicate with its inputs"),
        ("Ctrl+Shift+D",),
        is_canvas_key=True,
    ),
    ActionRow(
        "delete", "edit", QT_TRANSLATE_NOOP("Actions", "Delete"), ("Del", "Backspace", "Ctrl+Del"), is_canvas_key=True
    ),
    ActionRow("select_all", "edit", QT_TRANSLATE_NOOP("Actions", "Select all"), ("Ctrl+A",), is_canvas_key=True),
    ActionRow("find", "edit", QT_TRANSLATE_NOOP("Actions", "Find in the drawing..."), ("Ctrl+F",)),
    ActionRow(
        "add_layer",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Add a layer..."),
        ("A", "Shift+A"),
        is_canvas_key=True,
        starts_group=True,
    ),
    ActionRow("rename", "edit", QT_TRANSLATE_NOOP("Actions", "Rename"), ("F2",), is_canvas_key=True),
    ActionRow("name_by_branch", "edit", QT_TRANSLATE_NOOP("Actions", "Name layers by branch")),
    ActionRow("use_again", "edit", QT_TRANSLATE_NOOP("Actions", "Use this layer again")),
    ActionRow("unshare", "edit", QT_TRANSLATE_NOOP("Actions", "Give it weights of its own")),
    ActionRow("freeze", "edit", QT_TRANSLATE_NOOP("Actions", "Frozen"), ("Ctrl+Shift+F",), is_checkable=True),
    ActionRow("expand", "edit", QT_TRANSLATE_NOOP("Actions", "Expand into its layers")),
    ActionRow("connect", "edit", QT_TRANSLATE_NOOP("Actions", "Connect the selection"), ("F",), is_canvas_key=True),
    ActionRow(
        "bypass", "edit", QT_TRANSLATE_NOOP("Actions", "Bypass"), ("M", "Ctrl+B"), is_canvas_key=True, starts_group=True
    ),
    ActionRow("fold", "edit", QT_TRANSLATE_NOOP("Actions", "Fold"), ("H",), is_canvas_key=True),
    ActionRow(
        "make_frame", "edit", QT_TRANSLATE_NOOP("Actions", "Put a frame around"), ("Ctrl+J",), is_canvas_key=True
    ),
    ActionRow("leave_frame", "edit", QT_TRANSLATE_NOOP("Actions", "Take out of the frame")),
    ActionRow(
        "go_after", "canvas", QT_TRANSLATE_NOOP("Actions", "Go to the next layer"), ("Alt+Right",), is_canvas_key=True
    ),
    ActionRow(
        "go_before", "canvas", QT_TRANSLATE_NOOP("Actions", "Go to the layer before"), ("Alt+Left",), is_canvas_key=True
    ),
    ActionRow(
        "go_beside",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Go to the branch beside"),
        ("Alt+Down", "Alt+Up"),
        is_canvas_key=True,
    ),
    ActionRow(
        "edit_parameters",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Edit the parameters, or go into the block"),
        ("Return", "Enter"),
        is_canvas_key=True,
    ),
    ActionRow(
        "add_after", "canvas", QT_TRANSLATE_NOOP("Actions", "Add a layer after"), ("Ctrl+Right",), is_canvas_key=True
    ),
    ActionRow(
        "add_branch",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Add another branch"),
        ("Ctrl+Shift+Right",),
        is_canvas_key=True,
    ),
    ActionRow("insert", "canvas", QT_TRANSLATE_NOOP("Actions", "Insert a layer before"), ("Ins",), is_canvas_key=True),
    ActionRow("connect_to", "canvas", QT_TRANSLATE_NOOP("Actions", "Connect with..."), ("C",), is_canvas_key=True),
    ActionRow(
        "block_parameters",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Edit the parameters of a block's use"),
        ("Shift+Return", "Shift+Enter"),
        is_canvas_key=True,
    ),
    ActionRow(
        "fit_selection",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Fit the selection"),
        (".", "Shift+@"),
        is_canvas_key=True,
    ),
    _of_drawing("nudge_left", QT_TRANSLATE_NOOP("Actions", "Move left"), "Left"),
    _of_drawing("nudge_right", QT_TRANSLATE_NOOP("Actions", "Move right"), "Right"),
    _of_drawing("nudge_up", QT_TRANSLATE_NOOP("Actions", "Move up"), "Up"),
    _of_drawing("nudge_down", QT_TRANSLATE_NOOP("Actions", "Move down"), "Down"),
    _of_drawing("nudge_far_left", QT_TRANSLATE_NOOP("Actions", "Move far left"), "Shift+Left"),
    _of_drawing("nudge_far_right", QT_TRANSLATE_NOOP("Actions", "Move far right"), "Shift+Right"),
    _of_drawing("nudge_far_up", QT_TRANSLATE_NOOP("Actions", "Move far up"), "Shift+Up"),
    _of_drawing("nudge_far_down", QT_TRANSLATE_NOOP("Actions", "Move far down"), "Shift+Down"),
    _of_drawing("bookmark_1", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 1"), "1"),
    _of_drawing("bookmark_2", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 2"), "2"),
    _of_drawing("bookmark_3", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 3"), "3"),
    _of_drawing("bookmark_4", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 4"), "4"),
    _of_drawing("bookmark_5", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 5"), "5"),
    _of_drawing("bookmark_6", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 6"), "6"),
    _of_drawing("bookmark_7", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 7"), "7"),
    _of_drawing("bookmark_8", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 8"), "8"),
    _of_drawing("bookmark_9", QT_TRANSLATE_NOOP("Actions", "Go to bookmark 9"), "9"),
    ActionRow("remove_frame", "frame", QT_TRANSLATE_NOOP("Actions", "Remove the frame")),
    ActionRow("frame_grey", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: grey")),
    ActionRow("frame_blue", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: blue")),
    ActionRow("frame_green", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: green")),
    ActionRow("frame_orange", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: orange")),
    ActionRow("frame_purple", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: purple")),
    ActionRow("frame_red", "frame", QT_TRANSLATE_NOOP("Actions", "Frame: red")),
    ActionRow("bookmark", "edit", QT_TRANSLATE_NOOP("Actions", "Bookmark"), ("Ctrl+F2",), is_checkable=True),
    ActionRow("next_bookmark", "view", QT_TRANSLATE_NOOP("Actions", "Next bookmark"), ("Shift+F2",)),
    ActionRow("bookmarks", "view", QT_TRANSLATE_NOOP("Actions", "Bookmarks..."), ("Ctrl+Shift+F2",)),
    ActionRow("straighten", "edit", QT_TRANSLATE_NOOP("Actions", "Straighten chains"), ("Q",), is_canvas_key=True),
    ActionRow("align_left", "edit", QT_TRANSLATE_NOOP("Actions", "Align left edges"), starts_group=True),
    ActionRow("align_centre", "edit", QT_TRANSLATE_NOOP("Actions", "Align centres")),
    ActionRow("align_top", "edit", QT_TRANSLATE_NOOP("Actions", "Align top edges")),
    ActionRow("align_middle", "edit", QT_TRANSLATE_NOOP("Actions", "Align middles")),
    ActionRow("distribute_x", "edit", QT_TRANSLATE_NOOP("Actions", "Same distance sideways")),
    ActionRow("distribute_y", "edit", QT_TRANSLATE_NOOP("Actions", "Same distance up and down")),
    ActionRow("select_downstream", "edit", QT_TRANSLATE_NOOP("Actions", "Select what follows"), starts_group=True),
    ActionRow("select_upstream", "edit", QT_TRANSLATE_NOOP("Actions", "Select what leads here")),
    ActionRow("tidy", "edit", QT_TRANSLATE_NOOP("Actions", "Tidy the drawing or the selection"), ("Ctrl+L",)),
    ActionRow("make_block", "edit", QT_TRANSLATE_NOOP("Actions", "Make a block of the selection..."), ("Ctrl+G",)),
    ActionRow("keep_block", "edit", QT_TRANSLATE_NOOP("Actions", "Keep the block in my library")),
    ActionRow("find_parts", "edit", QT_TRANSLATE_NOOP("Actions", "Find repeated parts...")),
    ActionRow("unpack_block", "edit", QT_TRANSLATE_NOOP("Actions", "Take the block apart"), ("Ctrl+Shift+G",)),
    ActionRow("delete_block", "edit", QT_TRANSLATE_NOOP("Actions", "Delete this block")),
    ActionRow("own_code", "edit", QT_TRANSLATE_NOOP("Actions", "Code of your own..."), starts_group=True),
    ActionRow("leave_block", "edit", QT_TRANSLATE_NOOP("Actions", "Leave the block"), ("Alt+Up",)),
    ActionRow("workspace_design", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Design"), ("Ctrl+1",)),
    ActionRow("workspace_data", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Data"), ("Ctrl+2",)),
    ActionRow("workspace_train", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Train"), ("Ctrl+3",)),
    ActionRow("workspace_runs", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Runs"), ("Ctrl+4",)),
    ActionRow("reset_workspace", "view", QT_TRANSLATE_NOOP("Actions", "Reset this workspace")),
    ActionRow("move_panels", "view", QT_TRANSLATE_NOOP("Actions", "Let panels be moved"), is_checkable=True),
    ActionRow(
        "fit",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Fit the drawing"),
        ("Home", "Shift+!"),
        is_canvas_key=True,
        starts_group=True,
    ),
    ActionRow("go_back", "view", QT_TRANSLATE_NOOP("Actions", "Back to where one was"), ("Ctrl+Alt+Left", "Alt+Left")),
    ActionRow("go_forward", "view", QT_TRANSLATE_NOOP("Actions", "Forward again"), ("Ctrl+Alt+Right", "Alt+Right")),
    ActionRow("zoom_in", "view", QT_TRANSLATE_NOOP("Actions", "Zoom in"), ("Ctrl+=", "Ctrl++")),
    ActionRow("zoom_out", "view", QT_TRANSLATE_NOOP("Actions", "Zoom out"), ("Ctrl+-",)),
    ActionRow("zoom_reset", "view", QT_TRANSLATE_NOOP("Actions", "Zoom to 100 %"), ("Ctrl+0",)),
    ActionRow("edge_shapes", "view", QT_TRANSLATE_NOOP("Actions", "Shapes on edges"), is_checkable=True),
    ActionRow("minimap", "view", QT_TRANSLATE_NOOP("Actions", "Map of the drawing"), is_checkable=True),
    ActionRow("axis_names", "view", QT_TRANSLATE_NOOP("Actions", "Names of the axes on edges"), is_checkable=True),
    ActionRow("heat_off", "view", QT_TRANSLATE_NOOP("Actions", "Heat: off"), is_checkable=True, starts_group=True),
    ActionRow("heat_parameters", "view", QT_TRANSLATE_NOOP("Actions", "Heat: parameters"), is_checkable=True),
    ActionRow("heat_memory", "view", QT_TRANSLATE_NOOP("Actions", "Heat: memory of outputs"), is_checkable=True),
    ActionRow("heat_time", "view", QT_TRANSLATE_NOOP("Actions", "Heat: time of each layer"), is_checkable=True),
    ActionRow("heat_gradients", "view", QT_TRANSLATE_NOOP("Actions", "Heat: size of gradients"), is_checkable=True),
    ActionRow("left_to_right", "view", QT_TRANSLATE_NOOP("Actions", "Draw left to right"), is_checkable=True),
    ActionRow(
        "theme_system",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Colours: as the system"),
        is_checkable=True,
        starts_group=True,
    ),
    ActionRow("theme_light", "view", QT_TRANSLATE_NOOP("Actions", "Colours: light"), is_checkable=True),
    ActionRow("theme_dark", "view", QT_TRANSLATE_NOOP("Actions", "Colours: dark"), is_checkable=True),
    ActionRow("theme_contrast", "view", QT_TRANSLATE_NOOP("Actions", "Colours: high contrast"), is_checkable=True),
    ActionRow(
        "presentation",
        "view",
        QT_TRANSLATE_NOOP("Actions", "Presentation: the drawing alone"),
        ("F11",),
        is_checkable=True,
        starts_group=True,
    ),
    ActionRow("next_problem", "view", QT_TRANSLATE_NOOP("Actions", "Next problem"), ("F8",), starts_group=True),
    ActionRow("train", "train", QT_TRANSLATE_NOOP("Actions", "Train"), ("Ctrl+Return", "Ctrl+Enter")),
    ActionRow("pause", "train", QT_TRANSLATE_NOOP("Actions", "Pause or go on"), ("Ctrl+Alt+P",)),
    ActionRow("step", "train", QT_TRANSLATE_NOOP("Actions", "Step one batch"), ("Ctrl+Shift+Return",)),
    ActionRow("stop", "train", QT_TRANSLATE_NOOP("Actions", "Stop training"), ("Ctrl+Alt+Return",)),
    ActionRow("restart_engine", "train", QT_TRANSLATE_NOOP("Actions", "Restart the engine"), starts_group=True),
    ActionRow("search_actions", "help", QT_TRANSLATE_NOOP("Actions", "Search actions..."), ("Ctrl+Shift+P", "F1")),
    ActionRow("shortcuts", "help", QT_TRANSLATE_NOOP("Actions", "Shortcuts"), ("Ctrl+/",)),
    ActionRow("change_shortcuts", "help", QT_TRANSLATE_NOOP("Actions", "Change shortcuts...")),
    ActionRow("about", "help", QT_TRANSLATE_NOOP("Actions", "About Layer Studio and licences")),
)


class Commands(Protocol):
    """Who can do what the table names."""

    def run(self, action: str) -> None:
        """Do it."""

    def why_not(self, action: str) -> str:
        """Why it cannot be done now, in one sentence; "" where it can."""

    def is_checked(self, action: str) -> bool:
        """Whether a switch is on."""


class Actions(QObject):
    """The QActions of the table. ``refresh`` sets what can be done now; a disabled action says why in its tip."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self._actions: dict[str, QAction] = {}
        for row in TABLE:
            action = QAction(text_of(row), parent)
            action.setObjectName(row.id)
            action.setCheckable(row.is_checkable)
            if not row.is_canvas_key:
                parent.addAction(action)
            action.triggered.connect(self._runner(row.id))
            self._actions[row.id] = action
        self.follow_keymap()

    def follow_keymap(self) -> None:
        """Give the actions the keys that the person wants them to have."""
        for row, action in self:
            if row.is_canvas_key:
                action.changed.emit()  # the menus show its keys
            else:
                action.setShortcuts([QKeySequence(keys) for keys in keymap.keys_of(row)])

    def _runner(self, action: str) -> Callable[[], None]:
        return lambda *_: self._commands.run(action)

    def __getitem__(self, action: str) -> QAction:
        return self._actions[action]

    def __iter__(self) -> Iterator[tuple[ActionRow, QAction]]:
        return ((row, self._actions[row.id]) for row in TABLE)

    def refresh(self) -> None:
        """Enable what can be done now, tick what is on."""
        for row, action in self:
            why_not = self._commands.why_not(row.id)
            # A key on its way would be lost with a disabled action, and with it the reason why not.
            action.setEnabled(not why_not)
            keys = f" ({keys})" if (keys := shown_keys(row)) else ""
            action.setToolTip(tool_tip(why_not) or text_of(row).rstrip(".") + keys)
            if row.is_checkable:
                action.setChecked(self._commands.is_checked(row.id))

    def fill_context_menu(self, menu: QMenu, groups: Sequence[Sequence[str]]) -> None:
        """Put into ``menu`` what can be done with what was clicked: one of the tables above."""
        menu.setToolTipsVisible(True)
        for group in groups:
            if menu.actions():
                menu.addSeparator()
            for row, action in self:
                if row.id in group:
                    self._put(menu, row, action)

    def fill_menu(self, menu: QMenu, name: str) -> None:
        """Put all actions of one menu into ``menu``."""
        menu.setToolTipsVisible(True)
        for row, action in self:
            if row.menu != name:
                continue
            if row.starts_group:
                menu.addSeparator()
            self._put(menu, row, action)

    def _put(self, menu: QMenu, row: ActionRow, action: QAction) -> None:
        if not row.is_canvas_key:
            menu.addAction(action)
            return
        # shown but not live: the canvas itself takes the key while it has the focus
        entry = menu.addAction("")
        entry.triggered.connect(action.trigger)

        def refresh() -> None:
            keys = shown_keys(row)
            entry.setText(f"{action.text()}\t{keys}" if keys else action.text())
            entry.setEnabled(action.isEnabled())
            entry.setToolTip(action.toolTip())

        following = action.changed.connect(refresh)
        # A context menu goes, the action stays: what follows it must not reach an entry that is gone.
        entry.destroyed.connect(lambda: QObject.disconnect(following))
        refresh()


def text_of(row: ActionRow) -> str:
    """The words of an action in the person's language."""
    return QCoreApplication.translate(_CONTEXT, row.text)


def menu_title(menu: str) -> str:
    """The words of a menu in the person's language."""
    return QCoreApplication.translate(_CONTEXT, MENU_TITLES[menu])


def shown_keys(row: ActionRow) -> str:
    """The first shortcut as this system writes it, "" where there is none."""
    return next(iter(all_shown_keys(row)), "")


def all_shown_keys(row: ActionRow) -> tuple[str, ...]:
    """All shortcuts as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(text).toString(native) for text in keymap.keys_of(row))
