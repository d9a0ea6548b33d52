"""Chains of one block become loops, and every use knows its lines."""

from __future__ import annotations

from studio.catalog.values import KerasObject
from studio.codegen import generate
from studio.core import edits
from studio.core.project import Project
from tests.codegen.projects import CATALOG, PROJECTS, draw
from tests.support.graphs import node_id


def build(project: Project) -> str:
    text = generate(project, CATALOG).text
    return text[text.index("def build_model") : text.index("def compile_model")]


def lines(project: Project, name: str) -> list[str]:
    source = generate(project, CATALOG)
    text = source.text.splitlines()
    return [
        line.strip()
        for span in source.lines_of(node_id(project, name))
        for line in text[span.first_line - 1 : span.last_line]
    ]


def test_a_use_in_a_loop_has_the_lines_of_the_loop() -> None:
    project = PROJECTS["stages"]()
    assert lines(project, "t2") == ["for _ in range(4):", "x = stage(x)"]
    assert lines(project, "u3") == ["for units in [10, 9, 8]:", "x = stage(x, units=units)"]


def test_a_long_table_has_a_line_for_each_use() -> None:
    project = PROJECTS["stages"]()
    for number in range(1, 6):
        project = edits.set_param(project, node_id(project, f"s{number}"), "rate", number / 37)
    assert "    for units, rate in [\n        (64, 0.02702702702702703),\n        (48, " in build(project)
    assert lines(project, "s2") == ["(48, 0.05405405405405406),", "x = stage(x, units=units, rate=rate)"]


def test_what_is_the_same_in_every_turn_is_said_once() -> None:
    project = PROJECTS["stages"]()
    for name in ("t1", "t2", "t3", "t4"):
        project = edits.set_param(project, node_id(project, name), "units", 7)
    assert "for _ in range(4):\n        x = stage(x, units=7)\n" in build(project)


def test_a_note_ends_a_loop() -> None:
    project = PROJECTS["stages"]()
    project = edits.set_note(project, node_id(project, "t2"), "Here it narrows.")
    text = build(project)
    assert "    x = stage(x)\n    # Here it narrows.\n    x = stage(x)\n    x = stage(x)\n" in text
    project = edits.set_note(edits.set_note(project, node_id(project, "t2"), ""), node_id(project, "t1"), "Four.")
    assert "    # Four.\n    for _ in range(4):\n" not in build(project)  # The note is about the first one alone.


def test_one_number_and_one_word_do_not_look_alike() -> None:
    project = PROJECTS["stages"]()
    project = edits.set_param(project, node_id(project, "u1"), "units", KerasObject("HeNormal"))
    assert 'for units in ["he_normal", 9, 8]:' in build(project)


def test_results_that_are_needed_again_are_no_part_of_a_loop() -> None:
    project = draw("", "t2 & t4 -> sum:Add -> other:Output", PROJECTS["stages"]())
    text = build(project)
    assert "t2 = stage(x)" in text
    assert "for _ in" not in text
