"""Runs the proof of an exported file beside the event loop: a clean process first, then the checker's comparison."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTemporaryDir, QTimer, Signal

from studio.core.project import Project
from studio.gui.session import Session
from studio.workbench import proof
from studio.workbench.proof import Proof

LAST_WORDS = 20_000
"""So many bytes of what the process says last are kept."""


class Prover(QObject):
    """One proof at a time. ``ended`` tells what came of it; after ``cancel`` nothing is told."""

    ended = Signal(object)
    is_running_changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None, seconds: int = proof.SECONDS) -> None:
        super().__init__(parent)
        self._session = session
        self._process: QProcess | None = None
        self._folder: QTemporaryDir | None = None
        self._project: Project | None = None
        self._words = b""
        self._request = -1
        self._limit = QTimer(self, singleShot=True, interval=seconds * 1000)
        self._limit.timeout.connect(self._took_too_long)
        session.checker.proved.connect(self._compared)
        session.checker.state_changed.connect(self._look_at_checker)

    @property
    def is_running(self) -> bool:
        """Whether a proof is on its way."""
        return self._project is not None

    def start(self, file: Path) -> None:
        """Prove that ``file`` builds the drawing as it is now; the consent to run its code is there."""
        self.cancel()
        session = self._session
        parameters = sum(answer.parameters for answer in session.answers.values())
        if reason := proof.why_not_prove(session.project, session.consent, parameters):
            self.ended.emit(proof.not_checked(reason))
            return
        self._project, self._words = session.project, b""
        self._folder = QTemporaryDir()
        folder = Path(self._folder.path())
        process = self._process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in proof.environment(folder).items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(str(folder))
        process.setStandardOutputFile(QProcess.nullDevice())
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._built)
        process.errorOccurred.connect(self._failed)
        program, *arguments = proof.command(file, folder)
        self._limit.start()
        self.is_running_changed.emit(True)
        process.start(program, arguments)
        process.closeWriteChannel()

    def cancel(self) -> None:
        """End the proof, if there is one; nothing is told of it."""
        was_running = self.is_running
        if self._request >= 0 and self._session.engine_state not in ("off", "dead"):
            self._session.checker.forget_proof(self._request)
        self._project, self._request = None, -1
        self._limit.stop()
        self._drop_process()
        self._folder = None
        if was_running:
            self.is_running_changed.emit(False)

    def _read(self) -> None:
        if self._process is not None:
            self._words = (self._words + self._process.readAllStandardError().data())[-LAST_WORDS:]

    def _built(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        self._drop_process()
        project, folder = self._project, self._folder
        if project is None or folder is None:
            return
        if code != 0 or status != QProcess.ExitStatus.NormalExit:
            is_crash = status != QProcess.ExitStatus.NormalExit
            self._end(proof.why_failed(-code if is_crash else code, self._words.decode("utf-8", "replace")))
        elif self._session.project is not project:
            self._end(proof.not_checked(self.tr("the drawing was changed meanwhile.")))
        elif self._session.engine_state in ("off", "dead"):
            self._end(proof.not_checked(self.tr("the engine that knows the drawing does not run.")))
        else:
            self._request = self._session.checker.prove(project, self._session.catalog, Path(folder.path()))

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._end(proof.not_checked(self.tr("Python could not be started.")))

    def _took_too_long(self) -> None:
        self._end(proof.not_checked(self.tr("it took too long.")))

    def _look_at_checker(self, state: str) -> None:
        if self._request >= 0 and state in ("off", "dead", "starting"):
            self._end(proof.not_checked(self.tr("the engine ended meanwhile.")))

    def _compared(self, answer: object) -> None:
        project, folder = self._project, self._folder
        if project is not None and folder is not None and getattr(answer, "id", None) == self._request:
            self._request = -1
            self._end(proof.verdict(answer, project, Path(folder.path())))  # type: ignore[arg-type]

    def _end(self, found: Proof) -> None:
        self.cancel()
        self.ended.emit(found)

    def _drop_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            for signal in (process.finished, process.errorOccurred, process.readyReadStandardError):
                signal.disconnect()
            if process.state() == QProcess.ProcessState.NotRunning:
                process.deleteLater()
            else:  # Its end is not waited for, so it outlives the dialog for a moment.
                process.setParent(QCoreApplication.instance())
                process.finished.connect(process.deleteLater)
                process.kill()
