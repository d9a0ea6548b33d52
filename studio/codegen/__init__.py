"""Project -> Python source with line spans, and the flat calls from which the engine infers shapes.

``generate`` gives the text that the code panel shows, Export writes and Train executes: the same bytes. It is ``lower``
(knows graphs, never sees a space; ``studio.codegen.ir`` is what it speaks) and ``emit`` (knows line widths, never sees
a graph). Belongs here: everything about how a drawing reads as code. Does not belong here: what a drawing may be
(core), reading data (data), running anything (engine).
"""

from studio.codegen.emit import Span, emit
from studio.codegen.flat import FlatCall, flat_calls
from studio.codegen.literals import literal
from studio.codegen.lower import Lowered, lower
from studio.codegen.notebook import notebook
from studio.codegen.source import GeneratedSource, generate, generate_block, generate_model
from studio.codegen.style import DEFAULT, STYLES, Style

__all__ = [
    "DEFAULT", "STYLES", "FlatCall", "GeneratedSource", "Lowered", "Span", "Style", "emit", "flat_calls", "generate",
    "generate_block", "generate_model", "literal", "lower", "notebook",
]  # fmt: skip
