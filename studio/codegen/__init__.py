"""Project -> Python source with line spans, and the flat calls from which the engine infers shapes.

``generate`` gives the text that the code panel shows, Export writes and Train executes: the same bytes. It is ``lower``
(knows graphs, never sees a space; ``studio.codegen.ir`` is what it speaks) and ``emit`` (knows line widths, never sees
a graph). Belongs here: everything about how a drawing reads as code. Does not belong here: what a drawing may be
(core), reading data (data), running anything (engine).
"""

from typing import TYPE_CHECKING

from studio.codegen.style import DEFAULT, STYLES, Style
from studio.late import names_from

if TYPE_CHECKING:
    from studio.codegen.emit import Span
    from studio.codegen.flat import STEP, FlatCall, flat_calls
    from studio.codegen.literals import literal
    from studio.codegen.planned import PLAN, place_of, plan_calls
    from studio.codegen.source import GeneratedSource, generate, generate_block, generate_model

# The first picture of the window shows the drawing; its code comes right after it.
_HOMES = {"Span": "emit", "literal": "literals"} | dict.fromkeys(("STEP", "FlatCall", "flat_calls"), "flat")
_HOMES |= dict.fromkeys(("GeneratedSource", "generate", "generate_block", "generate_model"), "source")
_HOMES |= dict.fromkeys(("PLAN", "place_of", "plan_calls"), "planned")
__getattr__ = names_from(__name__, _HOMES)

__all__ = [
    "DEFAULT", "PLAN", "STEP", "STYLES", "FlatCall", "GeneratedSource", "Span", "Style", "flat_calls", "generate",
    "generate_block", "generate_model", "literal", "place_of", "plan_calls",
]  # fmt: skip
