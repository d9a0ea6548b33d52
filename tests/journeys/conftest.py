"""Whole stories in a real window with real engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from studio.gui.app import make_window, open_first
from studio.gui.session.engine_process import EngineProcess
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from tests.journeys.fake_window import dialogs, faked_window, open_window  # noqa: F401

ENGINE_MS = 120_000
"""How long engines may take to start on a busy machine; a test waits for the event, not for the time."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Nothing remembered: the next start is the first."""
    return Settings(tmp_path / "state")


class LastingEngine(EngineProcess):
    """An engine that outlives the window, so that not every story waits for TensorFlow. ``end`` really ends it."""

    def close(self) -> None:
        """A window closes; the next one goes on with this engine."""

    def end(self) -> None:
        """End the process."""
        super().close()


@pytest.fixture(scope="session")
def engines(qapp: QApplication) -> Iterator[tuple[LastingEngine, LastingEngine]]:
    """Checker and trainer for all stories that do not harm them."""
    made = (LastingEngine("checker"), LastingEngine("trainer"))
    for engine in made:
        engine.start()
    yield made
    for engine in made:
        engine.end()


def _open(qtbot, settings: Settings, *lent: EngineProcess) -> MainWindow:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    made = make_window(app, settings, *lent)
    qtbot.addWidget(made)
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    open_first(made, [])
    return made


@pytest.fixture
def nobody_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is there to answer the question whether to save."""
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Discard)


@pytest.fixture
def fresh_window(qtbot, settings: Settings, nobody_saves: None) -> Iterator[MainWindow]:
    """The first start with engines of its own, which are on their way."""
    made = _open(qtbot, settings)
    yield made
    made.close()


@pytest.fixture
def window(
    qtbot, settings: Settings, engines: tuple[LastingEngine, LastingEngine], nobody_saves: None
) -> Iterator[MainWindow]:
    """The first start, with both engines warm."""
    made = _open(qtbot, settings, *engines)
    qtbot.waitUntil(lambda: made.trainer.state == "ready", timeout=ENGINE_MS)
    qtbot.waitUntil(lambda: made.session.engine_state == "ready", timeout=ENGINE_MS)
    yield made
    made.close()
