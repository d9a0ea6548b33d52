"""One run: the exported file, executed exactly as its own ``main()`` does, with a reporter as the only addition."""

from __future__ import annotations

import gc
import os
import time
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from studio.engine import measuring, memory, run_folder, script
from studio.engine.control import RunControl
from studio.engine.reporter import Reporter, StoppedBeforeTraining
from studio.engine.training_explanations import of_divergence, of_training
from studio.engine.watching import Watched
from studio.protocol import EpochEnded, Measured, Message, RunEnded, Train

METRICS_EVERY_SECONDS: Final = 5.0
"""metrics.csv is renewed this often while a run goes on, so that a crash loses little."""

_STARTED_IN: Final = os.getcwd()


def run(message: Train, control: RunControl, send: Callable[[Message], None]) -> RunEnded:
    """Do the run to its end and say how it ended. Raises nothing: a broken script is an outcome."""
    path, folder = Path(message.script), Path(message.folder)
    training = _Training(message, folder, control, send)
    try:
        os.chdir(folder)  # where the script's callbacks write their files
        with script.loaded(path) as module:
            return training.flow(module)
    except StoppedBeforeTraining:
        return RunEnded(message.run, "stopped", "Stopped before the first batch.")
    except (Exception, SystemExit) as error:
        line = script.line_of(error, path)
        details = "".join(traceback.format_exception(error))
        return RunEnded(message.run, "failed", of_training(error, line), line, details)
    finally:
        training.close()
        _leave_folder()


def forget() -> None:
    """Let go of what a run built, so that the next one starts from a fresh Keras."""
    keras.backend.clear_session(free_memory=False)
    gc.collect()


def _leave_folder() -> None:
    """Go back, so that the run folder can be moved and deleted, even where the first folder is gone."""
    try:
        os.chdir(_STARTED_IN)
    except OSError:
        os.chdir(os.path.abspath(os.sep))


class _Training:
    def __init__(self, message: Train, folder: Path, control: RunControl, send: Callable[[Message], None]) -> None:
        self._message = message
        self._folder = folder
        self._control = control
        self._send = send
        self._reporter: Reporter | None = None
        self._metrics_written = time.monotonic()

    def flow(self, module: types.ModuleType) -> RunEnded:
        """The flow of the script's ``main()``."""
        refusal = memory.why_not_build(module.build_model)
        if refusal:
            return RunEnded(self._message.run, "failed", refusal)
        # From here on nothing may draw random numbers that main() does not draw: the losses are to be the same.
        keras.utils.set_random_seed(module.SEED)
        data = module.load_data()
        self._heed_stop()
        model = module.build_model()
        self._heed_stop()
        if hasattr(module, "load_weights"):
            module.load_weights(model)
        module.compile_model(model)
        if hasattr(module, "adapt_layers"):
            module.adapt_layers(model, data)
        self._heed_stop()
        self._reporter = reporter = self._reporter_for(module, data)
        module.train(model, data, callbacks=[reporter])
        reporter.finish()
        reporter.predict_last()
        ended = self._ending(module, reporter, model, data)
        ended = self._kept(model, ended)
        if self._message.measures and reporter.step and reporter.end != "diverged":
            self._measure(module, model, data, reporter.step)
        return ended

    def _measure(self, module: types.ModuleType, model: Any, data: Any, step: int) -> None:
        """What was learned is on the disk by now: whatever goes wrong here harms nothing of it."""
        try:
            found = measuring.measured(self._message.run, module, model, data, self._control, self._send, step)
        except Exception as error:
            details = "".join(traceback.format_exception(error))
            found = Measured(self._message.run, problem="This network could not be measured.", details=details)
        self._send(found)

    def close(self) -> None:
        """End what the reporter still does, also after an error."""
        if self._reporter is not None:
            self._reporter.finish()

    def _heed_stop(self) -> None:
        if self._control.is_stopping:
            raise StoppedBeforeTraining

    def _reporter_for(self, module: types.ModuleType, data: Any) -> Reporter:
        x = data[0][0]
        rows = min((len(array) for array in keras.tree.flatten(x)), default=0)
        size = getattr(module, "BATCH_SIZE", None)
        return Reporter(
            self._send,
            self._control,
            samples_of=(lambda batches: min(batches * size, rows)) if isinstance(size, int) else int,
            watched=Watched(x, self._message.watch_rows) if self._message.watch_rows > 0 else None,
            on_epoch=self._note_epoch,
        )

    def _note_epoch(self, epoch: EpochEnded) -> None:
        if self._reporter is not None and time.monotonic() - self._metrics_written > METRICS_EVERY_SECONDS:
            run_folder.write_metrics(self._folder, self._reporter.epochs)
            self._metrics_written = time.monotonic()

    def _ending(self, module: types.ModuleType, reporter: Reporter, model: Any, data: Any) -> RunEnded:
        name, epochs = self._message.run, reporter.epochs
        if reporter.end == "diverged":
            x = [np.asarray(array) for array in keras.tree.flatten(data[0][0])]
            last = epochs[-1]
            sentence = of_divergence(last.logs.get("loss", 0.0), reporter.step, last.epoch, last.learning_rate, x)
            return RunEnded(name, "diverged", sentence)
        done = "1 epoch" if len(epochs) == 1 else f"{len(epochs)} epochs"
        if reporter.end == "stopped":
            return RunEnded(name, "stopped", f"Stopped in epoch {len(epochs)}, after {reporter.step} batches.")
        planned = int(reporter.params.get("epochs") or 0)
        if len(epochs) >= planned:
            return RunEnded(name, "finished", f"Finished after {done}.")
        return RunEnded(name, "finished", _stopped_early(Path(module.__file__ or ""), done, planned))

    def _kept(self, model: Any, ended: RunEnded) -> RunEnded:
        try:
            if self._reporter is not None:
                run_folder.write_metrics(self._folder, self._reporter.epochs)
            run_folder.write_weights(self._folder, model)
        except OSError as error:
            sentence = f"{ended.message} But the run could not be written to its folder: {error.strerror or error}."
            return RunEnded(ended.run, ended.outcome, sentence, 0, str(error))
        return ended


def _stopped_early(path: Path, done: str, planned: int) -> str:
    """Why fit ended before its last epoch, though nobody stopped it."""
    arguments = script.early_stopping(path.read_text(encoding="utf-8"))
    if arguments is None:
        return f"Finished after {done} of {planned}: a callback ended the training."
    monitor, patience = arguments.get("monitor", "val_loss"), arguments.get("patience", 0)
    span = "epoch" if patience <= 1 else f"{patience} epochs"
    return f"Finished early, after {done} of {planned}: {monitor} had not improved in the last {span}."
