"""How many lines of code nodes and blocks are, about: what does not fit on one goes on a second, or value by value.

An estimate is enough: it decides which block is worth its function. The code itself is written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.core.naming import is_given_by_keras
from studio.core.parts.columns import Column
from studio.core.project import BLOCK, Node
from studio.core.remember import Remembered

FUNCTION_LINES = 5
"""Lines of a function besides its statements: its head, docstring and end, and two empty ones."""

_LINE = 88
"""Letters on a line."""

_NAME = 20
"""Letters of a name that is made of the name of the use."""

_lines: Remembered[Node, int] = Remembered(50_000)


def node_lines(node: Node) -> int:
    """The lines of one node."""
    return _lines.get(node, _node_lines)


def _node_lines(node: Node) -> int:
    return _lines_of(node, {name: repr(value) for name, value in node.params.items()})


def _lines_of(node: Node, values: Mapping[str, str]) -> int:
    if node.type == BLOCK:
        texts = [*values.values()]
        name = _NAME
    else:
        texts = [f"{name}={value}" for name, value in values.items()]
        name = 0 if is_given_by_keras(node.name, node.type) else len(node.name) + 9
    return _over_lines(len(node.type) + 20, [*texts, "n" * name] if name else texts)


def _over_lines(around: int, texts: Sequence[str]) -> int:
    inside = sum(map(len, texts)) + 2 * len(texts)
    if around + inside <= _LINE:
        return 1
    return 3 if inside <= _LINE - 8 else 2 + len(texts)


def call_lines(columns: Sequence[Column]) -> int:
    """The lines of one use of a block with these parameters, at the place where it is longest."""
    longest = [max((repr(value) for value in column.values), key=len) for column in columns]
    return _over_lines(28, [*longest, "n" * _NAME])


def function_lines(nodes: Sequence[Node], columns: Sequence[Column], inputs: int) -> int:
    """The lines of the statements of a block with these parameters, and what its head has more than one line."""
    names: dict[int, dict[str, str]] = {}
    for column in columns:
        for number, name, _ in column.used_at:
            names.setdefault(number, {})[name] = column.used_at[0][1]
    lines = 0
    for number, node in enumerate(nodes):
        if number in names:
            lines += _lines_of(node, {name: repr(value) for name, value in node.params.items()} | names[number])
        else:
            lines += node_lines(node)
    head = ["inputs"] * inputs + ["*", "name"]
    for column in columns:
        default = f"={column.default!r}" if column.default is not None else ""
        head.append(column.used_at[0][1] + default)
    return lines + _over_lines(16, head) - 1
