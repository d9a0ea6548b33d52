"""The doctor tells what is there and what is missing, in one line each."""

from __future__ import annotations

import pytest

from studio.cli import doctor


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_engine", lambda: (True, "the engine starts"))


def test_all_is_well_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.do(None) == 0  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert "ok       tensorflow " in told
    assert "MISSING" not in told


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(doctor.PACKAGES, "pyqtgraph", "no_such_module")
    assert doctor.do(None) == 1  # type: ignore[arg-type]
    assert "MISSING  pyqtgraph is not installed" in capsys.readouterr().out


def test_no_screen_is_only_a_note(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert doctor.do(None) == 0  # type: ignore[arg-type]
    assert "note     There is no screen" in capsys.readouterr().out
