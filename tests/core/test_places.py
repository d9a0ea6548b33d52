"""A project may not choose where on this machine a callback writes, nor which files Keras reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.catalog.values import KerasObject
from studio.core import rules
from studio.core.project import Project
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


def plan_problems(project: Project) -> list[str]:
    return [problem.message for problem in rules.problems(project, CATALOG) if problem.code == "callback_place"]


def with_callback(callback: str, parameter: str, place: str) -> Project:
    plan = replace(Project().training, callbacks=(KerasObject(callback, {parameter: place}),))
    return replace(Project(), training=plan)


OUTSIDE = ["/etc/x.keras", "../x.keras", "a/../../x", "~/x", "C:\\x", "\\\\server\\x", "gs://bucket/x", "", " "]


@pytest.mark.parametrize("place", OUTSIDE)
@pytest.mark.parametrize(
    ("callback", "parameter"),
    [
        ("ModelCheckpoint", "filepath"),
        ("CSVLogger", "filename"),
        ("TensorBoard", "log_dir"),
        ("BackupAndRestore", "backup_dir"),
        ("OrbaxCheckpoint", "directory"),
    ],
)
def test_a_place_outside_the_run_folder_is_an_error(callback: str, parameter: str, place: str) -> None:
    project = with_callback(callback, parameter, place)
    (message,) = plan_problems(project)
    assert message.startswith(f"{callback} would write to ")
    problem = rules.why_not_train(project, CATALOG)
    assert problem is not None
    assert problem.severity == "error"


@pytest.mark.parametrize("place", ["best.keras", "best/{epoch:02d}.keras", "logs", "a b.keras", "..best.keras"])
def test_a_place_inside_is_fine(place: str) -> None:
    assert plan_problems(with_callback("ModelCheckpoint", "filepath", place)) == []


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_numpy_does_not_take(seed: int) -> None:
    project = replace(Project(), training=replace(Project().training, seed=seed))
    assert [problem.code for problem in rules.problems(project, CATALOG)].count("seed") == 1


@pytest.mark.parametrize(
    "layer",
    [
        'StringLookup(vocabulary="/etc/passwd")',
        'IntegerLookup(vocabulary="/etc/passwd")',
        'TextVectorization(idf_weights="/etc/passwd")',
        'Embedding(input_dim=3, output_dim=2, weights="/etc/passwd")',
        'Lambda(function="lambda x: x")',
    ],
)
def test_files_and_code_are_no_values_of_parameters(layer: str) -> None:
    found = rules.problems(graph(f"x:Input(shape=(3,)) -> a:{layer} -> y:Output"), CATALOG)
    codes = {problem.code for problem in found if problem.severity == "error"}
    assert codes & {"parameter", "unknown_parameter"}
