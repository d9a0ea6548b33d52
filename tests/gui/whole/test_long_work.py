"""What takes long says so: a large project is read and written beside the window, with a bar."""

from __future__ import annotations

import gc
from pathlib import Path

from studio import storage
from studio.core.garbage import no_collection
from studio.gui.status import StatusStrip
from studio.gui.window import MainWindow
from tests.gui.canvas.drawing import many


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


def test_collections_are_as_before_also_after_an_error() -> None:
    assert gc.isenabled()
    try:
        with no_collection(), no_collection():
            assert not gc.isenabled()
            raise OSError
    except OSError:
        pass
    assert gc.isenabled()
