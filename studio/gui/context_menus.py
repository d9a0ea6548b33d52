"""What the context menus of the drawing hold: ids of actions, in groups."""

from __future__ import annotations

SELECTION_MENU = (
    ("rename", "duplicate", "use_again", "unshare", "freeze"),
    ("make_block", "into_block", "out_of_block", "unpack_block", "keep_block", "expand"),
    ("connect", "connect_to", "earlier_input", "later_input"),
    ("bypass", "fold", "bookmark", "make_frame", "leave_frame"),
    ("cut", "copy", "paste"),
    ("delete",),
)
FRAME_MENU = (
    ("rename", "remove_frame"),
    ("frame_grey", "frame_blue", "frame_green", "frame_orange", "frame_purple", "frame_red"),
    ("bypass", "fold", "make_block", "tidy"),
    ("cut", "copy", "delete"),
)
EDGE_MENU = (
    ("insert", "plug_target", "plug_source"),
    ("add_point", "remove_point"),
    ("earlier_input", "later_input"),
    ("delete",),
)
NOTE_MENU = (
    ("rename", "duplicate", "make_frame", "leave_frame"),
    ("note_grey", "note_blue", "note_green", "note_orange", "note_purple", "note_red"),
    ("note_wider", "note_narrower", "note_higher", "note_lower"),
    ("cut", "copy", "paste"),
    ("delete",),
)
CANVAS_MENU = (
    ("add_layer", "add_note", "paste"),
    ("select_all", "fit", "tidy", "find_parts"),
    ("edge_shapes", "axis_names", "left_to_right"),
)
