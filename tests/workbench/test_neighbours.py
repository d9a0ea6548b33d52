"""Which layer follows which is counted, and the shipped counts are those of the gallery and of Keras."""

from __future__ import annotations

import json

import pytest

from studio.assets import resource
from studio.catalog import neighbours
from studio.cli import neighbours as counting
from studio.core import edits
from studio.core.project import PortRef
from studio.workbench.neighbours import pairs, types_at
from tests.support.catalog import CATALOG
from tests.support.graphs import graph
from tests.support.thorough import IS_THOROUGH

SHIPPED = json.loads(resource(*neighbours.FILE).read_text(encoding="utf-8"))


def test_the_shipped_counts_are_those_of_the_gallery() -> None:
    assert SHIPPED["gallery"] == counting.as_plain(counting.gallery()), "run: python -m studio.cli.neighbours"


@pytest.mark.keras
@pytest.mark.skipif(not IS_THOROUGH, reason="builds networks for half a minute; thorough only")
def test_the_shipped_counts_are_those_of_the_ready_made_networks() -> None:
    assert SHIPPED["ready_made"] == counting.as_plain(counting.ready_made()), "run: python -m studio.cli.neighbours"


def test_shares_of_one_type_make_one_and_all_types_are_known() -> None:
    for shares in (neighbours.following(), neighbours.preceding()):
        for type, beside in shares.items():
            assert sum(beside.values()) == pytest.approx(1)
            assert all(CATALOG.layer(each) for each in (type, *beside))


def test_blocks_are_looked_through() -> None:
    drawn = graph("image:Input -> a:Conv2D -> b:ReLU -> c:Flatten -> out:Output")
    plain = pairs(drawn)
    ids = {node.name: node.id for node in drawn.main.nodes.values()}
    made = edits.make_block(drawn, CATALOG, [ids["a"], ids["b"]], "part")
    assert pairs(made) == plain
    use = next(node for node in made.main.nodes.values() if node.block)
    (edge,) = [edge for edge in made.main.edges.values() if edge.source.node == use.id]
    assert list(types_at(made, made.main, edge.source, is_source=True)) == ["ReLU"]
    assert list(types_at(made, made.main, PortRef("n99", "output"), is_source=True)) == []
