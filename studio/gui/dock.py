"""A dock of the window: what it shows is made when somebody sees it first, and rests while nobody does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget


class Panel(QDockWidget):
    """A dock with its own header inside; the bar to move it by is shown only while panels may be moved.

    ``content`` is what it shows, or a function that makes it when somebody sees it first.
    """

    content_wanted = Signal()
    """Somebody wants to do something with the content: the panel must have its place now."""

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
    def is_in_front(self) -> bool:
        """Whether it is open and no other panel of its place covers it."""
        return self._is_seen and not self.isHidden()

    @property
    def content(self) -> QWidget:
        """What the panel shows; made and, where the panel is seen, shown now: who asks has something to do with it."""
        self.content_wanted.emit()
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


def pass_over_unused_bars(window: QMainWindow) -> None:
    """Qt keeps bars of tabs that it does not need beside the window, where Tab would lead into the dark."""
    for bar in window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
        is_used = bar.count() > 0 and window.rect().intersects(bar.geometry())
        bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_used else Qt.FocusPolicy.NoFocus)
