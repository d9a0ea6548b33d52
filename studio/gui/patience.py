"""A box for work that takes longer than a second: it says what goes on, and its button or Esc ends it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QProgressDialog, QWidget

PATIENCE_MS = 1000
"""What takes longer is shown in the box."""


class Patience(QObject):
    """Between ``begin`` and ``end`` something is waited for. The window beside the box can be used meanwhile."""

    def __init__(self, window: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._box: QProgressDialog | None = None
        self._esc: QShortcut | None = None

    def begin(self, title: str, sentence: str, cancel: Callable[[], object]) -> None:
        """Wait from now on; ``cancel`` is what the button and Esc do."""
        self.end()
        box = self._box = QProgressDialog(sentence, self.tr("Cancel"), 0, 0, self._window)
        box.setWindowTitle(title)
        box.setAutoClose(False)
        box.canceled.connect(cancel)
        # Its own minimum duration begins with the first number, and there is none: it would come after 4 s.
        appear = QTimer(box, singleShot=True, interval=PATIENCE_MS)
        appear.timeout.connect(partial(self._show, cancel))
        appear.start()

    def _show(self, cancel: Callable[[], object]) -> None:
        if self._box is None:
            return
        self._box.show()
        # Esc means the box also where the window beside it has the keyboard.
        esc = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._window)
        esc.activated.connect(cancel)
        self._esc = esc

    def say(self, sentence: str) -> None:
        """Tell how far it is."""
        if self._box is not None:
            self._box.setLabelText(sentence)

    def end(self) -> None:
        """It is over."""
        box, self._box = self._box, None
        if self._esc is not None:
            self._esc.deleteLater()
            self._esc = None
        if box is not None:
            box.blockSignals(True)
            box.close()
            box.deleteLater()
