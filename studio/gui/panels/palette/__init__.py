"""The list of layers that can be dragged onto the canvas, with its search.

``MIME`` is the format of a dragged layer; its text is the layer's type, or ``block:b3`` for a use of block b3
(``block_of`` takes that apart).
"""

from studio.gui.panels.palette.panel import PalettePanel
from studio.gui.panels.palette.rows import MIME, block_of

__all__ = ["MIME", "PalettePanel", "block_of"]
