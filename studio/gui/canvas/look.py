"""What is shown of a scene beside what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from studio.immutable import immutable

PortState = Callable[[int, str, bool], str]
"""(slot of the node, name of the port, is it an input) -> state of ``marks.port``, or "" for the usual look."""


@immutable
class Look:
    """What is shown beside the scene itself.

    ``shows_shapes``: every edge carries its shape; otherwise only those in ``labelled``. ``lit_edge`` is drawn in
    accent, ``lit_point`` of its way-points is the one that keys mean. ``is_exact``: pictures are made for this very
    scale; otherwise those of a near scale do. ``budget_ms`` bounds the time for new pictures. ``port_state``
    overrides how ports look while an edge is drawn. ``are_moving``: edges are elsewhere in the next frame.
    """

    shows_shapes: bool = False
    labelled: frozenset[int] = frozenset()
    lit_edge: int = -1
    lit_point: int = -1
    is_exact: bool = True
    budget_ms: float | None = None
    port_state: PortState | None = None
    shows_notes: bool = True
    are_moving: bool = False


PLAIN: Final = Look()
"""Everything as usual."""
