"""Names of nodes: Keras's way of giving them, which ones may be used, and the Python variable of each."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Container, Iterable
from functools import lru_cache

from studio.catalog.spec import OPERATION, is_backbone, shown_type
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Graph, Node, Project

LONGEST_NAME = 100
"""Characters. Long enough for every name in keras.applications, short enough for a title and a file."""

TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of text: with them code reads otherwise than it runs ("Trojan Source")."""

_KEY = re.compile(r"[A-Za-z0-9_.-]+")
_NUMBERED = re.compile(r"(.+)_(\d+)")


def to_snake_case(type_name: str) -> str:
    """The stem that Keras makes of a class name: "MaxPooling2D" -> "max_pooling2d" (keras/src/utils/naming.py)."""
    if is_backbone(type_name):  # "applications.ResNet50" -> "resnet50", as the builders name their models
        return shown_type(type_name).lower()
    name = re.sub(r"\W+", "", type_name.rpartition(".")[2])  # "ops.image.resize" is resize.
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def names_in(graph: Graph) -> frozenset[str]:
    """All names that nodes of ``graph`` have."""
    return frozenset(node.name for node in graph.nodes.values())


def fresh_name(project: Project, graph_key: str, type_name: str) -> str:
    """The name of a new node of this type, counted as Keras counts: "dense", "dense_1", "dense_2"."""
    return unused(to_snake_case(type_name) or "node", names_in(project.graph(graph_key)))


def unused(wanted: str, taken: Container[str]) -> str:
    """``wanted``, or the same stem with the first free number if it is taken: "dense_1" becomes "dense_2"."""
    if wanted not in taken:
        return wanted
    match = _NUMBERED.fullmatch(wanted)
    stem, number = (match[1], int(match[2]) + 1) if match else (wanted, 1)
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


class FreeNames:
    """The names of one graph in the making. What is free is found at once, also where thousands want the same name."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._last: dict[tuple[str, frozenset[str]], str] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def take(self, wanted: str, kept: frozenset[str] = frozenset()) -> str:
        """``unused(wanted, ...)``, which is taken from now on; ``kept`` are names that others will need."""
        # Whatever lies between a wish and what was given for it last is taken.
        name = self._last.get((wanted, kept), wanted)
        while (name := unused(name, self._taken)) in kept:
            name = unused(name, kept)
        self._taken.add(name)
        self._last[wanted, kept] = name
        return name


@lru_cache(maxsize=8192)
def is_given_by_keras(name: str, type_name: str) -> bool:
    """Whether ``name`` is one that a node of this type gets by itself."""
    return re.fullmatch(re.escape(to_snake_case(type_name)) + r"(_\d+)?", name) is not None


def follows_use(block_name: str, own_name: str) -> bool:
    """Whether a layer of a block that names its layers adds nothing to the name of the use: it is called as the block.

    The same holds for a use of another block inside, which is then called as that other block.
    """
    return own_name == to_snake_case(block_name)


def is_valid_title(title: str) -> bool:
    """Whether a text can be the title of a frame: something to read, all of it visible, not too long."""
    return bool(title.strip()) and title.isprintable() and len(title) <= LONGEST_NAME


@lru_cache(maxsize=65_536)
def is_valid_name(name: str) -> bool:
    """Whether Keras and a file can carry the name."""
    return complaint(name) is None


def complaint(name: str) -> str | None:
    """Why Keras or a file cannot carry the name, in one sentence."""
    if not name.strip():
        return "A layer needs a name; type at least one letter."
    if "/" in name:
        return f"The name “{name}” has a slash, which Keras does not take; use an underscore instead."
    if name != name.strip():
        return f"The name “{name.strip()}” has a space at its start or end; leave it out."
    if not name.isprintable():
        return "The name holds characters that cannot be shown; use letters, digits and underscores."
    if len(name) > LONGEST_NAME:
        return f"The name is {len(name)} characters long; use at most {LONGEST_NAME}."
    return None


def why_not_name(project: Project, graph_key: str, name: str, node_id: str | None = None) -> Problem | None:
    """Why ``node_id`` (or a new node) may not be called ``name``, or None if it may."""
    reason = complaint(name)
    if reason is not None:
        return Problem("bad_name", reason, node=node_id, parameter="name")
    nodes = project.graph(graph_key).nodes
    own = nodes.get(node_id or "")
    for node in nodes.values():
        is_shared = graph_key == MAIN and own is not None and may_share_name(own, node)
        if node.name == name and node is not own and not is_shared:
            other = unused(name, names_in(project.graph(graph_key)))
            kind = {INPUT: "an Input", OUTPUT: "an Output"}.get(node.type, "a layer")
            message = f"There is already {kind} called {name}; another name would be {other}."
            return Problem("duplicate_name", message, node=node_id, parameter="name")
    return None


def may_share_name(one: Node, other: Node) -> bool:
    """Whether two nodes of the model may be called the same: an Output and a layer.

    The name of an Output is a key of the model's results, which is no layer's name: the layer "priority" may give the
    result "priority". An Input may not, whose name is a key of the same data, and nothing whose name is told by a
    variable of the code alone: operations, blocks, and layers that are called again.
    """
    layers = [node for node in (one, other) if node.type != OUTPUT]
    return len(layers) == 1 and _is_told_its_name(layers[0])


def _is_told_its_name(node: Node) -> bool:
    return node.type not in (INPUT, OUTPUT, BLOCK) and not node.type.startswith(OPERATION) and node.shares is None


def name_of_end(wanted: str, names: FreeNames, nodes: Iterable[Node]) -> str:
    """What an Output of the model is called that is to be called ``wanted``; ``names`` are those of ``nodes``."""
    same = [node for node in nodes if node.name == wanted]
    return wanted if same and all(map(_is_told_its_name, same)) else names.take(wanted)


@lru_cache(maxsize=8192)
def variable(name: str) -> str:
    """A Python identifier for the name: no keyword, no builtin, in the form in which Python itself reads it."""
    text = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", name))
    if not f"_{text}".isidentifier():  # \W lets through a few characters that identifiers may not have, such as "²".
        text = re.sub(r"[^A-Za-z0-9_]+", "_", text)
    text = text.strip("_") or "node"
    if not text.isidentifier():
        text = f"_{text}"
    if keyword.iskeyword(text) or keyword.issoftkeyword(text) or hasattr(builtins, text):
        text += "_"
    return unicodedata.normalize("NFKC", text)


def output_keys(names: Iterable[str]) -> tuple[str, ...]:
    """The keys that Outputs of these names have in a model's dictionaries, and so in front of its metrics.

    TensorFlow makes a scope of each and refuses most characters; a name that it takes is its own key.
    """
    given = FreeNames()
    return tuple([given.take(_output_key(name)) for name in names])


def _output_key(name: str) -> str:
    if _KEY.fullmatch(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", plain).strip("_.-") or "output"
