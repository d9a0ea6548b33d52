"""The code panel: the Python that the drawing means, always up to date, joined to the nodes line by line."""

from studio.gui.panels.code.panel import CodePanel

__all__ = ["CodePanel"]
