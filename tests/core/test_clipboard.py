"""Copy, paste and duplicate."""

from __future__ import annotations

from studio import storage
from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import edge_id, edges, graph, node, node_id

DRAWING = "x:Input -> a:Dense(units=3) -> dense_1:Dense(units=4) -> y:Output; x & a -> m:Concatenate"


def ids(project: Project, *names: str) -> list[str]:
    return [node_id(project, name) for name in names]


def test_a_duplicate_has_inner_edges_and_fresh_names() -> None:
    project = graph(DRAWING)
    bigger = edits.duplicate(project, ids(project, "a", "dense_1"), dx=10, dy=20)
    assert edges(bigger)[len(edges(project)) :] == ["a_1 -> dense_2"]
    assert edits.pasted_ids(project, bigger) == set(ids(bigger, "a_1", "dense_2"))
    old, new = node(bigger, "a"), node(bigger, "a_1")
    assert (new.x - old.x, new.y - old.y) == (10, 20)
    assert new.params == {"units": 3}


def test_ranks_of_what_is_copied_have_no_gaps() -> None:
    project = graph(DRAWING)
    fragment = edits.copy(project, ids(project, "a", "m"))
    assert [edge.rank for edge in fragment.graph.edges.values()] == [0]


def test_way_points_are_pasted_along() -> None:
    project = graph(DRAWING)
    project = edits.set_route(project, edge_id(project, "x", "a"), [(1.0, 2.0)])
    project = edits.duplicate(project, ids(project, "x", "a"), dx=10, dy=10)
    assert project.main.edges[edge_id(project, "x_1", "a_1")].route == ((11.0, 12.0),)


def test_shared_layers_stay_shared_among_the_copies_only() -> None:
    project = graph(DRAWING)
    a = node_id(project, "a")
    project = edits.share(edits.share(project, a, 0, 0), a, 0, 0)
    both = edits.duplicate(project, ids(project, "a", "a_1"))
    assert node(both, "a_4").shares == node_id(both, "a_3")
    calls = edits.duplicate(project, ids(project, "a_1", "a_2"))
    assert node(calls, "a_3").shares is None
    assert node(calls, "a_4").shares == node_id(calls, "a_3")


def test_a_fragment_can_be_pasted_into_another_project() -> None:
    project = graph(DRAWING)
    other = edits.paste(graph("x:Input"), edits.copy(project, ids(project, "x", "a")))
    assert edges(other) == ["x_1 -> a"]


def test_nothing_copied_is_nothing_pasted() -> None:
    project = graph(DRAWING)
    assert edits.paste(project, edits.copy(project, ["n99"])) is project
    assert edits.duplicate(project, []) is project


def test_deleting_what_was_pasted_leaves_the_rest() -> None:
    project = graph(DRAWING)
    bigger = edits.duplicate(project, list(project.main.nodes))
    smaller = edits.delete(bigger, CATALOG, edits.pasted_ids(project, bigger))
    assert smaller.main == project.main


SCALE = "def scale(x):\n    return x / factor()\n"
FACTOR = "def factor():\n    return 2.0\n"


def with_own_code(factor: str = FACTOR) -> Project:
    project = edits.add_snippet(graph(DRAWING), "function", "scale", SCALE)
    project = edits.add_snippet(project, "function", "factor", factor)
    project = edits.add_snippet(project, "loss", "unrelated", "def unrelated(y_true, y_pred):\n    return y_pred\n")
    return edits.set_param(project, node_id(project, "a"), "activation", KerasObject("scale"), catalog=CATALOG)


def test_own_code_comes_along_into_another_project() -> None:
    project = with_own_code()
    fragment = edits.copy(project, ids(project, "a"))
    assert [snippet.name for snippet in fragment.snippets.values()] == ["factor", "scale"]
    fragment = edits.Fragment.of_project(storage.loads(storage.dumps(fragment.as_project())))
    other = edits.paste(Project(), fragment)
    assert {snippet.name: snippet.source for snippet in other.snippets.values()} == {"scale": SCALE, "factor": FACTOR}
    again = edits.paste(other, fragment)
    assert again.snippets == other.snippets, "what is there already is used"
    assert len(again.main.nodes) == 2
    storage.dumps(again)


def test_a_duplicate_uses_the_same_code() -> None:
    project = with_own_code()
    assert edits.duplicate(project, ids(project, "a")).snippets == project.snippets


def test_other_code_of_the_same_name_is_left_alone() -> None:
    project = with_own_code()
    other = with_own_code("def factor():\n    return 3.0\n")
    pasted = edits.paste(other, edits.copy(project, ids(project, "a")))
    sources = {snippet.name: snippet.source for snippet in pasted.snippets.values()}
    assert sources["factor"] == "def factor():\n    return 3.0\n"
    assert sources["factor_1"] == "def factor_1():\n    return 2.0\n"
    assert sources["scale"] == SCALE
    assert sources["scale_1"] == "def scale_1(x):\n    return x / factor_1()\n"
    (new,) = edits.pasted_ids(other, pasted)
    assert pasted.main.nodes[new].params["activation"] == KerasObject("scale_1")
    storage.dumps(pasted)
