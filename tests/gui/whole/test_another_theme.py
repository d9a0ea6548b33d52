"""Another theme, and larger type, come a few widgets at a time; in the end all is as if it had been so at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.theme import restyling
from studio.gui.theme.sheet import style_sheet
from studio.gui.window import MainWindow

WORKSPACES = ("design", "data", "train", "runs")


def settle() -> None:
    for _ in range(12):
        QApplication.processEvents()
    while not theme.is_settled():
        QApplication.processEvents()


@pytest.fixture(autouse=True)
def portions_of_one(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, "light")
    monkeypatch.setattr(restyling, "TURN_S", 0.0)
    yield
    theme.set_type_scale(1.0)
    theme.apply(qapp, "light")


def pictures(window: MainWindow) -> dict[str, QImage]:
    found = {}
    for name in WORKSPACES:
        window.workspaces.show(name)
        window.canvas.setFocus()
        settle()
        found[name] = window.grab().toImage()
    window.workspaces.show("design")
    settle()
    return found


def put_on_by_qt(qapp: QApplication) -> None:
    """What Qt does in one piece."""
    qapp.setStyleSheet("")
    qapp.setStyleSheet(style_sheet(theme.current(), theme.type_scale()))
    theme.notifier.changed.emit()


@pytest.mark.parametrize(
    "change",
    [
        lambda window: window.set_theme("dark"),
        lambda window: theme.set_type_scale(1.3, in_turns=True),
    ],
    ids=["dark", "larger type"],
)
def test_the_window_looks_as_qt_would_have_made_it(
    qapp: QApplication, faked_window: MainWindow, change: Callable[[MainWindow], object]
) -> None:
    window = faked_window
    pictures(window)  # every panel was seen
    change(window)
    assert not theme.is_settled()
    settle()
    found = pictures(window)
    put_on_by_qt(qapp)
    settle()
    wanted = pictures(window)
    assert [name for name in WORKSPACES if found[name] != wanted[name]] == []


@pytest.fixture
def small(qtbot) -> QMainWindow:
    window, inside = QMainWindow(), QWidget()
    column = QVBoxLayout(inside)
    for role in ("", "title", "secondary"):
        label = QLabel(f"a {role}")
        theme.set_role(label, role)
        column.addWidget(label)
    column.addWidget(QPushButton("Train"))
    window.setCentralWidget(inside)
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    settle()
    return window


def turns(count: int) -> None:
    for _ in range(count):
        QApplication.processEvents()
    assert not theme.is_settled()


def test_what_is_seen_keeps_its_picture_until_all_of_it_is_new(qapp: QApplication, small: QMainWindow) -> None:
    shown: list[bool] = []

    def listen() -> None:
        shown.append(small.updatesEnabled())

    theme.notifier.changed.connect(listen)
    theme.apply(qapp, "dark", in_turns=True)
    assert theme.current() is theme.LIGHT, "the colours must not change before the widgets do"
    turns(2)
    assert not small.updatesEnabled()
    settle()
    theme.notifier.changed.disconnect(listen)
    assert shown == [False], "told before anything is painted"
    assert small.updatesEnabled()
    assert theme.current() is theme.DARK


def test_a_second_wish_takes_the_place_of_the_first(qapp: QApplication, small: QMainWindow) -> None:
    before = small.grab().toImage()
    for count in (1, 4, 12, 40):
        theme.apply(qapp, "dark", in_turns=True)
        turns(min(count, len(QApplication.allWidgets())))
        theme.apply(qapp, "light", in_turns=True)
        settle()
        assert theme.current() is theme.LIGHT
        assert small.updatesEnabled()
        assert small.grab().toImage() == before, count


def test_larger_type_and_another_theme_at_once_both_come(qapp: QApplication, small: QMainWindow) -> None:
    theme.apply(qapp, "dark", in_turns=True)
    theme.set_type_scale(2.0, in_turns=True)
    settle()
    found = small.grab().toImage()
    assert (theme.current(), theme.type_scale()) == (theme.DARK, 2.0)
    put_on_by_qt(qapp)
    assert small.grab().toImage() == found


def test_widgets_that_come_or_go_meanwhile_are_no_trouble(qapp: QApplication, small: QMainWindow) -> None:
    for count in (1, 6, 14):
        theme.apply(qapp, "dark" if theme.current() is theme.LIGHT else "light", in_turns=True)
        turns(count)
        small.centralWidget().deleteLater()
        small.setCentralWidget(QLabel("another"))
        dialog = QDialog(small)
        QPushButton("Fine", dialog)
        dialog.show()
        settle()
        found = dialog.grab().toImage()
        put_on_by_qt(qapp)
        assert dialog.grab().toImage() == found, count
        dialog.deleteLater()


def test_what_is_on_a_hidden_page_counts_for_the_room_that_is_needed(qapp: QApplication, small: QMainWindow) -> None:
    stack, page = QStackedWidget(), QWidget()
    QVBoxLayout(page).addWidget(QLabel("Many words on a page that nobody sees"))
    stack.addWidget(QLabel("few"))
    stack.addWidget(page)
    inside = small.centralWidget()
    inside.layout().addWidget(stack)
    settle()
    before = inside.minimumSizeHint().width()
    theme.set_type_scale(1.5, in_turns=True)
    settle()
    assert inside.minimumSizeHint().width() > 1.3 * before
    theme.set_type_scale(1.0, in_turns=True)
    settle()
    assert inside.minimumSizeHint().width() == before


def test_what_goes_after_the_exchange_is_no_trouble(qapp: QApplication, small: QMainWindow) -> None:
    theme.apply(qapp, "dark", in_turns=True)
    while theme.current() is theme.LIGHT:
        QApplication.processEvents()
    shiboken6.delete(small.centralWidget())
    settle()
    assert small.updatesEnabled()
