"""Ctrl+C while ``train`` is at work: whenever it comes, the program ends soon, in words, and keeps what was learned."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from studio.cli import run
from studio.cli.interrupting import CtrlC
from studio.workbench.earlier_runs import list_runs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl+C reaches processes in another way there")

ROOT = Path(__file__).resolve().parents[2]
TRAIN = ["train", "xor.studio", "--epochs", "100000", "--json"]

PRESSED_AT = """
import os, runpy, signal, sys
wanted = sys.argv.pop(1)
def press(event, details):
    global wanted
    what = os.path.basename(str(details[0])) if details else ""
    if wanted and f"{event} {what}" == wanted:
        wanted = ""
        os.killpg(0, signal.SIGINT)
wanted = wanted.replace("PYTHON", os.path.basename(sys.executable))
sys.addaudithook(press)
sys.path.insert(0, os.environ["ROOT"])
runpy.run_module("studio", run_name="__main__", alter_sys=True)
"""
"""Presses Ctrl+C when something happens in the process for the first time; that reaches its engine, too."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(["new", str(tmp_path / "xor.studio"), "--example", "xor"])
    return tmp_path


@contextmanager
def started(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A process that hears Ctrl+C, in a group of its own, even where these tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | {"ROOT": str(ROOT), "PYTHONPATH": str(ROOT)}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    "moment",
    [
        "import studio.bootstrap",
        "import studio.cli.consenting",
        "import numpy",
        "import studio.codegen",
        "os.mkdir xor.runs",
        "subprocess.Popen PYTHON",
    ],
)
def test_it_comes_before_the_engine_runs(folder: Path, moment: str) -> None:
    with started(folder, sys.executable, "-c", PRESSED_AT, moment, *TRAIN) as process:
        told, errors = process.communicate(timeout=60)
    # Python ends itself by the signal where it came inside of an exec; for a shell both are 130.
    assert process.returncode in (130, -signal.SIGINT), errors
    runs = list_runs(folder / "xor.studio").runs
    if runs:
        assert json.loads(told)["message"] == "Stopped before the first batch."
        assert errors == ""
    else:
        assert (told, errors) == ("", "layer-studio: stopped.\n")
    assert [record.outcome for record in runs] == ["stopped"] * len(runs)
    assert bool(runs) == moment.startswith(("os.mkdir", "subprocess"))


@pytest.mark.keras
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="what another process does is seen on Linux")
def test_it_comes_while_tensorflow_is_imported(folder: Path) -> None:
    with started(folder, sys.executable, "-m", "studio", *TRAIN) as process:
        engine = _wait_for_engine(process)
        os.killpg(process.pid, signal.SIGINT)
        told, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert json.loads(told)["message"] == "Stopped before the first batch."
    assert errors == ""
    assert not engine.is_running()


@pytest.mark.keras
def test_it_stops_politely_and_keeps_what_was_learned(folder: Path) -> None:
    with started(folder, sys.executable, "-m", "studio", *TRAIN) as process:
        assert process.stdout is not None
        while json.loads(process.stdout.readline())["event"] != "epoch":
            pass
        os.killpg(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors == ""
    assert json.loads(rest.splitlines()[-1])["outcome"] == "stopped"
    (record,) = list_runs(folder / "xor.studio").runs
    assert record.outcome == "stopped"
    assert record.metrics["loss"]
    assert (record.path / "model.weights.h5").is_file()


def test_the_first_is_a_wish_and_the_second_interrupts() -> None:
    noticed = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with CtrlC() as ctrl_c:
            ctrl_c.noticed = lambda: noticed.append("wish")
            signal.raise_signal(signal.SIGINT)
            assert (ctrl_c.is_pressed, noticed) == (True, ["wish"])
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with CtrlC() as ctrl_c:
            signal.raise_signal(signal.SIGINT)
            assert not ctrl_c.is_pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _wait_for_engine(process: subprocess.Popen[str]) -> psutil.Process:
    """The engine, once it has begun to import TensorFlow."""
    latest = time.monotonic() + 60
    while time.monotonic() < latest:
        for child in psutil.Process(process.pid).children():
            if "tensorflow" in Path(f"/proc/{child.pid}/maps").read_text(errors="replace"):
                return child
        time.sleep(0.02)
    raise AssertionError("no engine imports TensorFlow")
