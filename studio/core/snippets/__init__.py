"""Code of the person's own: what can be told of it by reading it, where it is used, what it means for the catalog.

Nothing here runs a snippet. What it defines and what it takes from around is read off its syntax tree.
"""

from studio.core.snippets.checking import AT_HAND, SCRIPT_NAMES, faults
from studio.core.snippets.interface import outputs_by_text, with_snippets
from studio.core.snippets.kinds import KINDS
from studio.core.snippets.reading import Fault, Reading, is_possible_name, read
from studio.core.snippets.uses import Use, named, needed, used_snippets, uses

__all__ = [
    "AT_HAND",
    "KINDS",
    "SCRIPT_NAMES",
    "Fault",
    "Reading",
    "Use",
    "faults",
    "is_possible_name",
    "named",
    "needed",
    "outputs_by_text",
    "read",
    "used_snippets",
    "uses",
    "with_snippets",
]
