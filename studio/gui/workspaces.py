"""The workspaces: the same panels, arranged for one job each. What a person rearranges is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QMainWindow, QTabBar

from studio.gui import arrangement
from studio.gui.arrangement import SIZES, STACKS, Arrangement
from studio.gui.dock import Panel
from studio.gui.last_picture import LastPicture
from studio.gui.settings import Settings

VERSION = 8
"""Raised when docks come or go, so that stored places of another program are not used."""


class Workspaces(QObject):
    """Shows one arrangement at a time and keeps the others in the settings.

    A whole window takes longer than a frame. So panels are placed and shown in turns of the loop, while the window
    keeps its last picture; then what a panel shows is arranged and painted, each in turns of its own.

    Where panels stand is known (``arrangement``) until a person has moved some; from then on Qt's own state is kept.
    Qt takes three times as long for that, in one piece.
    """

    changed = Signal(str)

    def __init__(self, window: QMainWindow, panels: Mapping[str, Panel], settings: Settings) -> None:
        super().__init__(window)
        self.current = ""
        self.are_movable = False
        self._is_held = False
        self._window = window
        self._panels = panels
        for panel in panels.values():
            panel.content_wanted.connect(self._settle_what_turns)
        self._settings = settings
        self._wants_table = False
        self._arrangement: Arrangement | None = None  # of panels that stand where they stood at first
        self._not_in_front: Sequence[str] = ()
        self._resize_soon = QTimer(self, singleShot=True, interval=0)
        self._resize_soon.timeout.connect(self._resize)
        self._pictures = LastPicture()
        self._placing: list[Callable[[], object]] = []
        self._painting: list[Callable[[], object]] = []
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._take_turn)

    @property
    def is_settled(self) -> bool:
        """Whether all panels have their places and their pictures."""
        return not (self._placing or self._painting)

    def show(self, name: str) -> None:
        """Arrange the panels for a job, as the person left them last time; they have their places afterwards."""
        self.turn_to(name)
        self._settle_what_turns()

    def turn_to(self, name: str) -> None:
        """As ``show``, in turns of the loop where the window is seen already."""
        if name == self.current:
            return
        self._place_now()
        self._remember()
        self._is_held = False
        self.current = name
        self._arrange(self._settings.bytes(f"workspace_{name}"), self._remembered(name))
        self.changed.emit(name)

    def reset(self) -> None:
        """Put the panels of this workspace back where they were at first."""
        self._place_now()
        for kind in ("workspace", "panels"):
            self._settings.set_bytes(f"{kind}_{self.current}", None)
        self._arrange(None, arrangement.at_first(self.current))
        self._place_now()

    def hold(self) -> None:
        """Hide all panels for a while; that is no arrangement to come back to."""
        self._place_now()
        self._remember()
        self._is_held = True
        for panel in self._panels.values():
            panel.setVisible(False)

    def let_go(self) -> None:
        """Arrange the panels again as they were before ``hold``."""
        if self._is_held:
            name, self.current = self.current, ""
            self.show(name)

    def settle(self) -> None:
        """Give all panels their places now, for a picture that is painted before the loop comes to it."""
        self._place_now()
        self._resize()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _settle_what_turns(self) -> None:
        """Somebody cannot wait for the turns: what a panel shows is asked for, or a place in the drawing."""
        if self._placing:
            self.settle()

    def settle_as_they_are(self, *, are_moved: bool = False) -> None:
        """Panels were given other sizes, or even other places: that is what is wanted now."""
        self._place_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if are_moved:
            self._arrangement = None
        elif self._arrangement is not None:
            self._arrangement = self._as_it_is(self._arrangement)

    def remember(self) -> None:
        """Store the places of panels, for the next start."""
        self._place_now()
        self._remember()

    def set_movable(self, movable: bool) -> None:
        """Let panels be dragged to other places, or hold them."""
        self._place_now()
        self.are_movable = movable
        if movable:
            self._arrangement = None  # who knows what it will be
        for panel in self._panels.values():
            panel.set_movable(movable)

    def want_table(self, wanted: bool) -> None:
        """Whether the data is small enough to show every row beside the drawing."""
        if wanted != self._wants_table:
            self._wants_table = wanted
            if not self._placing:
                self._apply_table()
                self._resize_soon.start()

    # Placing

    def _arrange(self, state: QByteArray | None, wanted: Arrangement) -> None:
        """Plan the turns in which the panels get their places, and take them at once where nobody sees the window."""
        window, panels = self._window, self._panels
        in_turns = window.isVisible()  # the first picture is of the whole window
        held = [panel for panel in panels.values() if in_turns and not panel.waits]
        for panel in held:
            panel.waits = True
        if in_turns:
            self._pictures.hold([window])
        for panel in panels.values():
            panel.hide()  # else Qt hides, shows and hides again those that are hidden in an arrangement to restore
        self._arrangement = None if state is not None or self.are_movable else wanted
        front = [name for name in wanted.front if name in wanted.shown]
        behind = [name for stack in STACKS[self.current] for name in stack.tabs if name in wanted.shown - wanted.front]
        if state is not None:
            self._placing = [self._show_centre, partial(self._restore, state, wanted)]
        else:
            self._placing = [
                self._show_centre,
                self._put_in_place,
                partial(self._open, front),
                partial(self._open, behind),
                partial(self._bring_to_front, front),
            ]
        self._placing.append(partial(self._end_placing, held, in_turns))
        if in_turns:
            self._next_turn.start()
        else:
            self._place_now()

    def _show_centre(self) -> None:
        centre = self._window.centralWidget()
        if centre is not None:  # before the docks are shown: they take the room of a centre that is hidden
            centre.setVisible(self.current in ("design", "data"))

    def _restore(self, state: QByteArray, wanted: Arrangement) -> None:
        if not self._window.restoreState(state, VERSION):
            self._arrangement = None if self.are_movable else wanted
            self._put_in_place()
            self._open(sorted(wanted.shown))
            self._bring_to_front(sorted(wanted.front & wanted.shown))

    def _put_in_place(self) -> None:
        window, panels = self._window, self._panels
        stacks = STACKS[self.current]
        here = {name for stack in stacks for name in stack.tabs}
        for name, panel in panels.items():
            if name in here:
                window.removeDockWidget(panel)
            elif window.dockWidgetArea(panel) == Qt.DockWidgetArea.NoDockWidgetArea:
                window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
                panel.hide()  # a dock without a place is shown when an arrangement is restored
        for stack in stacks:
            docks = [panels[name] for name in stack.tabs]
            if stack.beside:
                window.splitDockWidget(panels[stack.beside], docks[0], stack.orientation)
            else:
                window.addDockWidget(stack.area, docks[0])
        for stack in stacks:  # after all splitting: one cannot split off from a dock that has others behind it
            docks = [panels[name] for name in stack.tabs]
            for before, after in pairwise(docks):
                window.tabifyDockWidget(before, after)

    def _open(self, names: Sequence[str]) -> None:
        for name in names:
            self._panels[name].show()

    def _bring_to_front(self, names: Sequence[str]) -> None:
        for name in names:
            self._panels[name].raise_()
        self._not_in_front = () if self._window.isVisible() else names  # there are no tabs before it is laid out

    def _end_placing(self, held: Sequence[Panel], in_turns: bool) -> None:
        self._apply_table()
        self._resize()
        # The main window knows its own size only after it was laid out; asked before, it forgets what it was told.
        self._resize_soon.start()
        if in_turns:
            self._paint_in_turns(held)
        self._pictures.let_go()

    def _place_now(self) -> None:
        while self._placing:
            self._placing.pop(0)()

    # Painting

    def _paint_in_turns(self, held: Sequence[Panel]) -> None:
        """First the drawing, then the panels; of each in one turn where its parts stand, in the next its picture."""
        centre = self._window.centralWidget()
        if centre is not None and centre.isVisible():
            centre.setUpdatesEnabled(False)
            self._painting.append(partial(centre.setUpdatesEnabled, True))
        for panel in held:
            panel.setUpdatesEnabled(False)
            self._painting += [panel.wait_no_longer, partial(self._let_paint, panel)]
        self._next_turn.start()

    def _let_paint(self, panel: Panel) -> None:
        parts = panel.painted_apart
        for part in parts:
            part.setUpdatesEnabled(False)
        panel.setUpdatesEnabled(True)
        self._painting[:0] = [partial(part.setUpdatesEnabled, True) for part in parts]

    def _take_turn(self) -> None:
        turns = self._placing or self._painting
        if turns:
            turns.pop(0)()
            self._next_turn.start()

    # What is kept

    def _apply_table(self) -> None:
        self._panels["table"].setVisible(self._wants_table and self.current == "design" and not self._is_held)

    def _remembered(self, name: str) -> Arrangement:
        stored = self._settings.bytes(f"panels_{name}")
        found = None if stored is None else arrangement.read(bytes(stored.data()).decode(errors="replace"), name)
        return found or arrangement.at_first(name)

    def _remember(self) -> None:
        if not self.current or self._is_held:
            return
        if self._arrangement is None:
            self._settings.set_bytes(f"workspace_{self.current}", self._window.saveState(VERSION))
            return
        self._arrangement = self._as_it_is(self._arrangement)
        self._settings.set_bytes(f"panels_{self.current}", QByteArray(self._arrangement.text().encode()))

    def _as_it_is(self, before: Arrangement) -> Arrangement:
        """What is open, in front and how large; a stack that is closed or was never seen keeps what it had."""
        front, sizes = set(before.front), dict(before.sizes)
        stacks = STACKS[self.current]
        for stack in stacks:
            seen = next((self._panels[name] for name in stack.tabs if self._panels[name].is_in_front), None)
            if seen is not None:
                front = (front - set(stack.tabs)) | {seen.objectName()}
                sizes[stack.tabs[0]] = (seen.width(), seen.height() + self._height_of_tabs(seen))
        shown = {name for stack in stacks for name in stack.tabs if not self._panels[name].isHidden()}
        return Arrangement(frozenset(shown), frozenset(front), sizes)

    def _height_of_tabs(self, panel: Panel) -> int:
        """Qt counts the bar of the tabs below or above a panel for the height that it is asked to give the panel."""
        bars = [child for child in self._window.children() if isinstance(child, QTabBar) and child.isVisible()]
        ends = (panel.geometry().top() - 1, panel.geometry().bottom() + 1)
        touching = (bar for bar in bars if bar.geometry().bottom() == ends[0] or bar.geometry().top() == ends[1])
        return next((bar.height() for bar in touching if bar.x() == panel.x()), 0)

    def _resize(self) -> None:
        if self._arrangement is None:
            return
        for group in SIZES[self.current]:
            docks = [self._panels[name] for name in group.stacks]
            pixels = self._arrangement.pixels(group, self._window.height())
            self._window.resizeDocks(docks, pixels, group.orientation)
        if self._not_in_front and self._window.isVisible():
            self._bring_to_front(self._not_in_front)
