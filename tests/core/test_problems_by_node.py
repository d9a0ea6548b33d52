"""Problems of single nodes are followed from edit to edit: also where not the node changed, but what it depends on."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import replace

import pytest

from studio.catalog.values import ParameterRef
from studio.core import edits, rules
from studio.core.project import Block, BlockParameter, Graph, Node, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id


def _rename_what_is_merged(project: Project) -> Project:
    return edits.rename(project, node_id(project, "one"), "another")


def _swap_what_is_shared(project: Project) -> Project:
    key = node_id(project, "one")
    nodes = {**project.main.nodes, key: replace(project.main.nodes[key], type="Dropout", params={})}
    return replace(project, main=replace(project.main, nodes=nodes))


def _take_the_parameter(project: Project) -> Project:
    return replace(project, blocks={"b1": replace(project.blocks["b1"], parameters=())})


def _empty_the_block(project: Project) -> Project:
    return replace(project, blocks={"b1": replace(project.blocks["b1"], graph=Graph())})


def _cut_all(project: Project) -> Project:
    return edits.disconnect(project, list(project.main.edges))


@pytest.fixture(scope="module")
def project() -> Project:
    """A merge of one layer only, a layer called again, and a use of a block with a parameter."""
    drawn = graph("x:Input(shape=(3,)) -> one:Dense(units=8) -> sum:Add -> y:Output")
    inside = Graph({
        "n91": Node("n91", "Input", "in"),
        "n92": Node("n92", "Dense", "inner", {"units": ParameterRef("size")}),
    })  # fmt: skip
    nodes = {
        **drawn.main.nodes,
        "n81": Node("n81", "Dense", "again", {"units": 8}, shares=node_id(drawn, "one")),
        "n82": Node("n82", "block", "use", block="b1"),
    }
    block = Block("b1", "part", inside, (BlockParameter("size", 4),))
    return replace(drawn, main=replace(drawn.main, nodes=nodes), blocks={"b1": block}, next_id=100)


@pytest.mark.parametrize(
    "edit", [_rename_what_is_merged, _swap_what_is_shared, _take_the_parameter, _empty_the_block, _cut_all]
)
def test_what_a_node_depends_on_is_heeded(project: Project, edit: Callable[[Project], Project]) -> None:
    before = rules.problems(project, CATALOG)
    edited = edit(project)
    found = rules.problems(edited, CATALOG)
    # What was found before is remembered by the catalog, as the object that it is.
    assert found == rules.problems(edited, copy(CATALOG))
    assert found != before, "the edit must be one that makes a difference"
    assert rules.problems(replace(project), CATALOG) == before
