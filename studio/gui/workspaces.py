"""The workspaces: the same panels, arranged for one job each. What a person rearranges is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from studio.gui.settings import Settings

VERSION = 7
"""Raised when docks come or go, so that stored places of another program are not used."""

_Sizes = tuple[tuple[tuple[str, ...], tuple[int, ...], Qt.Orientation], ...]
"""Panels, their sizes in px, and along which side."""

BOTTOM_PX = 308
BOTTOM_SHARE = 0.32
"""Height of code and training below the drawing; on a small screen the drawing keeps its share."""

SHOWN = {
    "design": ("palette", "outline", "history", "inspector", "code", "own", "training", "problems", "versions"),
    "data": ("data",),
    "train": ("plan", "training"),
    "runs": ("runs", "training"),
}
HIDDEN_AT_FIRST = {"design": ("table",), "train": ("own",)}
"""Panels that come when there is something to see in them."""

LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class Panel(QDockWidget):
    """A dock with its own header inside; the bar to move it by is shown only while panels may be moved.

    ``content`` is what it shows, or a function that makes it when somebody sees it first.
    """

    def __init__(self, name: str, title: str, content: QWidget | Callable[[], QWidget], parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self._is_seen = False
        self.waits = False
        """Whether something is more urgent than what this panel shows; it stays empty until ``wait_no_longer``."""
        self._make = content if not isinstance(content, QWidget) else None
        if isinstance(content, QWidget):
            self._take(content)
        self._no_bar = QWidget(self)
        self._no_bar.setFixedHeight(0)
        self.set_movable(False)
        self.visibilityChanged.connect(self._show_content)

    @property
    def is_filled(self) -> bool:
        """Whether the content is made."""
        return self._make is None

    @property
    def content(self) -> QWidget:
        """What the panel shows; made and, where the panel is seen, shown now: who asks has something to do with it."""
        self.fill()
        self.wait_no_longer()
        return self.widget()

    @property
    def painted_apart(self) -> Sequence[QWidget]:
        """Parts of the content that are each painted in a turn of their own when it is shown: those that take long."""
        return getattr(self.widget(), "painted_apart", ()) if self._is_seen and self.is_filled else ()

    def fill(self) -> None:
        """Make the content."""
        make, self._make = self._make, None
        if make is not None:
            self._take(make())

    def wait_no_longer(self) -> None:
        """Make the content as soon as it is seen, which may be now."""
        if self.waits:
            self.waits = False
            self._show_content(self._is_seen)

    def _take(self, content: QWidget) -> None:
        policy = content.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else a tab that is opened would move the others, and Qt warns
        content.setSizePolicy(policy)
        self.setWidget(content)
        content.setVisible(self._is_seen and not self.waits)

    def set_movable(self, movable: bool) -> None:
        """Show or hide the bar by which the panel is moved."""
        features = QDockWidget.DockWidgetFeature
        if movable:
            self.setTitleBarWidget(None)  # type: ignore[arg-type]  # None gives back Qt's own bar
            self.setFeatures(features.DockWidgetMovable | features.DockWidgetFloatable)
        else:
            self.setTitleBarWidget(self._no_bar)
            self.setFeatures(features.NoDockWidgetFeatures)

    def _show_content(self, is_seen: bool) -> None:
        # A dock behind another tab counts as visible; what it shows would follow every edit though nobody sees it.
        self._is_seen = is_seen
        if is_seen and self.waits:
            return
        if is_seen:
            self.fill()
        if self.is_filled:
            self.widget().setVisible(is_seen)


class Workspaces(QObject):
    """Shows one arrangement at a time and keeps the others in the settings.

    What a panel shows is arranged and painted in turns of the loop of its own: that of a whole window takes longer than
    a frame.
    """

    changed = Signal(str)

    def __init__(self, window: QMainWindow, panels: Mapping[str, Panel], settings: Settings) -> None:
        super().__init__(window)
        self.current = ""
        self.are_movable = False
        self._is_held = False
        self._window = window
        self._panels = panels
        self._settings = settings
        self._wants_table = False
        self._sizes: _Sizes = ()
        self._resize_soon = QTimer(self)
        self._resize_soon.setSingleShot(True)
        self._resize_soon.setInterval(0)
        self._resize_soon.timeout.connect(self._resize)
        self._turns: list[Callable[[], object]] = []
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.setInterval(0)
        self._next_turn.timeout.connect(self._take_turn)

    def show(self, name: str) -> None:
        """Arrange the panels for a job, as the person left them last time."""
        if name == self.current:
            return
        self._remember()
        self._is_held = False
        self.current = name
        centre = self._window.centralWidget()
        if centre is not None:  # before the docks are placed: they take the room of a centre that is hidden
            centre.setVisible(name in ("design", "data"))
        in_turns = self._window.isVisible()  # the first picture is of the whole window
        held = [panel for panel in self._panels.values() if in_turns and not panel.waits]
        for panel in held:
            panel.waits = True
        state = self._settings.bytes(f"workspace_{name}")
        for panel in self._panels.values() if state is not None else ():
            panel.hide()  # else Qt hides, shows and hides again those that are hidden in the arrangement to restore
        if state is not None and self._window.restoreState(state, VERSION):
            self._sizes = ()
            self._apply_table()
        else:
            self._arrange(name)
        if in_turns:
            self._show_in_turns(held)
        self.changed.emit(name)

    def reset(self) -> None:
        """Put the panels of this workspace back where they were at first."""
        self._settings.set_bytes(f"workspace_{self.current}", None)
        self._arrange(self.current)

    def hold(self) -> None:
        """Hide all panels for a while; that is no arrangement to come back to."""
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
        self._resize()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def settle_as_they_are(self) -> None:
        """Panels were given other sizes or places: that is what is wanted now."""
        self._sizes = ()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def remember(self) -> None:
        """Store the places of panels, for the next start."""
        self._remember()

    def set_movable(self, movable: bool) -> None:
        """Let panels be dragged to other places, or hold them."""
        self.are_movable = movable
        for panel in self._panels.values():
            panel.set_movable(movable)

    def want_table(self, wanted: bool) -> None:
        """Whether the data is small enough to show every row beside the drawing."""
        if wanted != self._wants_table:
            self._wants_table = wanted
            self._apply_table()
            self._resize_soon.start()

    def _show_in_turns(self, held: Sequence[Panel]) -> None:
        """First the drawing, then the panels; of each in one turn where its parts stand, in the next its picture."""
        centre = self._window.centralWidget()
        if centre is not None and centre.isVisible():
            centre.setUpdatesEnabled(False)
            self._turns.append(partial(centre.setUpdatesEnabled, True))
        for panel in held:
            panel.setUpdatesEnabled(False)
            self._turns += [panel.wait_no_longer, partial(self._let_paint, panel)]
        self._next_turn.start()

    def _let_paint(self, panel: Panel) -> None:
        parts = panel.painted_apart
        for part in parts:
            part.setUpdatesEnabled(False)
        panel.setUpdatesEnabled(True)
        self._turns[:0] = [partial(part.setUpdatesEnabled, True) for part in parts]

    def _take_turn(self) -> None:
        if self._turns:
            self._turns.pop(0)()
            self._next_turn.start()

    def _apply_table(self) -> None:
        self._panels["table"].setVisible(self._wants_table and self.current == "design" and not self._is_held)

    def _remember(self) -> None:
        if self.current and not self._is_held:
            self._settings.set_bytes(f"workspace_{self.current}", self._window.saveState(VERSION))

    def _arrange(self, name: str) -> None:
        window, panels = self._window, self._panels
        shown, hidden = SHOWN[name], HIDDEN_AT_FIRST.get(name, ())
        for other, panel in panels.items():
            if other in shown or other in hidden:
                window.removeDockWidget(panel)
            elif window.dockWidgetArea(panel) == Qt.DockWidgetArea.NoDockWidgetArea:
                window.addDockWidget(LEFT, panel)  # a dock without a place is shown when an arrangement is restored
            panel.hide()
        sizes: _Sizes
        if name == "design":
            window.addDockWidget(LEFT, panels["palette"])
            window.tabifyDockWidget(panels["palette"], panels["outline"])
            window.tabifyDockWidget(panels["outline"], panels["history"])
            window.addDockWidget(LEFT, panels["table"])
            window.addDockWidget(RIGHT, panels["inspector"])
            window.addDockWidget(BOTTOM, panels["code"])
            window.splitDockWidget(panels["code"], panels["training"], Qt.Orientation.Horizontal)
            window.tabifyDockWidget(panels["code"], panels["own"])
            window.tabifyDockWidget(panels["own"], panels["problems"])
            window.tabifyDockWidget(panels["problems"], panels["versions"])
            sizes = (
                (("palette",), (248,), Qt.Orientation.Horizontal),
                (("inspector",), (336,), Qt.Orientation.Horizontal),
                (("code", "training"), (800, 800), Qt.Orientation.Horizontal),
                (("code",), (BOTTOM_PX,), Qt.Orientation.Vertical),
                (("palette", "table"), (330, 300), Qt.Orientation.Vertical),
            )
        elif name == "data":
            window.addDockWidget(RIGHT, panels["data"])
            sizes = ((("data",), (1200,), Qt.Orientation.Horizontal),)
        elif name == "train":
            window.addDockWidget(LEFT, panels["plan"])
            window.addDockWidget(RIGHT, panels["training"])
            window.tabifyDockWidget(panels["training"], panels["own"])
            sizes = ((("plan", "training"), (480, 1120), Qt.Orientation.Horizontal),)
        else:
            window.addDockWidget(LEFT, panels["runs"])
            window.splitDockWidget(panels["runs"], panels["training"], Qt.Orientation.Vertical)
            sizes = ((("runs", "training"), (520, 420), Qt.Orientation.Vertical),)
        for other, panel in panels.items():
            panel.setVisible(other in shown)
        self._apply_table()
        if name == "design":
            panels["code"].raise_()
            panels["palette"].raise_()
        self._sizes = sizes
        self._resize()
        # The main window knows its own size only after it was laid out; asked before, it forgets what it was told.
        self._resize_soon.start()

    def _resize(self) -> None:
        for names, pixels, orientation in self._sizes:
            docks = [self._panels[entry] for entry in names]
            wanted = list(pixels)
            if names == ("code",):
                wanted = [min(BOTTOM_PX, round(BOTTOM_SHARE * self._window.height()))]
            self._window.resizeDocks(docks, wanted, orientation)
