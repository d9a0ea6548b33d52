"""Notes: texts on the canvas that belong to no node. They mean nothing to Keras and are lost by no edit."""

from __future__ import annotations

import pytest

from studio import codegen
from studio.core import edits
from studio.core.change import diff
from studio.core.compare import compare
from studio.core.edits.notes import LEAST_HEIGHT, LEAST_WIDTH
from studio.core.project import MAIN, Note, Project
from studio.layout import tidy
from studio.storage import dumps, loads
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


def drawn() -> Project:
    return graph("image:Input -> conv:Conv2D -> flat:Flatten -> probs:Dense -> out:Output")


def noted(project: Project, text: str = "Why a kernel of 3?", **where: float) -> tuple[Project, str]:
    return edits.add_note(project, text, **where), f"t{project.next_id}"  # type: ignore[arg-type]


def node(project: Project, name: str) -> str:
    return next(node.id for node in project.main.nodes.values() if node.name == name)


def test_a_note_is_added_changed_moved_and_deleted() -> None:
    start = drawn()
    project, id = noted(start, x=40, y=50)
    assert project.main.notes[id] == Note(id, "Why a kernel of 3?", 40, 50)
    assert edits.change_note(project, id, text="Why a kernel of 3?") is project
    wider = edits.change_note(project, id, size=(300, 1), colour="blue")
    assert (wider.main.notes[id].width, wider.main.notes[id].height) == (300, LEAST_HEIGHT)
    assert edits.change_note(project, id, size=(-5, 80)).main.notes[id].width == LEAST_WIDTH
    moved = edits.move(project, {id: (1, 2), node(project, "conv"): (3, 4)})
    assert (moved.main.notes[id].x, moved.main.notes[id].y) == (1, 2)
    assert moved.main.nodes[node(project, "conv")].x == 3
    gone = edits.delete(moved, CATALOG, [id])
    assert gone.main.notes == {}
    assert gone.main.nodes == moved.main.nodes
    assert edits.change_note(project, "t99", text="x") is project


@pytest.mark.parametrize(
    ("typed", "kept"), [("a\r\nb\rc", "a\nb\nc"), ("a\x00b\x07", "ab"), ("\ud800half", "half"), ("end \n\n ", "end")]
)
def test_what_no_file_can_hold_is_not_written(typed: str, kept: str) -> None:
    project, id = noted(Project(), typed)
    assert project.main.notes[id].text == kept
    assert loads(dumps(project)) == project


def test_notes_change_neither_code_nor_meaning() -> None:
    project, _ = noted(drawn(), '"""\nimport os  # not code')
    change = diff(drawn(), project)
    assert change.is_layout_only
    assert change.of(MAIN).notes_changed
    assert codegen.generate(project, CATALOG).text == codegen.generate(drawn(), CATALOG).text


def test_a_file_of_before_has_none_and_one_with_notes_is_byte_stable() -> None:
    text = dumps(drawn())
    assert '"notes"' not in text
    assert loads(text).main.notes == {}
    project, id = noted(drawn(), "two\nlines")
    project = edits.make_frame(project, [node(project, "conv"), id], "Frame")
    again = loads(dumps(project))
    assert again == project
    assert dumps(again) == dumps(project)


def test_a_frame_holds_notes_and_lets_them_go() -> None:
    project, id = noted(drawn())
    assert edits.make_frame(project, [id]) is project, "no frame around notes alone"
    project = edits.make_frame(project, [node(project, "conv"), id])
    (frame,) = project.main.frames.values()
    assert frame.notes == (id,)
    assert edits.frame_of(project.main, id) is frame
    assert edits.leave_frame(project, [id]).main.frames[frame.id].notes == ()
    assert edits.delete(project, CATALOG, [id]).main.frames[frame.id].notes == ()
    assert edits.delete(project, CATALOG, [node(project, "conv")], heal=False).main.notes.keys() == {id}


def test_copies_take_notes_and_their_frame_along() -> None:
    project, id = noted(drawn(), x=10, y=20)
    project = edits.make_frame(project, [node(project, "conv"), id])
    after = edits.duplicate(project, [node(project, "conv"), id], dx=24, dy=24)
    (copy,) = after.main.notes.keys() - {id}
    assert copy in edits.pasted_ids(project, after)
    assert (after.main.notes[copy].x, after.main.notes[copy].y) == (34, 44)
    assert {frame.notes for frame in after.main.frames.values()} == {(id,), (copy,)}
    alone = edits.duplicate(project, [id])
    assert len(alone.main.notes) == 2
    assert alone.main.nodes == project.main.nodes


def test_a_block_takes_its_notes_in_and_gives_them_back() -> None:
    project, mine = noted(drawn(), "of the block", x=5, y=5)
    project, other = noted(project, "beside", x=900, y=5)
    project = edits.make_frame(project, [node(project, "conv"), mine])
    made = edits.make_block(project, CATALOG, [node(project, "conv"), node(project, "flat")], "part")
    (block,) = made.blocks.values()
    assert block.graph.notes.keys() == {mine}, "it was in a frame that went in"
    assert made.main.notes.keys() == {other}
    use = next(node.id for node in made.main.nodes.values() if node.block)
    back = edits.unpack_block(made, CATALOG, use)
    assert sorted(note.text for note in back.main.notes.values()) == ["beside", "of the block"]
    assert [len(frame.notes) for frame in back.main.frames.values()] == [1]


def test_versions_tell_which_notes_came_went_and_say_something_else() -> None:
    old, kept = noted(drawn(), "kept")
    old, gone = noted(old, "gone")
    old, other = noted(old, "before")
    new = edits.delete(edits.change_note(old, other, text="after", place=(9, 9)), CATALOG, [gone])
    new = edits.change_note(new, kept, colour="red", place=(700, 1))
    new, added = noted(new, "added\nand more")
    found = {(each.kind, each.name, each.node) for each in compare(old, new)}
    assert found == {("added", "added", added), ("removed", "gone", gone), ("changed", "after", other)}
    assert all(each.type == "note" for each in compare(old, new))


def test_tidying_takes_a_note_along_with_its_layer_and_covers_none() -> None:
    project = drawn()
    places = {node(project, name): (float(700 * k % 900), float(130 * k)) for k, name in enumerate(("image", "conv"))}
    project = edits.move(project, places)
    conv = project.main.nodes[node(project, "conv")]
    project, id = noted(project, x=conv.x + 200, y=conv.y)
    after = tidy(project, catalog=CATALOG)
    moved, note = after.main.nodes[conv.id], after.main.notes[id]
    assert (note.x - moved.x, note.y - moved.y) == (200, 0)
    for each in after.main.nodes.values():
        is_apart = note.x >= each.x + 184 or note.x + note.width <= each.x
        assert is_apart or note.y >= each.y + 60 or note.y + note.height <= each.y
