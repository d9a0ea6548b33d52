"""Presentation: the drawing alone in larger type, for a projector; the same key gives the panels back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.gui import theme

if TYPE_CHECKING:
    from studio.gui.window import MainWindow

TYPE_SCALE = 1.3
"""13 px become 17: read from the last row where the drawing itself can be read."""


class Presenting(QObject):
    """On or off. It is no arrangement of its own: nothing of it is remembered, and another workspace ends it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.is_on = False
        window.workspaces.changed.connect(self._workspace_shown)

    def toggle(self) -> None:
        """Hide the panels and show type larger, or the other way round."""
        window = self._window
        if self.is_on:
            window.workspaces.let_go()
            window.canvas.fit()
            return
        window.workspaces.show("design")
        self.is_on = True
        window.workspaces.hold()
        window.status.hide()
        theme.set_type_scale(TYPE_SCALE)
        window.canvas.setFocus()
        window.canvas.fit()

    def _workspace_shown(self, _name: str) -> None:
        if self.is_on:
            self.is_on = False
            self._window.status.show()
            theme.set_type_scale(1.0)
