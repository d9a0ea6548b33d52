"""Panels and columns get another size, and panels another place, by keys: what dragging their borders does.

Meant is the panel, or the table, that the keyboard is in. Where nothing can be done, a sentence says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHeaderView, QSplitter, QTableView, QWidget

from studio.gui.arrangement import BOTTOM, LEFT, RIGHT

if TYPE_CHECKING:
    from studio.gui.dock import Panel
    from studio.gui.window import MainWindow

STEP_PX: Final = 24
_LEAST_COLUMN_PX: Final = 32
_ACROSS, _ALONG = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


def _tr(text: str) -> str:
    return QCoreApplication.translate("PanelSizes", text)


def _here(window: MainWindow) -> tuple[Panel | None, QWidget | None]:
    """The panel with the focus, and what has it. The window knows that also while a list is open over it."""
    focus = window.focusWidget()
    found = (panel for panel in window.panels.values() if focus is not None and panel.isAncestorOf(focus))
    return next(found, None), focus


def _told(window: MainWindow, panel: Panel) -> None:
    words = _tr("{0}: {1} by {2} pixels")
    window.say(words.format(panel.windowTitle(), panel.width(), panel.height()))


def resize(window: MainWindow, orientation: Qt.Orientation, by_px: int) -> None:
    """Make the panel with the focus, or the part of it that a bar parts from the rest, larger or smaller."""
    panel, focus = _here(window)
    if panel is None or focus is None:
        window.say(_tr("Go into a panel first; F6 leads from one to the next."))
        return
    before = focus.size(), panel.size()
    is_across = orientation == _ACROSS
    if not _resize_part(panel, focus, orientation, by_px):
        size = (panel.width() if is_across else panel.height()) + by_px
        if panel.isFloating():
            panel.resize(size if is_across else panel.width(), panel.height() if is_across else size)
        else:
            asked = size
            for _ in range(2):  # the bar of its tabs counts as well, and panels side by side share what is asked for
                window.resizeDocks([panel], [max(1, asked)], orientation)
                window.workspaces.settle_as_they_are()
                asked += size - (panel.width() if is_across else panel.height())
    if (focus.size(), panel.size()) == before:
        window.say(_tr("{0} has no border there that could be moved so.").format(panel.windowTitle()))
    else:
        _told(window, panel)


def _resize_part(panel: Panel, focus: QWidget, orientation: Qt.Orientation, by_px: int) -> bool:
    """Move the bar of a panel that has parts side by side; tells whether there is one."""
    here: QWidget | None = focus
    while here is not None and here is not panel:
        above = here.parentWidget()
        if isinstance(above, QSplitter) and above.orientation() == orientation and above.count() > 1:
            sizes, place = above.sizes(), above.indexOf(here)
            beside = place + 1 if place + 1 < len(sizes) else place - 1
            by_px = min(by_px, sizes[beside])
            sizes[place], sizes[beside] = max(0, sizes[place] + by_px), sizes[beside] - by_px
            above.setSizes(sizes)
            return True
        here = above
    return False


def resize_column(window: MainWindow, by_px: int) -> None:
    """Make the column with the mark of a table wider or narrower."""
    _, table = _here(window)
    if not isinstance(table, QTableView) or not table.currentIndex().isValid():
        window.say(_tr("Go into a table first, to a cell of the column."))
        return
    header, column = table.horizontalHeader(), table.currentIndex().column()
    if header.sectionResizeMode(column) != QHeaderView.ResizeMode.Interactive:
        window.say(_tr("The columns of this table are as wide as what stands in them."))
        return
    header.resizeSection(column, max(_LEAST_COLUMN_PX, header.sectionSize(column) + by_px))
    window.say(_tr("The column is {0} pixels wide").format(header.sectionSize(column)))


def move(window: MainWindow, area: Qt.DockWidgetArea) -> None:
    """Let the panel with the focus stand at another side of the drawing."""
    panel, focus = _here(window)
    if panel is None or focus is None:
        window.say(_tr("Go into a panel first; F6 leads from one to the next."))
        return
    window.addDockWidget(area, panel)
    panel.setFloating(False)
    panel.show()
    panel.raise_()
    focus.setFocus(Qt.FocusReason.OtherFocusReason)
    window.workspaces.settle_as_they_are(are_moved=True)
    _told(window, panel)


def commands(window: MainWindow) -> Mapping[str, Callable[[], None]]:
    """The actions that do all this."""
    return {
        "panel_wider": partial(resize, window, _ACROSS, STEP_PX),
        "panel_narrower": partial(resize, window, _ACROSS, -STEP_PX),
        "panel_higher": partial(resize, window, _ALONG, STEP_PX),
        "panel_lower": partial(resize, window, _ALONG, -STEP_PX),
        "column_wider": partial(resize_column, window, STEP_PX),
        "column_narrower": partial(resize_column, window, -STEP_PX),
        "panel_left": partial(move, window, LEFT),
        "panel_right": partial(move, window, RIGHT),
        "panel_bottom": partial(move, window, BOTTOM),
    }
