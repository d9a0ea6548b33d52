"""Getting from whatever Python and machine there is to a running program, or to one sentence that says what to do.

Standard library only, and the syntax of Python 3.7: this runs before anything is installed, and on Pythons that the
program does not support. ``machine`` knows what is wrong with a machine, this module what to do about it.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING

from studio import machine
from studio.machine import CannotStart, Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["CannotStart", "Setup", "start"]

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("PySide6", "pyqtgraph", "numpy", "networkx", "pandas", "keras", "tensorflow")
NEEDED_FOR_TESTS = ("pytest", "pytestqt", "hypothesis", "mypy", "ruff", "importlinter", "psutil")
_MARK = "LAYER_STUDIO_SET_UP"
"""Stands in the environment of a process that was started again, so that this does not go on for ever."""

_ERROR = re.compile(r"\w*Error: ")
ALONE = ("doctor", "--help", "-h", "--version")
"""What works with nothing installed, because it is what one asks when nothing works."""


def start(arguments: Sequence[str]) -> int:
    """Set up what is missing, then do what the command line asks for. CannotStart holds the sentence if that fails."""
    wants_tests = bool(arguments) and arguments[0] == "test"
    if arguments and arguments[0] in ALONE and machine.here().is_supported:
        return _run_verb(arguments)
    missing = missing_modules(NEEDED + NEEDED_FOR_TESTS if wants_tests else NEEDED)
    here = machine.here()
    if missing or not here.is_supported:
        if not is_checkout(ROOT):
            here.refuse_if_unsupported()
            raise CannotStart(
                f"{missing[0]} is missing in this Python. Install the program again: "
                "python3 -m pip install --force-reinstall layer-studio"
            )
        setup = Setup(ROOT, here)
        if setup.is_running_inside():
            # Our own environment, but something was added to pyproject.toml or the last set-up was broken off.
            setup.install(wants_tests)
        else:
            setup.make_ready(wants_tests)
        return setup.start_again(arguments)
    os.environ.pop(_MARK, None)
    if wants_tests:
        return run_tests(arguments[1:])
    if arguments and not arguments[0].startswith("-") and _is_verb(arguments[0]):
        return _run_verb(arguments)
    return _open_window(arguments)


def missing_modules(names: Sequence[str]) -> list[str]:
    """Those of the modules that are not installed. Nothing is imported."""
    return [name for name in names if util.find_spec(name) is None]


def is_checkout(root: Path) -> bool:
    """Whether the package stands in its repository, and not in a site-packages folder."""
    return (root / "pyproject.toml").is_file() and (root / "studio").is_dir()


def run_tests(arguments: Sequence[str]) -> int:
    """Run the suite of this checkout. Windows are painted off the screen unless QT_QPA_PLATFORM says otherwise."""
    if not (ROOT / "tests").is_dir():
        raise CannotStart("The tests are not part of an installed program; run this in a checkout.")
    here = machine.here()
    here.provide_libraries(with_screen=False, say=_say)
    environment = dict(os.environ)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.call(command, cwd=str(ROOT), env=environment)


def _is_verb(word: str) -> bool:
    from studio.cli import VERBS

    return word in VERBS


def _run_verb(arguments: Sequence[str]) -> int:
    from studio.cli import run

    return run(arguments)


def _open_window(arguments: Sequence[str]) -> int:
    for argument in arguments:
        if argument != "--never-run-code" and not os.path.exists(argument):
            raise CannotStart(f"{argument!a} is neither a verb nor a file (layer-studio --help tells the verbs).")
    here = machine.here()
    here.refuse_without_screen()
    here.provide_libraries(with_screen=True, say=_say)
    gc.disable()  # until the first picture; imports leave no garbage, and looking for it takes 50 ms
    _import_what_is_not_qt()
    import PySide6

    here.refuse_qt(PySide6.__version__)
    from studio.gui.app import main

    return main(list(arguments))


NOT_QT = (
    "numpy",
    "studio.catalog",
    "studio.codegen.wiring",
    "studio.core.document",
    "studio.core.edits",
    "studio.core.fixes",
    "studio.core.gesture",
    "studio.core.meaning",
    "studio.core.rules",
    "studio.core.uses",
    "studio.data",
    "studio.layout.arrangement",
    "studio.protocol",
    "studio.storage.autosave",
    "studio.workbench.code_editing",
    "studio.workbench.earlier_runs",
    "studio.workbench.examples",
    "studio.workbench.expanding",
    "studio.workbench.exporting",
    "studio.workbench.inference",
    "studio.workbench.launch",
    "studio.workbench.library",
    "studio.workbench.opening_models",
    "studio.workbench.picked_files",
    "studio.workbench.priming",
    "studio.workbench.problems",
    "studio.workbench.runs",
    "studio.workbench.starting",
    "studio.workbench.templates",
)


def _import_what_is_not_qt() -> None:
    """Import everything of the window that knows no Qt.

    WORKAROUND(PySide6 6.11): once PySide6 is imported it reads the source text of every module that is imported after
    it, to see whether its "features" are meant; that takes 50 ms for ours and numpy's. Remove when it does not.
    """
    # OpenBLAS starts its threads when numpy is imported, which takes 70 ms; the window multiplies no matrices. The
    # engines, which may, inherit nothing of it.
    threads = "OPENBLAS_NUM_THREADS"
    is_chosen = threads in os.environ
    os.environ.setdefault(threads, "1")
    for name in NOT_QT:
        import_module(name)
    if not is_chosen:
        del os.environ[threads]


class Setup:
    """The environment ``.venv`` of a checkout: making it, filling it, going on inside it."""

    def __init__(
        self,
        root: Path,
        here: Machine,
        call: Callable[..., int] | None = None,
    ) -> None:
        self.root = root
        self.folder = root / ".venv"
        self._here = here
        self._call = call_showing_progress if call is None else call

    @property
    def python(self) -> Path:
        """The Python of the environment."""
        return self.folder / ("Scripts/python.exe" if self._here.system == "win32" else "bin/python")

    @property
    def log(self) -> Path:
        """What pip said at the last set-up."""
        return self.folder / "setup.log"

    def is_running_inside(self) -> bool:
        """Whether this process is the environment's own Python."""
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def is_ready(self, with_tests: bool) -> bool:
        """Whether a set-up of exactly this pyproject.toml was finished, with the test tools where they are wanted."""
        try:
            stamp = json.loads(self._stamp.read_text(encoding="utf-8"))
            fits = stamp["project"] == self._digest() and (stamp["tests"] or not with_tests)
            return bool(fits) and self.python.exists()
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def make_ready(self, with_tests: bool) -> None:
        """Make the environment and install into it, where that was not done yet."""
        if self.is_ready(with_tests):
            return
        self._here.refuse_if_unsupported()
        try:
            if not self.python.exists():
                self._make_environment()
            self.install(with_tests)
        except OSError as error:
            raise CannotStart(
                f"The set-up could not write to {self.folder}: {error.strerror or error}. Copy the program to a folder "
                "of your own and start it there."
            ) from None

    def install(self, with_tests: bool) -> None:
        """Install the project and what it needs, and note that it was done."""
        what = "." + ("[test]" if with_tests or self._had_tests() else "")
        _say("Installing what the program needs into .venv (about 2 GB; this is done once and takes some minutes) ...")
        command = [str(self.python), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("w", encoding="utf-8") as log:
            code = self._call(
                [*command, "--editable", what], cwd=str(self.root), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        if code != 0:
            raise CannotStart(
                "Installing did not work: {} The whole story is in {}.".format(
                    _last_error(self.log), os.path.join(".venv", self.log.name)
                )
            )
        stamp = {"project": self._digest(), "tests": what != "."}
        self._stamp.write_text(json.dumps(stamp) + "\n", encoding="utf-8")
        _say("Done.")

    def start_again(self, arguments: Sequence[str]) -> int:
        """Go on inside the environment; on systems that can, this process becomes the new one."""
        command = [str(self.python), "-m", "studio", *arguments]
        environment = _environment_inside(self.root)
        if environment.get(_MARK) == "again":
            raise CannotStart("Something is still missing after the set-up. Delete the folder .venv and start again.")
        environment[_MARK] = "again"
        if self._here.system == "win32":
            return self._call(command, env=environment)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, environment)

    def _make_environment(self) -> None:
        _say("Making an environment of its own in .venv ...")
        self._here.provide_venv(say=_say)
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        if self._call(command, stdin=subprocess.DEVNULL) != 0:
            shutil.rmtree(str(self.folder), ignore_errors=True)
            raise CannotStart(
                f"Python could not make an environment in {self.folder}. Is the folder writable, and is Python's venv "
                "module installed (on Debian and Ubuntu: apt-get install python3-venv)?"
            )

    @property
    def _stamp(self) -> Path:
        return self.folder / "layer-studio.json"

    def _digest(self) -> str:
        return hashlib.sha256((self.root / "pyproject.toml").read_bytes()).hexdigest()

    def _had_tests(self) -> bool:
        try:
            return bool(json.loads(self._stamp.read_text(encoding="utf-8"))["tests"])
        except (OSError, ValueError, KeyError, TypeError):
            return False


def call_showing_progress(command: Sequence[str], **keywords: Any) -> int:
    """As ``subprocess.call``; on a terminal, a line tells how long it has taken and what the log says last."""
    log = getattr(keywords.get("stdout"), "name", None)
    start = time.monotonic()
    with subprocess.Popen(command, **keywords) as process:
        try:
            while True:
                try:
                    return process.wait(timeout=0.5)
                except subprocess.TimeoutExpired:
                    if log and sys.stderr.isatty():
                        told = f"{time.monotonic() - start:5.0f} s  {_at_work_on(Path(log))}"
                        print(f"\r\x1b[K{told[:79]}", end="", file=sys.stderr, flush=True)
        finally:
            if process.poll() is None:
                process.kill()
            if log and sys.stderr.isatty():
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _at_work_on(log: Path) -> str:
    """What pip does now, from the last line of its log that says so."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    told = [line.strip() for line in lines if line.lstrip().startswith(("Collecting", "Downloading", "Installing"))]
    return told[-1].split("(")[0] if told else ""


def _environment_inside(root: Path) -> dict[str, str]:
    environment = dict(os.environ)
    # A PYTHONHOME or a __PYVENV_LAUNCHER__ of the outer Python would lead the inner one astray.
    for name in ("PYTHONHOME", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    environment["VIRTUAL_ENV"] = str(root / ".venv")
    return environment


def _last_error(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    # pip's own summary, else the exception of a build that it ran; the lines after it are only hints.
    lines = [line.strip() for line in lines if line.strip()]
    told = (
        [line for line in lines if line.startswith("ERROR:")] or [line for line in lines if _ERROR.match(line)] or lines
    )
    return told[-1][:300] if told else "pip said nothing."


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
