"""Draws figures in a process of its own: one, where a file is the argument, or one after the other for the window."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from studio import catalog
from studio.core.snippets import with_snippets
from studio.gui.figure.drawing import Figure
from studio.gui.figure.writing import png_bytes, small, write
from studio.workbench.figures import FigureError, Order


def main(arguments: list[str]) -> int:
    """Write the figure; 2 and a line on stderr if it cannot be drawn. Without a file: draw until the input ends."""
    app = QGuiApplication(["layer-studio"])  # fonts need one, for as long as anything is drawn
    try:
        if arguments:
            _draw(Order.decode(sys.stdin.buffer.read()), arguments[0])
        else:
            _serve()
    except FigureError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        del app
    return 0


def _serve() -> None:
    for line in sys.stdin.buffer:
        picture, reason = b"", ""
        try:
            order = Order.decode(line)
            picture = _draw(order, order.file)
        except FigureError as error:
            reason = str(error)
        answer = {"error": reason, "picture": base64.b64encode(picture).decode("ascii")}
        print(json.dumps(answer), flush=True)


def _draw(order: Order, file: str) -> bytes:
    """Write the file; without one, the bytes of a small picture."""
    known = with_snippets(catalog.load(order.facts), order.project)
    if file:
        write(Path(file), order.project, known, order.answers, graph=order.graph, only=order.only, look=order.look)
        return b""
    figure = Figure(order.project, known, order.answers, graph=order.graph, only=order.only, look=order.look)
    return png_bytes(small(figure, order.ratio))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
