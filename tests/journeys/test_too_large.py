"""Networks that no computer holds, in a real window: counted exactly, refused in a sentence, nothing allocated."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from studio.gui.window import MainWindow
from tests.support.bad_projects import chain, with_params

pytestmark = [pytest.mark.keras, pytest.mark.journey]

MIB = 2**20


def is_answered(window: MainWindow) -> bool:
    session = window.session
    return session.engine_state == "ready" and session.answers.keys() == session.graph.nodes.keys()


def test_a_trillion_units(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "huge.studio"
    path.write_bytes(with_params(units=10**12))
    assert window.files.open(path)
    qtbot.waitUntil(lambda: is_answered(window))
    assert window.session.answers["n2"].parameters == 4 * 10**12
    engine = psutil.Process(window.trainer.engine.process_id)
    before = engine.memory_info().rss
    window.train()
    run = window.trainer.runs[-1]
    qtbot.waitUntil(lambda: not run.is_alive, timeout=60_000)
    grown = (engine.memory_info().rss - before) / MIB
    print(f"refusing 6,000,000,000,002 parameters took {grown:.0f} MiB")
    assert grown < 300
    assert run.outcome == "failed"
    assert "6,000,000,000,002 parameters" in run.message
    assert "memory" in run.message
    assert window.status.news == run.message
    assert window.trainer.state == "ready"


def test_a_chain_too_deep_for_keras(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "deep.studio"
    path.write_bytes(chain(1_500))
    assert window.files.open(path)
    qtbot.waitUntil(lambda: is_answered(window), timeout=60_000)
    assert sum(answer.parameters for answer in window.session.answers.values()) == 8 + 1_499 * 6
    window.train()
    run = window.trainer.runs[-1]
    qtbot.waitUntil(lambda: not run.is_alive, timeout=120_000)
    assert run.outcome == "finished" or "too deep" in run.message
    assert window.trainer.state == "ready"
