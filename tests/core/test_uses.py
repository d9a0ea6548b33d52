"""The uses that lead into a block, however deep it lies."""

from __future__ import annotations

from studio.core import edits, uses
from studio.core.project import BLOCK, MAIN, Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id


def nested() -> tuple[Project, str, str]:
    """A block "inner" in a block "outer", which is used twice; and inner once more by itself."""
    project = graph("x:Input(shape=(4,)) -> a:Dense(units=3) -> y:Output")
    project = edits.make_block(project, CATALOG, [node_id(project, "a")], "inner")
    (inner,) = project.blocks
    project = edits.make_block(project, CATALOG, [node_id(project, "inner")], "outer")
    outer = next(key for key in project.blocks if key != inner)
    project = edits.add_node(project, BLOCK, x=0, y=0, block=outer)
    return edits.add_node(project, BLOCK, x=0, y=0, block=inner), outer, inner


def test_every_path_is_found_and_told_by_its_names() -> None:
    project, outer, inner = nested()
    paths = uses.paths_to(project, inner)
    assert [uses.words_of(project, path) for path in paths] == ["outer › inner", "outer_1 › inner", "inner"]
    assert all(uses.graph_of(project, path) == inner for path in paths)
    assert uses.first_to(project, outer) == (node_id(project, "outer"),)
    assert uses.prefix_of(paths[0]) == f"{node_id(project, 'outer')}/{node_id(project, 'inner', outer)}/"
    assert uses.paths_to(project, inner, 1) == paths[:1]
    assert uses.first_to(project, MAIN) == ()
    assert uses.graph_of(project, ()) == MAIN
    gone = edits.delete(project, CATALOG, [node_id(project, "outer_1")])
    assert uses.graph_of(gone, paths[1]) is None
    assert len(uses.paths_to(gone, inner)) == 2


def test_thousands_of_paths_are_not_all_looked_for() -> None:
    project = graph("x:Input(shape=(4,)) -> l0:Dense(units=3) -> y:Output")
    first = ""
    for level in range(1, 20):
        names = [f"l{level - 1}"] if level == 1 else [f"l{level - 1}", "again"]
        project = edits.make_block(project, CATALOG, [node_id(project, name) for name in names], f"l{level}")
        block = max(project.blocks, key=lambda key: int(key[1:]))
        first = first or block
        project = edits.add_node(project, BLOCK, x=0, y=0, block=block)
        new = f"n{project.next_id - 1}"
        project = edits.rename(project, new, "again")
    assert len(uses.paths_to(project, first)) == uses.MOST_PATHS
