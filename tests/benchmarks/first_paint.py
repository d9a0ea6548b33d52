"""Starts the program, or a bare window with one label, and prints when its first picture was complete.

The number is ``time.monotonic()``, which on Linux is one clock for all processes. ``test_start.py`` compares.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable


def tell_and_end(kind: str, started_nodes: int) -> None:
    """Print the time and what was loaded; end without the tidying up that nobody waits for."""
    now = time.monotonic()
    heavy = sorted({"tensorflow", "keras", "pandas", "networkx", "pyqtgraph"} & sys.modules.keys())
    print(kind, repr(now), started_nodes, ",".join(heavy) or "-", flush=True)
    os._exit(0)


def bare() -> None:
    """The least that a PySide6 window can be."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    class Label(QLabel):
        def paintEvent(self, event: object) -> None:
            super().paintEvent(event)  # type: ignore[arg-type]
            tell_and_end("bare", 0)

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(Label("Hello"))
    window.resize(1600, 1000)
    window.show()
    app.exec()


def studio() -> None:
    """The program as the command starts it, until the network that it opens is painted."""
    from studio.__main__ import main
    from studio.gui.canvas.canvas import Canvas

    paint: Callable[..., None] = Canvas.paintEvent

    def paint_and_tell(canvas: Canvas, event: object) -> None:
        paint(canvas, event)
        if len(canvas.scene) > 2:  # not the Input and Output of a new project
            # The rest of the window is painted in the same turn of the loop; this one comes right after it.
            from PySide6.QtCore import QTimer

            QTimer.singleShot(0, lambda: tell_and_end("studio", len(canvas.scene)))

    Canvas.paintEvent = paint_and_tell  # type: ignore[method-assign]
    main([])


if __name__ == "__main__":
    {"bare": bare, "studio": studio}[sys.argv[1]]()
