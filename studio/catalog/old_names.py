"""Searching objects of Keras by what people remember: today's name, a part of it, or a name of an older book."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from studio.catalog.reading import read_words, value_of
from studio.catalog.spec import ObjectKind, ObjectSpec
from studio.catalog.values import Value
from studio.immutable import immutable


@immutable
class Found:
    """What a searched text may mean.

    ``type`` is today's class, or "" where there is none. ``called`` is the name under which it was found; ``says``
    tells what became of an old one. ``params`` make the new one do the same.
    """

    type: str
    called: str
    says: str = ""
    params: Mapping[str, Value] = field(default_factory=dict)


@immutable
class Told:
    """What a text means that was searched among layers or actions, and is none of them.

    ``kind`` is that of the object it was or is, "" where it was none. ``today`` is the class that takes its place,
    ``layers`` are layers that do, ``field`` is a field of the training plan. ``says`` is "" for what is no old name.
    """

    called: str
    says: str = ""
    kind: ObjectKind | str = ""
    today: str = ""
    layers: tuple[str, ...] = ()
    field: str = ""


PLANNED: tuple[ObjectKind, ...] = ("loss", "metric", "optimizer", "schedule", "callback")
"""Kinds that are chosen in the training plan."""

FEWEST = 5
"""So many letters of an old name's beginning must be typed before it is meant: "de" is the beginning of Dense."""


LAYER = "layer"
"""The kind of a name that was that of a layer, and is none any more."""


def instead_of(type: str) -> str:
    """What to take instead of a layer class that Keras has no longer, in a sentence; "" where nothing is known."""
    last = type.rpartition(".")[2].rpartition(">")[2]
    for entry in read_words("old_names").get("old", ()):
        if entry.get("kind") == LAYER and any(name.rpartition(".")[2] == last for name in entry["names"]):
            return str(entry["says"])
    return ""


def told(text: str, find: Callable[[ObjectKind, str], ObjectSpec | None]) -> Told | None:
    """The old name that ``text`` means, or else the object of the training plan that is called so, or None."""
    wanted, bare = _plain(text), _plain(text.strip().rpartition(".")[2])
    best: tuple[int, Told] | None = None
    for entry in read_words("old_names").get("old", ()):
        today, kind = entry.get("today", ""), entry.get("kind", "")
        if today and find(kind, today) is None:
            continue
        for name in entry["names"]:
            rank = _old_rank(wanted, bare, name)
            is_meant = rank in (0, 2) or (rank == 5 and len(wanted) >= FEWEST)
            if rank is not None and is_meant and len(wanted) > 1 and (best is None or rank < best[0]):
                layers = tuple(
                    sorted(entry.get("layers", ()), key=lambda layer: _plain(layer.rpartition(".")[2]) != bare)
                )
                best = rank, Told(name, entry["says"], kind, today, layers, entry.get("field", ""))
    if best is not None:
        return best[1]
    name = text.strip().rpartition(".")[2]
    if len(name) < 2:
        return None
    for kind in PLANNED:
        spec = find(kind, name)
        if spec is not None:
            return Told(name, "", kind, spec.type)
    return None


def found_objects(text: str, kind: ObjectKind, specs: Iterable[ObjectSpec]) -> list[Found]:
    """The objects of a kind that ``text`` may mean, best first; all, common ones first, where it is empty."""
    known = sorted(specs, key=lambda spec: (not spec.is_common, spec.order, spec.type))
    wanted = _plain(text)
    if not wanted:
        return [Found(spec.type, spec.type) for spec in known]
    bare = _plain(text.strip().rpartition(".")[2])
    ranked: list[tuple[int, Found]] = []
    types = {spec.type for spec in known}
    for entry in read_words("old_names").get("old", ()):
        if entry.get("kind", kind) != kind or entry.get("today", "") not in (types | {""}):
            continue
        ranks = [(rank, name) for name in entry["names"] if (rank := _old_rank(wanted, bare, name)) is not None]
        if ranks:
            rank, name = min(ranks)
            params = {key: value_of(value) for key, value in entry.get("params", {}).items()}
            ranked.append((rank, Found(entry.get("today", ""), name, entry["says"], params)))
    for spec in known:
        rank = _rank(bare, text, spec)
        if rank is not None:
            is_respelt = rank == 1 and text.strip().rpartition(".")[2] not in (spec.type, *spec.identifiers, bare)
            says = f"It is written {spec.type} today." if is_respelt else ""
            ranked.append((rank, Found(spec.type, spec.type, says)))
    best: list[Found] = []
    for _, found in sorted(ranked, key=lambda pair: pair[0]):
        if not found.type or all(found.type != better.type for better in best):
            best.append(found)
    return best


def _old_rank(wanted: str, bare: str, name: str) -> int | None:
    full, last = _plain(name), _plain(name.rpartition(".")[2])
    claims = {0: wanted == full, 2: bare == last, 5: full.startswith(wanted), 6: len(wanted) > 2 and wanted in full}
    return next((rank for rank, holds in claims.items() if holds), None)


def _rank(wanted: str, text: str, spec: ObjectSpec) -> int | None:
    if not wanted:
        return None
    name = spec.type.lower()
    word = text.strip().lower()
    claims = {
        1: wanted == name or wanted in map(_plain, spec.identifiers),
        3: name.startswith(wanted),
        4: wanted in name,
        7: len(word) > 3 and any(each.startswith(word) for each in re.findall(r"\w+", spec.summary.lower())),
    }
    return next((rank for rank, holds in claims.items() if holds), None)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
