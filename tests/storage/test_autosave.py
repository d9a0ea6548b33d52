"""The journal keeps what was not saved, whatever the clock says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.core.project import Project
from studio.storage import ProjectFileError, autosave, places


def test_a_copy_of_a_crashed_session_is_found(tmp_path: Path) -> None:
    crashed = autosave.Journal(tmp_path / "a", now=lambda: 1000.0)
    crashed.write(Project(title="one"), tmp_path / "one.studio")
    crashed.write(Project(title="two"), tmp_path / "two.studio")
    assert crashed.left_over() == [], "its own copy is no left-over"
    (copy,) = autosave.Journal(tmp_path / "a").left_over()
    assert copy.project().title == copy.title == "two"
    assert copy.path == tmp_path / "two.studio"
    assert copy.time == 1000.0


def test_order_is_by_number_and_not_by_clock(tmp_path: Path) -> None:
    for title, clock in (("first", 5000.0), ("second", 1.0), ("third", 300.0)):
        autosave.Journal(tmp_path, now=lambda clock=clock: clock).write(Project(title=title), None)  # type: ignore[misc]
    assert [copy.title for copy in autosave.Journal(tmp_path).left_over()] == ["third", "second", "first"]


def test_ten_are_kept(tmp_path: Path) -> None:
    for number in range(14):
        autosave.Journal(tmp_path).write(Project(title=str(number)), None)
    assert [copy.title for copy in autosave.Journal(tmp_path).left_over()] == [str(n) for n in range(13, 3, -1)]


def test_a_verified_save_makes_the_copy_needless(tmp_path: Path) -> None:
    journal = autosave.Journal(tmp_path)
    journal.write(Project(), None)
    journal.forget()
    journal.forget()
    assert os.listdir(tmp_path) == []


def test_a_damaged_copy_stops_nothing(tmp_path: Path) -> None:
    autosave.Journal(tmp_path).write(Project(title="good"), None)
    (tmp_path / "00000007-0123abcd.autosave").write_bytes(b"\xff\xfe{}")
    (tmp_path / "00000008-0123abcd.autosave").write_text('{"autosave": 1, "time": 1, "path": null}\n{"format": 9}')
    (tmp_path / "something else").write_text("")
    copies = autosave.Journal(tmp_path).left_over()
    assert [copy.title for copy in copies] == ["", "good"]
    with pytest.raises(ProjectFileError):
        copies[0].project()


def test_a_failing_autosave_says_so_and_keeps_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = autosave.Journal(tmp_path)
    journal.write(Project(title="kept"), None)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ProjectFileError, match="could not be autosaved"):
            journal.write(Project(title="lost"), None)
    (copy,) = autosave.Journal(tmp_path).left_over()
    assert copy.title == "kept"


def test_the_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYER_STUDIO_STATE", str(tmp_path))
    assert places.state_folder() == tmp_path
    monkeypatch.delenv("LAYER_STUDIO_STATE")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("XDG_STATE_HOME", "relative/is/ignored")
    assert places.state_folder().is_absolute()
