"""Files that are dropped on the window: a project or a model is opened, a table becomes the data.

Of anything else one hears why it cannot be taken while it is still held, and it cannot be let go here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QMimeData, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from studio import data
from studio.gui.files import PROJECT_SUFFIX
from studio.workbench.opening_models import is_model_file

if TYPE_CHECKING:
    from studio.gui.data import DataPanel
    from studio.gui.window import MainWindow


def enter(window: MainWindow, event: QDragEnterEvent) -> None:
    """Something is dragged over the window: say what it would do, or why it can do nothing."""
    dragged = event.mimeData()
    if not dragged.hasUrls():
        return
    reason = why_not_take(dragged)
    if reason:
        window.say(reason, is_bad=True)
        return
    _take(event)
    path = _path(dragged)
    words = _tr("Let go to learn from {0}.") if path.suffix.lower() in data.SUFFIXES else _tr("Let go to open {0}.")
    window.say(words.format(path.name))


def drop(window: MainWindow, event: QDropEvent) -> None:
    """It is let go."""
    dropped = event.mimeData()
    if not dropped.hasUrls() or why_not_take(dropped):
        return
    _take(event)
    path = _path(dropped)
    # Later: the program that it came from stands still until this has returned, and a question may be asked first.
    QTimer.singleShot(0, window, lambda: _open(window, path))


def _open(window: MainWindow, path: Path) -> None:
    window.activateWindow()  # the keyboard goes where the hand has gone
    if path.suffix.lower() in data.SUFFIXES:
        window.workspaces.turn_to("data")
        cast("DataPanel", window.panels["data"].content).open_path(path)
    else:
        window.files.open(path)


def why_not_take(dropped: QMimeData) -> str:
    """Why what is dropped cannot be taken, in one sentence; "" where it can."""
    urls = dropped.urls()
    if len(urls) != 1:
        return _tr("Drop one file at a time; these are {0}.").format(len(urls))
    if not urls[0].isLocalFile():
        return _tr("Only files of this machine can be dropped here; save it first.")
    path = _path(dropped)
    if path.is_dir():
        return _tr("{0} is a folder; drop a project, a model or a table.").format(path.name)
    if path.suffix == PROJECT_SUFFIX or path.suffix.lower() in data.SUFFIXES or is_model_file(path):
        return ""
    sentence = _tr(
        "{0} cannot be opened here; what can is a project (.studio), a model (.keras, .h5, .json, .py, .ipynb) or a"
        " table (.csv, .npz)."
    )
    return sentence.format(path.name)


def _path(dropped: QMimeData) -> Path:
    return Path(dropped.urls()[0].toLocalFile())


def _take(event: QDropEvent) -> None:
    # Never as a move: who is told that a file was moved away may delete it.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dropping", text)
