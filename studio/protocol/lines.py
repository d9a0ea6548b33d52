"""Cutting a stream of bytes into lines, with a limit against a stream that never ends one."""

from __future__ import annotations

from typing import Final

MAX_LINE_BYTES: Final = 32 * 2**20
"""A 10,000-node graph is 2 MiB, the facts of all of Keras about 1: more is no message, and memory has an end."""


class ProtocolError(ValueError):
    """A line that is no message of ours."""


class LineBuffer:
    """Collects bytes as they arrive and gives back the complete lines among them, without their newlines."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that this chunk completes; blank lines are left out. Raises ProtocolError beyond the limit."""
        *ended, rest = chunk.split(b"\n")
        lines: list[bytes] = []
        for part in ended:
            self._take(part)
            line = b"".join(self._parts).rstrip(b"\r")
            self._parts.clear()
            self._size = 0
            if line.strip():
                lines.append(line)
        if rest:
            self._take(rest)
        return lines

    def _take(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            self._parts.clear()
            self._size = 0
            raise ProtocolError(f"a line is longer than {self._limit} bytes")
        self._parts.append(part)
