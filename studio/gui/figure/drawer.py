"""Figures drawn beside the window: by a process of its own, which is there before the person has chosen a name."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.gui.background import Background
from studio.workbench.figures import FigureError, Order, drawing_command, drawing_environment


class Drawer(QObject):
    """Draws what was asked for last. Whoever makes one closes it: the process ends with it, whatever it draws."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False
        self._lock = threading.Lock()  # of the process and of whether it may start

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._background.is_waiting

    def start(self) -> None:
        """Have the process ready; ``draw`` starts it else."""
        self._background.ask(self._started, lambda _: None)

    def draw(self, order: Order, then: Callable[[bytes | FigureError], None]) -> None:
        """Draw, and give ``then`` the bytes of the small picture (none where a file is written), or why not."""

        def take(result: object) -> None:
            if isinstance(result, Exception) and not isinstance(result, FigureError):
                raise result
            then(result)  # type: ignore[arg-type]

        self._background.ask(lambda: self._drawn(order), take)

    def forget(self) -> None:
        """What is being drawn is of no interest any more."""
        self._background.forget()

    def close(self) -> None:
        """End the process. What it was drawing is not written, and nothing is told any more."""
        with self._lock:
            self._is_closed = True
            process = self._process
        if process is not None:
            process.kill()
        self._background.finish()
        if process is not None:
            process.communicate()
        self._process = None

    # On the thread

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_closed:
                raise FigureError(self.tr("The figure is not wanted any more."))
            if self._process is None:
                try:
                    self._process = subprocess.Popen(
                        drawing_command(),
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.DEVNULL,
                        env=drawing_environment(),
                    )
                except OSError as error:
                    reason = error.strerror or str(error)
                    raise FigureError(self.tr("The figure could not be drawn: {0}.").format(reason)) from error
            return self._process

    def _drawn(self, order: Order) -> bytes:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(order.encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # it has ended
            line = b""
        if not line:
            self._drop(process)
            raise FigureError(
                self.tr("The program that draws ended by itself; perhaps the picture is too large for it.")
            )
        answer = json.loads(line)
        if answer["error"]:
            raise FigureError(answer["error"])
        return base64.b64decode(answer["picture"])

    def _drop(self, process: subprocess.Popen[bytes]) -> None:
        """Another one is started when something is drawn again."""
        with self._lock:
            if self._process is process and not self._is_closed:
                self._process = None
                process.communicate()
