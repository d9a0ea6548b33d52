"""Lets windows keep their last picture while what they show is changed, and painted anew when nobody changes it more.

Several may hold the same window at a time; the last one to let go has it painted.
"""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

_holders: WeakKeyDictionary[QWidget, set[LastPicture]] = WeakKeyDictionary()


class LastPicture:
    """One that holds pictures. To hold a window again changes nothing."""

    def hold(self, windows: Iterable[QWidget]) -> None:
        """Paint nothing in these windows until ``let_go``."""
        for window in windows:
            holders = _holders.setdefault(window, set())
            if not holders:
                window.setUpdatesEnabled(False)
            holders.add(self)

    def let_go(self) -> None:
        """Paint the windows, if nobody else holds them."""
        for window, holders in list(_holders.items()):
            if self not in holders:
                continue
            holders.remove(self)
            if not holders:
                del _holders[window]
                if shiboken6.isValid(window):
                    _paint(window)


def _paint(window: QWidget) -> None:
    window.setUpdatesEnabled(True)
    # What was to be painted when the window was held, is still to be painted for Qt, so that it asks for no other
    # painting; but it has thrown away the request for it (QWidgetRepaintManager: paintAndFlush, markDirty).
    QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest), Qt.EventPriority.LowEventPriority.value)
