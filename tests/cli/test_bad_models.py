"""Hostile model files and scripts given to ``import``: an exit code, one sentence, nothing run or written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.cli import run
from tests.support.bad_models import COME_IN, ENDLESS, REFUSED, none_run
from tests.support.thorough import IS_THOROUGH


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("bad")
    with none_run(folder):
        yield folder


@pytest.mark.parametrize("name", REFUSED if IS_THOROUGH else sorted({*REFUSED} - {*ENDLESS}))
def test_what_holds_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str], files: Path, name: str) -> None:
    assert run(["import", str(files / name), "-o", str(tmp_path / "out.studio")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[-1].startswith(f"layer-studio: {name} was not imported: ")
    assert all(line.isprintable() for line in told.err.splitlines())
    assert "Traceback" not in told.err
    assert list(tmp_path.iterdir()) == []


def test_what_comes_in_and_does_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str], files: Path) -> None:
    code = run(["import", *[str(files / name) for name in COME_IN], "-o", str(tmp_path)])
    told = capsys.readouterr()
    refused = told.err.splitlines()
    assert code == (2 if refused else 0)
    assert all(line.startswith("layer-studio: ") and line.isprintable() for line in refused)
    made = list(tmp_path.iterdir())
    assert len(made) + len(refused) == len(COME_IN)
    assert len(made) > len(refused)
    assert all(json.loads(path.read_text(encoding="utf-8"))["format"] == 1 for path in made)
    assert all(line.isprintable() for line in told.out.splitlines())
