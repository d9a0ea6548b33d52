"""``layer-studio compare``."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import storage
from studio.cli import run
from studio.core import edits
from tests.support.graphs import graph, node_id


def test_lines_and_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = graph("x:Input(shape=(4,)) -> a:Dense(units=10) -> y:Output")
    new = edits.set_param(old, node_id(old, "a"), "units", 20)
    new = edits.add_node(new, "Dropout", name="drop")
    one, other = str(tmp_path / "one.studio"), str(tmp_path / "other.studio")
    storage.save(old, one)
    storage.save(new, other)
    assert run(["compare", one, other]) == 1
    assert capsys.readouterr().out == "~ a (Dense)\n    units: 10 → 20\n+ drop (Dropout)\n"
    assert run(["compare", one, one]) == 0
    assert capsys.readouterr().out == ""
    assert run(["compare", one, str(tmp_path / "gone.studio")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
