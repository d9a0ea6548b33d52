"""The networks that show a way of drawing also learn: each is trained as it ships, to a figure worth showing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.cli import run
from studio.workbench.examples import example

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    ("name", "figure", "wanted"),
    [
        ("siamese", "val_accuracy", 0.93),
        ("self_attention", "val_accuracy", 0.95),
        ("inception", "val_accuracy", 0.93),
        ("autoencoder", "val_loss", -7.0),  # A mean square of 18 is what the mean picture has.
    ],
)
def test_it_learns(
    name: str, figure: str, wanted: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("LAYER_STUDIO_STATE", str(tmp_path / "state"))
    entry = example(name)
    assert entry is not None
    file = tmp_path / f"{name}.studio"
    file.write_bytes(entry.path.read_bytes())
    assert run(["train", "--json", str(file)]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    figures = [event["metrics"][figure] for event in events if event["event"] == "epoch"]
    best = max(figures) if wanted > 0 else -min(figures)
    assert best >= wanted, figures
