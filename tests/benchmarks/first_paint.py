"""Starts the program, or a bare window with one label, and prints when its first picture was complete.

The first number is ``time.monotonic()``, which on Linux is one clock for all processes; the second the processor time
that was spent until then, which other programs on the machine do not touch. ``test_start.py`` compares.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable


def tell_and_end(kind: str, nodes: int) -> None:
    """Print the time and what was loaded; end without the tidying up that nobody waits for."""
    now = time.monotonic()
    heavy = sorted({"tensorflow", "keras", "pandas", "networkx", "pyqtgraph"} & sys.modules.keys())
    print(kind, repr(now), repr(time.process_time()), nodes, ",".join(heavy) or "-", flush=True)
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


class Watch:
    """Stands before the finders of modules: the canvas is watched as soon as the program itself asks for its window.

    Importing it here would change the order of imports, which counts (``studio.bootstrap``).
    """

    def find_spec(self, name: str, path: object, target: object = None) -> None:
        """Find nothing, and note when the window is imported."""
        if name == "studio.gui.app":
            sys.meta_path.remove(self)  # type: ignore[arg-type]
            watch_canvas()


def watch_canvas() -> None:
    """Tell when the network that the program opens has been painted."""
    from PySide6.QtCore import QTimer

    from studio.gui.canvas.canvas import Canvas

    paint: Callable[..., None] = Canvas.paintEvent

    def paint_and_tell(canvas: Canvas, event: object) -> None:
        paint(canvas, event)
        if len(canvas.scene) > 2:  # not the Input and Output of a new project
            # The rest of the window is painted in the same turn of the loop; this one comes right after it.
            QTimer.singleShot(0, lambda: tell_and_end("studio", len(canvas.scene)))

    Canvas.paintEvent = paint_and_tell  # type: ignore[method-assign]


def studio() -> None:
    """The program as the command starts it, until the network that it opens is painted."""
    from studio.__main__ import main

    sys.meta_path.insert(0, Watch())  # type: ignore[arg-type]
    main([])


if __name__ == "__main__":
    {"bare": bare, "studio": studio}[sys.argv[1]]()
