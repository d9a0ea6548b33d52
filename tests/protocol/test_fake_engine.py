"""The fake engine is a real process: what tests of the window rely on holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import protocol
from studio.protocol import Answer, Call, EpochEnded, Points, RunEnded, RunState, Train, TryCalls, UpdateGraph
from tests.support.engine_client import EngineClient, fake_engine_command

INPUT = Call("n1", "input", "keras.Input(shape=(30,))")


def layer(call_id: str, expression: str, *sources: str) -> Call:
    return Call(call_id, "layer", expression, (("inputs", tuple((source, 0) for source in sources)),))


def fake(folder: Path, *extra: str) -> EngineClient:
    return EngineClient("trainer", folder, command=fake_engine_command("trainer", *extra))


def test_shapes(tmp_path: Path) -> None:
    with fake(tmp_path) as client:
        client.wait_for(protocol.Ready)
        calls = (INPUT, layer("n2", "layers.Dense(10)", "n1"), layer("n3", "layers.Add()", "n1", "n2"))
        client.send(UpdateGraph(1, 7, True, (*calls, Call("n4", "output", "", (("inputs", (("n3", 0),)),)))))
        inferred = client.wait_for(protocol.Inferred)
        assert inferred.revision == 7
        assert inferred.answers["n2"] == Answer((((None, 10), "float32"),), 310, 310)
        assert inferred.answers["n3"].problem
        assert inferred.answers["n4"].blocked_by == ("n3",)
        client.send(TryCalls(2, (layer("n9", "layers.Dense(2)", "n2"),)))
        assert client.wait_for(protocol.Tried).answers[0].parameters == 22
        client.send(UpdateGraph(3, 8, False, (layer("n3", "layers.Concatenate()", "n1", "n2"),)))
        assert client.wait_for(protocol.Inferred).answers.keys() == {"n3", "n4"}


def test_a_run(tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    script.write_text("EPOCHS = 4\n")
    with fake(tmp_path) as client:
        client.send(Train("a", str(script), str(tmp_path), 3))
        assert client.wait_for(RunEnded).message == "Finished after 4 epochs."
        losses = [points.values["loss"][0] for points in client.of(Points)]
        assert losses == [1 / step for step in range(1, 21)]
        assert len(client.of(EpochEnded)) == 4
        script.write_text("\nFAIL")
        client.send(Train("b", str(script), str(tmp_path)))
        assert client.wait_for(RunEnded).line == 2
        script.write_text("DIVERGE")
        client.send(Train("c", str(script), str(tmp_path)))
        assert client.wait_for(RunEnded).outcome == "diverged"


def test_control(tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    script.write_text("EPOCHS = 100000\n")
    with fake(tmp_path, "--batch-seconds", "0.0") as client:
        client.send(Train("a", str(script), str(tmp_path), 0, True))
        client.wait_for(RunState, lambda state: state.state == "paused")
        client.send(protocol.Step("a"))
        assert client.wait_for(Points).steps == (1,)
        client.wait_for(RunState, lambda state: state.state == "paused")
        client.send(protocol.SetLearningRate("a", 0.5), protocol.Resume("a"))
        assert client.wait_for(EpochEnded).learning_rate == 0.5
        client.send(protocol.Stop("a"))
        assert client.wait_for(RunEnded).outcome == "stopped"


@pytest.mark.parametrize("how", ["--crash-at-start", "call", "script"])
def test_a_crash_on_demand(tmp_path: Path, how: str) -> None:
    script = tmp_path / "model.py"
    script.write_text("CRASH")
    with fake(tmp_path, *([how] if how.startswith("--") else [])) as client:
        if how == "call":
            client.send(UpdateGraph(1, 1, True, (Call("n1", "layer", "CRASH"),)))
        elif how == "script":
            client.send(Train("a", str(script), str(tmp_path)))
        assert client.process.wait(10) == 3
