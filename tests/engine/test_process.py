"""The engine as a process: its first words, its obedience to queued updates, and that it never outlives its window."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from studio import protocol
from studio.assets import resource
from studio.protocol import Call, Inferred, TryCalls, UpdateGraph
from studio.workbench.launch import engine_command, engine_environment
from tests.support.engine_client import EngineClient
from tests.support.scripts import training_script

pytestmark = pytest.mark.keras

ENDS_S = 30
"""An engine ends within 2 s of its window on an idle machine; one that does not notice lives for ever."""

INPUT = Call("n1", "input", "keras.Input(shape=(30,))")


def dense(units: int) -> Call:
    return Call("n2", "layer", f"layers.Dense({units})", (("inputs", (("n1", 0),)),))


def test_it_greets_at_once_beats_and_gets_ready(tmp_path: Path) -> None:
    with EngineClient("checker", tmp_path) as client:
        hello = client.wait_for(protocol.Hello)
        assert hello == protocol.Hello(client.process.pid, protocol.PROTOCOL_VERSION)
        client.send(UpdateGraph(1, 1, True, (INPUT, dense(3))))  # may come before Keras is there
        ready = client.wait_for(protocol.Ready, timeout=120)
        assert ready.keras[0] == "3"
        assert ready.devices
        answered = client.wait_for(Inferred, lambda inferred: "n2" in inferred.answers)  # a slow machine tells n1 first
        assert answered.answers["n2"].parameters == 93
        client.wait_for(protocol.Heartbeat)


def test_of_several_queued_updates_the_last_is_answered(checker: EngineClient) -> None:
    checker.messages.clear()
    checker.send(
        UpdateGraph(10, 10, True, (INPUT, dense(3))),
        UpdateGraph(11, 11, False, (dense(4),)),
        UpdateGraph(12, 12, False, (dense(5),)),
        TryCalls(13, (dense(6),)),
    )
    tried = checker.wait_for(protocol.Tried, lambda tried: tried.id == 13)
    assert tried.answers[0].outputs == (((None, 6), "float32"),)
    last = checker.of(Inferred)[-1]
    assert (last.id, last.revision, last.is_last) == (12, 12, True)
    assert last.answers["n2"].outputs == (((None, 5), "float32"),)


def test_a_large_graph_is_answered_in_parts_that_add_up(checker: EngineClient) -> None:
    chain = [INPUT] + [
        Call(f"n{i}", "layer", f"layers.Dense({i})", (("inputs", ((f"n{i - 1}", 0),)),)) for i in range(2, 1001)
    ]
    checker.messages.clear()
    checker.send(UpdateGraph(20, 20, True, tuple(chain)))
    checker.wait_for(Inferred, lambda inferred: inferred.id == 20 and inferred.is_last)
    told: dict[str, protocol.Answer] = {}
    for inferred in checker.of(Inferred):
        assert not told.keys() & inferred.answers.keys()
        told |= inferred.answers
    assert len(told) == 1000
    assert told["n1000"].parameters == 999 * 1000 + 1000


def test_documentation_comes_from_the_installed_keras(checker: EngineClient) -> None:
    checker.send(protocol.Docs(30, "Dense"), protocol.Docs(31, "os"), protocol.Pause("r"))
    assert "densely-connected" in checker.wait_for(protocol.DocsText).text
    assert checker.wait_for(protocol.DocsText).text == ""
    assert "does not answer Pause" in checker.wait_for(protocol.Failed).message


def test_the_shipped_facts_are_those_of_the_installed_keras(checker: EngineClient) -> None:
    """But for Keras's own sentences, which go to a window and into no file."""
    checker.send(protocol.Facts(32))
    found = checker.wait_for(protocol.FactsText, timeout=120).facts
    units = found["layers"]["Dense"]["parameters"][0]
    assert units["told"] == "Positive integer, dimensionality of the output space."
    assert found["objects"]["loss"]["Huber"]["told"].startswith("Computes the Huber loss")
    shipped = resource("catalog", "facts.json").read_text(encoding="utf-8")
    assert '"told"' not in shipped
    if f'"keras": "{found["keras"]}"' not in shipped:
        pytest.skip("another Keras than the shipped facts: the engine sends its own then")
    assert importlib.import_module("studio.engine.facts").dumps(found) == shipped, "run: python -m studio.engine.facts"


def test_nonsense_is_refused_and_survived(checker: EngineClient) -> None:
    checker.send_bytes(b'{"tag": "Nonsense"}\nnot json\n\n')
    assert "Nonsense" in checker.wait_for(protocol.Failed).details
    assert "JSON" in checker.wait_for(protocol.Failed).details
    checker.send(UpdateGraph(40, 40, True, (INPUT,)))
    assert checker.wait_for(Inferred, lambda inferred: inferred.id == 40).answers.keys() == {"n1"}


@pytest.mark.parametrize("moment", ["at once", "while importing", "when ready", "in training"])
def test_the_end_of_input_ends_it(tmp_path: Path, moment: str) -> None:
    with EngineClient("trainer", tmp_path) as client:
        if moment != "at once":
            client.wait_for(protocol.Hello)
        if moment == "when ready":
            client.wait_for(protocol.Ready, timeout=120)
        if moment == "in training":
            script = tmp_path / "model.py"
            script.write_text(training_script(epochs=100_000), encoding="utf-8")
            client.send(protocol.Train("r", str(script), str(tmp_path)))
            client.wait_for(protocol.Points, timeout=120)
        client.end_input()
        assert client.process.wait(ENDS_S) == 0


def test_an_interrupt_from_the_terminal_is_the_windows_business(checker: EngineClient) -> None:
    checker.process.send_signal(signal.SIGINT)
    checker.send(TryCalls(50, (INPUT,)))
    assert checker.wait_for(protocol.Tried, lambda tried: tried.id == 50)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="PR_SET_PDEATHSIG is Linux's")
def test_a_killed_parent_leaves_no_orphan_though_its_pipe_stays_open(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen({engine_command('checker')!r}, stdin=int(sys.argv[1]), stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    read_end, write_end = os.pipe()  # held open here: the end of input never comes
    try:
        with subprocess.Popen(
            [sys.executable, "-c", code, str(read_end)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=engine_environment(tmp_path),
            pass_fds=(read_end,),
            cwd=tmp_path,
        ) as parent:
            assert parent.stdout is not None
            engine = psutil.Process(int(parent.stdout.readline()))
            parent.kill()
            parent.wait(ENDS_S)
            deadline = time.monotonic() + ENDS_S
            while time.monotonic() < deadline and _is_alive(engine):
                time.sleep(0.02)
            assert not _is_alive(engine)
    finally:
        os.close(read_end)
        os.close(write_end)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
