"""Notes on the ends of a graph, which no statement makes: the parameters of a block's function, and what is returned.

"Output: ..." above the return, "Input 2: ..." at the top of a block's function; the number tells several apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.codegen.drawing import Drawing
from studio.codegen.ir import Blank, Comment
from studio.core.project import INPUT, Node


def notes_of_inputs(drawing: Drawing) -> tuple[Comment | Blank, ...]:
    """The paragraph at the top of the function of a block, empty where no Input has a note."""
    heads = [drawing.wired[chain.nodes[0]].node for chain in drawing.order.chains]
    comments = _comments("Input", [node for node in heads if node.type == INPUT])
    return (*comments, Blank()) if comments else ()


def notes_of_outputs(drawing: Drawing) -> tuple[Comment, ...]:
    """The comments above the statement that returns the results."""
    return _comments("Output", drawing.outputs)


def _comments(what: str, ends: Sequence[Node]) -> tuple[Comment, ...]:
    return tuple([
        Comment(f"{what} {number}: {end.note}" if len(ends) > 1 else f"{what}: {end.note}", end.id)
        for number, end in enumerate(ends, start=1)
        if end.note.strip()
    ])  # fmt: skip
