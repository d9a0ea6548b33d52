"""Getting from whatever Python and machine there is to a running program, or to one sentence that says what to do.

Standard library only, and the syntax of Python 3.7: this runs before anything is installed, and on Pythons that the
program does not support. ``machine`` knows what is wrong with a machine, this module what to do about it.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module, util
from pathlib import Path
from typing import TYPE_CHECKING

from studio import machine
from studio.machine import STARTED_AGAIN, CannotStart

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CannotStart", "start"]

ROOT = Path(__file__).resolve().parent.parent
NEEDED = ("PySide6", "pyqtgraph", "numpy", "networkx", "pandas", "keras", "tensorflow")
NEEDED_FOR_TESTS = (
    "pytest",
    "pytestqt",
    "pytest_benchmark",
    "xdist",
    "hypothesis",
    "mypy",
    "ruff",
    "importlinter",
    "psutil",
)
ALONE = ("doctor", "--help", "-h", "--version")
"""What works with nothing installed, because it is what one asks when nothing works."""


def start(arguments: Sequence[str]) -> int:
    """Set up what is missing, then do what the command line asks for. CannotStart holds the sentence if that fails."""
    wants_tests = bool(arguments) and arguments[0] == "test"
    here = machine.here()
    if arguments and arguments[0] in ALONE and here.is_supported:
        return _run_alone(arguments, here)
    missing = missing_modules(NEEDED + NEEDED_FOR_TESTS if wants_tests else NEEDED)
    if missing or not here.is_supported:
        if not is_checkout(ROOT):
            here.refuse_if_unsupported()
            raise CannotStart(
                f"{missing[0]} is missing in this Python. Install the program again: "
                "python3 -m pip install --force-reinstall layer-studio"
            )
        from studio.set_up import Setup  # with what it takes to start programs; a window that is ready needs none of it

        setup = Setup(ROOT, here)
        if setup.is_running_inside():
            # Our own environment, but something was added to pyproject.toml or the last set-up was broken off.
            setup.install(wants_tests)
        else:
            setup.make_ready(wants_tests)
        return setup.start_again(arguments)
    os.environ.pop(STARTED_AGAIN, None)
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
    import compileall
    import subprocess  # not needed to open a window

    # Hundreds of processes are started from a fresh checkout; where Python is told to write no bytecode, each of them
    # would compile what it imports. A checkout that cannot be written does without.
    compileall.compile_dir(str(ROOT / "studio"), quiet=2, workers=0)
    here = machine.here()
    here.provide_libraries(with_screen=False, say=machine.say)
    environment = dict(os.environ)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "pytest", *shared_out(arguments), *arguments]
    return subprocess.call(command, cwd=str(ROOT), env=environment)


def shared_out(arguments: Sequence[str]) -> list[str]:
    """What has pytest share the whole suite out among the cores; nothing where tests are named, or how to run them.

    A file stays in one process, which keeps its engines; the files go in the order of their names, so that large ones
    do not come last, and long stories do not wait for many short ones.
    """
    own_ways = ("-n", "--numprocesses", "--dist", "-p", "--pdb", "--trace", "-s", "--capture", "--benchmark")
    if any(argument.startswith(own_ways) or os.path.exists(argument.split("::")[0]) for argument in arguments):
        return []
    return ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]


def _run_alone(arguments: Sequence[str], here: machine.Machine) -> int:
    """What needs nothing is asked of the environment all the same where there is one, since the program runs in it."""
    if is_checkout(ROOT) and missing_modules(NEEDED):
        from studio.set_up import Setup

        setup = Setup(ROOT, here)
        if setup.is_ready(with_tests=False) and not setup.is_running_inside():
            return setup.start_again(arguments)
    return _run_verb(arguments)


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
    here.provide_libraries(with_screen=True, say=machine.say)
    gc.disable()  # until the first picture; imports leave no garbage, and looking for it takes 50 ms
    _import_numpy()
    import PySide6

    _let_sources_unread()
    here.refuse_qt(PySide6.__version__)
    from studio.gui.app import main

    return main(list(arguments))


def _import_numpy() -> None:
    """OpenBLAS starts its threads when numpy is imported, which takes 70 ms; the window multiplies no matrices.

    The engines, which may, inherit nothing of it.
    """
    threads = "OPENBLAS_NUM_THREADS"
    is_chosen = threads in os.environ
    os.environ.setdefault(threads, "1")
    import_module("numpy")
    if not is_chosen:
        del os.environ[threads]


def _let_sources_unread() -> None:
    """Keep PySide6 from reading the text of every module that is imported from now on.

    WORKAROUND(PySide6 6.11): it looks whether the module speaks of PySide6 and so may want its "features"
    (``snake_case``, ``true_property``), which nothing here does. That took 50 ms for ours, more for pandas and
    matplotlib later. Remove when it asks for less.
    """
    with suppress(ImportError):
        vars(import_module("shibokensupport.feature"))["_mod_uses_pyside"] = lambda module: False
