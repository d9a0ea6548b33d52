"""The outline: all layers as a list, blocks unfolded in it; found by name, type, parameter, shape or problem.

It says in words what the canvas shows as a picture, and edits the same drawing by the keyboard alone.
"""

from studio.gui.panels.outline.panel import OutlinePanel

__all__ = ["OutlinePanel"]
