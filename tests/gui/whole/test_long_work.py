"""What takes long says so: a large project is read and written beside the window, with a bar."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressDialog

from studio import storage
from studio.core import edits
from studio.core.garbage import no_collection
from studio.gui.status import StatusStrip
from studio.gui.window import MainWindow
from tests.gui.canvas.drawing import many
from tests.support.long_work import arrange_for_ever


def test_a_large_project_opens_and_saves_with_a_bar(qtbot, faked_window: MainWindow, tmp_path: Path) -> None:
    window, path = faked_window, tmp_path / "large.studio"
    project = many(600)
    storage.save(project, path)
    heard: list[tuple[str, float]] = []
    window.files.progressed.connect(lambda words, share: heard.append((words, share)))
    assert window.files.open(path)
    assert {words for words, _ in heard[:-1]} == {"Opening large.studio..."}
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert len(shares) >= 4
    assert heard[-1][0] == "", "it is over"
    qtbot.waitUntil(lambda: len(window.canvas.scene) == 600)
    heard.clear()
    assert window.files.save()
    assert [words for words, _ in heard] == ["Saving large.studio...", ""]
    assert storage.load(path) == project
    assert window.status.bar.isHidden()


def test_a_large_project_is_autosaved_beside_the_loop(
    qtbot, faked_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, path = faked_window, tmp_path / "large.studio"
    storage.save(many(300), path)
    assert window.files.open(path)
    journal, threads = window.files._journal, []
    write = journal.write
    monkeypatch.setattr(
        journal, "write", lambda project, at: (threads.append(threading.current_thread()), write(project, at))[1]
    )
    window.session.apply(lambda project: edits.set_title(project, "edited"), "Title")
    window.files._autosaving.write()
    qtbot.waitUntil(lambda: bool(threads) and not window.files._autosaving.is_due)
    assert threads[0] is not threading.main_thread()
    copies = list(journal.folder.glob("*.autosave"))
    assert any(journal.session in copy.name and "edited" in copy.read_text() for copy in copies)

    window.session.apply(lambda project: edits.set_title(project, "again"), "Title")
    window.files._autosaving.write()  # on its way when the save is done: it must not leave a copy behind
    assert window.files.save()
    assert not [copy for copy in journal.folder.glob("*.autosave") if journal.session in copy.name]
    assert not window.files._autosaving.is_due


def test_a_short_wait_shows_no_bar_and_a_long_one_does(qtbot) -> None:
    strip = StatusStrip()
    qtbot.addWidget(strip)
    strip.show()
    strip.show_progress("Opening...", 0.0)
    strip.show_progress("", 1.0)
    assert not strip._show_bar.isActive()
    strip.show_progress("Opening...", 0.0)
    assert strip.bar.isHidden()
    qtbot.waitUntil(strip.bar.isVisible)
    strip.show_progress("Opening...", 0.4)
    assert strip.bar.value() == 400
    assert strip.bar.accessibleName() == "Opening..."
    strip.show_progress("", 1.0)
    assert strip.bar.isHidden()


def test_esc_over_the_drawing_means_the_box_and_then_the_drawing_again(
    qtbot, faked_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawing takes Esc before any shortcut: what was selected was given up, and the work went on."""
    window, began = faked_window, arrange_for_ever(monkeypatch)
    chosen = frozenset([next(iter(window.session.graph.nodes))])
    window.session.set_selection(chosen)
    window.tidying.tidy()
    assert began.wait(5)
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QProgressDialog)))
    with qtbot.waitSignal(window.tidying.finished):
        QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.session.selection == chosen
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.session.selection


def test_collections_are_as_before_also_after_an_error() -> None:
    assert gc.isenabled()
    try:
        with no_collection(), no_collection():
            assert not gc.isenabled()
            raise OSError
    except OSError:
        pass
    assert gc.isenabled()
