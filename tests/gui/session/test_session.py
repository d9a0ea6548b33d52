"""The session: what is derived follows the project, and undo gives back what was selected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio import codegen
from studio.assets import resource
from studio.core import edits
from studio.core.project import MAIN
from studio.gui.session import Session
from studio.gui.session.checker import Checker
from tests.support.catalog import CATALOG
from tests.support.engines import fake_engine
from tests.support.graphs import graph, node_id

DRAWING = "x:Input(shape=(3,)) -> a:Dense(units=10) -> b:Dense(units=5) -> y:Output"
INNER = tuple(node_id(graph(DRAWING), name) for name in "ab")


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session(CATALOG, graph(DRAWING), checker=Checker(engine=fake_engine("checker")))
    yield made
    made.close()


def started(qtbot: QtBot, session: Session) -> Session:
    session.start()
    qtbot.waitUntil(lambda: session.engine_state == "ready" and len(session.answers) == 4)
    return session


def test_undo_gives_back_the_selection(qtbot: QtBot, session: Session) -> None:
    a = node_id(session.project, "a")
    before = session.project
    session.set_selection((a,))
    session.apply(lambda project: edits.delete(project, CATALOG, (a,)), "Delete a")
    assert session.selection == frozenset()
    session.undo()
    assert session.project is before
    assert session.selection == {a}
    session.redo()
    assert session.selection == frozenset()


def test_what_an_edit_adds_can_be_selected_with_it(session: Session) -> None:
    added = f"n{session.project.next_id}"
    session.apply(lambda project: edits.add_node(project, "Dense", x=0, y=0), "Add", selection=(added,))
    assert session.selection == {added}
    assert session.project.main.nodes[added].type == "Dense"
    session.undo()
    assert session.selection == frozenset()


def test_ids_that_are_not_there_cannot_be_selected(session: Session) -> None:
    session.set_selection((INNER[0], "n99"))
    assert session.selection == {INNER[0]}


def test_shapes_code_and_problems_follow_an_edit(qtbot: QtBot, session: Session) -> None:
    started(qtbot, session)
    b = node_id(session.project, "b")
    with qtbot.waitSignal(session.answers_changed):
        session.apply(lambda project: edits.set_param(project, b, "units", 77), "Change units")
    assert session.answers[b].outputs[0][0] == (None, 77)
    qtbot.waitUntil(lambda: "77" in session.source.text)
    assert session.source == codegen.generate(session.project, CATALOG)
    with qtbot.waitSignal(session.problems_changed):
        session.apply(lambda project: edits.set_param(project, b, "units", -1), "Change units")
    qtbot.waitUntil(lambda: any(problem.node == b for problem in session.problems))
    assert session.problems_of(b)
    session.undo()
    qtbot.waitUntil(lambda: not session.problems_of(b))


def test_undo_brings_back_the_shapes_as_well(qtbot: QtBot, session: Session) -> None:
    started(qtbot, session)
    b = node_id(session.project, "b")
    session.apply(lambda project: edits.set_param(project, b, "units", 77), "Change units")
    qtbot.waitUntil(lambda: session.answers[b].outputs[0][0] == (None, 77))
    session.undo()
    qtbot.waitUntil(lambda: session.answers[b].outputs[0][0] == (None, 5))


def test_the_code_of_this_instant_is_never_behind(session: Session) -> None:
    session.apply(lambda project: edits.set_param(project, INNER[0], "units", 123), "Change units")
    assert "123" in session.current_source().text


def test_loading_begins_a_new_history_in_the_main_graph(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    session.apply(lambda project: edits.make_block(project, CATALOG, INNER, "body"), "Make a block")
    (block,) = session.project.blocks
    session.open_graph(block)
    assert session.graph_key == block
    path = tmp_path / "other.studio"
    session.load(graph("x:Input(shape=(2,)) -> y:Output"), path)
    assert session.graph_key == MAIN
    assert not session.document.can_undo
    assert session.folder == tmp_path
    qtbot.waitUntil(lambda: "(2,)" in session.source.text)


def test_a_block_that_undo_takes_away_is_left(session: Session) -> None:
    session.apply(lambda project: edits.make_block(project, CATALOG, INNER, "body"), "Make a block")
    (block,) = session.project.blocks
    opened: list[str] = []
    session.graph_opened.connect(opened.append)
    session.open_graph(block)
    session.undo()
    assert opened == [block, MAIN]
    assert session.graph_key == MAIN


def test_a_dead_engine_leaves_the_session_alive(qtbot: QtBot, session: Session) -> None:
    started(qtbot, session)
    with qtbot.waitSignal(session.engine_died) as told:
        session.checker.engine.kill()
    assert told.args is not None
    assert told.args[0].endswith(".")
    session.apply(lambda project: edits.set_param(project, INNER[1], "units", 8), "Change units")
    qtbot.waitUntil(lambda: session.engine_state == "ready" and INNER[1] in session.answers)
    assert session.answers[INNER[1]].outputs[0][0] == (None, 8)


def test_a_keras_of_another_version_brings_its_own_layers(qtbot: QtBot, tmp_path: Path) -> None:
    facts = json.loads(resource("catalog", "facts.json").read_text(encoding="utf-8"))
    facts["keras"] = "3.fake"
    facts["layers"]["BrandNewLayer"] = facts["layers"]["Dense"]
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    session = Session(CATALOG, graph(DRAWING), checker=Checker(engine=fake_engine("checker", "--facts", str(path))))
    with qtbot.waitSignal(session.catalog_changed):
        session.start()
    session.close()
    assert session.catalog.keras_version == "3.fake"
    assert session.catalog.layer("BrandNewLayer") is not None


def test_facts_that_cannot_be_read_change_nothing(
    qtbot: QtBot, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    with qtbot.waitSignal(session.checker.facts):
        session.start()
    assert session.catalog is CATALOG
    assert "could not be used" in caplog.text
