"""The engine client against a small real process that speaks the protocol without TensorFlow."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from studio import protocol
from studio.protocol import messages
from studio.workbench.engine_client import Engine, EngineEnded

FAKE = """
import os, sys, time
from studio import protocol
from studio.protocol import messages

def send(message):
    os.write(1, protocol.encode(message))

send(messages.Hello(os.getpid()))
send(messages.Ready("3", "2", ("CPU:0",), 0.1))
print("noise for the log", file=sys.stderr, flush=True)
for line in sys.stdin.buffer:
    request = protocol.decode(line)
    match request:
        case messages.Docs(type="crash"):
            os.abort()
        case messages.Docs(type="killed"):
            os.kill(os.getpid(), 9)
        case messages.Docs(type="leave"):
            sys.exit(3)
        case messages.Docs(type="nonsense"):
            os.write(1, b"not a message\\n")
        case messages.Docs(type="refuse"):
            send(messages.Failed(request.id, "This is not known here."))
        case messages.Docs(type="where"):
            send(messages.DocsText(request.id, "where", os.getcwd() + "|" + os.environ["KERAS_HOME"]))
        case messages.Docs():
            send(messages.Heartbeat())
            send(messages.DocsText(request.id, request.type, "text"))
if "deaf" in sys.argv:
    time.sleep(60)
"""


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    script = tmp_path / "fake_engine.py"
    script.write_text(FAKE)
    return [sys.executable, "-P", str(script)]


def test_a_conversation(command: list[str]) -> None:
    with Engine("checker", command) as engine:
        assert engine.wait_for(messages.Ready).keras == "3"
        engine.send(messages.Docs(1, "Dense"))
        engine.send(messages.Docs(2, "LSTM"))
        assert engine.wait_for(messages.DocsText, lambda message: message.id == 2).type == "LSTM"


def test_it_lives_in_a_private_folder(command: list[str]) -> None:
    with Engine("checker", command) as engine:
        engine.send(messages.Docs(1, "where"))
        folder, _, home = engine.wait_for(messages.DocsText).text.partition("|")
        assert Path(folder).resolve() == Path(home).resolve()
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("crash", r"The engine crashed \(SIGABRT\)"),
        ("killed", "ran out of memory"),
        ("leave", r"exit code 3"),
        ("nonsense", "ended from outside"),
        ("refuse", "This is not known here"),
    ],
)
def test_an_end_is_told_in_words(command: list[str], how: str, sentence: str) -> None:
    with Engine("checker", command) as engine:
        engine.send(messages.Docs(1, how))
        with pytest.raises(EngineEnded, match=sentence):
            engine.wait_for(messages.DocsText)


def test_an_engine_that_does_not_listen_is_killed(command: list[str]) -> None:
    with Engine("checker", [*command, "deaf"]) as engine:
        engine.wait_for(messages.Ready)
    assert engine._process.returncode == -signal.SIGKILL, "it would sleep for a minute, and end by itself"


def test_what_it_writes_goes_to_the_log(command: list[str]) -> None:
    with Engine("checker", command) as engine:
        engine.send(messages.Docs(1, "Dense"))
        engine.wait_for(messages.DocsText)
        assert "noise for the log" in engine.log_tail


def test_an_engine_that_cannot_start() -> None:
    with pytest.raises(EngineEnded, match="could not be started"), Engine("checker", ["/no/such/program"]):
        pass


def test_an_answer_that_does_not_come(command: list[str]) -> None:
    with Engine("checker", command) as engine:
        engine.wait_for(messages.Ready)
        with pytest.raises(EngineEnded, match="does not answer"):
            engine.receive(timeout_s=0.05)


def test_messages_are_whole_lines() -> None:
    assert protocol.encode(messages.Pause("1")).endswith(b"\n")
