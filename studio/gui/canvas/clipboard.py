"""Layers on the clipboard: a fragment as the text of a small project file, which other programs see as plain text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from studio.core.edits import Fragment
from studio.storage import ProjectFileError, dumps, loads

FRAGMENT_MIME: Final = "application/x-layer-studio-fragment"


def put(fragment: Fragment) -> None:
    """Put nodes on the clipboard."""
    text = dumps(fragment.as_project())
    data = QMimeData()
    data.setData(FRAGMENT_MIME, text.encode("utf-8"))
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def take() -> Fragment | None:
    """The nodes on the clipboard, also those that came as text (from a chat, a mail); None if there are none.

    It is read as strictly as a project file: text of a stranger is data here, nothing else.
    """
    data = QGuiApplication.clipboard().mimeData()
    text = bytes(data.data(FRAGMENT_MIME).data()).decode("utf-8", "replace") if data.hasFormat(FRAGMENT_MIME) else ""
    text = text or data.text()
    if not text.lstrip().startswith("{"):
        return None
    try:
        return Fragment.of_project(loads(text))
    except ProjectFileError:
        return None
