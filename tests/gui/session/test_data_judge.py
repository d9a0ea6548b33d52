"""Problems of the data reach the session, and follow the file on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from studio import data
from studio.core import edits
from studio.core.project import Project
from studio.gui.session import Session
from studio.gui.session.checker import Checker
from studio.gui.session.data_judge import DataJudge
from tests.support.catalog import CATALOG
from tests.support.engines import fake_engine
from tests.support.graphs import graph

GOOD = "a,b,y\n" + "".join(f"{n},{n % 3},{n % 2}\n" for n in range(40))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(GOOD)
    return path


@pytest.fixture
def session(qtbot: QtBot, table: Path) -> Iterator[Session]:
    source = data.choose("file", "t.csv", folder=table.parent)
    project = edits.set_data(graph("x:Input -> a:Dense(units=2) -> y:Output"), source)
    made = Session(CATALOG, Project(), checker=Checker(engine=fake_engine("checker")))
    made.load(project, table.parent / "p.studio")
    yield made
    made.close()


def told(session: Session) -> str:
    return " ".join(problem.message for problem in session.problems if problem.code.startswith("data_"))


def test_good_data_is_not_talked_about(session: Session) -> None:
    session.look_at_data()
    assert told(session) == ""


def test_a_file_that_goes_and_comes_back(qtbot: QtBot, session: Session, table: Path) -> None:
    table.rename(table.with_name("other.csv"))
    session.look_at_data()
    assert "The file “t.csv” is not there." in told(session)
    assert session.problems[0].severity == "error"
    table.with_name("other.csv").rename(table)
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)
    app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    qtbot.waitUntil(lambda: told(session) == "")


def test_a_cell_that_another_program_spoilt(session: Session, table: Path) -> None:
    table.write_text(GOOD.replace("7,1,1", "many,1,1"))
    session.look_at_data()
    assert "“many”" in told(session)
    assert "“a”" in told(session)


def test_a_change_of_the_folder_is_a_change_of_the_data(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    session.load(session.project, tmp_path / "elsewhere" / "p.studio")
    qtbot.waitUntil(lambda: "t.csv" in told(session))


def test_large_data_is_looked_at_beside_the_event_loop(qtbot: QtBot, table: Path) -> None:
    table.write_text("a,y\n" + "1,0\n2,1\n" * 5_000)
    source = data.choose("file", "t.csv", folder=table.parent)
    table.write_text("a,y\n" + "1,0\n2,1\n" * 5_000 + "x,1\n" * 2)
    judge = DataJudge()
    judge.judge(source, table.parent)
    assert judge.problems == ()
    qtbot.waitUntil(lambda: bool(judge.problems))
    assert "“x”" in judge.problems[0].message
    judge.close()


@pytest.mark.parametrize("kind", ["pipe", "folder", "circle", "nothing", "outside", "long"])
def test_what_is_no_file_is_a_sentence(qtbot: QtBot, session: Session, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "odd.csv"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "circle":
            path.symlink_to(tmp_path / "second.csv")
            (tmp_path / "second.csv").symlink_to(path)
        case "outside":
            path.symlink_to("/etc/passwd")
    name = "x" * 300 + ".csv" if kind == "long" else "odd.csv"
    source = replace(session.project.data, name=name)
    session.apply(lambda project: edits.set_data(project, source), "Odd data")
    session.look_at_data()
    assert session.problems[0].severity == "error"
    assert told(session).startswith(("The file", "“odd.csv”", "odd.csv"))
