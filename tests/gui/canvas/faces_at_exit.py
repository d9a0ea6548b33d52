"""Run by test_accessible in a process of its own: interfaces of nodes are held while everything around them goes.

Ends with 0 where neither Qt nor Python frees anything twice.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

from studio.core import edits
from studio.gui.canvas.canvas import Canvas
from tests.gui.canvas.drawing import FakeSession, two_branches


def shown() -> tuple[QWidget, Canvas, list[QAccessibleInterface]]:
    """A window with a drawing, and the interfaces of the drawing and of its nodes."""
    above = QWidget()
    canvas = Canvas(FakeSession(two_branches()), above)
    above.show()
    QApplication.processEvents()
    drawing = QAccessible.queryAccessibleInterface(canvas)
    held = [drawing.child(number) for number in range(10)]
    QAccessible.updateAccessibility(QAccessibleEvent(held[0], QAccessible.Event.Focus))
    return above, canvas, [drawing, *held]


def main() -> int:
    """Let go of nodes, canvas, window, references, each while interfaces are held; and end with some."""
    app = QApplication(sys.argv[:1])

    above, canvas, held = shown()
    session, gone = canvas.session, list(canvas.session.graph.nodes)
    session.apply(lambda project: edits.delete(project, session.catalog, gone), "Delete")
    assert not any(face.isValid() for face in held[1:])
    app.processEvents()  # Qt lets go of them now
    session.undo()
    app.processEvents()
    assert held[0].child(0).isValid()
    Shiboken.delete(canvas)
    assert not any(map(Shiboken.isValid, held))
    del held
    gc.collect()

    above, canvas, held = shown()
    above.deleteLater()
    del above, canvas
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(map(Shiboken.isValid, held))

    above, canvas, held = shown()
    del above, canvas, held
    gc.collect()
    app.processEvents()

    lasting = shown()
    gc.collect()
    return len(lasting) - 3


if __name__ == "__main__":
    sys.exit(main())
