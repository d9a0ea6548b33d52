"""Run folders: numbered, complete, and never in the way of each other."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from studio import catalog, data, storage
from studio.codegen import generate
from studio.core.project import DataSource, Project
from studio.workbench import runs
from studio.workbench.examples import example

CATALOG = catalog.load()


def gallery(name: str) -> Project:
    found = example(name)
    assert found is not None
    return found.project()


def prepare(project: Project, path: Path | None, scratch: Path) -> runs.RunFolder:
    return runs.prepare_run(project, generate(project, CATALOG), path, scratch)


def test_a_run_folder_holds_all_that_is_needed(tmp_path: Path) -> None:
    project = gallery("two_branches")
    path = tmp_path / "cells.studio"
    folder = prepare(project, path, tmp_path / "scratch")
    assert folder.path == tmp_path / "cells.runs" / "0001"
    assert folder.number == 1
    assert folder.script.read_bytes() == generate(project, CATALOG).text.encode("utf-8")
    assert storage.load(folder.path / "project.studio") == project
    assert (folder.path / "breast_cancer.csv").is_file()
    assert prepare(project, path, tmp_path / "scratch").path.name == "0002"


def test_a_project_without_a_file_runs_in_scratch(tmp_path: Path) -> None:
    folder = prepare(gallery("xor"), None, tmp_path)
    assert folder.path.is_relative_to(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders mean something else there")
def test_a_folder_that_cannot_be_written_to_is_gone_around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    folder = prepare(gallery("xor"), tmp_path / "xor.studio", tmp_path / "scratch")
    assert folder.path.is_relative_to(tmp_path / "scratch")


def test_a_number_is_never_used_twice(tmp_path: Path) -> None:
    project, path = gallery("xor"), tmp_path / "xor.studio"
    (tmp_path / "xor.runs" / "0007").mkdir(parents=True)
    (tmp_path / "xor.runs" / "notes").mkdir()
    assert prepare(project, path, tmp_path).number == 8
    assert [number for number, _ in runs.numbered(runs.runs_folder(path))] == [7, 8]


def test_a_large_data_file_is_linked_and_a_small_one_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = gallery("two_branches")
    small = prepare(project, tmp_path / "a.studio", tmp_path).path / "breast_cancer.csv"
    monkeypatch.setattr(runs, "COPIED_BYTES", 10)
    origin = data.file_path(project.data, None)
    assert origin is not None
    copied_origin = tmp_path / "breast_cancer.csv"
    copied_origin.write_bytes(origin.read_bytes())
    monkeypatch.setattr(data, "file_path", lambda source, folder: copied_origin)
    large = prepare(project, tmp_path / "b.studio", tmp_path).path / "breast_cancer.csv"
    assert small.stat().st_nlink == 1
    assert large.stat().st_nlink == 2


def test_data_that_is_not_to_be_had_is_an_os_error_with_a_sentence(tmp_path: Path) -> None:
    project = replace(gallery("xor"), data=DataSource("file", "../secret.csv"))
    with pytest.raises(OSError, match="outside the project's folder") as caught:
        runs.place_data(project, tmp_path / "x.studio", tmp_path)
    assert caught.value.strerror == str(caught.value.strerror)
    with pytest.raises(OSError, match="Save the project first"):
        prepare(project, None, tmp_path / "scratch")
    assert list((tmp_path / "scratch" / "unsaved.runs").iterdir()) == [], "a run that never began leaves no folder"


@pytest.mark.skipif(os.name != "posix", reason="this system has no limit for the size of files")
@pytest.mark.parametrize("is_large", [False, True], ids=["copied", "linked"])
def test_where_there_is_no_room_for_the_data_the_old_file_stays(
    is_large: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource as limits

    project = gallery("two_branches")
    target = tmp_path / "breast_cancer.csv"
    target.write_text("mine\n", encoding="utf-8")
    if is_large:
        monkeypatch.setattr(runs, "COPIED_BYTES", 10)
        monkeypatch.setattr(os, "link", refused)
    before = limits.getrlimit(limits.RLIMIT_FSIZE)
    limits.setrlimit(limits.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(OSError, match="large"):
            runs.place_data(project, None, tmp_path)
    finally:
        limits.setrlimit(limits.RLIMIT_FSIZE, before)
    assert target.read_text(encoding="utf-8") == "mine\n"
    assert [path.name for path in tmp_path.iterdir()] == ["breast_cancer.csv"]


def refused(*ends: Path) -> None:
    raise OSError("another disk")
