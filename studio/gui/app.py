"""Starts the window: settings, colours, the last project; engines only after the first picture is on the screen."""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from studio import catalog as catalogs
from studio.codegen import DEFAULT, STYLES
from studio.gui import late_panels, smoothness, theme
from studio.gui.recovery import offer_recovery
from studio.gui.runs.trainer import Trainer
from studio.gui.session import Session
from studio.gui.session.checker import Checker
from studio.gui.session.engine_process import EngineProcess
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from studio.workbench import examples, starting
from studio.workbench.consent import Consent
from studio.workbench.library import Library

log = logging.getLogger(__name__)

NEVER_RUN_CODE = "--never-run-code"
"""For classrooms: code that projects hold is shown and exported, and never run, whoever wrote it."""

FIRST_SIZE = (1600, 1000)
LATEST_MS = 1000
FILL_AFTER_MS = 400
"""The engines and the person come first."""


def main(arguments: list[str] | None = None) -> int:
    """Open the window, with the project file named in ``arguments`` if there is one. Returns the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("layer-studio")
    app.setApplicationDisplayName("Layer Studio")
    smoothness.share_turns()
    settings = Settings()
    given = list(arguments or [])
    window = make_window(app, settings, never_run_code=NEVER_RUN_CODE in given)
    window.session.loaded.connect(smoothness.keep_what_is_there)
    window.show()
    QTimer.singleShot(0, lambda: open_first(window, [Path(each) for each in given if each != NEVER_RUN_CODE]))
    return app.exec()


def make_window(
    app: QApplication,
    settings: Settings,
    checker: EngineProcess | None = None,
    trainer: EngineProcess | None = None,
    *,
    never_run_code: bool = False,
) -> MainWindow:
    """A window as it stands before anything is opened; ``checker`` and ``trainer`` are other engines than its own."""
    theme.apply(app, settings.theme)
    consent = Consent(settings.folder, never=never_run_code)
    library = Library(settings.folder / "library")
    session = Session(
        catalogs.load(), starting.new_project(), checker=Checker(engine=checker, consent=consent), library=library
    )
    session.set_style(STYLES.get(settings.code_style, DEFAULT))
    window_trainer = Trainer(_scratch(settings), engine=trainer)
    window = MainWindow(session, window_trainer, settings)
    geometry = settings.bytes("window")
    if geometry is None or not window.restoreGeometry(geometry):
        available = app.primaryScreen().availableGeometry()
        window.resize(min(FIRST_SIZE[0], available.width()), min(FIRST_SIZE[1], available.height()))
    return window


def open_first(window: MainWindow, paths: list[Path]) -> None:
    """Open what the person named, what was open last, or the network of the first minute; then start the engines."""
    settings = window.settings
    last = settings.last_project
    if paths:
        window.files.open(paths[0].absolute(), ask=False)
    elif offer_recovery(window):
        pass
    elif settings.is_first_start:
        first = examples.example(examples.FIRST)
        if first is not None:
            window.session.load(first.project(), None)
            window.begin_first_minute()
    elif last is not None and last.is_file():
        if window.files.is_open_elsewhere(last):
            window.say(QCoreApplication.translate("App", "{0} is open in another window.").format(last.name))
        else:
            window.files.open(last, ask=False)
    settings.note_start()
    window.workspaces.settle()
    window.canvas.setFocus()
    FirstPicture(window.canvas).painted.connect(lambda: _go_on(window))


def _go_on(window: MainWindow) -> None:
    """What may wait until there is something to look at."""
    smoothness.keep_what_is_there()
    window.start_engines()
    QTimer.singleShot(FILL_AFTER_MS, window, lambda: late_panels.fill(window.panels.values(), window))


class FirstPicture(QObject):
    """Tells when a widget has been painted for the first time, or could have been."""

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget: QWidget | None = widget
        widget.installEventFilter(self)
        widget.update()
        QTimer.singleShot(LATEST_MS, self, self._tell)  # a window that was started minimized is not painted

    def _tell(self) -> None:
        if self._widget is not None:
            self._widget.removeEventFilter(self)
            self._widget = None
            self.painted.emit()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # When all of the window is painted, and a turn of the loop later: then it is on the screen.
            QTimer.singleShot(0, self, lambda: QTimer.singleShot(0, self, self._tell))
        return False


def _scratch(settings: Settings) -> Path:
    """Where runs of unsaved projects are kept; a temporary folder where the state folder cannot be written."""
    folder = settings.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        log.warning("%s cannot be written; runs go to a temporary folder", folder)
        folder = Path(tempfile.mkdtemp(prefix="layer-studio-"))
    return folder
