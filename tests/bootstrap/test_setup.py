"""A bare checkout sets itself up once, notices a change of pyproject.toml, and says what went wrong."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from studio import bootstrap
from studio.machine import CannotStart, Machine
from studio.set_up import Setup, call_showing_progress

ROOT = Path(__file__).resolve().parents[2]


class Commands:
    """Stands for venv and pip: makes the files that they would make."""

    def __init__(self, folder: Path, *, pip_says: str = "", code: int = 0) -> None:
        self.folder = folder
        self.pip_says = pip_says
        self.code = code
        self.done: list[str] = []

    def __call__(self, command: list[str], **keywords: Any) -> int:
        if "venv" in command:
            self.done.append("venv")
            python = self.folder / ".venv" / "bin" / "python"
            python.parent.mkdir(parents=True)
            python.touch()
            return 0
        self.done.append(command[-1])
        keywords["stdout"].write(self.pip_says)
        return self.code


def setup(folder: Path, commands: Commands, **facts: Any) -> Setup:
    (folder / "pyproject.toml").touch()
    machine = Machine(**({"version": (3, 12), "system": "linux", "processor": "x86_64"} | facts))
    return Setup(folder, machine, call=commands)


def test_it_is_set_up_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commands = Commands(tmp_path)
    setup(tmp_path, commands).make_ready(with_tests=False)
    assert commands.done == ["venv", "."]
    assert "Installing what the program needs" in capsys.readouterr().err
    setup(tmp_path, commands).make_ready(with_tests=False)
    assert commands.done == ["venv", "."], "the second start goes straight"
    assert capsys.readouterr().err == ""


def test_test_tools_are_added_and_stay(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    setup(tmp_path, commands).make_ready(with_tests=False)
    setup(tmp_path, commands).make_ready(with_tests=True)
    setup(tmp_path, commands).make_ready(with_tests=False)
    assert commands.done == ["venv", ".", ".[test]"]
    (tmp_path / "pyproject.toml").write_text("changed")
    setup(tmp_path, commands).make_ready(with_tests=False)
    assert commands.done == ["venv", ".", ".[test]", ".[test]"]


def test_a_failed_set_up_is_told_and_tried_again(tmp_path: Path) -> None:
    commands = Commands(tmp_path, pip_says="Collecting x\nERROR: No matching distribution found for x\n", code=1)
    with pytest.raises(CannotStart, match=r"ERROR: No matching distribution found for x .*\.venv/setup\.log"):
        setup(tmp_path, commands).make_ready(with_tests=False)
    assert not setup(tmp_path, commands).is_ready(with_tests=False)
    commands.code = 0
    setup(tmp_path, commands).make_ready(with_tests=False)
    assert commands.done == ["venv", ".", "."]


def test_a_damaged_stamp_is_no_set_up(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    setup(tmp_path, commands).make_ready(with_tests=False)
    (tmp_path / ".venv" / "layer-studio.json").write_text("[]")
    assert not setup(tmp_path, commands).is_ready(with_tests=False)


def test_an_unsupported_python_goes_on_in_an_environment_that_is_ready(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    with pytest.raises(CannotStart, match=r"Python 3\.10"):
        setup(tmp_path, commands, version=(3, 10)).make_ready(with_tests=False)
    assert commands.done == []
    setup(tmp_path, commands).make_ready(with_tests=False)
    setup(tmp_path, commands, version=(3, 10)).make_ready(with_tests=False)


def test_going_round_in_circles_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYER_STUDIO_SET_UP", "again")
    with pytest.raises(CannotStart, match=r"Delete the folder \.venv"):
        setup(tmp_path, Commands(tmp_path)).start_again([])


def test_an_installed_program_does_not_set_itself_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "missing_modules", lambda names: ["pyqtgraph"])
    with pytest.raises(CannotStart, match="pyqtgraph is missing in this Python"):
        bootstrap.start([])


@pytest.mark.skipif(sys.platform == "win32", reason="the environment's Python is no script there")
@pytest.mark.parametrize("is_ready", [True, False])
def test_the_doctor_looks_at_the_environment_where_there_is_one(tmp_path: Path, is_ready: bool) -> None:
    (tmp_path / "studio").mkdir()
    setup(tmp_path, Commands(tmp_path)).make_ready(with_tests=False)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho inside "$@"\n')
    python.chmod(0o755)
    if not is_ready:
        (tmp_path / "pyproject.toml").write_text("changed since")
    code = (
        f"import pathlib, sys; from studio import bootstrap; bootstrap.ROOT = pathlib.Path({str(tmp_path)!r});"
        "bootstrap.NEEDED = ('no_such_module',); sys.exit(bootstrap.start(['--version']))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("inside -m studio --version" if is_ready else "Layer Studio ")


def test_a_checkout_that_was_never_installed_knows_its_version() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from studio.cli import run; run(['--version'])"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run.stdout == f"Layer Studio {version}\n"


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "bootstrap.py", "machine.py", "set_up.py"])
def test_an_old_python_can_read_what_tells_it_that_it_is_old(name: str) -> None:
    ast.parse((ROOT / "studio" / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_only_the_standard_library_is_needed_to_begin() -> None:
    code = "import sys; import studio.bootstrap, studio.set_up, studio.cli; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(run.stdout.split())
    assert "studio.bootstrap" in modules
    assert not modules & {"numpy", "PySide6", "keras", "networkx", "pandas"}


def test_a_bare_checkout_with_an_old_python_gives_one_sentence() -> None:
    code = (
        "import sys; from studio import machine, set_up;"
        "machine.here = lambda: machine.Machine((3, 9), 'linux', 'x86_64');"
        "set_up.Setup.is_ready = lambda self, with_tests: False;"
        "set_up.Setup.is_running_inside = lambda self: False;"
        "from studio.__main__ import main; sys.exit(main([]))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("layer-studio: This is Python 3.9;")
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [[], ["-q"], ["-k", "canvas"], ["-m", "not keras"]])
def test_the_whole_suite_is_shared_out(arguments: list[str]) -> None:
    assert bootstrap.shared_out(arguments)[:2] == ["-n", "auto"]


@pytest.mark.parametrize(
    "arguments", [[str(ROOT / "tests")], ["-q", f"{__file__}::test_it_is_set_up_once"], ["-n0"], ["--pdb"], ["-n", "4"]]
)
def test_whoever_names_tests_or_a_way_is_left_alone(arguments: list[str]) -> None:
    assert bootstrap.shared_out(arguments) == []


@pytest.mark.parametrize("arguments", [["fly"], ["--fullscreen"], ["gone.studio"]])
def test_what_is_neither_verb_nor_file_opens_no_window(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotStart, match="is neither a verb nor a file"):
        bootstrap.start(arguments)


def test_progress_is_shown_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    code = "import time; print('Collecting numpy (from x)', flush=True); time.sleep(1.2); raise SystemExit(3)"
    with (tmp_path / "log").open("w") as log:
        assert call_showing_progress([sys.executable, "-c", code], stdout=log) == 3
    assert "Collecting numpy" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("target", ["/dev/full", "closed", "a reader that left"])
def test_output_that_cannot_be_written_is_no_traceback(target: str) -> None:
    command = f"{sys.executable} -m studio examples"
    shell = {
        "/dev/full": f"{command} > /dev/full",
        "closed": f"{command} >&-",
        "a reader that left": f"{command} | true",
    }[target]
    run = subprocess.run(["sh", "-c", shell], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr
    assert "Exception ignored" not in run.stderr
    assert len(run.stderr.splitlines()) <= 1
