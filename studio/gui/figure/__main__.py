"""Draws one figure for the command line: the order comes on standard input, the file's name is the argument."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from studio import catalog
from studio.gui.figure.writing import write
from studio.workbench.figures import FigureError, Order


def main(arguments: list[str]) -> int:
    """Write the figure; 2 and a line on stderr if it cannot be drawn."""
    app = QGuiApplication(["layer-studio"])  # fonts need one, for as long as anything is drawn
    order = Order.decode(sys.stdin.buffer.read())
    try:
        write(
            Path(arguments[0]), order.project, catalog.load(), order.answers,
            graph=order.graph, only=order.only, look=order.look,
        )  # fmt: skip
    except FigureError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        del app
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
