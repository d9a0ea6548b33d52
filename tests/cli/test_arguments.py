"""Every mistake on the command line is one line on stderr and exit code 2."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio import storage
from studio.cli import VERBS, run
from studio.workbench.examples import examples


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "the following arguments are required: VERB"),
        (["check"], "the following arguments are required: FILE"),
        (["fly"], "invalid choice: 'fly'"),
        (["train", "x.studio", "--epochs", "0"], "'0' is no whole number above 0"),
        (["train", "x.studio", "--epochs", "many"], "'many' is no whole number above 0"),
        (["train", "gone.studio"], "gone.studio cannot be opened: there is no such file or folder."),
        (["export", "gone.studio"], "gone.studio cannot be opened: there is no such file or folder."),
        (["new", "x.txt"], "x.txt should end with .studio"),
        (["new", "no/such/folder/x.studio"], "x.studio was not saved: there is no such file or folder."),
        (["new", "x.studio", "--example", "nothing"], "There is no example 'nothing'; there are book_mlp,"),
    ],
)
def test_mistakes(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("layer-studio: ")
    assert line in told.err
    assert len(told.err.splitlines()) == 1


def test_help_names_every_verb_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(["--help"])
    assert stop.value.code == 0
    told = capsys.readouterr().out
    for verb in VERBS:
        assert f"    {verb} " in told
    assert "grade" not in told, "verbs that do not work yet are not listed"


def test_new_makes_a_project_and_spares_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.studio"
    assert run(["new", str(path)]) == 0
    project = storage.load(path)
    assert project.title == "mine"
    assert [node.type for node in project.main.nodes.values()] == ["Input", "Output"]
    before = path.read_bytes()
    assert run(["new", str(path), "--example", "xor"]) == 2
    assert path.read_bytes() == before
    assert "is there already" in capsys.readouterr().err


def test_every_example_can_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["examples"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [entry.name for entry in examples()]
    for name in listed:
        path = tmp_path / f"{name}.studio"
        assert run(["new", str(path), "--example", name]) == 0
        assert storage.load(path).main.nodes


def test_the_module_is_the_command(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "studio", "export", str(tmp_path / "gone.studio")]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == "layer-studio: gone.studio cannot be opened: there is no such file or folder.\n"


def test_a_hostile_name_prints_no_control_characters(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(tmp_path / "a\x1b[31mred\n.studio")]) == 2
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert len(told.splitlines()) == 1
