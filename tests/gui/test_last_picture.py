"""A window that is held keeps its picture, and is painted when the last one lets go of it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from studio.gui.last_picture import LastPicture


class Painted(QWidget):
    count = 0

    def paintEvent(self, event) -> None:
        self.count += 1


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


@pytest.fixture
def window(qtbot) -> Painted:
    window = Painted()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.count > 0)
    settle()
    window.count = 0
    return window


def test_what_was_to_be_painted_when_it_was_held_is_painted_in_the_end(window: Painted) -> None:
    picture = LastPicture()
    window.update()
    picture.hold([window])
    settle()
    assert window.count == 0
    picture.let_go()
    settle()
    assert window.count == 1


def test_two_hold_it_until_both_let_go(window: Painted) -> None:
    one, other = LastPicture(), LastPicture()
    one.hold([window])
    one.hold([window])
    other.hold([window])
    window.update()
    other.let_go()
    other.let_go()
    settle()
    assert window.count == 0
    one.let_go()
    settle()
    assert window.count == 1
    one.hold([window])
    one.let_go()
    settle()
    assert window.count == 2


def test_a_window_may_be_gone_when_it_is_let_go(qtbot) -> None:
    window, picture = QWidget(), LastPicture()
    window.show()
    picture.hold([window])
    window.deleteLater()
    qtbot.wait(1)
    picture.let_go()
    settle()
