"""A box for work that takes longer than a second: it says what goes on, and its button or Esc ends it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget

PATIENCE_MS = 1000
"""What takes longer is shown in the box."""


class Patience(QObject):
    """Between ``begin`` and ``end`` something is waited for. The window beside the box can be used meanwhile."""

    def __init__(self, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._box: QProgressDialog | None = None
        self._cancel: Callable[[], object] | None = None  # what Esc does, while the box is seen

    def begin(self, title: str, sentence: str, cancel: Callable[[], object]) -> None:
        """Wait from now on; ``cancel`` is what the button and Esc do."""
        self.end()
        box = self._box = QProgressDialog(sentence, self.tr("Cancel"), 0, 0, self._window)
        box.setWindowTitle(title)
        box.setAutoClose(False)
        # Ends its own clock, by which it comes after 4 s: also when it is over, while a question is open, whose loop
        # deletes nothing.
        box.reset()
        box.canceled.connect(cancel)
        appear = QTimer(box, singleShot=True, interval=PATIENCE_MS)
        appear.timeout.connect(partial(self._show, cancel))
        appear.start()

    def _show(self, cancel: Callable[[], object]) -> None:
        if self._box is None:
            return
        self._box.show()
        # Esc means the box also where the window beside it has the keyboard. A shortcut would not do: the drawing takes
        # Esc before any, and gives up what is selected.
        self._cancel = cancel
        _application().installEventFilter(self)

    def say(self, sentence: str) -> None:
        """Tell how far it is."""
        if self._box is not None:
            self._box.setLabelText(sentence)

    def end(self) -> None:
        """It is over."""
        box, self._box = self._box, None
        if self._cancel is not None:
            self._cancel = None
            _application().removeEventFilter(self)
        if box is not None:
            box.blockSignals(True)
            box.close()
            box.deleteLater()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _OF_KEYS or self._cancel is None or not isinstance(event, QKeyEvent):
            return False
        is_covered = QApplication.activeModalWidget() not in (None, self._window, self._box)
        if event.key() != Qt.Key.Key_Escape or is_covered or QApplication.activePopupWidget() is not None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self._cancel()
        return True


_OF_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application
