"""``examples``: the gallery."""

from __future__ import annotations

from argparse import Namespace

from studio.workbench.examples import examples


def do(options: Namespace) -> int:
    """List name, title and one sentence of every example."""
    found = examples()
    width = max((len(entry.name) for entry in found), default=0)
    for entry in found:
        print(f"{entry.name:<{width}}  {entry.title}. {entry.sentence}")
    return 0
