"""The command line: one verb per thing the window can do, without the window.

Belongs here: arguments, plain text on a terminal, exit codes. What a verb does, with an engine too, belongs to
``workbench`` and below. This module and ``doctor`` import only the standard library, so that help works when nothing
is installed; a verb's own module is imported when it is asked for.
"""

from studio.cli.arguments import VERBS, run

__all__ = ["VERBS", "run"]
