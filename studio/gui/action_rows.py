"""The table of actions: one row for each, with its menu, words and keys. What they do is in ``commands``."""

# PySide declares QT_TRANSLATE_NOOP as returning an object; it returns the text it was given.
# mypy: disable-error-code="arg-type,dict-item"

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QT_TRANSLATE_NOOP

from studio.immutable import immutable


@immutable
class ActionRow:
    """One action. ``shortcuts`` are portable key texts, the first one is shown; ``is_canvas_key`` marks keys that the
    canvas handles itself while it has the focus (single letters must not fire while somebody types). By the words of
    ``also`` the search finds it, too."""

    id: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    is_checkable: bool = False
    is_canvas_key: bool = False
    starts_group: bool = False
    also: str = ""


MENUS = ("file", "edit", "view", "train", "help")
SHEET = ("file", "edit", "canvas", "view", "train", "help")
"""What the sheet of shortcuts lists. Rows of other menus are found by the search, and in the menus of things."""


@immutable
class Named:
    """An action by other words than it has in the menu bar: here one sees what it is about."""

    action: str
    text: str


@immutable
class Sub:
    """A menu in the menu."""

    text: str
    entries: tuple[Named | str, ...]


Entry: TypeAlias = str | Named | Sub
"""One line of a context menu."""
Group: TypeAlias = tuple[Entry, ...]
"""Lines that belong together."""


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
    ActionRow(
        "open",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Open..."),
        ("Ctrl+O",),
        also=QT_TRANSLATE_NOOP("Actions", "import load a model or a script"),
    ),
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
    ActionRow(
        "figure",
        "file",
        QT_TRANSLATE_NOOP("Actions", "Save a picture of the drawing..."),
        also=QT_TRANSLATE_NOOP("Actions", "figure image diagram plot_model SVG PDF PNG"),
    ),
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
    ActionRow("add_note", "edit", QT_TRANSLATE_NOOP("Actions", "Write a note"), ("N",), is_canvas_key=True),
    ActionRow("rename", "edit", QT_TRANSLATE_NOOP("Actions", "Rename"), ("F2",), is_canvas_key=True),
    ActionRow("name_by_branch", "edit", QT_TRANSLATE_NOOP("Actions", "Name layers by branch")),
    ActionRow(
        "change_type",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Make it another type of layer..."),
        also=QT_TRANSLATE_NOOP("Actions", "replace change the type swap"),
    ),
    ActionRow("use_again", "edit", QT_TRANSLATE_NOOP("Actions", "Use this layer again")),
    ActionRow("unshare", "edit", QT_TRANSLATE_NOOP("Actions", "Give it weights of its own")),
    ActionRow("own_block", "edit", QT_TRANSLATE_NOOP("Actions", "Give it a block of its own")),
    ActionRow(
        "every_step",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "On every time step"),
        is_checkable=True,
        also=QT_TRANSLATE_NOOP("Actions", "TimeDistributed sequence frames"),
    ),
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
    _of_drawing("select_after", QT_TRANSLATE_NOOP("Actions", "Select the next layer as well"), "Alt+Shift+Right"),
    _of_drawing("select_before", QT_TRANSLATE_NOOP("Actions", "Select the layer before as well"), "Alt+Shift+Left"),
    _of_drawing("select_beside", QT_TRANSLATE_NOOP("Actions", "Select the branch beside as well"), "Alt+Shift+Down"),
    _of_drawing("select_beside_up", QT_TRANSLATE_NOOP("Actions", "Select the branch above as well"), "Alt+Shift+Up"),
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
    _of_drawing("tidy_selection", QT_TRANSLATE_NOOP("Actions", "Tidy the selection"), "L"),
    _of_drawing("tidy_all", QT_TRANSLATE_NOOP("Actions", "Tidy the whole drawing"), "Shift+L"),
    _of_drawing("next_edge", QT_TRANSLATE_NOOP("Actions", "Next edge of the layer"), "E"),
    _of_drawing("previous_edge", QT_TRANSLATE_NOOP("Actions", "Edge before of the layer"), "Shift+E"),
    _of_drawing("plug_target", QT_TRANSLATE_NOOP("Actions", "Plug the end of the edge in elsewhere..."), "R"),
    _of_drawing("plug_source", QT_TRANSLATE_NOOP("Actions", "Plug the start of the edge in elsewhere..."), "Shift+R"),
    _of_drawing("add_point", QT_TRANSLATE_NOOP("Actions", "Add a point to the edge"), "W"),
    _of_drawing("remove_point", QT_TRANSLATE_NOOP("Actions", "Remove a point of the edge"), "Shift+W"),
    _of_drawing("take_out", QT_TRANSLATE_NOOP("Actions", "Take out of the chain"), "X"),
    _of_drawing("cut_edges", QT_TRANSLATE_NOOP("Actions", "Cut the edges to the rest"), "K"),
    _of_drawing("insert_on_edge", QT_TRANSLATE_NOOP("Actions", "Put the layer on an edge..."), "Shift+Ins"),
    _of_drawing("earlier_input", QT_TRANSLATE_NOOP("Actions", "Earlier in the order"), "Ctrl+Shift+Up"),
    _of_drawing("later_input", QT_TRANSLATE_NOOP("Actions", "Later in the order"), "Ctrl+Shift+Down"),
    ActionRow(
        "move_all_edges",
        "canvas",
        QT_TRANSLATE_NOOP("Actions", "Let another layer feed what it feeds..."),
        ("Shift+F",),
        is_canvas_key=True,
    ),
    ActionRow("join_frame", "edit", QT_TRANSLATE_NOOP("Actions", "Move into a frame..."), ("J",), is_canvas_key=True),
    ActionRow(
        "select_frame", "edit", QT_TRANSLATE_NOOP("Actions", "Select the frame"), ("Shift+J",), is_canvas_key=True
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
    ActionRow("note_grey", "note", QT_TRANSLATE_NOOP("Actions", "Note: grey")),
    ActionRow("note_blue", "note", QT_TRANSLATE_NOOP("Actions", "Note: blue")),
    ActionRow("note_green", "note", QT_TRANSLATE_NOOP("Actions", "Note: green")),
    ActionRow("note_orange", "note", QT_TRANSLATE_NOOP("Actions", "Note: orange")),
    ActionRow("note_purple", "note", QT_TRANSLATE_NOOP("Actions", "Note: purple")),
    ActionRow("note_red", "note", QT_TRANSLATE_NOOP("Actions", "Note: red")),
    ActionRow("note_wider", "note", QT_TRANSLATE_NOOP("Actions", "Note: wider")),
    ActionRow("note_narrower", "note", QT_TRANSLATE_NOOP("Actions", "Note: narrower")),
    ActionRow("note_higher", "note", QT_TRANSLATE_NOOP("Actions", "Note: higher")),
    ActionRow("note_lower", "note", QT_TRANSLATE_NOOP("Actions", "Note: lower")),
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
    ActionRow(
        "select_downstream",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Select what follows"),
        ("D",),
        is_canvas_key=True,
        starts_group=True,
    ),
    ActionRow(
        "select_upstream", "edit", QT_TRANSLATE_NOOP("Actions", "Select what leads here"), ("U",), is_canvas_key=True
    ),
    ActionRow(
        "select_box", "edit", QT_TRANSLATE_NOOP("Actions", "Select all within the box"), ("B",), is_canvas_key=True
    ),
    ActionRow(
        "select_between",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Select what lies between"),
        ("Shift+B",),
        is_canvas_key=True,
    ),
    ActionRow(
        "tidy",
        "edit",
        QT_TRANSLATE_NOOP("Actions", "Tidy the drawing or the selection"),
        ("Ctrl+L",),
        also=QT_TRANSLATE_NOOP("Actions", "layout arrange"),
    ),
    ActionRow("make_block", "edit", QT_TRANSLATE_NOOP("Actions", "Make a block of the selection..."), ("Ctrl+G",)),
    ActionRow("into_block", "edit", QT_TRANSLATE_NOOP("Actions", "Move into a block"), ("I",), is_canvas_key=True),
    ActionRow(
        "out_of_block", "edit", QT_TRANSLATE_NOOP("Actions", "Move out of the block"), ("O",), is_canvas_key=True
    ),
    ActionRow("keep_block", "edit", QT_TRANSLATE_NOOP("Actions", "Keep the block in my library")),
    ActionRow("find_parts", "edit", QT_TRANSLATE_NOOP("Actions", "Find repeated parts...")),
    ActionRow("unpack_block", "edit", QT_TRANSLATE_NOOP("Actions", "Take the block apart"), ("Ctrl+Shift+G",)),
    ActionRow("delete_block", "edit", QT_TRANSLATE_NOOP("Actions", "Delete this block")),
    ActionRow("own_code", "edit", QT_TRANSLATE_NOOP("Actions", "Code of your own..."), starts_group=True),
    ActionRow("leave_block", "edit", QT_TRANSLATE_NOOP("Actions", "Leave the block"), ("Ctrl+Alt+Up", "Alt+Up")),
    ActionRow("workspace_design", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Design"), ("Ctrl+1",)),
    ActionRow("workspace_data", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Data"), ("Ctrl+2",)),
    ActionRow("workspace_train", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Train"), ("Ctrl+3",)),
    ActionRow("workspace_runs", "view", QT_TRANSLATE_NOOP("Actions", "Workspace: Runs"), ("Ctrl+4",)),
    ActionRow("reset_workspace", "view", QT_TRANSLATE_NOOP("Actions", "Reset this workspace")),
    ActionRow("next_panel", "view", QT_TRANSLATE_NOOP("Actions", "Go to the next panel"), ("F6",)),
    ActionRow("previous_panel", "view", QT_TRANSLATE_NOOP("Actions", "Go to the panel before"), ("Shift+F6",)),
    ActionRow("panel_wider", "view", QT_TRANSLATE_NOOP("Actions", "Panel: wider"), ("Ctrl+Alt+Shift+Right",)),
    ActionRow("panel_narrower", "view", QT_TRANSLATE_NOOP("Actions", "Panel: narrower"), ("Ctrl+Alt+Shift+Left",)),
    ActionRow("panel_higher", "view", QT_TRANSLATE_NOOP("Actions", "Panel: higher"), ("Ctrl+Alt+Shift+Up",)),
    ActionRow("panel_lower", "view", QT_TRANSLATE_NOOP("Actions", "Panel: lower"), ("Ctrl+Alt+Shift+Down",)),
    ActionRow("column_wider", "view", QT_TRANSLATE_NOOP("Actions", "Column: wider"), ("Ctrl+Alt+=", "Ctrl+Alt++")),
    ActionRow("column_narrower", "view", QT_TRANSLATE_NOOP("Actions", "Column: narrower"), ("Ctrl+Alt+-",)),
    ActionRow("panel_left", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: to the left of the drawing")),
    ActionRow("panel_right", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: to the right of the drawing")),
    ActionRow("panel_bottom", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: below the drawing")),
    ActionRow("show_palette", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Layers")),
    ActionRow("show_outline", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Outline")),
    ActionRow("show_history", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: History")),
    ActionRow("show_inspector", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Inspector")),
    ActionRow("show_code", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Code")),
    ActionRow("show_training", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Training")),
    ActionRow("show_problems", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Problems")),
    ActionRow("show_versions", "panel", QT_TRANSLATE_NOOP("Actions", "Panel: Changes")),
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
        QT_TRANSLATE_NOOP("Actions", "Presentation: drawing and curves in large type"),
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
    ActionRow("tell", "help", QT_TRANSLATE_NOOP("Actions", "Tell about this"), ("Shift+F1",)),
    ActionRow("shortcuts", "help", QT_TRANSLATE_NOOP("Actions", "Shortcuts"), ("Ctrl+/",)),
    ActionRow("change_shortcuts", "help", QT_TRANSLATE_NOOP("Actions", "Change shortcuts...")),
    ActionRow("forget_habits", "help", QT_TRANSLATE_NOOP("Actions", "Forget which layers I add")),
    ActionRow("about", "help", QT_TRANSLATE_NOOP("Actions", "About Layer Studio and licences")),
)
