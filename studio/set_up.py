"""Setting a checkout up: the environment ``.venv``, what is installed into it, going on inside it.

Standard library only, and the syntax of Python 3.7, like ``bootstrap``, which asks for this where something is missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from studio.machine import STARTED_AGAIN, CannotStart, Machine, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_ERROR = re.compile(r"\w*Error: ")


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
        say("Installing what the program needs into .venv (about 2.5 GB; this is done once and takes some minutes) ...")
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
        say("Done.")

    def start_again(self, arguments: Sequence[str]) -> int:
        """Go on inside the environment; on systems that can, this process becomes the new one."""
        command = [str(self.python), "-m", "studio", *arguments]
        environment = _environment_inside(self.root)
        if environment.get(STARTED_AGAIN) == "again":
            raise CannotStart("Something is still missing after the set-up. Delete the folder .venv and start again.")
        environment[STARTED_AGAIN] = "again"
        if self._here.system == "win32":
            return self._call(command, env=environment)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(command[0], command, environment)

    def _make_environment(self) -> None:
        say("Making an environment of its own in .venv ...")
        self._here.provide_venv(say=say)
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
