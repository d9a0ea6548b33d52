"""The engine's end of the conversation: a reader thread, a heartbeat, and sending from any thread."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from typing import Final

from studio import protocol
from studio.engine.workshop import Built
from studio.protocol import Message

HEARTBEAT_SECONDS: Final = 1.0

Interceptor = Callable[[Message], bool]
"""Looks at a message on the reader thread; True means that it is dealt with and need not be queued."""


def _ends_with_input() -> None:
    """The window is gone: end at once. Not sys.exit, which would wait for a training or for TensorFlow's import."""
    os._exit(0)


class Wire:
    """Reads messages into ``inbox`` and sends messages; ends the process when its input ends.

    ``intercept`` is asked first, on the reader thread, so that Stop reaches a run while the main thread trains.
    """

    def __init__(self, output: int, source: int = 0, on_end: Callable[[], None] = _ends_with_input) -> None:
        self.inbox: queue.SimpleQueue[Message | Built] = queue.SimpleQueue()
        self.is_busy = False
        self.intercept: Interceptor = lambda message: False
        self._output = output
        self._source = source
        self._on_end = on_end
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to listen and to beat."""
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()

    def send(self, message: Message) -> None:
        """Send from any thread. A message is written whole before the next one begins."""
        rest = memoryview(protocol.encode(message))
        try:
            with self._lock:
                while rest:
                    rest = rest[os.write(self._output, rest) :]
        except OSError:
            self._on_end()

    def _read(self) -> None:
        lines = protocol.LineBuffer()
        while True:
            try:
                # Not sys.stdin.readline: a daemon thread inside it aborts the interpreter at exit.
                chunk = os.read(self._source, 1 << 16)
            except OSError:
                chunk = b""
            if not chunk:
                self._on_end()
                return
            try:
                for line in lines.feed(chunk):
                    self._receive(line)
            except protocol.ProtocolError as error:
                self._refuse(error)

    def _receive(self, line: bytes) -> None:
        try:
            message = protocol.decode(line)
        except protocol.ProtocolError as error:
            self._refuse(error)
            return
        if not self.intercept(message):
            self.inbox.put(message)

    def _refuse(self, error: protocol.ProtocolError) -> None:
        self.send(protocol.Failed(0, "The engine did not understand a message of the window.", str(error)))

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(HEARTBEAT_SECONDS):
            self.send(protocol.Heartbeat(self.is_busy))
