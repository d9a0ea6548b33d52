"""What a person is told of two versions of a project."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from studio.core import edits
from studio.core.change import diff
from studio.core.compare import Difference, compare
from studio.core.project import Project, TrainingPlan
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, graph, node_id
from tests.support.strategies import after, sequences

DRAWING = "x:Input(shape=(4,)) -> a:Dense(units=10) -> b:Dense(units=5) -> y:Output"


def told(old: Project, new: Project) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {each.name: (each.kind, each.details) for each in compare(old, new)}


def test_nothing_where_only_places_differ() -> None:
    project = graph(DRAWING)
    moved = edits.move(project, {node_id(project, "a"): (7, 7)})
    moved = edits.set_folded(moved, [node_id(project, "b")], True)
    assert compare(project, moved) == ()


def test_added_removed_changed() -> None:
    old = graph(DRAWING)
    new = edits.set_param(old, node_id(old, "a"), "units", 20)
    new = edits.rename(new, node_id(old, "b"), "last")
    new = edits.add_node(new, "Dropout", name="drop")
    assert told(old, new) == {
        "a": ("changed", ("units: 10 → 20",)),
        "last": ("changed", ("name: b → last",)),
        "drop": ("added", ()),
    }
    back = {each.name: each for each in compare(new, old)}
    assert (back["drop"].kind, back["drop"].node, back["drop"].type) == ("removed", node_id(new, "drop"), "Dropout")
    assert back["drop"].place is not None


def test_a_value_that_was_a_default_and_other_sources() -> None:
    old = graph(DRAWING)
    new = edits.set_param(old, node_id(old, "b"), "activation", "relu")
    new = edits.disconnect(new, [edge_id(new, "a", "b")])
    assert told(old, new)["b"] == ("changed", ("activation: default → 'relu'", "takes from: a → nothing"))


def test_files_that_were_made_apart_are_matched_by_name_and_type() -> None:
    old = graph(DRAWING)
    new = graph("z:Dense(units=1); x:Input(shape=(4,)) -> a:Dense(units=11) -> y:Output")
    assert told(old, new) == {
        "z": ("added", ()),
        "a": ("changed", ("units: 10 → 11",)),
        "y": ("changed", ("takes from: b → a",)),
        "b": ("removed", ()),
    }


def test_inside_of_blocks_and_blocks_themselves() -> None:
    old = graph(DRAWING)
    block = f"b{old.next_id}"
    old = edits.make_block(old, CATALOG, [node_id(old, "a"), node_id(old, "b")], "both")
    new = edits.set_param(old, node_id(old, "a", block), "units", 3, graph=block)
    new = edits.rename_block(new, block, "pair")
    (named, inner) = compare(old, new)
    assert (named.name, named.type, named.details) == ("pair", "block", ("name: both → pair",))
    assert (inner.name, inner.graph, inner.details) == ("a", block, ("units: 10 → 3",))
    gone = edits.unpack_block(new, CATALOG, node_id(new, "both"))
    gone = edits.delete_block(gone, block)
    assert ("pair", "removed") in {(each.name, each.kind) for each in compare(new, gone)}


def test_title_training_and_code() -> None:
    old = graph(DRAWING)
    new = replace(old, title="Other", training=TrainingPlan(epochs=3))
    new = edits.add_snippet(new, "function", "bend", "def bend(x):\n    return x\n")
    assert told(old, new) == {
        "Title": ("changed", ("Untitled → Other",)),
        "Training plan": ("changed", ("epochs: 20 → 3",)),
        "bend": ("added", ()),
    }


@given(sequences)
def test_it_finds_what_the_views_are_told(performed) -> None:
    old, new = Project(), after(performed)
    assert compare(new, new) == ()
    assert compare(new, replace(new)) == ()
    found = compare(old, new)
    added = {each.node for each in found if each.kind == "added" and each.node is not None}
    told = {id for change in diff(old, new).graphs.values() for id in change.added_nodes}
    assert added <= told | {id for graph in new.graphs().values() for id in graph.notes}
    assert all(isinstance(each, Difference) for each in compare(new, old))
