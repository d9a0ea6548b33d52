"""A problem: one sentence about what is wrong, where it is, and what Keras itself said about it."""

from __future__ import annotations

from typing import Literal

from studio.catalog.values import Value
from studio.immutable import immutable

Severity = Literal["error", "warning", "hint"]


@immutable
class Remedy:
    """Parameters of a node, anywhere in the project, that would do away with a problem. Whoever asked Keras knows.

    They are pairs, since problems are the keys of what a panel knows about them.
    """

    node: str
    params: tuple[tuple[str, Value], ...]


@immutable
class Problem:
    """Something that a person should know about the project, told in one plain sentence.

    ``code`` is a stable word for programs ("cycle", "shape", "unconnected"); ``message`` names the person's own nodes,
    says what was expected and what to try. ``details`` is raw text, of Keras for instance, shown on demand only.
    ``node`` and ``edge`` are ids; ``parameter`` is the field of the node that is meant.
    """

    code: str
    message: str
    severity: Severity = "error"
    node: str | None = None
    edge: str | None = None
    parameter: str | None = None
    details: str = ""
    remedy: Remedy | None = None
