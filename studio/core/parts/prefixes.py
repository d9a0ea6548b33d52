"""How the layers of a repeated part keep their names.

Where all names of one place begin alike and go on as in all other places ("conv2_block1_1_conv" and
"conv2_block2_1_conv"), the beginning becomes the name of the use and the rest the name inside of the block, which then
names its layers after its use. Names that Keras gave by counting are given by Keras again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress

from studio.core.naming import is_given_by_keras
from studio.core.project import BLOCK, MAIN, Node, Project
from studio.immutable import immutable

SAME = "\0"
"""The name inside of what is called as the outer use is: it adds nothing to the name."""


@immutable
class Place:
    """One place of a part: the graph where it stands, and its nodes in the order of the part.

    ``has_own`` tells of which nodes the layers have names of their own.
    """

    graph: str
    nodes: tuple[Node, ...]
    has_own: tuple[bool, ...]

    @property
    def named(self) -> tuple[int, ...]:
        """The numbers of the nodes whose layers have names of their own."""
        return tuple(compress(range(len(self.has_own)), self.has_own))


@immutable
class Prefixes:
    """``inside`` are the names in the block, "" for what Keras names, or SAME; ``uses`` are the names of the uses."""

    inside: tuple[str, ...]
    uses: tuple[str, ...]


def has_own_name(project: Project, graph: str, node: Node) -> bool:
    """Whether a node has a name that a person gave, and its layers have it.

    A block's use gives names only if its layers are named after it; in a block that names nothing, names are titles.
    """
    if graph != MAIN and not project.blocks[graph].names(node):
        return False
    if node.type == BLOCK:
        return project.blocks[node.block or ""].names_layers
    return not is_given_by_keras(node.name, node.type)


def prefixes_of(places: Sequence[Place]) -> tuple[Prefixes, tuple[int, ...]] | None:
    """The names of the most places that go together, and the numbers of these places; None where nothing is named."""
    all_named = [place.named for place in places]
    if not any(all_named):
        return None
    votes: Counter[tuple[str, ...]] = Counter()
    for place, numbers in zip(places, all_named, strict=True):
        votes.update(_ways(place, numbers))
    if not votes:
        return Prefixes((), ()), ()
    most = max(votes.values())
    # Of ways that go equally far the one that leaves the shortest names inside.
    way = min((way for way, times in votes.items() if times == most), key=lambda way: sum(map(len, way)))
    uses = {}
    for number, place in enumerate(places):
        use = _use_name(place, all_named[number], way)
        if use is not None:
            uses[number] = use
    return Prefixes(way, tuple(uses.values())), tuple(uses)


def _ways(place: Place, numbers: tuple[int, ...]) -> list[tuple[str, ...]]:
    """The names inside for every underscore at which the names of a place could be cut."""
    if not numbers:
        return []
    nodes = [place.nodes[number] for number in numbers]
    first, last = min(node.name for node in nodes), max(node.name for node in nodes)
    same = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), None)
    shared = first[:same] if same is not None else min(first, last, key=len)
    ends = [at for at, letter in enumerate(shared) if letter == "_" and at > 0]
    if any(node.name == shared for node in nodes):
        ends.append(len(shared))
    ways = []
    for end in ends:
        inside = [""] * len(place.nodes)
        for number, node in zip(numbers, nodes, strict=True):
            rest = node.name[end:]
            inside[number] = rest[1:] if rest.startswith("_") else SAME if not rest else ""
        if len(set(filter(None, inside))) == len(numbers):
            ways.append(tuple(inside))
    return ways


def _use_name(place: Place, numbers: tuple[int, ...], way: tuple[str, ...]) -> str | None:
    if numbers != tuple([number for number, name in enumerate(way) if name]):
        return None
    found = None
    for number in numbers:
        name, rest = place.nodes[number].name, "" if way[number] == SAME else "_" + way[number]
        if not name.endswith(rest) or (found is not None and name != found + rest):
            return None
        found = name.removesuffix(rest)
    return found or None
