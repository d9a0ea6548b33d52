"""Exchanges the style sheet of the whole application without holding the event loop.

``QApplication.setStyleSheet`` takes every widget's old look off and puts the new one on, in one piece: 0.1 ms each
and a thousand of them, several frames. Here the same is done a few widgets at a time, while windows keep their last
picture. Qt's own part, in the middle, then finds no widget that it would have to touch: it asks for two attributes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.garbage import no_collection
from studio.gui.last_picture import LastPicture

TURN_S = 0.005
"""A third of a frame: what was clicked or typed meanwhile is heard in the same frame."""

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle


class Restyling(QObject):
    """Takes the old style sheet off all widgets, exchanges it, and puts the new one on: first on what is seen."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._exchange: Callable[[], str] | None = None
        self._seen: Callable[[], None] | None = None
        self._dressed: list[QWidget] = []
        self._bare: list[QWidget] = []
        self._pictures = LastPicture()
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._take_turn)

    @property
    def is_settled(self) -> bool:
        """Whether every widget has the look that was asked for."""
        return not (self._exchange or self._seen or self._bare)

    def begin(self, exchange: Callable[[], str], seen: Callable[[], None], *, in_turns: bool) -> None:
        """Put on another style sheet.

        Args:
            exchange: Sets the colours and returns the text of the sheet; called when all widgets are bare. Asked for
                again before that, the last one counts.
            seen: Called when all that is visible has its new look, before it is painted.
            in_turns: Return at once and go on in turns of the event loop, else return when it is done.
        """
        self._exchange, self._seen = exchange, seen
        self._dressed = _polished()
        if not in_turns:
            self.settle()
            return
        self._pictures.hold(window for window in QApplication.topLevelWidgets() if window.isVisible())
        self._next_turn.start()

    def settle(self) -> None:
        """Do all that is left to do now."""
        self._next_turn.stop()
        while self._step():
            pass

    # Turns

    def _take_turn(self) -> None:
        end = time.perf_counter() + TURN_S
        while self._step():
            if time.perf_counter() >= end:
                self._next_turn.start()
                return

    def _step(self) -> bool:
        """Do one small thing; whether there is more to do."""
        if self._dressed:
            self._take_off(self._dressed.pop())
        elif self._exchange is not None:
            self._dressed = _polished()  # those that came, or were asked for their size, meanwhile
            if not self._dressed:
                self._exchange_sheet()
        elif self._seen is not None and not (self._bare and _is_visible(self._bare[-1])):
            seen, self._seen = self._seen, None
            seen()
            self._pictures.let_go()
        elif self._bare:
            self._put_on(self._bare.pop())
            if not self._bare:
                _forget_sizes()
        return bool(self._dressed) or not self.is_settled

    def _take_off(self, widget: QWidget) -> None:
        if shiboken6.isValid(widget) and widget.testAttribute(_POLISHED):
            widget.style().unpolish(widget)
            widget.setAttribute(_POLISHED, False)
            self._bare.append(widget)

    def _exchange_sheet(self) -> None:
        """Let Qt exchange the sheet; it passes over what is not polished, and tells no widget that has a style."""
        assert self._exchange is not None
        exchange, self._exchange = self._exchange, None
        sheet = exchange()
        self._bare = sorted(
            (widget for widget in dict.fromkeys(self._bare) if shiboken6.isValid(widget)), key=_is_visible
        )
        untold = [widget for widget in self._bare if not widget.testAttribute(_OWN_STYLE)]
        for widget in untold:
            widget.setAttribute(_OWN_STYLE)
        # Taken off before another is put on: where Qt exchanges a sheet it tells each widget of it once for each of the
        # widgets that it stands in.
        self._app.setStyleSheet("")
        self._app.setStyleSheet(sheet)
        for widget in untold:
            widget.setAttribute(_OWN_STYLE, False)

    def _put_on(self, widget: QWidget) -> None:
        if not shiboken6.isValid(widget) or widget.testAttribute(_POLISHED):
            return
        widget.style().polish(widget)
        widget.setAttribute(_POLISHED)
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))


@no_collection()
def _polished() -> list[QWidget]:
    """All widgets that wear a look.

    Qt hands out the addresses of all at once, and PySide makes an object of one after the other: a round of the
    collector in between deletes widgets that nobody needs any more, and their addresses are still to come.
    """
    return [widget for widget in QApplication.allWidgets() if widget.testAttribute(_POLISHED)]


@no_collection()
def _forget_sizes() -> None:
    """Let layouts ask all widgets again what room they need, the inner ones first.

    What is hidden, such as another page of a stack, was dressed after what stands around it, and does not tell it.
    """
    for window in QApplication.topLevelWidgets():
        for widget in reversed([window, *window.findChildren(QWidget)]):
            widget.updateGeometry()


def _is_visible(widget: QWidget) -> bool:
    return shiboken6.isValid(widget) and widget.isVisible()
