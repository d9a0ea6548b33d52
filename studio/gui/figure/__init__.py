"""Figures: a drawing, or a part of it, as a picture for a paper or a slide. SVG and PDF with real text, or PNG.

``write`` is all that most callers need; ``asking.Figures`` asks a person first and has ``python -m studio.gui.figure``
draw beside the window, as the command line does. Nodes and edges come from the canvas's own ``scene`` and ``pictures``,
so a figure looks like what is on the screen; the style for print lies in ``paper``.

Belongs here: what is on such a picture and how it gets into a file. Does not belong here: how the canvas looks.
"""

from studio.gui.figure.drawing import Figure
from studio.gui.figure.writing import content, write
from studio.workbench.figures import LOOKS, FigureError, FigureLook

__all__ = ["LOOKS", "Figure", "FigureError", "FigureLook", "content", "write"]
