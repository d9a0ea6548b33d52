"""Disks that are full, folders that cannot be written, names that are odd: nothing is lost, one sentence each."""

from __future__ import annotations

import builtins
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio import storage
from studio.core import edits
from studio.gui.window import MainWindow
from tests.journeys.fake_window import Dialogs, one_sentence

pytestmark = pytest.mark.journey


@pytest.fixture
def window(faked_window: MainWindow) -> MainWindow:
    """In this file everything happens in a window with fake engines."""
    return faked_window


TOUCHED = ("write", "fsync", "replace", "chmod", "link", "mkdir", "open")
"""The functions of ``os`` through which everything is written."""


def edited(window: MainWindow, title: str = "Edited") -> None:
    window.session.apply(lambda project: edits.set_title(project, title), "Rename")
    assert not window.session.document.is_saved


def failing(patch: pytest.MonkeyPatch, fail_at: int, folder: Path, code: int = errno.ENOSPC) -> Callable[[], int]:
    """From the N-th call on, every call that touches a file of ``folder`` or a descriptor fails; tells the count."""
    calls = [0]

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(first: Any, *rest: Any, **named: Any) -> Any:
            if not isinstance(first, int) and str(folder) not in os.fspath(first):
                return original(first, *rest, **named)
            calls[0] += 1
            if calls[0] >= fail_at:
                raise OSError(code, os.strerror(code))
            return original(first, *rest, **named)

        return call

    for name in TOUCHED:
        patch.setattr(os, name, wrap(getattr(os, name)))
    original_open = builtins.open
    patch.setattr(builtins, "open", wrap(original_open))
    return lambda: calls[0]


def test_every_call_that_can_fail_while_saving_fails_once(
    window: MainWindow,
    dialogs: Dialogs,
    tmp_path: Path,
) -> None:
    path = window.session.path
    assert path is not None
    before = path.read_bytes()
    failures = 0
    for fail_at in range(1, 40):
        edited(window, f"Edited {fail_at}")
        project = window.session.project
        with pytest.MonkeyPatch.context() as patch:
            failing(patch, fail_at, tmp_path)
            is_saved = window.files.save()
        assert window.session.project is project
        assert window.session.document.is_saved == is_saved
        if is_saved:
            assert storage.load(path) == project
            break
        failures += 1
        assert "was not saved" in one_sentence(dialogs.said)
        dialogs.said.clear()
        assert path.read_bytes() == before or storage.load(path) == project
        before = path.read_bytes()
        dialogs.pressed = "Replace"  # where the new file was put but not read back
    assert is_saved
    assert failures >= 4
    print(f"{failures} different calls failed while saving; nothing was lost")
    assert [entry for entry in os.listdir(tmp_path) if entry.endswith(".tmp")] == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EIO])
def test_a_folder_that_cannot_be_written(
    window: MainWindow,
    dialogs: Dialogs,
    tmp_path: Path,
    code: int,
) -> None:
    edited(window)
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, 1, tmp_path, code)
        assert not window.files.save()
    assert "good.studio was not saved" in one_sentence(dialogs.said)
    assert window.session.path is not None
    assert storage.load(window.session.path).title == "Small"
    assert window.files.save()


def test_a_file_that_another_program_changed_is_asked_about(
    window: MainWindow,
    dialogs: Dialogs,
) -> None:
    path = window.session.path
    assert path is not None
    edited(window)
    path.write_bytes(b"another program's")
    assert not window.files.save()
    assert "changed by another program" in dialogs.said[0]
    assert path.read_bytes() == b"another program's"
    dialogs.pressed = "Replace"
    assert window.files.save()
    assert storage.load(path) == window.session.project


def test_a_file_or_its_folder_that_vanished(window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    path = window.session.path
    assert path is not None
    edited(window)
    path.unlink()
    assert window.files.save()
    assert storage.load(path) == window.session.project
    inner = tmp_path / "inner" / "p.studio"
    inner.parent.mkdir()
    storage.save(window.session.project, inner)
    assert window.files.open(inner)
    edited(window, "Again")
    for entry in inner.parent.iterdir():
        entry.unlink()
    inner.parent.rmdir()
    assert not window.files.save()
    assert "no such file or folder" in one_sentence(dialogs.said)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_names_that_are_no_text_or_very_long(window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/net\xff\xfe.studio"))
    storage.save(window.session.project, path)
    assert window.files.open(path)
    edited(window)
    assert window.files.save()
    assert storage.load(path).title == "Edited"
    assert window.files.export(path.with_name("made.py"))
    window.train()
    assert window.trainer.is_busy
    edited(window, "Edited again")
    window.session.path = tmp_path / ("x" * 300 + ".studio")
    dialogs.said.clear()
    assert not window.files.save()
    assert "the name is too long" in dialogs.said[0]


@pytest.mark.parametrize("name", ["keras.py", "code.py", "numpy.py", "json.py"])
def test_an_export_that_would_shadow_a_module_is_refused(
    window: MainWindow,
    dialogs: Dialogs,
    tmp_path: Path,
    name: str,
) -> None:
    assert not window.files.export(tmp_path / name)
    assert "would stand in the way" in dialogs.said[0]
    assert not (tmp_path / name).exists()


def test_an_export_that_cannot_be_written(window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, 1, tmp_path, errno.EROFS)
        assert not window.files.export(tmp_path / "net.py")
    assert "net.py was not written" in one_sentence(dialogs.said)
    assert not window.files.export(tmp_path / "gone" / "net.py")


def test_a_run_folder_that_cannot_be_written(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "good.runs").write_bytes(b"a file where the folder should be")
    (window.settings.folder / "unsaved.runs").parent.mkdir(exist_ok=True, parents=True)
    runs = len(window.trainer.runs)
    qtbot.waitUntil(window.header.train_button.isEnabled)
    QTest.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    assert len(window.trainer.runs) == runs
    assert window.status.news.startswith("The run folder cannot be written: ")
    assert not window.trainer.is_busy
    (tmp_path / "good.runs").unlink()
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, 2, tmp_path)
        window.train()
    assert len(window.trainer.runs) == runs
    assert "No space left on device" in window.status.news
    window.train()
    assert len(window.trainer.runs) == runs + 1


def test_a_recovery_copy_that_cannot_be_written_is_told_and_not_in_dialogs(
    qtbot: QtBot,
    window: MainWindow,
    dialogs: Dialogs,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, 1, window.settings.folder)
        edited(window)
        qtbot.waitUntil(lambda: "could not be autosaved" in window.status.news)
        window.say("Something else")
        assert window.status.warning == "not autosaved", "other news must not hide it"
    edited(window, "Again")
    qtbot.waitUntil(lambda: not window.status.warning)
    assert dialogs.said == []
