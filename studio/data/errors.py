"""The one exception of this package: a plain sentence for the person who chose the data."""

from __future__ import annotations


class DataError(Exception):
    """Data that cannot be used. ``message`` is a sentence that names the row and the column where there is one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
