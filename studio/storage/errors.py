"""The one error of this package."""

from __future__ import annotations


class ProjectFileError(Exception):
    """A project file that cannot be read or written. The message is a plain sentence for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
