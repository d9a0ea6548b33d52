"""``compare``: what is different between two versions of a project, a line for each layer."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from studio.cli.opening import load
from studio.core.compare import compare
from studio.core.project import MAIN

SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def do(options: Namespace) -> int:
    """Print the differences; 1 where there are some, as ``diff`` does."""
    old, new = load(Path(options.old)), load(Path(options.new))
    found = compare(old, new)
    for each in found:
        block = new.blocks.get(each.graph or MAIN)
        inside = f"{block.name}/" if block is not None and (each.node is not None or each.place is not None) else ""
        kind = f" ({each.type})" if each.type else ""
        print(f"{SIGNS[each.kind]} {inside}{each.name}{kind}" + "".join(f"\n    {line}" for line in each.details))
    return 1 if found else 0
