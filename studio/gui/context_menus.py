"""What the context menus of the drawing hold: of what was clicked, only what can ever be done with such a thing."""

# PySide declares QT_TRANSLATE_NOOP as returning an object; it returns the text it was given.
# mypy: disable-error-code="arg-type,dict-item"

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from studio.catalog.spec import is_backbone
from studio.core import edits
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, FrameColour
from studio.core.topology import edges_into
from studio.gui.action_rows import Entry, Group, Named, Sub
from studio.gui.canvas import crossing, edge_walk, framed

if TYPE_CHECKING:
    from studio.gui.window import MainWindow

_COLOURS: dict[FrameColour, str] = {
    "grey": QT_TRANSLATE_NOOP("Actions", "Grey"),
    "blue": QT_TRANSLATE_NOOP("Actions", "Blue"),
    "green": QT_TRANSLATE_NOOP("Actions", "Green"),
    "orange": QT_TRANSLATE_NOOP("Actions", "Orange"),
    "purple": QT_TRANSLATE_NOOP("Actions", "Purple"),
    "red": QT_TRANSLATE_NOOP("Actions", "Red"),
}
_EDIT = ("cut", "copy", "delete")
_ENDS: Group = (
    "rename",
    "bookmark",
    "earlier_input",
    "later_input",
    "make_frame",
    "leave_frame",
)
_NEIGHBOURS: Group = (
    Named("add_after", QT_TRANSLATE_NOOP("Actions", "Add a layer after it...")),
    Named("insert", QT_TRANSLATE_NOOP("Actions", "Insert a layer before it...")),
    "connect_to",
    "take_out",
    "earlier_input",
    "later_input",
)
_AROUND: Group = (
    Named("make_block", QT_TRANSLATE_NOOP("Actions", "Make a block of it...")),
    "into_block",
    "out_of_block",
    "make_frame",
    "leave_frame",
)
_LAYER: tuple[Group, ...] = (
    (
        Named("edit_parameters", QT_TRANSLATE_NOOP("Actions", "Edit the parameters")),
        "rename",
        "change_type",
        "bookmark",
    ),
    _NEIGHBOURS,
    ("bypass", "freeze", "fold"),
    (
        "duplicate",
        Named("use_again", QT_TRANSLATE_NOOP("Actions", "Use it again, with the same weights")),
        "unshare",
        "expand",
    ),
    _AROUND,
    _EDIT,
)
_USE: tuple[Group, ...] = (
    (
        Named("edit_parameters", QT_TRANSLATE_NOOP("Actions", "Go into the block")),
        Named("block_parameters", QT_TRANSLATE_NOOP("Actions", "Edit its parameters")),
        "rename",
        "bookmark",
    ),
    _NEIGHBOURS,
    ("bypass", "freeze", "every_step", "fold"),
    (
        "duplicate",
        Named("use_again", QT_TRANSLATE_NOOP("Actions", "Use this block again, with its weights")),
        "unshare",
    ),
    ("own_block", "unpack_block", "keep_block"),
    _AROUND,
    _EDIT,
)
_SEVERAL: tuple[Group, ...] = (
    ("connect", "tidy_selection", "straighten", Sub(
        QT_TRANSLATE_NOOP("Actions", "Align"),
        ("align_left", "align_centre", "align_top", "align_middle", "distribute_x", "distribute_y"),
    )),
    ("bypass", "freeze", "fold", "bookmark"),
    ("make_block", "own_block", "into_block", "out_of_block", "make_frame", "leave_frame"),
    ("duplicate", *_EDIT),
)  # fmt: skip
_FRAME: tuple[Group, ...] = (
    (
        Named("rename", QT_TRANSLATE_NOOP("Actions", "Rename the frame")),
        Sub(
            QT_TRANSLATE_NOOP("Actions", "Colour"),
            tuple(Named(f"frame_{colour}", text) for colour, text in _COLOURS.items()),
        ),
        Named("remove_frame", QT_TRANSLATE_NOOP("Actions", "Remove the frame, keep what is in it")),
    ),
    (Named("tidy_selection", QT_TRANSLATE_NOOP("Actions", "Tidy what is in it")), "bypass", "fold", "make_block"),
    ("duplicate", "cut", "copy", Named("delete", QT_TRANSLATE_NOOP("Actions", "Delete with all that is in it"))),
)
_EDGE: tuple[Group, ...] = (
    (
        Named("insert", QT_TRANSLATE_NOOP("Actions", "Insert a layer on the edge...")),
        Named("plug_target", QT_TRANSLATE_NOOP("Actions", "Let it end elsewhere...")),
        Named("plug_source", QT_TRANSLATE_NOOP("Actions", "Let it start elsewhere...")),
    ),
    ("earlier_input", "later_input"),
    ("add_point", "remove_point"),
    (Named("delete", QT_TRANSLATE_NOOP("Actions", "Delete the edge")),),
)
_NOTE: tuple[Group, ...] = (
    (
        Named("rename", QT_TRANSLATE_NOOP("Actions", "Edit the text")),
        Sub(
            QT_TRANSLATE_NOOP("Actions", "Colour"),
            tuple(Named(f"note_{colour}", text) for colour, text in _COLOURS.items()),
        ),
        Sub(
            QT_TRANSLATE_NOOP("Actions", "Size"),
            (
                Named("note_wider", QT_TRANSLATE_NOOP("Actions", "Wider")),
                Named("note_narrower", QT_TRANSLATE_NOOP("Actions", "Narrower")),
                Named("note_higher", QT_TRANSLATE_NOOP("Actions", "Higher")),
                Named("note_lower", QT_TRANSLATE_NOOP("Actions", "Lower")),
            ),
        ),
        "leave_frame",
    ),
    ("duplicate", *_EDIT),
)
_CANVAS: tuple[Group, ...] = (
    ("add_layer", "add_note", "paste"),
    ("leave_block", "own_block"),
    ("select_all", "find", Named("tidy_all", QT_TRANSLATE_NOOP("Actions", "Tidy the drawing")), "fit", "find_parts"),
    ("left_to_right", "edge_shapes", "axis_names", "minimap"),
)


def context_menu(window: MainWindow) -> Sequence[Group]:
    """What can be done with what is selected: a frame, notes, one layer or several, an edge; else with the canvas."""
    found = ((entry for entry in group if _applies(window, entry)) for group in _menu(window))
    return [group for group in map(tuple, found) if group]


def _menu(window: MainWindow) -> Sequence[Group]:
    session = window.session
    if framed.selected(session) is not None:
        return _FRAME
    if len(session.chosen) > 1 and session.selection:
        return _SEVERAL
    if session.selection:
        node = session.graph.nodes[next(iter(session.selection))]
        if node.type in (INPUT, OUTPUT):
            return (_ENDS, _NEIGHBOURS, ("duplicate", *_EDIT))
        return _USE if node.type == BLOCK else _LAYER
    if session.selected_notes:
        return _NOTE
    return _EDGE if window.canvas.selected_edge else _CANVAS


def _applies(window: MainWindow, entry: Entry) -> bool:
    """Whether an entry can ever be done with such a thing; what only cannot be done now stays, and says why."""
    session, drawn = window.session, window.session.graph
    action = entry if isinstance(entry, str) else entry.action if isinstance(entry, Named) else ""
    nodes = [drawn.nodes[id] for id in session.selection]
    ends = {node.type for node in nodes} & {INPUT, OUTPUT}
    match action:
        case "unshare":
            return any(len(edits.sharing(drawn, node.id)) > 1 for node in nodes)
        case "expand":
            return any(is_backbone(node.type) for node in nodes)
        case "own_block" if not nodes:
            return bool(session.use)
        case "own_block":
            return all(node.type == BLOCK for node in nodes)
        case "leave_block":
            return session.graph_key != MAIN
        case "find_parts":
            return session.graph_key == MAIN
        case "out_of_block":
            return session.graph_key != MAIN and not ends
        case "into_block":
            return not ends and next(crossing.uses_beside(session), None) is not None
        case "leave_frame":
            return any(edits.frame_of(drawn, id) is not None for id in session.chosen)
        case "remove_point":
            edge = edge_walk.marked(window.canvas)
            return edge is not None and bool(edge.route)
        case "earlier_input" | "later_input":
            return any(not crossing.why_not_order(window.canvas, by) for by in (-1, 1))
        case "add_after" | "connect_to":
            return not any(node.type == OUTPUT for node in nodes)
        case "insert":
            return not any(node.type == INPUT for node in nodes)
        case "take_out":
            return not ends and any(edges_into(drawn, node.id) for node in nodes)
    return True
