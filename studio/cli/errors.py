"""The one error of the command line."""

from __future__ import annotations


class CannotAsk(Exception):
    """What was asked for could not even be tried: no such file, no such example. The message is one plain line."""
