"""How the parts of a project stand in the lines of its file.

An object or list stands on one line where it fits into ``LINE`` characters, so that a node is a line or a few and a
change of one node changes only its lines. Nodes and edges, of which there may be thousands, are written without an
encoder where they hold numbers and words only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from studio.catalog.values import Value
from studio.core.project import Edge, Node
from studio.core.remember import Remembered
from studio.storage import values
from studio.storage.fields import check_name, check_text
from studio.storage.plain import MAX_INTEGER

LINE = 100

_FLAGS = ("is_bypassed", "is_folded", "is_marked", "is_time_distributed")
"""Of a node, in the order of the writer."""


class Part:
    """A node or an edge that is rendered when its place is known, and then remembered.

    A project shares with the one before all that an edit did not touch: autosaving 1,000 layers after each edit would
    take 35 ms, of which 30 went into texts that were there already.
    """

    __slots__ = ("_plain", "part")

    def __init__(self, part: Node | Edge, plain: Callable[[Any], dict[str, Any]]) -> None:
        self.part = part
        self._plain = plain

    def plain(self) -> dict[str, Any]:
        """What the file holds of it."""
        return self._plain(self.part)

    def at(self, indent: int) -> str:
        """The text at this indent."""
        texts = _rendered.get(self.part, _no_texts)
        text = texts.get(indent)
        if text is None:
            part = self.part
            quick = _short_edge(part, indent) if isinstance(part, Edge) else _plain_node(part, indent)
            text = quick or render(self.plain(), indent)
            texts[indent] = text
        return text


def _short_edge(edge: Edge, indent: int) -> str:
    """The line of an edge without way-points, as the encoder would write it in five times as long; "" if too long."""
    if edge.route:
        return ""
    source, target = edge.source, edge.target
    rank = f', "rank": {edge.rank}' if edge.rank else ""
    line = (
        f'{{"id": {_quoted(edge.id)}, "source": [{_quoted(source.node)}, {_quoted(source.port)}], '
        f'"target": [{_quoted(target.node)}, {_quoted(target.port)}]{rank}}}'
    )
    return line if len(line) + indent <= LINE else ""


def _plain_node(node: Node, indent: int) -> str:
    """The text of a node whose values are numbers and words, as the encoder would write it; "" for any other."""
    if node.extra:
        return ""
    rows = [
        f'"id": {_quoted(node.id)}',
        f'"type": {_quoted(check_name(node.type, f"The type of {node.id}"))}',
        f'"name": {_quoted(check_name(node.name, f"The name of {node.id}"))}',
    ]
    if node.params:
        inner = [_plain_value(name, node.params[name], node.name) for name in sorted(node.params)]
        params = f"{{{', '.join(inner)}}}"
        if not all(inner) or len(params) + indent + 2 > LINE:
            return ""
        rows.append(f'"params": {params}')
    for axis, place in (("x", node.x), ("y", node.y)):
        if not math.isfinite(place):
            return ""
        rows.append(f'"{axis}": {number(place, node.name)!r}')
    if node.note:
        rows.append(f'"note": {_quoted(check_text(node.note, f"The note of {node.name}"))}')
    rows += [
        f'"{key}": {_quoted(to)}' for key, to in (("shares", node.shares), ("block", node.block)) if to is not None
    ]
    rows += [f'"{key}": true' for key in _FLAGS if getattr(node, key)]
    line = f"{{{', '.join(rows)}}}"
    if len(line) + indent <= LINE:
        return line
    pad = "\n" + " " * (indent + 2)
    return "{" + pad + f",{pad}".join(rows) + "\n" + " " * indent + "}"


def _plain_value(name: str, value: Value, where: str) -> str:
    """A parameter as it stands in a file; "" where it is more than a number or a word."""
    if type(value) is str:
        text = _quoted(check_text(value, f"{where}.{name}"))
    elif type(value) is bool:
        text = "true" if value else "false"
    elif (type(value) is int and abs(value) <= MAX_INTEGER) or (type(value) is float and math.isfinite(value)):
        text = repr(value)
    else:
        return ""
    return f"{_quoted(check_name(name, where))}: {text}"


def _no_texts(_: Node | Edge) -> dict[int, str]:
    return {}


_rendered: Remembered[Node | Edge, dict[int, str]] = Remembered(50_000)


def _plain_part(part: object) -> Any:
    if isinstance(part, Part):
        return part.plain()
    raise TypeError(f"{type(part).__name__} cannot be written")


_quoted = json.encoder.encode_basestring
# Made once: json.dumps makes an encoder for each call, a third of the time of a large file.
_on_one_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain_part).encode


def render(plain: Any, indent: int) -> str:
    if isinstance(plain, Part):
        return plain.at(indent)
    if type(plain) is int or (type(plain) is float and math.isfinite(plain)):
        return repr(plain)  # as JSON writes them, without asking an encoder
    line = None
    if _may_be_short(plain):
        line = _on_one_line(plain)
    if line is not None and len(line) + indent <= LINE:
        return line
    pad = " " * (indent + 2)
    if isinstance(plain, dict) and plain:
        rows = [f"{pad}{_on_one_line(key)}: {render(item, indent + 2)}" for key, item in plain.items()]
        return "{\n" + ",\n".join(rows) + "\n" + " " * indent + "}"
    if isinstance(plain, list) and plain:
        return "[\n" + ",\n".join(pad + render(item, indent + 2) for item in plain) + "\n" + " " * indent + "]"
    return line if line is not None else _on_one_line(plain)


def _may_be_short(plain: Any) -> bool:
    # Writing a graph of 10,000 nodes on one line only to see that it is too long would cost a second.
    if not isinstance(plain, dict | list):
        return True
    inner = plain.values() if isinstance(plain, dict) else plain
    return len(plain) <= LINE // 3 and all(map(_may_be_short, inner))


def number(number: float, where: str) -> Any:
    """A number in its shortest form: 12 for 12.0, where the reader makes a float of it again."""
    if not math.isfinite(number):
        return values.encode(float(number), where)
    return int(number) if number == int(number) and abs(number) < 1e15 and math.copysign(1, number) > 0 else number
