"""The Data workspace: choose a set, its columns and its split, and see what the network will be given.

Belongs here: everything that shows or chooses data. What is true of data stands in ``studio.data``, which files and
rules it reads by; how the drawing's Inputs and Outputs find their columns stands in ``studio.core.bindings``.
Reading order: ``panel`` puts the parts together; ``facts`` is what it shows; the other files are one part each.
"""

from studio.gui.data.panel import DataPanel

__all__ = ["DataPanel"]
