"""Uses of blocks that are applied to every time step: what may be done with them, and what is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio import storage
from studio.core import edits, rules, uses
from studio.core.compare import compare
from studio.core.project import Project, WeightsFile
from tests.codegen.test_every_step import frames, texts_of_sentences
from tests.support.catalog import CATALOG
from tests.support.graphs import graph, node, node_id


def codes(project: Project) -> dict[str, str]:
    return {each.code: each.message for each in rules.problems(project, CATALOG)}


def test_only_uses_of_blocks_are_switched_and_nothing_else_changes() -> None:
    project = frames()
    look, film = node_id(project, "look"), node_id(project, "film")
    assert edits.set_time_distributed(project, [look, film, "n99"], True) is project
    whole = edits.set_time_distributed(project, [look, film], False)
    assert replace(node(whole, "look"), is_time_distributed=True) == node(project, "look")
    assert edits.set_time_distributed(whole, [look], True) == project
    (difference,) = compare(whole, project)
    assert (difference.name, difference.details) == ("look", ("applied to every time step",))
    (difference,) = compare(project, whole)
    assert difference.details == ("not applied to every time step any more",)


def test_a_copy_and_a_further_use_are_applied_so_too() -> None:
    project = frames()
    look = node_id(project, "look")
    pasted = edits.paste(project, edits.copy(project, [look]))
    shared = edits.share(project, look, 0, 0)
    assert node(pasted, "look_1").is_time_distributed
    assert node(shared, "look_1").is_time_distributed
    moved = edits.move(project, {look: (7.0, 8.0)})
    assert node(moved, "look").is_time_distributed


@pytest.mark.parametrize("end", ["Input", "Output"])
def test_a_block_of_several_ends_cannot_be_applied_so(end: str) -> None:
    project = frames()
    (block,) = project.blocks
    project = edits.add_node(project, end, graph=block)
    counts = "2 Inputs and 1 Output" if end == "Input" else "1 Input and 2 Outputs"
    assert codes(project)["time_distributed"] == (
        "Only a block of one Input and one Output can be applied to every time step;"
        f" look, which look uses, has {counts}."
    )
    assert rules.why_not_time_distributed(frames(), node(frames(), "look")) == ""


def test_what_measures_the_data_stands_in_no_such_block() -> None:
    project = frames()
    assert "shared_learning" not in codes(project)
    (block,) = project.blocks
    project = graph("n:Normalization", project=project, key=block)
    assert codes(project)["shared_learning"].startswith("n learns from the data before training")
    started = replace(project.training, starts_from=WeightsFile("/models/film.keras", "1-2"))
    assert "shared_learning" not in codes(edits.set_training(project, started))


def test_its_layers_do_not_come_out_of_it_nor_others_in() -> None:
    project = frames()
    look = node_id(project, "look")
    (block,) = project.blocks
    assert edits.unpack_block(project, CATALOG, look) is project
    why = rules.why_not_unpack(project, look)
    assert why is not None
    assert why.message == "look is applied to every time step, which the layers alone would not be."
    inside = [each.id for each in project.blocks[block].graph.nodes.values() if each.type == "Conv2D"]
    assert rules.why_not_move_into(project, [node_id(project, "read")], look) is not None
    assert rules.why_not_move_out(project, inside[:1], graph=block) is not None
    whole = edits.set_time_distributed(project, [look], False)
    assert rules.why_not_unpack(whole, look) is None
    assert rules.why_not_move_into(whole, [node_id(project, "read")], look) is None


def test_a_path_tells_that_one_step_is_looked_at() -> None:
    project = texts_of_sentences()
    whole, sentence = node(project, "whole"), node(project, "sentence", node(project, "whole").block)
    assert uses.words_of(project, (whole.id, sentence.id)) == "whole (one step) › sentence (one step)"


def test_the_file_says_it_and_has_another_format_only_then() -> None:
    project = frames()
    text = storage.dumps(project)
    assert text.startswith('{\n  "format": 2,')
    assert '"is_time_distributed": true' in text
    assert storage.loads(text) == project
    assert storage.dumps(storage.loads(text)) == text
    plain = edits.set_time_distributed(project, [node_id(project, "look")], False)
    assert storage.dumps(plain).startswith('{\n  "format": 1,')
    assert "is_time_distributed" not in storage.dumps(plain)
    assert storage.loads(text.replace('"format": 2', '"format": 1')) == project
    noted = edits.set_note(project, node_id(project, "look"), "a\nb")  # written by the encoder
    noted = edits.set_param(noted, node_id(noted, "look"), "some", (1, 2))
    assert storage.loads(storage.dumps(noted)) == noted
