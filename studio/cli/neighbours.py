"""Counts which layer usually follows which, for the search over the canvas: ``python -m studio.cli.neighbours``.

For those who change the gallery; it is no verb. Every drawing of the gallery counts as much as another, and so does one
ready-made network of Keras of each kind: long ones shall not drown the others.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from studio import catalog as catalogs
from studio import importing
from studio.assets import resource, table
from studio.catalog.neighbours import FILE
from studio.catalog.spec import BACKBONE
from studio.core.project import Project
from studio.protocol import messages
from studio.workbench.engine_client import Engine
from studio.workbench.examples import examples
from studio.workbench.neighbours import Pair, pairs

_SIDES = (224, 331)
"""Sizes of pictures: the first one that a builder takes is taken."""

_DIGITS = 4


def gallery() -> Counter[Pair]:
    """What the drawings of the gallery count."""
    return _together(example.project() for example in examples())


def ready_made() -> Counter[Pair]:
    """What the networks of keras.applications count. Takes half a minute."""
    found: list[Project] = []
    catalog = catalogs.load()
    with Engine("checker") as engine:
        for kind in table("catalog", "backbones.toml")["kind"]:
            call = f"keras.{BACKBONE}{kind['names'][0]}(weights=None)"
            for number, side in enumerate(_SIDES):
                engine.send(messages.Expand(number, call, (None, side, side, 3)))
                answer = engine.wait_for(messages.Expanded)
                if not answer.problem:
                    found.append(importing.from_config(answer.config, catalog).project)
                    break
    return _together(found)


def _together(projects: Iterator[Project] | list[Project]) -> Counter[Pair]:
    known = catalogs.load()
    whole: Counter[Pair] = Counter()
    for project in projects:
        counted = {pair: n for pair, n in pairs(project).items() if all(known.layer(type) for type in pair)}
        everything = sum(counted.values())
        for pair, number in counted.items():
            whole[pair] += number / everything  # type: ignore[assignment]
    return whole


def as_plain(counted: Counter[Pair]) -> dict[str, dict[str, float]]:
    """What was counted, for the resource: for each type those that follow it, the most frequent first."""
    after: dict[str, dict[str, float]] = {}
    for (before, type), number in sorted(counted.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][1])):
        after.setdefault(before, {})[type] = round(float(number), _DIGITS)
    return after


def as_text(parts: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """The text of the resource, with a line for each type."""

    def lines(part: Mapping[str, Mapping[str, float]]) -> str:
        return ",\n".join(f"  {json.dumps(type)}: {json.dumps(found)}" for type, found in part.items())

    inner = ",\n".join(f' "{name}": {{\n{lines(part)}\n }}' for name, part in parts.items())
    return f"{{\n{inner}\n}}\n"


def main() -> int:
    """Write the resource."""
    parts = {"gallery": as_plain(gallery()), "ready_made": as_plain(ready_made())}
    resource(*FILE).write_text(as_text(parts), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
