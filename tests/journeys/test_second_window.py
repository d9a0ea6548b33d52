"""Two windows and one project file: the second one asks, and nobody's work is replaced unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from studio import storage
from studio.core import edits
from studio.gui.claims import Claim
from studio.gui.window import MainWindow
from tests.journeys.fake_window import Dialogs
from tests.support.bad_projects import text

pytestmark = pytest.mark.journey


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    path = tmp_path / "shared.studio"
    path.write_bytes(text(lambda project: None))
    return path


@pytest.fixture
def other(faked_window: MainWindow, shared: Path) -> Claim:
    """Another window that has the file open."""
    claim = Claim(faked_window.settings.folder / "open")
    claim.take(shared)
    assert faked_window.files.is_open_elsewhere(shared)
    return claim


def test_a_file_that_is_open_elsewhere_can_be_left_alone(
    faked_window: MainWindow, dialogs: Dialogs, other: Claim, shared: Path
) -> None:
    before = faked_window.session.project
    dialogs.pressed, dialogs.answer = "", QMessageBox.StandardButton.Cancel
    assert not faked_window.files.open(shared)
    assert dialogs.said == ["shared.studio is open in another window of Layer Studio."]
    assert faked_window.session.project is before


def test_a_copy_has_no_file(faked_window: MainWindow, dialogs: Dialogs, other: Claim, shared: Path) -> None:
    dialogs.pressed = "Open a copy"
    assert faked_window.files.open(shared)
    assert faked_window.session.path is None
    assert faked_window.session.project.title.endswith("(copy)")
    other.take(None)
    assert not faked_window.files.is_open_elsewhere(shared)


def test_who_takes_over_saves_and_the_other_window_is_asked(
    faked_window: MainWindow, dialogs: Dialogs, other: Claim, shared: Path
) -> None:
    dialogs.pressed = "Take over"
    assert faked_window.files.open(shared)
    assert faked_window.session.path == shared
    faked_window.session.apply(lambda project: edits.set_title(project, "mine"), "Change the title")
    dialogs.pressed = ""
    assert faked_window.files.save()
    assert storage.load(shared).title == "mine"
    assert Claim(faked_window.settings.folder / "open").is_taken(shared)


def test_saving_over_a_file_that_is_open_elsewhere_asks(
    faked_window: MainWindow, dialogs: Dialogs, other: Claim, shared: Path
) -> None:
    content = shared.read_bytes()
    dialogs.pressed = ""
    assert not faked_window.files._save_to(shared, is_new=True)
    assert "open in another window" in dialogs.said[-1]
    assert shared.read_bytes() == content
    dialogs.pressed = "Replace"
    assert faked_window.files._save_to(shared, is_new=True)
    assert faked_window.session.path == shared


def test_the_file_is_free_when_another_is_opened(faked_window: MainWindow, tmp_path: Path, shared: Path) -> None:
    assert faked_window.files.open(shared)
    stranger = Claim(faked_window.settings.folder / "open")
    assert stranger.is_taken(shared)
    assert not faked_window.files.is_open_elsewhere(shared)  # it is our own
    assert faked_window.files.open(tmp_path / "good.studio")
    assert not stranger.is_taken(shared)


def test_a_window_that_died_holds_nothing(tmp_path: Path, shared: Path, root: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from studio.gui.claims import Claim;"
        "held = Claim(Path(sys.argv[1])); held.take(Path(sys.argv[2])); os._exit(0)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "open"), str(shared)]
    subprocess.run(command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=True)
    assert list((tmp_path / "open").iterdir())
    assert not Claim(tmp_path / "open").is_taken(shared)


def test_where_nothing_can_be_noted_every_file_is_free(tmp_path: Path, shared: Path) -> None:
    (tmp_path / "no_folder").write_text("")
    claim = Claim(tmp_path / "no_folder")
    claim.take(shared)
    assert not claim.is_taken(shared)
    assert not Claim(tmp_path / "no_folder").is_taken(shared)
