"""An engine without Qt: start it, send messages, wait for answers."""

from __future__ import annotations

import contextlib
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

from studio import protocol
from studio.protocol import LineBuffer, Message, ProtocolError, messages
from studio.workbench.launch import Role, end_in_words, engine_command, engine_environment

SILENT_AFTER_S = 120
"""An engine sends a sign of life each second once it runs; importing TensorFlow on a busy machine takes far less."""

SILENT = "The engine does not answer any more."

_Wanted = TypeVar("_Wanted", bound=Message)


class _Nudge:
    """Lies in the inbox where somebody shall look up; no message of the engine."""


class EngineEnded(Exception):
    """The engine is gone. The message tells how, in a sentence."""


class Engine:
    """One engine process, from ``with`` to its end.

    ``command`` is only for tests. Answers are read by a thread, because pipes cannot be waited for on every system.
    """

    def __init__(self, role: Role, command: Sequence[str] | None = None) -> None:
        self._command = list(command or engine_command(role))
        self._inbox: queue.SimpleQueue[Message | _Nudge | None] = queue.SimpleQueue()

    def __enter__(self) -> Engine:
        self._folder = tempfile.TemporaryDirectory(prefix="layer-studio-engine-")
        self._log = (Path(self._folder.name) / "log.txt").open("wb")
        try:
            with _deaf_to_ctrl_c():
                self._process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._log,
                    cwd=self._folder.name,
                    env=engine_environment(Path(self._folder.name)),
                )
        except OSError as error:
            self._log.close()
            self._folder.cleanup()
            raise EngineEnded(f"The engine could not be started: {error.strerror or error}.") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input: IO[bytes] = self._process.stdin
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), name="engine reader")
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # End of input ends an engine, whatever it does; one that does not listen is killed. Nobody waits for what an
        # engine does that was broken off.
        if error is not None:
            self._process.kill()
        with contextlib.suppress(OSError):
            self._input.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._log.close()
        self._folder.cleanup()

    @property
    def log_tail(self) -> str:
        """The last lines that the engine wrote for its log."""
        with contextlib.suppress(OSError):
            text = (Path(self._folder.name) / "log.txt").read_text(encoding="utf-8", errors="replace")
            return "\n".join(text.splitlines()[-20:])
        return ""

    def send(self, message: Message) -> None:
        """Send a message. That the engine is gone shows when an answer is waited for."""
        with contextlib.suppress(OSError):
            self._input.write(protocol.encode(message))
            self._input.flush()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def nudge(self) -> None:
        """Let ``poll`` give None, after the messages that have come. A signal handler may do this, and any thread."""
        self._inbox.put(_Nudge())

    def receive(self, timeout_s: float = SILENT_AFTER_S) -> Message:
        """The next message. EngineEnded when there will be none."""
        message = self.poll(timeout_s)
        if message is None:
            raise EngineEnded(SILENT)
        return message

    def _end(self) -> str:
        code = self._process.wait()
        return end_in_words(abs(code), crashed=code < 0)

    def poll(self, within_s: float) -> Message | None:
        """The next message if it comes in this time and nobody nudges. EngineEnded when there will be none."""
        try:
            message = self._inbox.get(timeout=within_s)
        except queue.Empty:
            return None
        if message is None:
            raise EngineEnded(self._end())
        return None if isinstance(message, _Nudge) else message

    def wait_for(
        self, kind: type[_Wanted], fits: Callable[[_Wanted], bool] = lambda message: True, within_s: float = 600
    ) -> _Wanted:
        """The next message of a kind that fits; others are passed over. A refusal raises EngineEnded."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            message = self.receive()
            if isinstance(message, kind) and fits(message):
                return message
            if isinstance(message, messages.Failed):
                raise EngineEnded(message.message)
        raise EngineEnded("The engine took too long.")

    def _read(self, stream: IO[bytes]) -> None:
        lines = LineBuffer()
        try:
            while chunk := stream.read1(65536):  # type: ignore[attr-defined]
                for line in lines.feed(chunk):
                    self._inbox.put(protocol.decode(line))
        except (ProtocolError, OSError, ValueError):
            self._process.kill()
        finally:
            stream.close()
            self._inbox.put(None)


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Who is started meanwhile never hears Ctrl+C, which a terminal sends to all: what it means is decided here.

    An engine says so itself, but not in its first instants.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
