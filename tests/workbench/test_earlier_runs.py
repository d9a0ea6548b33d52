"""What earlier sessions left is read back digit for digit; folders that are damaged or hostile are passed over."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import catalog
from studio.codegen import generate
from studio.core.project import Project
from studio.workbench import earlier_runs, runs
from studio.workbench.earlier_runs import list_runs
from studio.workbench.examples import example

CATALOG = catalog.load()
HEAD = "epoch,step,is_partial,learning_rate,seconds,loss,val_loss\n"


def gallery(name: str) -> Project:
    found = example(name)
    assert found is not None
    return found.project()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "xor.studio"


def made(path: Path, metrics: str = "") -> Path:
    """A run of a project, as the window leaves it."""
    project = gallery("xor")
    folder = runs.prepare_run(project, generate(project, CATALOG), path, path.parent / "scratch").path
    if metrics:
        (folder / "metrics.csv").write_text(metrics)
    return folder


def test_a_run_comes_back_with_its_code_its_drawing_and_its_end(path: Path) -> None:
    folder = made(path)
    (record,) = list_runs(path).runs
    assert (record.path, record.number, record.outcome, record.epochs) == (folder, 1, "", ())
    assert record.project == gallery("xor")
    assert record.source_text == generate(gallery("xor"), CATALOG).text
    runs.record_end(folder, "finished", "Finished after 3 epochs.", 33)
    (record,) = list_runs(path).runs
    assert (record.outcome, record.message, record.parameters) == ("finished", "Finished after 3 epochs.", 33)


def test_metrics_come_back_digit_for_digit(path: Path) -> None:
    made(path, HEAD + "1,10,0,0.01,0.5,0.30000001192092896,\n2,15,1,0.02,0.25,nan,0.25\n")
    (record,) = list_runs(path).runs
    first, second = record.epochs
    assert (first.step, first.is_partial, first.learning_rate, first.seconds) == (10, False, 0.01, 0.5)
    assert (second.step, second.is_partial, second.learning_rate, second.seconds) == (15, True, 0.02, 0.25)
    assert list(record.metrics) == ["loss", "val_loss"]
    assert record.metrics["loss"][0] == 0.30000001192092896
    assert math.isnan(record.metrics["loss"][1])
    assert record.metrics["val_loss"] == (0.25,)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ("", 0),
        ("1,10,0,0.01,0.5,0.3,\n2,20,0,0.0", 1),
        ("1,10,0,0.01,0.5,0.3,\n1,20,0,0.01,0.5,0.3,\n", 1),
        ("1,10,0,0.01,0.5,0.3,\n2,5,0,0.01,0.5,0.3,\n", 1),
        ("1,10,0,0.01,0.5,0.3,,,,\n", 0),
        ("1,10,0,0.01,0.5,abc,\n", 0),
        ("1,1e9,0,0.01,0.5,0.3,\n", 0),
        ("1,10,0,0.01,inf,0.3,\n", 0),
        ("1,-1,0,0.01,0.5,0.3,\n", 0),
        ("9" * 6000 + ",10,0,0.01,0.5,0.3,\n", 0),
        ("\x00", 0),
    ],
)
def test_numbers_are_taken_up_to_what_is_damaged(path: Path, rows: str, count: int) -> None:
    made(path, HEAD + rows)
    (record,) = list_runs(path).runs
    assert len(record.epochs) == count


@given(text=st.one_of(st.text(), st.lists(st.text('0123456789.,\nean"', max_size=60)).map("".join).map(HEAD.__add__)))
def test_no_text_in_place_of_the_numbers_is_an_error(text: str) -> None:
    for number, epoch in enumerate(earlier_runs._rows(text), 1):
        assert epoch.epoch == number


@given(text=st.one_of(st.text(), st.recursive(st.none() | st.text(), st.lists).map(repr), st.just("[" * 100_000)))
def test_no_text_in_place_of_the_outcome_is_an_error(text: str) -> None:
    assert earlier_runs._outcome(text)[0] in {"", *earlier_runs.OUTCOMES}


def no_code(folder: Path) -> None:
    (folder / "model.py").unlink()


def no_drawing(folder: Path) -> None:
    (folder / "project.studio").unlink()


def half_a_drawing(folder: Path) -> None:
    drawing = folder / "project.studio"
    drawing.write_bytes(drawing.read_bytes()[:100])


def deep_drawing(folder: Path) -> None:
    (folder / "project.studio").write_text("[" * 200_000)


def binary_code(folder: Path) -> None:
    (folder / "model.py").write_bytes(b"\xff\xfe\x00")


def large_code(folder: Path) -> None:
    (folder / "model.py").write_bytes(b"#" * (earlier_runs.MOST_CODE_BYTES + 1))


def folder_for_code(folder: Path) -> None:
    no_code(folder)
    (folder / "model.py").mkdir()


def pipe_for_code(folder: Path) -> None:
    no_code(folder)
    os.mkfifo(folder / "model.py")


def link_for_code(folder: Path) -> None:
    no_code(folder)
    (folder / "model.py").symlink_to(Path(__file__))


def link_for_all(folder: Path) -> None:
    folder.rename(folder.parent.parent / "elsewhere")
    folder.symlink_to(folder.parent.parent / "elsewhere")


def file_for_all(folder: Path) -> None:
    folder.rename(folder.parent.parent / "elsewhere")
    folder.write_text("no folder")


POSIX = pytest.mark.skipif(os.name == "nt", reason="pipes, and links without special rights")


@pytest.mark.parametrize(
    "damage",
    [
        no_code, no_drawing, half_a_drawing, deep_drawing, binary_code, large_code, folder_for_code, file_for_all,
        pytest.param(pipe_for_code, marks=POSIX), pytest.param(link_for_code, marks=POSIX),
        pytest.param(link_for_all, marks=POSIX),
    ],
)  # fmt: skip
def test_what_is_no_whole_run_is_passed_over_and_named(path: Path, damage: Callable[[Path], None]) -> None:
    for _ in range(3):
        folder = made(path)
        if folder.name == "0002":
            damage(folder)
    found = list_runs(path)
    assert [record.number for record in found.runs] == [1, 3]
    assert found.damaged == (2,)


@pytest.mark.parametrize("content", [None, b"a file where the folder should be"])
def test_without_a_folder_there_are_no_runs(path: Path, content: bytes | None) -> None:
    if content is not None:
        runs.runs_folder(path).write_bytes(content)
    assert list_runs(path) == earlier_runs.EarlierRuns()


def test_the_newest_runs_are_read_and_the_others_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        made(path)
    monkeypatch.setattr(earlier_runs, "MOST_RUNS", 3)
    found = list_runs(path)
    assert [record.number for record in found.runs] == [2, 3, 4]
    assert found.left_out == 1
    monkeypatch.setattr(earlier_runs, "MOST_BYTES_IN_ALL", 10)
    found = list_runs(path)
    assert [record.number for record in found.runs] == [4]
    assert found.left_out == 3


def test_reading_stops_when_nobody_wants_it_any_more(path: Path) -> None:
    for _ in range(4):
        made(path)
    wishes = iter([True, False])
    assert [record.number for record in list_runs(path, lambda: next(wishes)).runs] == [4]
