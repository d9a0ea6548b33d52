"""The checker: answers of the newest drawing, and a new engine that is told everything when one dies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.core.project import Project
from studio.gui.session.checker import Checker
from studio.gui.session.engine_process import EngineProcess
from studio.gui.session.restarts import MOST_DEATHS, Restarts
from studio.protocol import Answer, Call, messages
from tests.support.catalog import CATALOG
from tests.support.engines import fake_engine
from tests.support.graphs import graph, node_id

DRAWING = "x:Input(shape=(3,)) -> a:Dense(units=10) -> b:Dense(units=5) -> y:Output"


class Listening(EngineProcess):
    """Remembers what was sent."""

    sent: list[messages.UpdateGraph]

    def send(self, message):
        self.__dict__.setdefault("sent", [])
        if isinstance(message, messages.UpdateGraph):
            self.sent.append(message)
        super().send(message)


@pytest.fixture
def engine(qtbot: QtBot) -> Listening:
    from tests.support.engines import fake_command

    return Listening("checker", command=fake_command("checker"))


@pytest.fixture
def checker(engine: Listening) -> Iterator[Checker]:
    made = Checker(engine=engine)
    yield made
    made.close()


def shape(checker: Checker, node: str) -> tuple[int | None, ...] | None:
    answer = checker.answers.get(node)
    return answer.outputs[0][0] if answer is not None and answer.outputs else None


def test_it_answers_what_was_asked_before_it_was_ready(qtbot: QtBot, checker: Checker) -> None:
    project = graph(DRAWING)
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: shape(checker, node_id(project, "b")) == (None, 5))
    assert checker.answers[node_id(project, "a")].parameters == 40
    assert checker.state == "ready"


def test_only_the_change_is_sent(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    project = graph(DRAWING)
    b = node_id(project, "b")
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: shape(checker, b) == (None, 5))
    checker.check(edits.set_param(project, b, "units", 7), CATALOG)
    assert [call.id for call in engine.sent[-1].set] == [b]
    assert checker.state == "busy"
    qtbot.waitUntil(lambda: shape(checker, b) == (None, 7))
    assert checker.state == "ready"


def test_moving_a_node_asks_nothing(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    project = graph(DRAWING)
    checker.start()
    checker.check(project, CATALOG)
    asked = len(engine.sent)
    checker.check(edits.move(project, {"n1": (500.0, 500.0)}), CATALOG)
    assert len(engine.sent) == asked


def test_a_new_engine_is_told_the_whole_drawing(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    project = graph(DRAWING)
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: len(checker.answers) == 4)
    before = dict(checker.answers)
    with qtbot.waitSignal(checker.died):
        engine.kill()
    qtbot.waitUntil(lambda: checker.state == "ready" and len(checker.answers) == 4)
    assert engine.sent[-1].reset
    assert {call.id for call in engine.sent[-1].set} == set(before)
    assert dict(checker.answers) == before


def test_a_restart_that_was_wished_for_is_no_death(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    checker.start()
    checker.check(graph(DRAWING), CATALOG)
    qtbot.waitUntil(lambda: len(checker.answers) == 4)
    process = engine.process_id
    with qtbot.assertNotEmitted(checker.died):
        checker.restart()
        qtbot.waitUntil(lambda: engine.process_id not in (0, process) and checker.state == "ready")
    qtbot.waitUntil(lambda: len(checker.answers) == 4)


def test_a_drawing_that_kills_every_engine_does_not_start_one_after_the_other(qtbot: QtBot) -> None:
    checker = Checker(engine=fake_engine("checker", "--crash-at-start"))
    told: list[str] = []
    checker.died.connect(told.append)
    checker.start()
    qtbot.waitUntil(lambda: len(told) == MOST_DEATHS)
    assert "not started again" in told[-1]
    assert all("not started again" not in sentence for sentence in told[:-1])
    qtbot.wait(50)  # nothing may follow; there is no signal for what does not happen
    assert checker.state == "dead"
    assert len(told) == MOST_DEATHS
    checker.start()  # whoever asks for it gets a new one
    assert checker.state == "starting"
    checker.close()


def test_deaths_that_lie_far_apart_do_not_count(qapp) -> None:
    now = [0.0]
    restarts = Restarts(fake_engine("checker"), clock=lambda: now[0])
    for _ in range(10):
        now[0] += 40.0
        assert restarts.note_death()
    assert restarts.note_death() is False  # three within a minute
    restarts.forget()
    assert restarts.note_death()


def test_answers_to_what_is_no_longer_drawn_are_dropped(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    project = graph(DRAWING)
    b = node_id(project, "b")
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: len(checker.answers) == 4)
    checker.check(edits.delete(project, CATALOG, (b,)), CATALOG)
    old = messages.Inferred(id=99, revision=engine.sent[-1].revision, answers={b: Answer((((None, 1), "float32"),))})
    engine.received.emit(old)
    assert b not in checker.answers


def test_answers_of_the_engine_before_are_dropped(qtbot: QtBot, checker: Checker, engine: Listening) -> None:
    project = graph(DRAWING)
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: len(checker.answers) == 4)
    old = engine.sent[-1].revision
    engine.kill()
    qtbot.waitUntil(lambda: checker.state == "starting")
    stale = Answer((((None, 999), "float32"),))
    engine.received.emit(messages.Inferred(id=old, revision=old, answers={node_id(project, "b"): stale}))
    assert stale not in checker.answers.values()


def test_trying_calls_changes_nothing(qtbot: QtBot, checker: Checker) -> None:
    project: Project = graph(DRAWING)
    checker.start()
    checker.check(project, CATALOG)
    qtbot.waitUntil(lambda: len(checker.answers) == 4)
    before = dict(checker.answers)
    call = Call("try", "layer", "layers.Dense(4)", (("inputs", (("n1", 0),)),))
    with qtbot.waitSignal(checker.tried) as told:
        request = checker.try_calls([call])
    assert told.args is not None
    assert told.args[0] == request
    assert told.args[1][0].outputs[0][0] == (None, 4)
    assert dict(checker.answers) == before
