"""The problems panel: everything that is wrong, one line each; a click goes there, a button mends it."""

from studio.gui.panels.problems.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
