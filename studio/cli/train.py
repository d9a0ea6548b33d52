"""``train``: run the exported code in an engine, show how it goes, keep everything in a run folder."""

from __future__ import annotations

import json
import math
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from studio.cli import consenting
from studio.cli.errors import CannotAsk
from studio.cli.interrupting import CtrlC
from studio.cli.opening import catalog_of, complain, load, obstacle
from studio.codegen import generate
from studio.core import rules
from studio.protocol import messages
from studio.storage.places import state_folder
from studio.workbench.engine_client import SILENT, SILENT_AFTER_S, Engine, EngineEnded
from studio.workbench.runs import RunFolder, prepare_run, record_end

BAR_WIDTH = 24
_RUN = "run"


class Teller(Protocol):
    """Shows a run to a person or to a program."""

    def started(self, folder: RunFolder, message: messages.RunStarted) -> None:
        """The first batch begins."""

    def batch(self, step: int, values: Mapping[str, float]) -> None:
        """Some batches are done."""

    def epoch(self, message: messages.EpochEnded) -> None:
        """An epoch is done."""

    def stopping(self) -> None:
        """Stop was asked for, and the batch that goes on is not done."""

    def ended(self, folder: RunFolder, outcome: str, message: str) -> None:
        """The run is over."""


def do(options: Namespace) -> int:
    """Train one project to its end; Ctrl+C stops politely after the batch, a second one at once."""
    path = Path(options.file)
    project = load(path)
    if options.epochs is not None:
        project = replace(project, training=replace(project.training, epochs=options.epochs))
    source = generate(project, catalog_of(project))
    against = rules.why_not_train(project, catalog_of(project)) or obstacle(project, source, path)
    if against is not None:
        complain(f"{path.name} cannot be trained: {against.message}")
        return 1
    consent = consenting.consent_of(options)
    if waiting := consenting.ask(project, path.name, consent, options):
        complain(f"{path.name} cannot be trained: {consenting.refusal(waiting, consent)}")
        return 1
    teller: Teller = _JsonTeller() if options.json else _PlainTeller()
    with CtrlC() as ctrl_c:
        try:
            folder = prepare_run(project, source, path.resolve(), state_folder() / "runs")
        except OSError as error:
            raise CannotAsk(f"The run's folder could not be made: {error.strerror or error}.") from None
        outcome, message = _run(folder, teller, ctrl_c)
        record_end(folder.path, outcome, message)
        teller.ended(folder, outcome, message)
    if outcome == "finished":
        return 0
    if message and not options.json:
        complain(message)
    return 130 if outcome == "stopped" else 1


def _run(folder: RunFolder, teller: Teller, ctrl_c: CtrlC) -> tuple[str, str]:
    try:
        with Engine("trainer") as engine:
            engine.send(messages.Train(run=_RUN, script=str(folder.script), folder=str(folder.path)))
            ctrl_c.noticed = engine.nudge
            if ctrl_c.is_pressed:
                engine.nudge()
            return _follow(engine, folder, teller, ctrl_c)
    except EngineEnded as error:
        return "lost", str(error)
    except KeyboardInterrupt:
        return "stopped", "Stopped by force."


def _follow(engine: Engine, folder: RunFolder, teller: Teller, ctrl_c: CtrlC) -> tuple[str, str]:
    has_begun = False
    while True:
        message = engine.poll(SILENT_AFTER_S)
        match message:
            case None if not ctrl_c.is_pressed:
                raise EngineEnded(SILENT)
            case None if not has_begun:
                # Nothing is learned yet, and the import of TensorFlow or a large data set would take its time.
                engine.kill()
                return "stopped", "Stopped before the first batch."
            case None:
                engine.send(messages.Stop(run=_RUN))
                teller.stopping()
            case messages.RunStarted():
                has_begun = True
                teller.started(folder, message)
            case messages.Points() if message.steps:
                teller.batch(message.steps[-1], {name: values[-1] for name, values in message.values.items()})
            case messages.EpochEnded():
                teller.epoch(message)
            case messages.RunEnded():
                return message.outcome, message.message
            case messages.Failed():
                return "failed", message.message
            case _:
                pass


class _PlainTeller:
    """A line per epoch; on a terminal, a bar that fills while the epoch runs."""

    def __init__(self) -> None:
        self._epochs = self._steps = 0
        self._is_terminal = sys.stdout.isatty()

    def started(self, folder: RunFolder, message: messages.RunStarted) -> None:
        self._epochs, self._steps = message.epochs, message.steps_per_epoch
        print(f"{message.parameters:,} parameters; everything of this run goes into {folder.path}", flush=True)

    def batch(self, step: int, values: Mapping[str, float]) -> None:
        if not self._is_terminal or not self._steps:
            return
        epoch, done = divmod(step - 1, self._steps)
        filled = round(BAR_WIDTH * (done + 1) / self._steps)
        self._show(epoch + 1, "█" * filled + "░" * (BAR_WIDTH - filled), values, end="")

    def epoch(self, message: messages.EpochEnded) -> None:
        told = "stopped" if message.is_partial else f"{message.seconds:.1f} s"
        self._show(message.epoch, f"{told:>7}", message.logs, end="\n")

    def stopping(self) -> None:
        clear = "\r\x1b[K" if self._is_terminal else ""
        print(f"{clear}Stopping after this batch; Ctrl+C again stops at once.", flush=True)

    def ended(self, folder: RunFolder, outcome: str, message: str) -> None:
        words = {"finished": "Finished.", "stopped": "Stopped.", "diverged": "Diverged.", "lost": "Lost."}
        print(words.get(outcome, "Failed."), flush=True)

    def _show(self, epoch: int, progress: str, values: Mapping[str, float], end: str) -> None:
        figures = "  ".join(f"{name} {value:.4g}" for name, value in values.items() if name != "learning_rate")
        clear = "\r\x1b[K" if self._is_terminal else ""
        total = f"/{self._epochs}" if self._epochs else ""
        print(f"{clear}epoch {epoch}{total}  {progress}  {figures}", end=end, flush=True)


class _JsonTeller:
    """One object per line: "started", "epoch", "ended"."""

    def started(self, folder: RunFolder, message: messages.RunStarted) -> None:
        self._print(
            event="started",
            folder=str(folder.path),
            run=folder.number,
            parameters=message.parameters,
            epochs=message.epochs,
            steps_per_epoch=message.steps_per_epoch,
        )

    def batch(self, step: int, values: Mapping[str, float]) -> None:
        """Programs read epochs; batches would drown them."""

    def epoch(self, message: messages.EpochEnded) -> None:
        self._print(
            event="epoch",
            epoch=message.epoch,
            metrics={name: _finite(value) for name, value in message.logs.items()},
            is_partial=message.is_partial,
            seconds=round(message.seconds, 3),
        )

    def stopping(self) -> None:
        """Whoever reads these lines asked for it."""

    def ended(self, folder: RunFolder, outcome: str, message: str) -> None:
        self._print(event="ended", outcome=outcome, message=message, folder=str(folder.path))

    def _print(self, **event: Any) -> None:
        print(json.dumps(event, ensure_ascii=False, allow_nan=False), flush=True)


def _finite(value: float) -> float | None:
    # JSON has no NaN; a program that reads these lines must not stumble over a diverged loss.
    return value if math.isfinite(value) else None
