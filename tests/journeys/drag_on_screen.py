"""Run by test_real_screen in a process of its own on a virtual screen: drags a layer from the palette by mouse."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.gui.app import make_window
from studio.gui.settings import Settings

STEPS = 12


def main() -> int:
    """Drag Dense onto the canvas by mouse alone; prints the types of the nodes."""
    app = QApplication(sys.argv)
    window = make_window(app, Settings(Path(sys.argv[1])))
    window.resize(1400, 900)
    window.show()
    QTest.qWaitForWindowExposed(window)
    palette = window.palette_panel.list
    model = palette.model()
    row = next(number for number in range(model.rowCount()) if model.index(number, 0).data() == "Dense")
    start = palette.viewport().mapTo(window, palette.visualRect(model.index(row, 0)).center())
    end = window.canvas.mapTo(window, QPoint(window.canvas.width() // 4, window.canvas.height() // 2))
    handle = window.windowHandle()

    def drag_on() -> None:
        for step in range(1, STEPS + 1):
            QTest.mouseMove(handle, start + (end - start) * step / STEPS)
            QTest.qWait(20)
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)

    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTimer.singleShot(300, drag_on)  # the drag runs an event loop of its own, which this comes out of
    for step in range(1, 30):
        QTest.mouseMove(handle, start + QPoint(step, step))
        QTest.qWait(5)
    QTest.qWait(600)
    print(" ".join(sorted(node.type for node in window.session.graph.nodes.values())))
    window.session.document.mark_saved()
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
