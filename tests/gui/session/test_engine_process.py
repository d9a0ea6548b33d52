"""An engine process: its states, its end in words, and how fast the window hears of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest
from pytestqt.qtbot import QtBot

from studio.gui.session.engine_process import EngineProcess
from studio.protocol import messages
from tests.support.engines import fake_engine


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[EngineProcess]:
    made = fake_engine("checker")
    yield made
    made.close()


def test_it_says_when_it_is_ready_and_with_which_keras(qtbot: QtBot, engine: EngineProcess) -> None:
    states: list[str] = []
    engine.state_changed.connect(states.append)
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    assert states == ["starting", "ready"]
    assert engine.keras_version == "3.fake"
    assert engine.devices == ("CPU:0",)


def test_what_is_sent_before_it_is_ready_is_answered_later(qtbot: QtBot, engine: EngineProcess) -> None:
    engine.start()
    assert engine.state == "starting"
    with qtbot.waitSignal(engine.received, check_params_cb=lambda got: isinstance(got, messages.DocsText)):
        engine.send(messages.Docs(id=1, type="Dense"))


def test_a_kill_from_outside_is_noticed_at_once_and_told_in_words(qtbot: QtBot, engine: EngineProcess) -> None:
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    sentences: list[str] = []
    engine.died.connect(sentences.append)
    killed = time.monotonic()
    os.kill(engine.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(sentences), timeout=5000)
    took_ms = 1000 * (time.monotonic() - killed)
    print(f"killed -> told: {took_ms:.0f} ms (the bound is 250 ms on an idle machine)")
    assert engine.state == "dead"
    assert "out of memory" in sentences[0]
    assert engine.process_id == 0


def test_it_can_be_started_again_after_its_death(qtbot: QtBot, engine: EngineProcess) -> None:
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    engine.kill()
    qtbot.waitUntil(lambda: engine.state == "dead")
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")


def test_a_quiet_kill_is_no_death(qtbot: QtBot, engine: EngineProcess) -> None:
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    with qtbot.assertNotEmitted(engine.died):
        engine.kill(quietly=True)
        qtbot.waitUntil(lambda: engine.state == "off")


def test_closing_leaves_no_process(qtbot: QtBot, engine: EngineProcess) -> None:
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    process = engine.process_id
    with qtbot.assertNotEmitted(engine.died):
        engine.close()
    assert engine.state == "off"
    assert not psutil.pid_exists(process)


def test_a_program_that_is_not_there_is_named(qtbot: QtBot) -> None:
    engine = EngineProcess("checker", command=["/no/such/python", "-m", "studio.engine"])
    with qtbot.waitSignal(engine.died) as told:
        engine.start()
    assert told.args is not None
    assert "/no/such/python" in told.args[0]
    assert engine.state == "dead"


def test_messages_to_a_dead_engine_are_dropped(engine: EngineProcess) -> None:
    engine.send(messages.Docs(id=1, type="Dense"))
    engine.kill()
    engine.close()
    assert engine.state == "off"
