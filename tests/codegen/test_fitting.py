"""What compile and fit are told beyond optimizer, loss and metrics, and that it is read back from the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.codegen import generate
from studio.core.project import Project
from studio.importing.script import edited
from tests.codegen.projects import CATALOG, PROJECTS


def planned(**changes: object) -> Project:
    project = PROJECTS["two_branches"]()
    return replace(project, training=replace(project.training, **changes))  # type: ignore[arg-type]


def test_what_is_as_usual_is_not_told() -> None:
    text = generate(planned(), CATALOG).text
    assert not any(name in text for name in ("jit_compile", "steps_per_execution", "run_eagerly"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"jit_compile": True}, "jit_compile=True,"),
        ({"jit_compile": False}, "jit_compile=False,"),
        ({"steps_per_execution": 16}, "steps_per_execution=16,"),
        ({"run_eagerly": True}, "run_eagerly=True,"),
    ],
)
def test_a_choice_is_told_and_read_back(changes: dict[str, object], told: str) -> None:
    usual, project = planned(), planned(**changes)
    source = generate(usual, CATALOG)
    text = generate(project, CATALOG).text
    assert told in text.split("def compile_model")[1].split("def ")[0]
    typed = edited(usual, source.text, usual, source.spans, text, CATALOG)
    assert typed.complaints == ()
    assert typed.project == project
    back = edited(project, text, project, generate(project, CATALOG).spans, source.text, CATALOG)
    assert back.project == usual
