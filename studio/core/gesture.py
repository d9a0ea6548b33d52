"""A drag: many previews, at most one step, and a way back to exactly what was there before."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from studio.core.document import Document
from studio.core.edits import Edit
from studio.core.project import Project


class Gesture:
    """Edits that are shown but not yet done.

    Each preview starts again from the project at press time, so a wrong turn of the mouse leaves no trace. Any other
    edit, undo or redo of the document cancels the gesture. As a context manager it cancels when an exception passes
    and when nobody committed.
    """

    def __init__(self, document: Document, name: str, *, merge_key: str | None = None) -> None:
        self._document = document
        self._name = name
        self._merge_key = merge_key
        document.begin_gesture(self)
        self._start = document.project
        self._is_active = True

    @property
    def start(self) -> Project:
        """The project at press time."""
        return self._start

    @property
    def is_active(self) -> bool:
        """Whether the gesture was neither committed nor cancelled."""
        return self._is_active

    def preview(self, edit: Edit) -> None:
        """Show what ``edit`` would make of the project at press time. If it raises, the gesture is cancelled."""
        if not self._is_active:
            return
        try:
            project = edit(self._start)
        except BaseException:
            self.cancel()
            raise
        self._document.show_preview(self, project)

    def commit(self, *, selection: Iterable[str] | None = None) -> bool:
        """Make the last preview one step; tells whether anything changed."""
        if not self._is_active:
            return False
        self._is_active = False
        return self._document.end_gesture(self, self._start, self._name, self._merge_key, selection)

    def cancel(self) -> None:
        """Give back the identical project of press time."""
        if self._is_active:
            self._is_active = False
            self._document.show_preview(self, self._start)
            self._document.end_gesture(self, self._start, self._name, None, None)

    def __enter__(self) -> Gesture:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.cancel()
