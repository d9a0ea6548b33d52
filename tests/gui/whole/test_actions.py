"""All actions of the window together: what is shown of them, and what is said of those that cannot be done."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.gui.actions import TABLE
from studio.gui.commands import WindowCommands
from studio.gui.window import MainWindow
from studio.workbench import starting
from studio.workbench.examples import example


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def test_a_context_menu_that_was_closed_is_forgotten(qtbot, faked_window: MainWindow) -> None:
    window = faked_window
    window.session.set_selection([next(iter(window.session.graph.nodes))])
    window._open_menu(QPoint(20, 20))
    (menu,) = (each for each in window.findChildren(QMenu) if each.isVisible())
    assert entry(menu, "Rename").isEnabled()
    window.session.set_selection([])
    window.refresh_actions()
    assert not entry(menu, "Rename").isEnabled(), "it follows while it is open"
    menu.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(menu))
    window.session.set_selection([next(iter(window.session.graph.nodes))])
    window.refresh_actions()  # an entry that is gone would raise here


def test_what_cannot_be_done_says_why_in_one_sentence(faked_window: MainWindow) -> None:
    window = faked_window
    residual = example("residual")
    assert residual is not None
    seen: set[str] = set()
    for project in (starting.new_project(), residual.project()):
        window.session.load(project, None)
        for chosen in ((), tuple(window.session.graph.nodes)[:1], tuple(window.session.graph.nodes)):
            window.session.set_selection(chosen)
            window.refresh_actions()
            for row, action in window.actions_table:
                if action.isEnabled():
                    continue
                seen.add(row.id)
                reason = WindowCommands(window).why_not(row.id)
                assert reason.endswith("."), row.id
                assert reason.count(". ") == 0, f"{row.id}: {reason}"
                assert action.toolTip() != row.text.rstrip("."), f"{row.id} does not say why"
                before = window.session.project
                window.actions_table[row.id].setEnabled(True)
                window.actions_table[row.id].trigger()  # as a key on its way would
                assert window.session.project is before
                assert window.status.news == reason, row.id
    assert {"undo", "redo", "rename", "stop", "go_back", "unpack_block"} <= seen
    assert seen < {row.id for row in TABLE}
