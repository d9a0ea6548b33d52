"""A tiny window: starts an engine as a subprocess and talks to it in protocol messages."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from studio import protocol
from studio.workbench.launch import Role, engine_command, engine_environment

M = TypeVar("M")


class EngineClient:
    """An engine process and everything it has said. Use it as a context; at the end the process is gone."""

    def __init__(self, role: Role, folder: Path, *, command: Sequence[str] | None = None) -> None:
        self.messages: list[protocol.Message] = []
        self.log = folder / f"{role}.log"
        self._inbox: queue.SimpleQueue[protocol.Message | None] = queue.SimpleQueue()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                list(command or engine_command(role)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                env=engine_environment(folder / "keras"),
            )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, *messages: protocol.Message) -> None:
        """Send messages in one write."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(protocol.encode(message) for message in messages))
        self.process.stdin.flush()

    def send_bytes(self, data: bytes) -> None:
        """Send what may be no message."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def wait_for(
        self, kind: type[M], such_that: Callable[[M], bool] = lambda message: True, timeout: float = 180.0
    ) -> M:
        """The next message of this kind that fulfils the condition. Those in between are kept in ``messages``."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                message = self._inbox.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {kind.__name__} within {timeout} s; last: {self.messages[-3:]}") from None
            if message is None:
                raise AssertionError(f"the engine ended: {self.log.read_text(errors='replace')[-2000:]}")
            self.messages.append(message)
            if isinstance(message, kind) and such_that(message):
                return message

    def of(self, kind: type[M]) -> list[M]:
        """The messages of this kind so far."""
        return [message for message in self.messages if isinstance(message, kind)]

    def end_input(self) -> None:
        """What the death of the window looks like to the engine."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def close(self) -> None:
        """End the engine, by force where it does not heed the end of its input."""
        self.end_input()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> EngineClient:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        lines = protocol.LineBuffer()
        while chunk := self.process.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            for line in lines.feed(chunk):
                self._inbox.put(protocol.decode(line))
        self._inbox.put(None)


def fake_engine_command(role: Role = "checker", *extra: str) -> list[str]:
    """The command of the fake engine, which needs no TensorFlow."""
    return [sys.executable, str(Path(__file__).with_name("fake_engine.py")), "--role", role, *extra]
