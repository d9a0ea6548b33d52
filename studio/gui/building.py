"""Says in the status strip which ready-made networks the engine builds, and for how long already."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from studio.gui.session import Session
from studio.gui.status import StatusStrip
from studio.workbench.naming import call_names

QUICK_MS = 300
"""What is over before is not told."""


class Building(QObject):
    """Follows the engine. Cancelled, the network has a problem that says how it is built after all."""

    def __init__(self, session: Session, status: StatusStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._status = session, status
        self._calls: tuple[str, ...] = ()
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.timeout.connect(self._show)
        session.checker.building.connect(self._follow)
        status.cancel_requested.connect(session.checker.cancel_building)

    def _follow(self, calls: tuple[str, ...]) -> None:
        is_new = bool(calls) and not self._calls
        self._calls = calls
        if not calls:
            self._tick.stop()
            self._status.show_building("")
        elif is_new:
            self._since.start()
            self._tick.start(QUICK_MS)

    def _show(self) -> None:
        self._tick.setInterval(1000)
        names = call_names(self._session.project)
        known = [names[call] for call in self._calls if call in names]
        what = ", ".join(known[:2]) + ("…" if len(known) > 2 else "")
        seconds = round(self._since.elapsed() / 1000)
        self._status.show_building(self.tr("Keras builds {0} · {1} s").format(what, seconds) if what else "")
