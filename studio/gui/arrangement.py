"""Which panels a workspace has and where they stand at first; and what a person made of it: sizes, closed, in front."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from studio.immutable import immutable

_HORIZONTAL, _VERTICAL = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea

BOTTOM_PX = 308
BOTTOM_SHARE = 0.32
"""Height of code and training below the drawing; on a small screen the drawing keeps its share."""


@immutable
class Stack:
    """Panels one behind the other, the first in front: at a side of the window, or split off from another panel."""

    tabs: tuple[str, ...]
    area: Qt.DockWidgetArea
    beside: str = ""
    orientation: Qt.Orientation = _HORIZONTAL
    closed: tuple[str, ...] = ()
    """Those of ``tabs`` that come when there is something to see in them."""


@immutable
class Sizes:
    """What stacks get along one direction, in px; a stack is named by its first panel."""

    stacks: tuple[str, ...]
    pixels: tuple[int, ...]
    orientation: Qt.Orientation


STACKS = {
    "design": (
        Stack(("palette", "outline", "history"), LEFT),
        Stack(("table",), LEFT, closed=("table",)),
        Stack(("inspector",), RIGHT),
        Stack(("code", "own", "problems", "versions"), BOTTOM),
        Stack(("training",), BOTTOM, beside="code"),
    ),
    "data": (Stack(("data",), RIGHT),),
    "train": (Stack(("plan",), LEFT), Stack(("training", "own"), RIGHT, closed=("own",))),
    "runs": (Stack(("runs",), LEFT), Stack(("training",), LEFT, beside="runs", orientation=_VERTICAL)),
}

SIZES = {
    "design": (
        Sizes(("palette",), (248,), _HORIZONTAL),
        Sizes(("inspector",), (336,), _HORIZONTAL),
        Sizes(("code", "training"), (800, 800), _HORIZONTAL),
        Sizes(("code",), (BOTTOM_PX,), _VERTICAL),
        Sizes(("palette", "table"), (330, 300), _VERTICAL),
    ),
    "data": (Sizes(("data",), (1200,), _HORIZONTAL),),
    "train": (Sizes(("plan", "training"), (480, 1120), _HORIZONTAL),),
    "runs": (Sizes(("runs", "training"), (520, 420), _VERTICAL),),
}


@immutable
class Arrangement:
    """What is open and in front in the stacks of one workspace; how large the stacks are in px, width and height."""

    shown: frozenset[str]
    front: frozenset[str]
    sizes: Mapping[str, tuple[int, int]]

    def text(self) -> str:
        """As it is stored."""
        return json.dumps({"shown": sorted(self.shown), "front": sorted(self.front), "sizes": dict(self.sizes)})

    def pixels(self, group: Sizes, window_height: int) -> list[int]:
        """What the stacks of a group get: as the person left them, else as they are at first."""
        at_first = list(group.pixels)
        if group.stacks == ("code",):
            at_first = [min(BOTTOM_PX, round(BOTTOM_SHARE * window_height))]
        side = 0 if group.orientation == _HORIZONTAL else 1
        kept = [self.sizes.get(name) for name in group.stacks]
        return [size[side] if size else pixels for size, pixels in zip(kept, at_first, strict=True)]


def at_first(workspace: str) -> Arrangement:
    """The arrangement that nobody has touched."""
    stacks = STACKS[workspace]
    shown = frozenset(name for stack in stacks for name in stack.tabs if name not in stack.closed)
    return Arrangement(shown, frozenset(stack.tabs[0] for stack in stacks), {})


def read(text: str, workspace: str) -> Arrangement | None:
    """What was stored for a workspace; None where it is no such text, or one of panels that the workspace has not."""
    known = {name for stack in STACKS[workspace] for name in stack.tabs}
    try:
        found: Any = json.loads(text)
        shown, front = frozenset(found["shown"]), frozenset(found["front"])
        sizes = {str(name): (_pixels(wide), _pixels(high)) for name, (wide, high) in found["sizes"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Arrangement(shown, front, sizes) if shown | front | set(sizes) <= known else None


def _pixels(stored: object) -> int:
    if not isinstance(stored, int) or not 0 < stored < 100_000:
        raise ValueError
    return stored
