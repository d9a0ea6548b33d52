"""What each node of a drawing that comes out of a script is called, and the graph in which it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from studio.catalog.spec import OPERATION
from studio.core.naming import FreeNames, is_given_by_keras, to_snake_case
from studio.core.project import Edge, Node, PortRef
from studio.importing.script.run import Run
from studio.importing.script.things import Call
from studio.importing.script.ways import use_in
from studio.importing.script.words import is_renamed, word_of


@dataclass(slots=True)
class Sheet:
    """One graph on its way. ``where`` has the output port of every tensor, ``origins`` the first node of a layer.

    ``called`` has the first that calls a model itself, or a TimeDistributed around it: these have names of their own.

    ``block`` is the name of the block, where it is one; ``is_main`` says that it is the model itself."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[str, Edge] = field(default_factory=dict)
    names: FreeNames = field(default_factory=FreeNames)
    where: dict[tuple[int, int], PortRef] = field(default_factory=dict)
    origins: dict[int, str] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    block: str = ""
    is_main: bool = False
    spoken_for: frozenset[str] = frozenset()
    """Names that layers and Outputs need: no variable gives them to anything else."""
    last: dict[str, Call] = field(default_factory=dict)
    """The last call whose result has a variable: that of a branch names one node of it."""
    kept: frozenset[str] = frozenset()
    """The same, and the names that variables give: what has none takes none of them."""


class Wanted(NamedTuple):
    """The name that a node should have; whether the script tells it to Keras, or a variable says it."""

    wanted: str
    is_told: bool
    has_word: bool


def wanted_name(
    run: Run, names: Mapping[int, str], sheet: Sheet, call: Call, origin: str | None, *, is_block: bool,
    is_by_name: bool,
) -> Wanted:  # fmt: skip
    """What the node of a call should be called; ``names`` are those that Keras gives to layers.

    ``origin`` is the node that called the same layer before.
    """
    block = sheet.block
    word = call.variable
    if not is_by_name:
        word = word_of(call, sheet.last, sheet.spoken_for, is_ours=run.is_ours)
    is_operation = call.layer is not None and call.layer.type.startswith(OPERATION)
    if call.kind == "input":
        wanted = call.name or names.get(id(call)) or "input_layer"
    elif call.kind == "layer" and call.layer is not None:
        own = call.layer.name or names.get(id(call.layer), "")
        if is_block and call.layer.ending is not None:
            own = call.layer.ending.removeprefix("_") or to_snake_case(block)
        elif is_block and call.layer.name is None:
            own = call.layer.variable or word or to_snake_case(call.layer.type)
        if is_by_name and word and origin is None and is_renamed(word, own):
            own = word
        if is_operation and not is_given_by_keras(own, call.layer.type):
            own = to_snake_case(call.layer.type)  # Keras calls it after its class: "all_close" for ops.allclose
        if origin is not None:
            is_plain = run.is_ours and call.variable not in ("", "x")
            own = to_snake_case(call.layer.type) if is_plain else sheet.nodes[origin].name
        wanted = own if origin is None and not is_operation else word or own
    else:
        named = call.block.name if call.block is not None else ""
        if call.model is not None:
            named = call.model.name or call.model.variable or "model"
        wanted = word or to_snake_case(named)
        if call.model is not None and (use := use_in(call.model)) is not None:
            own = (
                call.model.name
                or (use.ending or "").removeprefix("_")
                or to_snake_case(use.block.name if use.block is not None else "")
            )
            wanted = own if origin is None else word or sheet.nodes[origin].name
        if call.ending is not None:
            wanted = call.ending.removeprefix("_") or to_snake_case(named)
        elif call.name is not None:
            wanted = call.name
    is_layer = call.kind == "layer" and origin is None and not is_operation
    is_model = call.model is not None and origin is None and use_in(call.model) is not None
    return Wanted(wanted, call.kind == "input" or bool(call.name) or is_layer or is_model, bool(word))
