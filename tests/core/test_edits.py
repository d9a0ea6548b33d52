"""Edits of nodes, edges and layers: what each does, and that it does nothing where it may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import Column, DataSource, Edge, Graph, Node, OutputPlan, PortRef, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, edges, graph, node, node_id

CHAIN = "x:Input -> a:Dense(units=3) -> b:Dense(units=4) -> y:Output"
BRANCHES = """x:Input -> a:Dense(units=3)
x -> b:Dense(units=4)
a & b -> both:Concatenate -> y:Output"""


def ids(project: Project, *names: str) -> list[str]:
    return [node_id(project, name) for name in names]


def test_new_nodes_are_named_and_numbered_as_keras_does() -> None:
    project = graph("Input -> Dense -> Dense -> Dense -> Conv2D")
    assert [node.name for node in project.main.nodes.values()] == ["input", "dense", "dense_1", "dense_2", "conv2d"]


def test_a_new_node_has_the_next_id_and_a_free_name() -> None:
    project = graph(CHAIN)
    bigger = edits.add_node(project, "Dense", name="a")
    assert bigger.main.nodes[f"n{project.next_id}"].name == "a_1"
    assert bigger.next_id == project.next_id + 1
    assert bigger.main.edges is project.main.edges


def test_an_edge_to_a_port_that_takes_one_replaces_the_old_edge() -> None:
    project = graph(CHAIN)
    x, b = ids(project, "x", "b")
    project = edits.connect(project, CATALOG, PortRef(x, "output"), PortRef(b, "inputs"))
    assert edges(project) == ["x -> a", "x -> b", "b -> y"]


def test_an_edge_to_a_merge_goes_last_or_where_it_is_told() -> None:
    project = graph(BRANCHES)
    x, both = ids(project, "x", "both")
    last = edits.connect(project, CATALOG, PortRef(x, "output"), PortRef(both, "inputs"))
    assert edges(last)[2:5] == ["a -> both", "b -> both", "x -> both"]
    middle = edits.connect(project, CATALOG, PortRef(x, "output"), PortRef(both, "inputs"), rank=1)
    assert edges(middle)[2:5] == ["a -> both", "x -> both", "b -> both"]


def test_an_edge_that_would_close_a_circle_is_not_drawn() -> None:
    project = graph(CHAIN)
    a, b = ids(project, "a", "b")
    assert edits.connect(project, CATALOG, PortRef(b, "output"), PortRef(a, "inputs")) is project


def test_cutting_an_edge_of_a_merge_closes_the_ranks() -> None:
    project = graph(BRANCHES)
    project = edits.disconnect(project, [edge_id(project, "a", "both")])
    assert [edge.rank for edge in project.main.edges.values() if edge.target.node == node_id(project, "both")] == [0]


def test_an_edge_can_be_moved_to_another_source_and_keeps_its_place() -> None:
    project = graph(BRANCHES)
    moved = edge_id(project, "a", "both")
    project = edits.reconnect(project, CATALOG, moved, source=PortRef(node_id(project, "x"), "output"))
    assert edges(project)[2:4] == ["x -> both", "b -> both"]
    assert project.main.edges[moved].rank == 0


def test_an_edge_moved_away_from_a_merge_leaves_no_gap() -> None:
    project = graph(BRANCHES)
    y = node_id(project, "y")
    project = edits.reconnect(project, CATALOG, edge_id(project, "a", "both"), target=PortRef(y, "inputs"))
    assert edges(project) == ["x -> a", "x -> b", "b -> both", "a -> y"]
    assert project.main.edges[edge_id(project, "b", "both")].rank == 0


def test_a_deleted_layer_of_a_chain_is_bridged() -> None:
    project = graph(CHAIN)
    assert edges(edits.delete(project, CATALOG, ids(project, "a"))) == ["x -> b", "b -> y"]
    assert edges(edits.delete(project, CATALOG, ids(project, "a", "b"))) == ["x -> y"]
    assert edges(edits.delete(project, CATALOG, ids(project, "a"), heal=False)) == ["b -> y"]


def test_a_bridge_keeps_the_edges_id_and_rank() -> None:
    project = graph(BRANCHES.replace("x -> b:", "z:Input -> b:"))
    kept = edge_id(project, "a", "both")
    healed = edits.delete(project, CATALOG, ids(project, "a"))
    assert edges(healed)[1:3] == ["x -> both", "b -> both"]
    assert healed.main.edges[kept].rank == 0


def test_one_tensor_does_not_arrive_twice_at_a_merge_after_a_bridge() -> None:
    project = graph(BRANCHES)
    assert edges(edits.delete(project, CATALOG, ids(project, "a", "b"))) == ["x -> both", "both -> y"]


def test_a_deleted_merge_is_not_bridged() -> None:
    project = graph(BRANCHES)
    assert edges(edits.delete(project, CATALOG, ids(project, "both"))) == ["x -> a", "x -> b"]


def test_a_bridge_leads_only_from_the_first_output() -> None:
    project = graph("x:Input -> l:LSTM(return_state=True); l.state_h -> a:Dense; l -> b:Dense")
    assert edges(edits.delete(project, CATALOG, ids(project, "l"))) == ["x -> b"]


def test_deleting_clears_what_was_planned_for_the_node() -> None:
    project = graph(CHAIN)
    x, y = ids(project, "x", "y")
    project = edits.set_data(project, DataSource("made", "moons", columns=(Column("c"),), features=("c",)))
    project = edits.bind(project, x, ["c"])
    project = edits.set_output_plan(project, y, OutputPlan(weight=2.0))
    project = edits.delete(project, CATALOG, [x, y])
    assert (project.data.bindings, project.training.outputs) == ({}, {})


def test_a_node_put_on_an_edge_takes_its_place_in_the_merge() -> None:
    project = edits.add_node(graph(BRANCHES), "Dropout", name="d")
    split = edge_id(project, "a", "both")
    project = edits.insert_on_edge(project, CATALOG, node_id(project, "d"), split)
    assert edges(project)[2:] == ["d -> both", "b -> both", "both -> y", "a -> d"]
    assert project.main.edges[split].source == PortRef(node_id(project, "d"), "output")


def test_a_node_is_not_put_on_an_edge_where_that_closes_a_circle() -> None:
    project = graph(CHAIN + "; y2:Output")
    project = edits.disconnect(project, [edge_id(project, "x", "a")])
    a = node_id(project, "a")
    assert edits.insert_on_edge(project, CATALOG, a, edge_id(project, "b", "y")) is project


def test_the_order_of_a_merge_can_be_changed() -> None:
    project = graph(BRANCHES)
    project = edits.move_rank(project, edge_id(project, "b", "both"), 0)
    assert edges(project)[2:4] == ["b -> both", "a -> both"]


def test_way_points_move_with_both_ends_and_vanish_with_one() -> None:
    project = graph(CHAIN)
    a, b = ids(project, "a", "b")
    edge = edge_id(project, "a", "b")
    project = edits.set_route(project, edge, [(1.0, 2.0)])
    nodes = project.main.nodes
    both = edits.move(project, {key: (nodes[key].x + 5, nodes[key].y + 7) for key in (a, b)})
    assert both.main.edges[edge].route == ((6.0, 9.0),)
    assert edits.move(project, {a: (50.0, 0.0)}).main.edges[edge].route == ()


@pytest.mark.parametrize("name", ["", "  ", "b", "a/b", "tab\there", "x" * 200])
def test_names_that_cannot_be_are_refused(name: str) -> None:
    project = graph(CHAIN)
    assert edits.rename(project, node_id(project, "a"), name) is project


def test_renaming_changes_the_name() -> None:
    project = graph(CHAIN)
    assert edits.rename(project, node_id(project, "a"), " hidden ").main.nodes[node_id(project, "a")].name == "hidden"


def test_setting_the_same_value_changes_nothing_but_another_type_of_number_does() -> None:
    project = graph(CHAIN)
    a = node_id(project, "a")
    assert edits.set_param(project, a, "units", 3) is project
    assert edits.set_param(project, a, "units", 3.0) is not project
    assert edits.set_param(project, a, "use_bias", True, catalog=CATALOG) is project
    assert edits.set_param(project, a, "use_bias", False, catalog=CATALOG) is not project


def test_a_value_reset_to_the_default_is_not_stored() -> None:
    project = graph("x:Input -> a:Dense(units=3, activation='relu')")
    a = node_id(project, "a")
    assert node(edits.reset_param(project, a, "activation"), "a").params == {"units": 3}
    assert node(edits.set_param(project, a, "activation", None, catalog=CATALOG), "a").params == {"units": 3}


def test_objects_of_keras_are_values_like_others() -> None:
    project = graph("x:Input -> a:Dense(kernel_initializer=HeNormal(seed=1))")
    a = node_id(project, "a")
    assert node(project, "a").params["kernel_initializer"] == KerasObject("HeNormal", {"seed": 1})
    assert edits.set_param(project, a, "kernel_initializer", KerasObject("HeNormal", {"seed": 1})) is project


def test_a_shared_layer_has_one_set_of_parameters() -> None:
    project = graph(CHAIN)
    a = node_id(project, "a")
    project = edits.share(project, a, 100, 0)
    assert node(project, "a_1").shares == a
    project = edits.set_param(project, node_id(project, "a_1"), "units", 9)
    assert node(project, "a").params == node(project, "a_1").params == {"units": 9}


def test_a_switch_of_a_call_is_set_for_this_call_alone() -> None:
    project = graph("x:Input(shape=(4, 3)) -> a:MultiHeadAttention(num_heads=2, key_dim=3) -> y:Output")
    project = edits.share(project, node_id(project, "a"), 100, 0)
    second = node_id(project, "a_1")
    project = edits.set_param(project, second, "use_causal_mask", True, catalog=CATALOG)
    project = edits.set_param(project, node_id(project, "a"), "num_heads", 5, catalog=CATALOG)
    first = {"num_heads": 5, "key_dim": 3}
    assert (node(project, "a").params, node(project, "a_1").params) == (first, {**first, "use_causal_mask": True})
    project = edits.reset_param(project, second, "use_causal_mask", catalog=CATALOG)
    assert node(project, "a").params == node(project, "a_1").params == first


def test_deleting_the_origin_of_shared_layers_makes_another_one_the_origin() -> None:
    project = graph(CHAIN)
    a = node_id(project, "a")
    project = edits.share(edits.share(project, a, 0, 0), a, 0, 0)
    project = edits.delete(project, CATALOG, [a])
    assert node(project, "a_1").shares is None
    assert node(project, "a_2").shares == node_id(project, "a_1")


def test_a_node_can_get_weights_of_its_own_again() -> None:
    project = graph(CHAIN)
    a = node_id(project, "a")
    project = edits.share(edits.share(project, a, 0, 0), a, 0, 0)
    alone = edits.unshare(project, a)
    assert [node(alone, name).shares for name in ("a", "a_1", "a_2")] == [None, None, node_id(project, "a_1")]
    assert edits.unshare(alone, a) is alone


def test_a_layer_of_another_type_keeps_what_fits() -> None:
    project = graph("x:Input -> a:Dense(units=3, activation='relu') -> dense:Dense(units=3) -> y:Output")
    swapped = edits.swap_type(project, CATALOG, node_id(project, "a"), "LSTM")
    assert node(swapped, "a").params == {"units": 3, "activation": "relu"}
    assert edges(swapped)[:2] == ["x -> a.sequences", "a -> dense"]
    swapped = edits.swap_type(project, CATALOG, node_id(project, "dense"), "Conv2D")
    assert node(swapped, "conv2d").type == "Conv2D"


def test_a_merge_made_a_plain_layer_keeps_its_first_edge() -> None:
    project = graph(BRANCHES)
    project = edits.swap_type(project, CATALOG, node_id(project, "both"), "Dense")
    assert edges(project) == ["x -> a", "x -> b", "a -> both", "both -> y"]


def test_an_input_stays_an_input() -> None:
    project = graph(CHAIN)
    assert edits.swap_type(project, CATALOG, node_id(project, "x"), "Dense") is project
    assert edits.swap_type(project, CATALOG, node_id(project, "a"), "Output") is project


def test_edits_of_what_is_not_there_change_nothing() -> None:
    project = graph(CHAIN)
    nowhere = PortRef("n99", "output")
    assert edits.move(project, {"n99": (1, 1)}) is project
    assert edits.delete(project, CATALOG, ["n99"]) is project
    assert edits.rename(project, "n99", "z") is project
    assert edits.set_param(project, "n99", "units", 1) is project
    assert edits.disconnect(project, ["e99"]) is project
    assert edits.move_rank(project, "e99", 0) is project
    assert edits.connect(project, CATALOG, nowhere, nowhere) is project
    assert edits.reconnect(project, CATALOG, "e99", source=nowhere) is project
    assert edits.bind(project, "n99", ["c"]) is project
    assert edits.swap_type(project, CATALOG, "n99", "Dense") is project
    assert edits.add_node(project, "block", block="b99") is project


def test_a_merge_that_loses_a_layer_closes_its_ranks() -> None:
    project = graph(BRANCHES)
    project = edits.delete(project, CATALOG, ids(project, "a"), heal=False)
    assert project.main.edges[edge_id(project, "b", "both")].rank == 0


def test_a_merge_put_on_an_edge_takes_it_last() -> None:
    project = graph(BRANCHES + "; x -> m:Add")
    project = edits.insert_on_edge(project, CATALOG, node_id(project, "m"), edge_id(project, "a", "both"))
    assert [project.main.edges[edge_id(project, name, "m")].rank for name in "xa"] == [0, 1]


def test_a_node_of_a_circle_is_not_bridged_to_itself() -> None:
    project = graph("a:Add -> b:Dense -> c:Dense")
    circle = Edge("e90", PortRef(node_id(project, "b"), "output"), PortRef(node_id(project, "a"), "inputs"))
    damaged = replace(project, main=Graph(project.main.nodes, {**project.main.edges, circle.id: circle}))
    assert edges(edits.delete(damaged, CATALOG, ids(project, "b"))) == ["a -> c"]


def test_a_node_that_moves_stays_what_it_is() -> None:
    before = Node("n1", "Dense", "a", {"units": 3}, 1.0, 2.0, "a note", "n9", "b3", {"key": 1})
    drawn = Project(main=Graph({"n1": before}))
    assert edits.move(drawn, {"n1": (5.0, 6.0)}).main.nodes["n1"] == replace(before, x=5.0, y=6.0)
