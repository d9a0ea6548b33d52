"""Layers on the clipboard: a fragment as the text of a small project file.

Plain text and no form of our own: Qt ends the clipboard after Python, and a QMimeData that Python made crashes then.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from studio.core.edits import Fragment
from studio.storage import ProjectFileError, dumps, loads


def put(fragment: Fragment) -> None:
    """Put nodes on the clipboard."""
    QGuiApplication.clipboard().setText(dumps(fragment.as_project()))


def take() -> Fragment | None:
    """The nodes on the clipboard, also those that came as text (from a chat, a mail); None if there are none.

    It is read as strictly as a project file: text of a stranger is data here, nothing else.
    """
    text = QGuiApplication.clipboard().text()
    if not text.lstrip().startswith("{"):
        return None
    try:
        return Fragment.of_project(loads(text))
    except ProjectFileError:
        return None
