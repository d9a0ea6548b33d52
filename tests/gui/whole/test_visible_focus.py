"""Wherever the keyboard leads, it shows: a widget with the focus looks other than without."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMessageBox, QTableView, QWidget

from studio.gui import theme
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.gui.whole.every_dialog import DIALOGS, opened

_ROUND = 3
"""A mark may stand around a widget."""


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def reached_by_keys(window: QWidget) -> list[QWidget]:
    return [
        each
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and not each.visibleRegion().isEmpty()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
    ]


def looks_the_same(window: QWidget, each: QWidget) -> bool:
    place = QRect(each.mapTo(window, QPoint(-_ROUND, -_ROUND)), each.size() + QSize(2 * _ROUND, 2 * _ROUND))
    holder = QApplication.focusWidget()
    if holder is not None:
        holder.clearFocus()
    settle()
    before = window.grab(place).toImage()
    each.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert QApplication.focusWidget() is each
    return bool(window.grab(place).toImage() == before)


@pytest.mark.parametrize("name", ["design", "data", "train"])
def test_the_focus_is_seen(qtbot, faked_window: MainWindow, name: str) -> None:
    window, two = faked_window, example("two_branches")
    assert two is not None
    window.session.load(two.project(), None)
    window.workspaces.show(name)
    with qtbot.waitActive(window):
        window.activateWindow()
    settle()
    tabs = ("outline", "history", "palette", "own", "versions", "code") if name == "design" else ("",)
    seen: set[int] = set()
    unmarked: list[str] = []
    for tab in tabs:
        if tab:
            window.panels[tab].raise_()
            settle()
        for each in reached_by_keys(window):
            if id(each) not in seen and looks_the_same(window, each):
                unmarked.append(f"{type(each).__name__} {each.accessibleName()!r} of {tab or name}")
            seen.add(id(each))
    window.workspaces.show("design")
    assert unmarked == []


def test_the_focus_of_a_box_to_tick_goes_round_it(qtbot, faked_window: MainWindow) -> None:
    """Two more pixels around the little square were not found at the other end of a table."""
    window, two = faked_window, example("two_branches")
    assert two is not None
    window.session.load(two.project(), None)
    window.workspaces.show("train")
    with qtbot.waitActive(window):
        window.activateWindow()

    def ticked() -> list[QCheckBox]:
        return [each for each in window.findChildren(QCheckBox) if each.isVisible()]

    qtbot.waitUntil(lambda: len(ticked()) >= 3)
    boxes = ticked()
    accent = QColor(theme.current().accent).name()
    for box in boxes:
        box.setFocus(Qt.FocusReason.TabFocusReason)
        settle()
        picture = box.grab().toImage()
        across = sum(picture.pixelColor(x, 0).name() == accent for x in range(picture.width()))
        assert across > picture.width() / 2 > 30, box.text()
    window.workspaces.show("design")


@pytest.mark.parametrize("name", ["design", "data", "train", "runs"])
def test_tab_goes_round_through_what_is_seen(qtbot, faked_window: MainWindow, name: str) -> None:
    """Nowhere is it out of sight, and it comes back to where it began."""
    window = faked_window
    for other in ("train", name):  # each leaves bars of tabs behind
        window.workspaces.show(other)
        settle()
    with qtbot.waitActive(window):
        window.activateWindow()
    window.header.search_button.setFocus(Qt.FocusReason.TabFocusReason)
    start = QApplication.focusWidget()
    for step in range(200):
        here = QApplication.focusWidget()
        assert here is not None
        assert not here.visibleRegion().isEmpty(), f"{type(here).__name__} {here.accessibleName()!r} after {step}"
        QTest.keyClick(here, Qt.Key.Key_Tab)
        if step and QApplication.focusWidget() is start:
            break
    else:
        pytest.fail("Tab does not come back")
    window.workspaces.show("design")


def test_tab_goes_down_the_training_plan(faked_window: MainWindow) -> None:
    """Also where a loss, an output or a metric came later than the rest."""
    window, two = faked_window, example("penguins")
    assert two is not None
    window.session.load(two.project(), None)
    window.workspaces.show("train")
    settle()
    plan = window.panels["plan"].content
    fields = [each for each in reached_by_keys(window) if plan.isAncestorOf(each)]
    (judge, *_) = plan.judges.values()
    here: QWidget = judge.loss
    places = []
    for _ in range(200):
        if here in fields:
            places.append(here.mapTo(plan, QPoint(0, 0)).y() // 20)
        here = here.nextInFocusChain()
        if here is judge.loss:
            break
    assert len(places) > 5
    turns = sum(after < before for before, after in pairwise(places))
    assert turns <= 1, places  # back to the top at most once


@pytest.mark.parametrize("name", DIALOGS)
def test_the_focus_is_seen_in_dialogs(qtbot, faked_window: MainWindow, name: str) -> None:
    with opened(name, faked_window) as dialog:
        with qtbot.waitActive(dialog):
            dialog.activateWindow()
        settle()
        unmarked = [
            f"{type(each).__name__} {each.accessibleName()!r}"
            for each in reached_by_keys(dialog)
            if looks_the_same(dialog, each)
        ]
        assert not any(each.tabKeyNavigation() for each in dialog.findChildren(QTableView)), "Tab leads on"
    assert unmarked == []


def test_enter_loses_nothing_where_something_could_be_lost(faked_window: MainWindow) -> None:
    for name in ("save_question", "replace_question"):
        with opened(name, faked_window) as dialog:
            assert isinstance(dialog, QMessageBox)
            chosen = dialog.defaultButton()
            assert chosen is not None
            assert dialog.buttonRole(chosen) != QMessageBox.ButtonRole.DestructiveRole, name
