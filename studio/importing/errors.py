"""The errors of this package."""

from __future__ import annotations


class ModelFileError(Exception):
    """A model that cannot come in. The message is one or two plain sentences for the person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NeedsRunning(ModelFileError):
    """A script whose model only running it may tell. ``text`` is the script, as it would be run."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text
