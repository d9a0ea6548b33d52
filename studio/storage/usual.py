"""Nodes and edges in the form that nearly all of a file have, read at once; any other is read part by part.

A file may hold ten thousand of them, and a save reads it back. What is taken here is what the reader would take: for
everything else the answer is None, also for mistakes, which the reader then tells with the key where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from studio.catalog.values import Value
from studio.core.project import Edge, Node, PortRef
from studio.storage.fields import MAX_NAME, MAX_TEXT, NO_TEXT

_is_name = re.compile(rf"[A-Za-z0-9_ ./-]{{1,{MAX_NAME}}}\Z").match
_is_node_id = re.compile(r"n[1-9][0-9]{0,14}\Z").match
_is_edge_id = re.compile(r"e[1-9][0-9]{0,14}\Z").match
_NODE = {"id", "type", "name", "x", "y"}
_NODE_WITH_PARAMS = _NODE | {"params"}
_EDGE = {"id", "source", "target"}
_EDGE_WITH_RANK = _EDGE | {"rank"}
_EMPTY: dict[str, Any] = {}


def usual_node(plain: Any) -> Node | None:
    """The node, where it has a type, a name, a place and plain parameters, and nothing else."""
    if type(plain) is not dict or (plain.keys() != _NODE_WITH_PARAMS and plain.keys() != _NODE):
        return None
    id, kind, name, x, y = plain["id"], plain["type"], plain["name"], plain["x"], plain["y"]
    if not (type(id) is type(kind) is type(name) is str and _is_node_id(id) and _is_name(kind) and _is_name(name)):
        return None
    if (type(x) is not float and type(x) is not int) or (type(y) is not float and type(y) is not int):
        return None
    params = _plain_params(plain.get("params", _EMPTY))
    return None if params is None else Node(id, kind, name, params, float(x), float(y))


def usual_edge(plain: Any, nodes: Mapping[str, Node]) -> Edge | None:
    """The edge, where it joins two ports and has no way-points."""
    if type(plain) is not dict or (plain.keys() != _EDGE and plain.keys() != _EDGE_WITH_RANK):
        return None
    id, source, target, rank = plain["id"], plain["source"], plain["target"], plain.get("rank", 0)
    if type(rank) is not int or rank < 0:
        return None
    if not (type(source) is type(target) is list and len(source) == len(target) == 2):
        return None
    (start, output), (end, input) = source, target
    if not (type(id) is type(start) is type(output) is type(end) is type(input) is str and _is_edge_id(id)):
        return None
    if start not in nodes or end not in nodes or not _is_name(output) or not _is_name(input):
        return None
    return Edge(id, PortRef(start, output), PortRef(end, input), rank)


def _plain_params(plain: Any) -> dict[str, Value] | None:
    """Parameters that are numbers, words, true or false; None where one is more than that."""
    if type(plain) is not dict:
        return None
    for name, value in plain.items():
        kind = type(value)
        if kind is str:
            if len(value) > MAX_TEXT or NO_TEXT.search(value):
                return None
        elif kind is not int and kind is not float and kind is not bool:
            return None
        if not _is_name(name):
            return None
    return dict(plain)
