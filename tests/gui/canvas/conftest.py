"""A canvas on a session without engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from studio.core.project import Project
from studio.gui import theme
from studio.gui.canvas.canvas import Canvas
from tests.gui.canvas.drawing import FakeSession, two_branches
from tests.gui.canvas.hands import Hands


@pytest.fixture
def hands_on(qtbot, qapp: QApplication) -> Callable[[Project], Hands]:
    """Show a project on a canvas and get hands that use mouse and keys there."""

    def show(project: Project) -> Hands:
        theme.apply(qapp, "light")
        canvas = Canvas(FakeSession(project))
        canvas.camera.motion_ms = 0
        canvas.resize(1100, 800)
        qtbot.addWidget(canvas)
        with qtbot.waitActive(canvas):  # a bare X server has no window manager that would do it
            canvas.show()
            canvas.activateWindow()
        canvas.setFocus()
        qapp.processEvents()
        return Hands(canvas)

    return show


@pytest.fixture
def hands(hands_on: Callable[[Project], Hands]) -> Hands:
    """Hands on the book's two-branch network."""
    return hands_on(two_branches())
