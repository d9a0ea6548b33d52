"""One engine as the window sees it: a process that takes messages, sends messages, and whose end is told in words."""

from __future__ import annotations

import logging
import time
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, QTimer, Signal

from studio import protocol
from studio.protocol import LineBuffer
from studio.workbench.launch import Role, end_in_words, engine_command, engine_environment

log = logging.getLogger(__name__)

LOG_LINES = 10_000
SILENT_AFTER_MS = 30_000
"""An engine beats each second, also while it trains; tracing a big model for the first time is silent for a while."""
READING_MS = 5.0
"""How long messages are read in one go; what is left waits for the next turn of the event loop, after the painting."""
MOST_NONSENSE = 100
"""An engine that sends so many lines that are no messages speaks another language, or has lost its mind."""


class EngineProcess(QObject):
    """Starts ``python -m studio.engine`` and speaks the protocol with it.

    ``state`` is "off", "starting" (until Keras is imported), "ready" or "dead". Messages sent before the engine is
    ready wait in its input and are answered later, so nobody needs to wait. A killed or crashed engine says so through
    ``died``; ``start`` may be called again. ``is_responding`` is false while a living engine gives no sign of life.
    """

    received = Signal(object)
    state_changed = Signal(str)
    died = Signal(str)
    responding_changed = Signal(bool)

    def __init__(
        self,
        role: Role,
        parent: QObject | None = None,
        command: list[str] | None = None,
        silent_after_ms: int = SILENT_AFTER_MS,
    ) -> None:
        super().__init__(parent)
        self.role = role
        self.state = "off"
        self.is_responding = True
        self.keras_version = ""
        self.devices: tuple[str, ...] = ()
        self.log_lines: deque[str] = deque(maxlen=LOG_LINES)
        self._command = command or engine_command(role)
        self._folder: QTemporaryDir | None = None
        self._process: QProcess | None = None
        self._lines = LineBuffer()
        self._unread: deque[bytes] = deque()
        self._read_on = QTimer(self, singleShot=True, interval=0)
        self._read_on.timeout.connect(self._read_lines)
        self._nonsense = 0
        self._last_words = ""
        self._is_ending = False
        self._silence = QTimer(self, singleShot=True, interval=silent_after_ms)
        self._silence.timeout.connect(self._heard_nothing)

    def start(self) -> None:
        """Start the process; does nothing while one is alive."""
        if self._process is not None:
            return
        self._is_ending = False
        self._lines, self._nonsense, self._last_words = LineBuffer(), 0, ""
        self._folder = QTemporaryDir()
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in engine_environment(Path(self._folder.path())).items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(self._folder.path())
        process.readyReadStandardOutput.connect(self._read_messages)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        self._process = process
        self._silence.start()
        self._set_state("starting")
        process.start(self._command[0], self._command[1:])

    def send(self, message: protocol.Message) -> None:
        """Send one message; it is dropped where no engine is alive."""
        if self._process is not None and not self._is_ending:
            self._process.write(protocol.encode(message))

    def flush(self) -> None:
        """Hand over now what was sent, as far as the pipe takes it: by itself that is done when the loop comes to rest,
        after all painting. Messages that came may be taken in this call."""
        if self._process is not None and not self._is_ending and self._process.bytesToWrite():
            self._process.waitForBytesWritten(0)

    def kill(self, *, quietly: bool = False) -> None:
        """End the process at once. ``died`` follows, as for any other sudden end; ``quietly`` the state "off" alone."""
        if self._process is not None:
            self._is_ending = self._is_ending or quietly
            self._process.kill()

    @property
    def is_alive(self) -> bool:
        """Whether there is a process, however far it has come."""
        return self.state not in ("off", "dead")

    @property
    def is_ending(self) -> bool:
        """Whether the process was told to end and hears nothing any more."""
        return self._is_ending

    def close(self) -> None:
        """End the process for good and wait for it: end of input first, force after a second. Says nothing."""
        process = self._process
        if process is None:
            return
        self._is_ending = True
        process.closeWriteChannel()
        if not process.waitForFinished(1000):
            process.kill()
            process.waitForFinished(2000)
        self._forget()

    @property
    def process_id(self) -> int:
        """The id of the process for the system, 0 where there is none."""
        return self._process.processId() if self._process is not None else 0

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _read_messages(self) -> None:
        if self._process is None:
            return
        data = bytes(self._process.readAllStandardOutput().data())
        if self._last_words:
            return  # it was ended for its nonsense; what is still in the pipe is more of it
        try:
            self._unread.extend(self._lines.feed(data))
        except protocol.ProtocolError as error:
            log.error("the %s: %s", self.role, error)
            self._end_nonsense()
            return
        self._read_lines()

    def _read_lines(self, limit_ms: float = READING_MS) -> None:
        end = time.monotonic() + limit_ms / 1000
        while self._unread:
            if time.monotonic() > end:
                self._read_on.start()
                return
            line = self._unread.popleft()
            try:
                message = protocol.decode(line)
            except protocol.ProtocolError as error:
                log.error("the %s sent what is no message: %s: %.200r", self.role, error, line)
                self._nonsense += 1
                if self._nonsense >= MOST_NONSENSE:
                    self._end_nonsense()
                    return
                continue
            self._heard()
            if isinstance(message, protocol.Ready):
                self.keras_version = message.keras
                self.devices = tuple(message.devices)
                self._set_state("ready")
            self.received.emit(message)

    def _end_nonsense(self) -> None:
        self._last_words = self.tr("The engine said things that make no sense, and was ended.")
        self.kill()

    def _heard(self) -> None:
        if self._process is not None:
            self._silence.start()
        self._set_responding(True)

    def _heard_nothing(self) -> None:
        self._read_messages()  # a busy event loop may have been deaf itself
        if self._process is not None and not self._silence.isActive():
            self._set_responding(False)

    def _set_responding(self, is_responding: bool) -> None:
        if is_responding != self.is_responding:
            self.is_responding = is_responding
            self.responding_changed.emit(is_responding)

    def _read_log(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self.log_lines.extend(line for line in text.splitlines() if line)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._forget()
            self._set_state("dead")
            self.died.emit(self.tr("The engine could not be started: {0} is missing.").format(self._command[0]))

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._process is None:
            return
        self._read_messages()
        self._read_lines(limit_ms=1000)  # its last words come before its end
        self._forget()
        if self._is_ending:
            self._set_state("off")
            return
        self._set_state("dead")
        self.died.emit(self._last_words or end_in_words(code, crashed=status == QProcess.ExitStatus.CrashExit))

    def _forget(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._folder = None
        self._unread.clear()
        self._read_on.stop()
        self._silence.stop()
        self._set_responding(True)
