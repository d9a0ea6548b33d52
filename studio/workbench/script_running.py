"""A script that cannot be read without being run: run in a process of its own, and the models that it made.

Only what the person agreed to comes here. The process is no sandbox: what runs there can do what the person can. It
may print, hang, end itself or start others; whatever it does, this ends in time and tells in one sentence.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any

import studio
from studio import importing
from studio.catalog import Catalog
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.immutable import immutable
from studio.importing import Imported, ModelFileError, plain
from studio.importing.report import listed, other_models
from studio.layout.arrangement import Question, never, stop_if
from studio.workbench.launch import engine_environment
from studio.workbench.opening_models import tidied
from studio.workbench.script_code import with_needed, with_own_code

SECONDS = 60
"""How long a script may run, without the start of TensorFlow: more than models take, less than patience."""
_START_SECONDS = 60
_AFTER_SECONDS = 20
"""For writing the models down; a script that swallows the end is killed then."""
LAST_WORDS = 20_000
"""So many bytes of what a script prints last are kept."""
_FREELY = 1_000_000
"""Bytes that are taken as fast as they come; who prints more has to wait, so that a flood holds up nobody else."""

FOUND = "models.json"
LONGEST = 300
"""Characters of an error of a script in a sentence."""

Tell = Callable[[str], None]


@immutable
class RunModel:
    """One model of a script that was run, by the variable or the name that it has."""

    label: str
    told: Mapping[str, Any]
    is_compiled: bool = False


@immutable
class Ran:
    """What came of a run: its models in order, what ended it before its end ("" for nothing), what it printed last.

    ``functions`` tells where those functions stand that the models hold, ``reasons`` why others cannot be drawn.
    """

    models: tuple[RunModel, ...]
    ended: str = ""
    output: str = ""
    functions: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def usual(self) -> RunModel:
        """The model that is most likely meant: the last one that is compiled, else the last one."""
        return next((each for each in reversed(self.models) if each.is_compiled), self.models[-1])


def run_script(
    text: str, origin: Path, tell: Tell = lambda output: None, cancelled: Question = never, seconds: int = SECONDS
) -> Ran:
    """Run ``text`` as ``origin`` would run. ``tell`` hears the last of what it prints, from time to time.

    ModelFileError where no model came of it, ``layout.Cancelled`` where ``cancelled`` said yes. Takes as long as the
    script does, and some seconds for TensorFlow; no call for an event loop.
    """
    with tempfile.TemporaryDirectory(prefix="layer-studio-script-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "script.txt").write_text(text, encoding="utf-8", errors="surrogatepass")
        process = subprocess.Popen(
            command(folder, origin, seconds), cwd=origin.resolve().parent, env=environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        listening = _Listening(process)
        try:
            ended = _wait(process, listening, tell, cancelled, seconds)
        finally:
            _kill(process)
            listening.stop()
        output = listening.text
        if ended and not (folder / FOUND).exists():
            raise ModelFileError(ended)
        return _read(folder, process.returncode, output, seconds)


def command(folder: Path, origin: Path, seconds: int) -> list[str]:
    """Program and arguments of the process."""
    runner = Path(studio.__file__).resolve().parent / "engine" / "script_run.py"
    arguments = [str(folder / "script.txt"), str(origin.resolve()), str(folder), str(seconds)]
    return [sys.executable, "-P", "-B", "-u", str(runner), *arguments]


def environment() -> dict[str, str]:
    """The person's own environment, with TensorFlow below Keras and without windows and graphics cards."""
    found = dict(os.environ)
    ours = engine_environment(Path(), found)
    found |= {"KERAS_BACKEND": ours["KERAS_BACKEND"], "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return found | {"MPLBACKEND": "Agg", "PYTHONIOENCODING": "utf-8"}


def as_project(
    model: RunModel, ran: Ran, catalog: Catalog, title: str, cancelled: Question = never, text: str = ""
) -> Imported:
    """A model of a script that was run as a tidy project, with a report.

    From its ``text`` comes the code of its own layers. That is asked about by itself before it runs again.
    """
    told = model.told
    config, compiled = told.get("config"), told.get("compiled")
    if not isinstance(config, dict):
        raise ModelFileError("The script was run, but what it told about its model cannot be read.")
    config, snippets = with_own_code(config, text, catalog, ran.functions, told.get("own"))
    known = with_snippets(catalog, Project(snippets=snippets))
    found = importing.from_config(config, known, title, compiled if isinstance(compiled, dict) else None)
    found = with_needed(found, snippets)
    fitted = told.get("fitted")
    plan = found.project.training
    for key in ("epochs", "batch_size"):
        value = fitted.get(key) if isinstance(fitted, dict) else None
        if type(value) is int and 1 <= value < 2**31:
            plan = replace(plan, **{key: value})  # type: ignore[arg-type]
    report = found.report
    came_in = report.came_in.replace("came in", "came in from the script, which was run but not trained", 1)
    unknown = report.unknown
    if model.is_compiled and compiled is None:
        unknown += ("What the model was compiled with is code of the script; choose loss and optimizer again.",)
    lost = told.get("lost")
    if isinstance(lost, list) and lost:
        words = listed([plain.shown(each) for each in lost if isinstance(each, str)])
        unknown += (f"What only the script can make was left out; the code of these layers needs it: {words}.",)
    others = [each.label for each in ran.models if each is not model]
    replaced = report.replaced
    if others:
        replaced += (other_models(others),)
    unknown += tuple([f"Another model of the script cannot be drawn. {each}" for each in ran.reasons[-2:]])
    if ran.ended:
        replaced += (f"The script did not come to its end: {ran.ended}",)
    made = Imported(replace(found.project, training=plan), importing.Report(came_in, replaced, unknown))
    return tidied(made, catalog, cancelled)


def _wait(
    process: subprocess.Popen[bytes], listening: _Listening, tell: Tell, cancelled: Question, seconds: int
) -> str:
    """Wait for the end; gives what is in the way of reading what came of it."""
    latest = time.monotonic() + _START_SECONDS + seconds + _AFTER_SECONDS
    told = ""
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            return ""
        if listening.text != told:
            told = listening.text
            tell(told)
        stop_if(cancelled)
        if time.monotonic() > latest:
            return f"The script did not end within {seconds} seconds, and could not be asked for its models then."


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started; that may outlive it."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


class _Listening:
    """Takes in what a process prints, on a thread, and keeps the end of it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._last = b""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="script output")
        self._thread.start()

    @property
    def text(self) -> str:
        """What was printed last."""
        return self._last.decode("utf-8", "replace")

    def stop(self) -> None:
        """The process has ended. Whoever else still has its output is not waited for."""
        self._thread.join(1.0)
        self._is_over.set()
        if self._process.stdout is not None and not self._thread.is_alive():
            self._process.stdout.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        descriptor, taken = self._process.stdout.fileno(), 0
        with contextlib.suppress(OSError):
            while data := os.read(descriptor, 65_536):
                self._last = (self._last + data)[-LAST_WORDS:]
                taken += len(data)
                if taken > _FREELY:
                    self._is_over.wait(0.02)


def _read(folder: Path, code: int, output: str, seconds: int) -> Ran:
    path = folder / FOUND
    try:
        with path.open("rb") as file:
            told = plain.parse(file.read(plain.MAX_BYTES + 1))
    except OSError:
        raise ModelFileError(_death(code)) from None
    models = _labelled([each for each in told.get("models", []) if isinstance(each, dict)])
    ended = _ended(told, seconds)
    reasons = tuple([plain.shown(each, LONGEST) for each in told.get("reasons", []) if isinstance(each, str)])
    if models:
        functions = told.get("functions")
        return Ran(models, ended, output, functions if isinstance(functions, dict) else {}, reasons)
    if ended:
        advice = " Take out what takes so long before it." if told.get("ended") == "time" else ""
        raise ModelFileError(f"{ended} Until then the script had made no functional or Sequential model.{advice}")
    if reasons:
        raise ModelFileError(f"The script makes no model that can be drawn. {reasons[-1]}")
    raise ModelFileError("The script ran to its end, but it makes no model of Keras.")


def _labelled(models: list[dict[str, Any]]) -> tuple[RunModel, ...]:
    found: list[RunModel] = []
    taken: set[str] = set()
    for each in models:
        label = plain.clean(each.get("variable"), 60) or plain.clean(each.get("name"), 60) or "model"
        number, own = 1, label
        while label in taken:
            number += 1
            label = f"{own} ({number})"
        taken.add(label)
        found.append(RunModel(label, each, each.get("is_compiled") is True))
    return tuple(found)


def _ended(told: Mapping[str, Any], seconds: int) -> str:
    ended, line = told.get("ended"), told.get("line")
    if not isinstance(ended, str) or not ended:
        return ""
    if ended == "time":
        return f"It was stopped after {seconds} {'second' if seconds == 1 else 'seconds'}."
    said = plain.shown(ended, LONGEST).rstrip(".")
    return f"Line {line}: {said}." if type(line) is int and line > 0 else f"{said}."


def _death(code: int) -> str:
    if code >= 0:
        return f"The script ended its own process (exit code {code}) before it could be asked for its models."
    if -code == getattr(signal, "SIGKILL", 9):
        return "The script was ended from outside, or by itself, perhaps because the computer ran out of memory."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"The script crashed its process ({name}) before it could be asked for its models."
