"""Work beside the event loop: the window lives on, the caller gets the result or the error."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QTimer

from studio.gui.background import beside_the_loop


def test_the_loop_goes_on_while_the_caller_waits(qapp) -> None:
    may_end, ticks = threading.Event(), []

    def tick() -> None:
        ticks.append(threading.current_thread())
        may_end.set()

    QTimer.singleShot(0, tick)
    assert beside_the_loop(lambda: (may_end.wait(10), threading.current_thread()))[1] is not threading.main_thread()
    assert ticks == [threading.main_thread()]


def test_an_error_is_the_caller_s(qapp) -> None:
    def broken() -> None:
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        beside_the_loop(broken)
