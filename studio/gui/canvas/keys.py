"""Keys that act while the canvas has the focus, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from studio.gui.canvas import bookmarks, by_keys, commands, edge_walk, framed, noting, together, walking
from studio.gui.canvas.geometry import GRID

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, SHIFT, CTRL, ALT = Modifier.NoModifier, Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier

_STEP, _BIG_STEP = GRID, 5 * GRID


def _nudge(dx: float, dy: float) -> Callable[[Canvas], object]:
    return lambda canvas: commands.nudge(canvas, dx, dy)


def _wish(action: str) -> Callable[[Canvas], object]:
    """For what is done outside of the drawing."""
    return lambda canvas: canvas.action_wanted.emit(action)


def _ahead(canvas: Canvas) -> None:
    """Along the edges from the selected layer, or along the marked edge; without any, forward again."""
    if edge_walk.marked(canvas) is not None:
        edge_walk.along(canvas, 1)
    elif not canvas.session.selection and canvas.places.can_go_forward:
        canvas.places.forward()
    else:
        walking.after(canvas)


def _behind(canvas: Canvas) -> None:
    """Against the edges from the selected layer, or the marked edge; without any, back to where one was."""
    if edge_walk.marked(canvas) is not None:
        edge_walk.along(canvas, -1)
    elif canvas.session.selection:
        walking.before(canvas)
    else:
        canvas.places.back()


def _above(canvas: Canvas) -> None:
    """To the branch beside; with nothing selected out of the block."""
    if canvas.session.selection:
        walking.beside(canvas, -1)
    else:
        canvas.action_wanted.emit("leave_block")


def _asked(action: str) -> Callable[[Canvas], object]:
    return partial(by_keys.do, action=action)


_WAYS: Final = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_ARROWS: Final = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down)

OWN: Final[Mapping[str, Callable[[Canvas], object]]] = {
    "block_parameters": commands.edit_parameters,
    "fit_selection": lambda canvas: canvas.sight.fit_selection(),
    **{f"nudge_{way}": _nudge(dx * _STEP, dy * _STEP) for way, (dx, dy) in _WAYS.items()},
    **{f"nudge_far_{way}": _nudge(dx * _BIG_STEP, dy * _BIG_STEP) for way, (dx, dy) in _WAYS.items()},
    **{f"bookmark_{number}": partial(bookmarks.go_to_number, number=number) for number in range(1, 10)},
}
"""What only a key does, by the id of its action: so that it can have another key as all the rest."""

KEYS: Final[Mapping[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[Canvas], object]]] = {
    (Key.Key_Delete, NONE): commands.delete,
    (Key.Key_Backspace, NONE): commands.delete,
    (Key.Key_Delete, CTRL): commands.delete,
    (Key.Key_Escape, NONE): commands.escape,
    (Key.Key_A, NONE): lambda canvas: canvas.open_quick_add(),
    (Key.Key_A, SHIFT): lambda canvas: canvas.open_quick_add(),
    (Key.Key_A, CTRL): commands.select_all,
    (Key.Key_C, CTRL): commands.copy,
    (Key.Key_X, CTRL): commands.cut,
    (Key.Key_V, CTRL): commands.paste,
    (Key.Key_V, CTRL | SHIFT): lambda canvas: commands.paste(canvas, keeps_inputs=True),
    (Key.Key_D, CTRL): commands.duplicate,
    (Key.Key_D, CTRL | SHIFT): lambda canvas: commands.duplicate(canvas, keeps_inputs=True),
    (Key.Key_N, NONE): noting.add,
    (Key.Key_E, NONE): _asked("next_edge"),
    (Key.Key_E, SHIFT): _asked("previous_edge"),
    (Key.Key_W, NONE): _asked("add_point"),
    (Key.Key_W, SHIFT): _asked("remove_point"),
    (Key.Key_R, NONE): _asked("plug_target"),
    (Key.Key_R, SHIFT): _asked("plug_source"),
    (Key.Key_Up, CTRL | SHIFT): _asked("earlier_input"),
    (Key.Key_Down, CTRL | SHIFT): _asked("later_input"),
    (Key.Key_I, NONE): _asked("into_block"),
    (Key.Key_O, NONE): _asked("out_of_block"),
    (Key.Key_X, NONE): _asked("take_out"),
    (Key.Key_K, NONE): _asked("cut_edges"),
    (Key.Key_Insert, SHIFT): _asked("insert_on_edge"),
    (Key.Key_L, NONE): _wish("tidy_selection"),
    (Key.Key_L, SHIFT): _wish("tidy_all"),
    (Key.Key_F, NONE): together.connect,
    (Key.Key_Q, NONE): together.straighten,
    (Key.Key_M, NONE): framed.bypass,
    (Key.Key_B, CTRL): framed.bypass,
    (Key.Key_H, NONE): framed.fold,
    (Key.Key_J, CTRL): framed.make,
    (Key.Key_F2, NONE): lambda canvas: canvas.rename(),
    (Key.Key_Return, NONE): commands.open_selected,
    (Key.Key_Enter, NONE): commands.open_selected,
    (Key.Key_Return, SHIFT): OWN["block_parameters"],
    (Key.Key_Enter, SHIFT): OWN["block_parameters"],
    (Key.Key_Home, NONE): lambda canvas: canvas.sight.fit(),
    (Key.Key_Exclam, SHIFT): lambda canvas: canvas.sight.fit(),
    (Key.Key_At, SHIFT): OWN["fit_selection"],
    (Key.Key_Period, NONE): OWN["fit_selection"],
    (Key.Key_0, CTRL): lambda canvas: canvas.camera.zoom_to(1.0),
    (Key.Key_Plus, CTRL): lambda canvas: canvas.camera.zoom(1.25),
    (Key.Key_Equal, CTRL): lambda canvas: canvas.camera.zoom(1.25),
    (Key.Key_Minus, CTRL): lambda canvas: canvas.camera.zoom(1 / 1.25),
    (Key.Key_C, NONE): lambda canvas: canvas.popups.open_connect(),
    (Key.Key_Right, ALT): _ahead,
    (Key.Key_Left, ALT): _behind,
    (Key.Key_Left, CTRL | ALT): lambda canvas: canvas.places.back(),
    (Key.Key_Right, CTRL | ALT): lambda canvas: canvas.places.forward(),
    **{
        (key, modifier): OWN[f"nudge_{far}{way}"]
        for key, way in zip(_ARROWS, _WAYS, strict=True)
        for modifier, far in ((NONE, ""), (SHIFT, "far_"))
    },
    **{(Key(Key.Key_0.value + number), NONE): OWN[f"bookmark_{number}"] for number in range(1, 10)},
    (Key.Key_F, SHIFT): _asked("move_all_edges"),
    (Key.Key_J, NONE): _asked("join_frame"),
    (Key.Key_J, SHIFT): _asked("select_frame"),
    (Key.Key_D, NONE): together.select_downstream,
    (Key.Key_U, NONE): together.select_upstream,
    (Key.Key_B, NONE): together.select_box,
    (Key.Key_B, SHIFT): together.select_between,
    (Key.Key_Right, ALT | SHIFT): walking.SELECTING["after"],
    (Key.Key_Left, ALT | SHIFT): walking.SELECTING["before"],
    (Key.Key_Down, ALT | SHIFT): walking.SELECTING["beside"],
    (Key.Key_Up, ALT | SHIFT): walking.SELECTING["beside_up"],
    (Key.Key_Down, ALT): lambda canvas: walking.beside(canvas, 1),
    (Key.Key_Up, ALT): _above,
    (Key.Key_Right, CTRL): lambda canvas: canvas.popups.open_add_after(is_beside=False),
    (Key.Key_Right, CTRL | SHIFT): lambda canvas: canvas.popups.open_add_after(is_beside=True),
    (Key.Key_Insert, NONE): lambda canvas: canvas.popups.open_insert(),
}


Combination = tuple[Qt.Key, Qt.KeyboardModifier]

_remapped: dict[Combination, str] = {}
"""The id of the action that a key means by the person's own choice; "" for a key that means nothing here any more."""


_named: dict[Combination, str] = {}
"""The action that a key means in the table, so that its reason can be told where it cannot be done."""


def remap(changes: Mapping[Combination, str], named: Mapping[Combination, str]) -> None:
    """Let keys mean other actions than in the table; no changes give back what it says, which ``named`` names."""
    _remapped.clear()
    _remapped.update(changes)
    _named.clear()
    _named.update(named)


def combination(text: str) -> Combination | None:
    """The key and the modifiers that a key text means ("Ctrl+D"); None where it is no single key."""
    sequence = QKeySequence(text)
    if sequence.count() != 1:
        return None
    found = sequence[0]  # type: ignore[index]  # PySide does not declare it
    key: Qt.Key = found.key()
    return (key, found.keyboardModifiers()) if key != Key.Key_unknown else None


def _found(event: QKeyEvent) -> Callable[[Canvas], object] | None:
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~Modifier.KeypadModifier
    action = _remapped.get((key, modifiers))
    if action is not None:
        return (lambda canvas: canvas.action_wanted.emit(action)) if action else None
    if key == Key.Key_Escape:  # a gesture with Ctrl, Shift or Alt is given up while that key is still held
        modifiers = NONE
    found = KEYS.get((key, modifiers))
    if found is None and modifiers == CTRL | SHIFT and key == Key.Key_Plus:  # Shift is needed to type a plus
        found = KEYS[Key.Key_Plus, CTRL]
    return found


def is_ours(event: QKeyEvent) -> bool:
    """Whether the canvas wants this key before any shortcut of the window gets it."""
    return _found(event) is not None


def act(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what the key means, or say why it cannot be done now; tells whether it means anything here."""
    found = _found(event)
    if found is None:
        return False
    before, action = _state(canvas), _named.get((Qt.Key(event.key()), event.modifiers() & ~Modifier.KeypadModifier))
    found(canvas)
    if action is not None and _state(canvas) == before:
        canvas.narrator.say(canvas.narrator.why_not(action))
    return True


def _state(canvas: Canvas) -> tuple[object, ...]:
    """What is other after a key that did something."""
    session, popups = canvas.session, canvas.popups
    return id(session.project), session.chosen, canvas.selected_edge, canvas.view, popups.quick_add, popups.name_field
