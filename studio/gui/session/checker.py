"""Keeps the engine's picture of the drawing up to date and hands its answers on."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio import protocol
from studio.catalog import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.gui.session.engine_process import EngineProcess
from studio.gui.session.restarts import Restarts
from studio.protocol import Answer, Call
from studio.workbench.consent import Consent
from studio.workbench.inference import InferenceState
from studio.workbench.own_code import CRASHED, SECONDS, TOO_LONG, Gate

if TYPE_CHECKING:
    from studio.codegen import FlatCall

log = logging.getLogger(__name__)


class Checker(QObject):
    """The engine that infers shapes. It starts again by itself when it died, and is told the whole drawing again.

    Where it dies again and again it stays dead until ``start`` or ``restart`` is called.

    ``answers_changed`` names the calls whose answer is new: node ids, and ``use/inner`` inside blocks.
    """

    answers_changed = Signal(object)
    tried = Signal(int, object)
    expanded = Signal(int, object, str)
    proved = Signal(object)
    docs = Signal(str, str)
    facts = Signal(object)
    state_changed = Signal(str)
    building = Signal(object)  # the calls of ready-made networks that are being built now
    died = Signal(str)
    code_stopped = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        engine: EngineProcess | None = None,
        consent: Consent | None = None,
        patience_ms: int = int(SECONDS * 1000),
    ) -> None:
        """``consent`` says which code of the person's own may run; ``patience_ms`` how long it may take."""
        super().__init__(parent)
        self._running_code: tuple[str, ...] = ()
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._stop_code)
        self._engine = engine or EngineProcess("checker", self)
        self._engine.received.connect(self._take)
        self._engine.state_changed.connect(self._engine_state_changed)
        self._engine.died.connect(self._engine_died)
        self._restarts = Restarts(self._engine)
        self._restarts.due.connect(self._start)
        self._inference = InferenceState(Gate(consent))
        self._ids = itertools.count(1)
        self._busy_with: int | None = None
        self._latest: tuple[Project, Catalog] | None = None

    @property
    def engine(self) -> EngineProcess:
        """The process that answers."""
        return self._engine

    @property
    def state(self) -> str:
        """ "off", "starting", "ready", "busy" (an answer is awaited) or "dead"."""
        if self._engine.state == "ready" and self._busy_with is not None:
            return "busy"
        return self._engine.state

    @property
    def answers(self) -> Mapping[str, Answer]:
        """What Keras last said, by call id."""
        return self._inference.answers

    @property
    def consent(self) -> Consent:
        """Which code of the person's own may run."""
        return self._inference.gate.consent

    def start(self) -> None:
        """Start the engine, or start it again after its death."""
        self._restarts.start()

    def restart(self) -> None:
        """End the engine, where it is alive, and start a new one."""
        self._restarts.restart()

    def close(self) -> None:
        """End the engine for good."""
        self._restarts.cancel()
        self._engine.close()

    def _start(self) -> None:
        if not self._engine.is_alive:
            self._inference.reset()
            self._engine.start()
            if self._latest is not None:
                self.check(*self._latest)

    def forget(self) -> None:
        """Another drawing comes: what was said about nodes of the same ids is not about it."""
        self._inference.reset()

    def check(self, project: Project, catalog: Catalog) -> None:
        """Send what changed since the last check. The answers come through ``answers_changed``."""
        self._latest = (project, catalog)
        if not self._engine.is_alive:
            return
        update = self._inference.update(project, catalog)
        if update is not None:
            self._busy_with = update.revision
            self._engine.send(update)
            self.state_changed.emit(self.state)

    def problems(self, project: Project) -> tuple[Problem, ...]:
        """What Keras finds wrong with the drawing, as problems on nodes."""
        return self._inference.problems(project)

    def try_calls(self, calls: Sequence[Call]) -> int:
        """Ask what calls would give; returns the request's id, which ``tried`` repeats."""
        request = next(self._ids)
        self._engine.send(protocol.TryCalls(id=request, calls=tuple(calls)))
        return request

    def cancel_building(self) -> None:
        """Stop building the ready-made network that is under way."""
        self._engine.send(protocol.CancelBuilding(next(self._ids)))

    def expand(self, expression: str, shape: Sequence[int | None]) -> int:
        """Ask what a ready-made network is made of; ``expanded`` answers with the id returned here."""
        request = next(self._ids)
        self._engine.send(protocol.Expand(request, expression, tuple(shape)))
        return request

    def prove(self, project: Project, catalog: Catalog, folder: Path) -> int:
        """Ask whether what an exported file built is the drawing; ``proved`` answers with the id returned here."""
        from studio.workbench.proof import question  # not needed for the first picture

        request = next(self._ids)
        self._engine.send(question(project, catalog, folder, request))
        return request

    def forget_proof(self, request: int) -> None:
        """Nobody waits for the answer to this ``prove`` any more."""
        self._engine.send(protocol.Forget(request))

    def try_call(self, project: Project, catalog: Catalog, call: FlatCall) -> int:
        """Ask what a call of a project that is not drawn yet would give; -1 where its code may not run."""
        allowed = self._inference.trial(project, catalog, call)
        if allowed is None:
            return -1
        request = next(self._ids)
        self._engine.send(protocol.TryCalls(id=request, calls=(allowed[0],), code=allowed[1]))
        return request

    def ask_docs(self, type_name: str) -> None:
        """Ask for Keras's documentation of a class; ``docs`` answers."""
        self._engine.send(protocol.Docs(id=next(self._ids), type=type_name))

    def ask_facts(self) -> None:
        """Ask for the catalog facts of the installed Keras; ``facts`` answers."""
        self._engine.send(protocol.Facts(id=next(self._ids)))

    def _stop_code(self) -> None:
        """Code of the person's own does not end. The engine goes, and the next one does not run that code."""
        sentence = self._inference.stop(self._running_code, TOO_LONG)
        self._running_code = ()
        self.restart()
        self.code_stopped.emit(f"{sentence[:1].upper()}{sentence[1:]}")

    def _engine_died(self, sentence: str) -> None:
        if self._running_code:
            told = self._inference.stop(self._running_code, CRASHED)
            sentence = f"{told[:1].upper()}{told[1:]}"
        if not self._restarts.note_death():
            sentence += " " + self.tr("It ended several times in a row and is not started again by itself.")
        self.died.emit(sentence)

    def _engine_state_changed(self) -> None:
        if not self._engine.is_alive:
            self._busy_with = None
            self.building.emit(())
            self._running_code = ()
            self._patience.stop()
        self.state_changed.emit(self.state)

    def _take(self, message: object) -> None:
        match message:
            case protocol.Inferred():
                changed = self._inference.take(message)
                if message.is_last and message.revision == self._busy_with:
                    self._busy_with = None
                    self.state_changed.emit(self.state)
                if changed:
                    self.answers_changed.emit(changed)
            case protocol.OwnCode():
                self._running_code = message.digests if message.is_running else ()
                self._patience.start() if message.is_running else self._patience.stop()
            case protocol.Building():
                self.building.emit(message.calls)
            case protocol.Tried():
                self.tried.emit(message.id, message.answers)
            case protocol.Proved():
                self.proved.emit(message)
            case protocol.Expanded():
                self.expanded.emit(message.id, message.config, message.problem)
            case protocol.DocsText():
                self.docs.emit(message.type, message.text)
            case protocol.FactsText():
                self.facts.emit(message.facts)
            case protocol.Failed():
                log.error("the checker: %s %s", message.message, message.details)
                self._busy_with = None
                self.state_changed.emit(self.state)
