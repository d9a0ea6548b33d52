"""What window and engine say about the drawing: calls, the code that they need, and what Keras answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Shape: TypeAlias = tuple[int | None, ...]
CallPort: TypeAlias = tuple[str, tuple[tuple[str, int], ...]]
"""Port name, then the (call id, output index) of each tensor that enters there, in rank order."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the flat graph: what is constructed and what it is called with.

    ``expression`` is Python text that makes the layer (or the ``keras.Input``); an "output" passes its one input
    through, and has none but for the Input of a block that says itself what it takes. A "step" is such an Input where
    the block is applied to every time step; "steps" are what comes of that, from what arrives ("inputs") and what the
    block makes of one ("step"). An "object" is a loss or the like of the training plan: it is made and takes nothing.
    ``shares`` is the id of the call whose layer is called again here, or None. ``flags`` are switches that the call
    itself is told, such as ``use_causal_mask``. ``own`` are the digests of the pieces of the person's own code that
    the expression needs, in the order in which they are run.
    """

    id: str
    kind: Literal["input", "layer", "output", "step", "steps", "object"]
    expression: str = ""
    inputs: tuple[CallPort, ...] = ()
    shares: str | None = None
    flags: tuple[tuple[str, bool], ...] = ()
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the person's own code that they agreed to run. ``digest`` is the SHA-256 of name and source."""

    digest: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What Keras says about one call: the (shape, dtype) of each output and the parameter counts, or a problem.

    ``problem`` is one plain sentence, ``details`` Keras's own text. ``blocked_by`` names the calls that have to be
    mended first; such a call has neither outputs nor a problem of its own. A call that lacks an input, or stands on a
    cycle, is blocked by itself. ``is_refused`` says that the layer cannot be made at all, whatever it takes: one of its
    parameters is wrong by itself. A call that shares a layer counts no parameters: they are counted where it is made.
    """

    outputs: tuple[tuple[Shape, str], ...] = ()
    parameters: int = 0
    trainable_parameters: int = 0
    problem: str = ""
    details: str = ""
    blocked_by: tuple[str, ...] = ()
    is_refused: bool = False
