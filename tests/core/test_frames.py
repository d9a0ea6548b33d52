"""Frames around nodes: made, joined, left, and kept right by every edit of nodes."""

from __future__ import annotations

import pytest

from studio.core import edits
from studio.core.change import diff
from studio.core.project import Project
from studio.storage import dumps, loads
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node_id

CHAIN = graph("a:Input(shape=(4,)) -> b:Dense(units=4) -> c:Dense(units=4) -> d:Output")


def ids(*names: str) -> list[str]:
    return [node_id(CHAIN, name) for name in names]


def framed(project: Project, key: str = "main") -> list[tuple[str, list[str]]]:
    drawn = project.graph(key)
    return [(frame.title, [drawn.nodes[node].name for node in frame.nodes]) for frame in drawn.frames.values()]


def test_a_frame_stands_around_its_nodes_and_means_nothing_to_keras() -> None:
    project = edits.make_frame(CHAIN, ids("c", "b"), "Body")
    assert framed(project) == [("Body", ["b", "c"])]
    change = diff(CHAIN, project)
    assert change.is_layout_only
    assert change.of("main").frames_changed
    assert edits.make_frame(project, ids("b", "c")) is project
    assert edits.make_frame(project, ["n99"]) is project


def test_no_node_stands_in_two_frames() -> None:
    project = edits.make_frame(CHAIN, ids("b", "c"), "Body")
    project = edits.make_frame(project, ids("a", "b"), "Start")
    assert framed(project) == [("Body", ["c"]), ("Start", ["a", "b"])]
    first, second = project.main.frames
    project = edits.join_frame(project, second, ids("c"))
    assert framed(project) == [("Start", ["a", "b", "c"])]
    assert edits.join_frame(project, first, ids("d")) is project
    assert framed(edits.leave_frame(project, ids("a", "c"))) == [("Start", ["b"])]
    assert framed(edits.leave_frame(project, ids("a", "b", "c"))) == []
    assert edits.leave_frame(project, ids("d")) is project


def test_title_and_colour() -> None:
    project = edits.make_frame(CHAIN, ids("b"), "  ")
    (key,) = project.main.frames
    assert framed(project)[0][0] == "Frame"
    changed = edits.set_frame(project, key, title=" Encoder ", colour="green")
    assert (changed.main.frames[key].title, changed.main.frames[key].colour) == ("Encoder", "green")
    for title in ("", " ", "two\nlines", "x" * 101):
        assert edits.set_frame(changed, key, title=title) is changed
    assert edits.set_frame(changed, key, colour="green") is changed
    assert edits.remove_frame(changed, key).main.frames == {}
    assert edits.remove_frame(changed, "f99") is changed


def test_frames_forget_what_is_deleted() -> None:
    project = edits.make_frame(CHAIN, ids("b", "c"), "Body")
    assert framed(edits.delete(project, CATALOG, ids("b"))) == [("Body", ["c"])]
    assert framed(edits.delete(project, CATALOG, ids("b", "c"))) == []


def test_copies_bring_their_whole_frame() -> None:
    project = edits.make_frame(CHAIN, ids("b", "c"), "Body")
    assert framed(edits.duplicate(project, ids("b", "c"))) == [("Body", ["b", "c"]), ("Body", ["b_1", "c_1"])]
    assert framed(edits.duplicate(project, ids("b"))) == [("Body", ["b", "c"])]


@pytest.mark.parametrize("names", [["b", "c"], ["b"]])
def test_a_block_takes_a_frame_along_and_gives_it_back(names: list[str]) -> None:
    project = edits.make_frame(CHAIN, ids(*names), "Body")
    made = edits.make_block(project, CATALOG, ids(*names), "part")
    (block,) = made.blocks
    assert framed(made) == []
    assert framed(made, block) == [("Body", names)]
    assert loads(dumps(made)) == made
    (use,) = [key for key, node in made.main.nodes.items() if node.block]
    assert framed(edits.unpack_block(made, CATALOG, use)) == [("Body", names)]


def test_a_block_made_inside_of_a_frame_stands_in_it() -> None:
    project = edits.make_frame(CHAIN, ids("a", "b", "c"), "All")
    made = edits.make_block(project, CATALOG, ids("b", "c"), "part")
    assert framed(made) == [("All", ["a", "part"])]
    (use,) = [key for key, node in made.main.nodes.items() if node.block]
    assert framed(edits.unpack_block(made, CATALOG, use)) == [("All", ["a", "b", "c"])]
