"""One engine as the window sees it: a process that takes messages, sends messages, and whose end is told in words."""

from __future__ import annotations

import logging
from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTemporaryDir, Signal

from studio import protocol
from studio.protocol import Message, messages
from studio.workbench.launch import Role, end_in_words, engine_command, engine_environment

log = logging.getLogger(__name__)

LONGEST_LINE_BYTES = 64 * 1024 * 1024
"""A longer line is no message of ours (the facts of the catalog take about 1 MiB)."""
LOG_LINES = 10_000


class EngineProcess(QObject):
    """Starts ``python -m studio.engine`` and speaks the protocol with it.

    ``state`` is "off", "starting" (until Keras is imported), "ready" or "dead". Messages sent before the engine is
    ready wait in its input and are answered later, so nobody needs to wait. A killed or crashed engine says so through
    ``died``; ``start`` may be called again.
    """

    received = Signal(object)
    state_changed = Signal(str)
    died = Signal(str)

    def __init__(self, role: Role, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self.role = role
        self.state = "off"
        self.keras_version = ""
        self.devices: tuple[str, ...] = ()
        self.log_lines: deque[str] = deque(maxlen=LOG_LINES)
        self._command = command or engine_command(role)
        self._folder: QTemporaryDir | None = None
        self._process: QProcess | None = None
        self._pending = b""
        self._is_ending = False

    def start(self) -> None:
        """Start the process; does nothing while one is alive."""
        if self._process is not None:
            return
        self._is_ending = False
        self._pending = b""
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
        self._set_state("starting")
        process.start(self._command[0], self._command[1:])

    def send(self, message: Message) -> None:
        """Send one message; it is dropped where no engine is alive."""
        if self._process is not None and not self._is_ending:
            self._process.write(protocol.encode(message))

    def kill(self, *, quietly: bool = False) -> None:
        """End the process at once. ``died`` follows, as for any other sudden end; ``quietly`` the state "off" alone."""
        if self._process is not None:
            self._is_ending = self._is_ending or quietly
            self._process.kill()

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
        data = self._pending + bytes(self._process.readAllStandardOutput().data())
        *lines, self._pending = data.split(b"\n")
        if len(self._pending) > LONGEST_LINE_BYTES:
            self._pending = b""
            log.error("the %s sent a line without end", self.role)
            self.kill()
        for line in lines:
            if not line:
                continue
            try:
                message = protocol.decode(line)
            except protocol.ProtocolError:
                log.exception("the %s sent what is no message: %.200r", self.role, line)
                continue
            if isinstance(message, messages.Ready):
                self.keras_version = message.keras
                self.devices = tuple(message.devices)
                self._set_state("ready")
            self.received.emit(message)

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
        self._forget()
        if self._is_ending:
            self._set_state("off")
            return
        self._set_state("dead")
        self.died.emit(end_in_words(code, crashed=status == QProcess.ExitStatus.CrashExit))

    def _forget(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._folder = None
        self._pending = b""
