"""Panels by keys: from one to the next, and straight to one, as a click on its tab and into it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from studio.gui.dock import Panel
    from studio.gui.window import MainWindow

PANELS = ("palette", "outline", "history", "inspector", "code", "training", "problems", "versions")
"""Those of the Design workspace; the others have workspaces or actions of their own."""


def go_to(window: MainWindow, name: str) -> None:
    """Show a panel of the Design workspace and put the focus into it."""
    panel = window.panels[name]
    if not panel.toggleViewAction().isChecked():
        window.workspaces.show("design")
    _enter(panel)


def go_round(window: MainWindow, by: int) -> None:
    """To the next (or previous) of the panels that are open, those behind tabs too; the drawing is one of them."""
    stops: list[QWidget] = [window.canvas] if window.canvas.isVisible() else []
    stops += [panel for panel in window.panels.values() if panel.toggleViewAction().isChecked()]
    if not stops:
        return
    here = QApplication.focusWidget()
    at = next((i for i, each in enumerate(stops) if here and (each is here or each.isAncestorOf(here))), -1)
    stop = stops[(at + by) % len(stops) if at >= 0 or by > 0 else -1]
    panel = window.panels.get(stop.objectName())
    if panel is None:
        stop.setFocus(Qt.FocusReason.TabFocusReason)
    else:
        _enter(panel)


def _enter(panel: Panel) -> None:
    panel.setVisible(True)
    panel.raise_()
    content = panel.content
    QApplication.processEvents()  # what was just made or uncovered can take the focus only when it is shown
    first = content if content.focusPolicy() & Qt.FocusPolicy.TabFocus else _first_in(content)
    (first or content).setFocus(Qt.FocusReason.TabFocusReason)


def _first_in(content: QWidget) -> QWidget | None:
    """The first of what can have the focus in there, in the order of Tab."""
    here: QWidget | None = content.nextInFocusChain()
    while here is not None and here is not content:
        takes_focus = here.focusPolicy() & Qt.FocusPolicy.TabFocus and here.focusProxy() is None
        if takes_focus and content.isAncestorOf(here) and here.isVisible() and here.isEnabled():
            return here
        here = here.nextInFocusChain()
    return None
