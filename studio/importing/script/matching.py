"""Which nodes of a text are nodes of the text before it: the same lines first, then the same types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from studio.core.automatic_names import may_be_automatic
from studio.core.project import OUTPUT, Node

Pair = tuple[Node, Node]


def matched(one: Sequence[Node], other: Sequence[Node]) -> Iterator[Pair]:
    """Pairs of the nodes of two texts, in order: the one that was there, and what it is now."""
    if [_who(node) for node in one] == [_who(node) for node in other]:
        # Only arguments are others: where each layer got twice the units, equal lines would mislead.
        return zip(one, other, strict=True)
    return _matched_by((_named_key, _key, _type), one, other)


def _matched_by(keys: Sequence[Callable[[Node], object]], one: Sequence[Node], other: Sequence[Node]) -> Iterator[Pair]:
    (key, *others) = keys
    was, now = [key(node) for node in one], [key(node) for node in other]
    # The beginning is mostly as it was. Thousands of equal lines would be compared each with each.
    same = next(
        (at for at, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), min(len(was), len(now))
    )
    yield from zip(one[:same], other[:same], strict=True)
    one, other = one[same:], other[same:]
    for tag, a, b, c, d in SequenceMatcher(None, was[same:], now[same:], autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and not others and b - a == d - c):
            yield from zip(one[a:b], other[c:d], strict=True)
        elif tag == "replace" and others:
            yield from _matched_by(others, one[a:b], other[c:d])


def _type(node: Node) -> str:
    return node.type


def _named_key(node: Node) -> object:
    """What a node is, with a name that the text says: Keras's own names are others where a layer came before."""
    return _key(node), _said_name(node)


def _who(node: Node) -> tuple[str, str | None, str]:
    """What a node is, whatever its arguments."""
    return node.type, node.block, node.name if node.type == OUTPUT else _said_name(node)


def _said_name(node: Node) -> str:
    return "" if may_be_automatic(node.type, node.name) else node.name


def _key(node: Node) -> tuple[str, str, str]:
    return (
        node.type,
        repr(sorted(node.params.items(), key=lambda item: item[0])),
        node.name if node.type == OUTPUT else "",
    )
