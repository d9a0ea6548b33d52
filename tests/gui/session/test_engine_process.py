"""An engine process: its states, its end in words, and how fast the window hears of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from studio.gui.session.engine_process import EngineProcess
from studio.protocol import messages
from tests.support.engines import BEATS, fake_command, fake_engine


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
    qtbot.waitUntil(lambda: bool(sentences))
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


def test_an_engine_that_ends_by_itself_says_how(qtbot: QtBot) -> None:
    engine = EngineProcess("checker", command=[sys.executable, "-c", "pass"])
    with qtbot.waitSignal(engine.died) as told:
        engine.start()
    assert told.args == ["The engine ended by itself (exit code 0)."]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process")
def test_silence_is_told_and_so_is_its_end(qtbot: QtBot) -> None:
    engine = EngineProcess("checker", command=fake_command("checker", *BEATS), silent_after_ms=1_500)
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    told: list[bool] = []
    engine.responding_changed.connect(told.append)
    qtbot.wait(2_500)
    assert told == []  # it beats
    os.kill(engine.process_id, signal.SIGSTOP)
    qtbot.waitUntil(lambda: told == [False])
    assert not engine.is_responding
    assert engine.state == "ready"
    os.kill(engine.process_id, signal.SIGCONT)
    qtbot.waitUntil(lambda: told == [False, True])
    os.kill(engine.process_id, signal.SIGSTOP)
    qtbot.waitUntil(lambda: not engine.is_responding)
    engine.kill()
    qtbot.waitUntil(lambda: engine.state == "dead")
    assert engine.is_responding  # the next one has not been silent yet


def test_an_engine_that_hangs_at_its_start_is_noticed(qtbot: QtBot) -> None:
    engine = EngineProcess("checker", command=fake_command("checker", "--silent"), silent_after_ms=300)
    engine.start()
    with qtbot.waitSignal(engine.responding_changed, check_params_cb=lambda responds: not responds):
        pass
    assert engine.state == "starting"
    engine.close()


FLOODS = {
    "lines": "while True: print('junk ' * 20)",
    "a line without end": "import sys\nwhile True: sys.stdout.write('x' * 100_000)",
    "zeros": "import os\nwhile True: os.write(1, bytes(1 << 16))",
    "messages of another language": """while True: print('{"tag": "hello, world"}')""",
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_nonsense_is_ended(qtbot: QtBot, flood: str) -> None:
    engine = EngineProcess("checker", command=[sys.executable, "-c", FLOODS[flood]])
    beats = [time.monotonic()]
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start(10)
    with qtbot.waitSignal(engine.died) as told:
        engine.start()
    beats.append(time.monotonic())
    longest = max(after - before for before, after in pairwise(beats))
    print(f"{flood}: ended; the longest hold of the event loop was {1000 * longest:.0f} ms")
    assert told.args == ["The engine said things that make no sense, and was ended."]
    assert engine.process_id == 0


def test_a_little_nonsense_is_passed_over(qtbot: QtBot) -> None:
    code = "print('oops')\nprint('[]')\nimport runpy, sys\nsys.argv = sys.argv[1:]\n"
    script = fake_command("checker")
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    engine = EngineProcess("checker", command=[script[0], "-u", "-c", code, *script[1:]])
    engine.start()
    qtbot.waitUntil(lambda: engine.state == "ready")
    engine.close()


def test_messages_to_a_dead_engine_are_dropped(engine: EngineProcess) -> None:
    engine.send(messages.Docs(id=1, type="Dense"))
    engine.kill()
    engine.close()
    assert engine.state == "off"
