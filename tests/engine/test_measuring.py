"""Time and gradient of each layer, measured in a real trainer and found again in the drawing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from studio import data, protocol
from studio.codegen import flat_calls, generate
from studio.core import edits
from studio.core.project import Project
from studio.protocol import EpochEnded, Measure, Measured, Measuring, RunEnded, Stop, Train
from studio.workbench.measuring import Measurement, prepare, read
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.engine_client import EngineClient
from tests.support.graphs import graph, node_id
from tests.support.scripts import training_script

pytestmark = pytest.mark.keras

_keys = itertools.count(1)


def ask(trainer: EngineClient, project: Project, folder: Path) -> Measured:
    key = f"m{next(_keys)}"
    script = prepare(project, generate(project, CATALOG), None, folder)
    trainer.messages.clear()
    trainer.send(Measure(key, str(script)))
    return trainer.wait_for(Measured, lambda told: told.run == key)


def measured(trainer: EngineClient, project: Project, folder: Path) -> Measurement:
    told = ask(trainer, project, folder)
    assert not told.problem, told.details
    found = read(project, CATALOG, told)
    assert found is not None
    return found


def called_again() -> Project:
    """A layer of the first branch is a block that is called twice with the same weights."""
    project = PROJECTS["two_branches"]()
    project = edits.make_block(project, CATALOG, [node_id(project, "b1_l2")], "step")
    use = node_id(project, "step")
    project = edits.disconnect(project, [key for key, each in project.main.edges.items() if each.source.node == use])
    project = edits.share(project, use, 0, 0)
    return graph("step -> step_1 -> b1_l3", project=project)


@pytest.mark.parametrize(
    "draw", [*(PROJECTS[name] for name in ("two_branches", "small_cnn", "residual_blocks", "twins")), called_again]
)
def test_every_call_has_its_time_and_every_layer_that_learns_its_gradient(
    trainer: EngineClient, tmp_path: Path, draw: Callable[[], Project]
) -> None:
    project = draw()
    found = measured(trainer, project, tmp_path)
    layers = {call.id for call in flat_calls(project, CATALOG) if call.kind == "layer"}
    assert found.milliseconds.keys() == layers
    assert all(time >= 0 for time in found.milliseconds.values())
    assert any(found.milliseconds.values())
    dense = {call.id for call in flat_calls(project, CATALOG) if "Dense(" in call.expression}
    assert dense <= found.gradients.keys() <= layers
    assert all(size >= 0 for size in found.gradients.values())
    assert (found.rows, found.step) == (project.training.batch_size, 0)
    assert trainer.of(Measuring)[0].whole > len(layers)


def test_a_network_is_measured_with_the_weights_from_which_it_starts(trainer: EngineClient, tmp_path: Path) -> None:
    project = PROJECTS["two_branches"]()
    script = prepare(project, generate(project, CATALOG), None, tmp_path)
    text = script.read_text(encoding="utf-8")
    starts = "\n\ndef load_weights(model):\n    model.set_weights([0 * each for each in model.get_weights()])\n"
    head, main = text.split('\n\nif __name__ == "__main__":')
    script.write_text(f'{head}{starts}\n\nif __name__ == "__main__":{main}', encoding="utf-8")
    trainer.send(Measure("zeros", str(script)))
    told = trainer.wait_for(Measured, lambda each: each.run == "zeros")
    assert not told.problem, told.details
    found = read(project, CATALOG, told)
    assert found is not None
    # Behind a layer of zeros nothing is learned but by the last one.
    assert sum(size > 0 for size in found.gradients.values()) == 1


def test_a_frozen_layer_has_no_gradient_and_a_dead_one_has_none_left(trainer: EngineClient, tmp_path: Path) -> None:
    project = PROJECTS["small_cnn"]()
    convolutions = [node.id for node in project.main.nodes.values() if node.type == "Conv2D"]
    frozen = edits.set_param(project, convolutions[0], "trainable", False)
    dead = edits.set_param(frozen, convolutions[-1], "bias_initializer", "zeros")
    dead = edits.set_param(dead, convolutions[-1], "kernel_initializer", "zeros")
    found = measured(trainer, dead, tmp_path)
    assert convolutions[0] not in found.gradients
    assert found.gradients[convolutions[-1]] == 0, "a relu at zero lets nothing through"


def test_measuring_after_a_run_changes_nothing_of_it(trainer: EngineClient, tmp_path: Path) -> None:
    losses = []
    for measures in (False, True):
        folder = tmp_path / str(measures)
        folder.mkdir()
        (folder / "model.py").write_text(training_script(epochs=2), encoding="utf-8")
        key = f"g{next(_keys)}"
        trainer.messages.clear()
        trainer.send(Train(key, str(folder / "model.py"), str(folder), measures=measures))
        assert trainer.wait_for(RunEnded, lambda ended, key=key: ended.run == key).outcome == "finished"
        losses.append([epoch.logs for epoch in trainer.of(EpochEnded)])
        told = trainer.of(Measured)
        assert len(told) == measures
    assert losses[0] == losses[1]
    assert (told[0].run, told[0].step, told[0].problem) == (key, 14, "")
    assert [math.isnan(size) for size in told[0].gradients] == [True, False, False]
    weights = [(tmp_path / str(measures) / "model.weights.h5").read_bytes() for measures in (False, True)]
    assert len(weights[0]) == len(weights[1])


def test_what_cannot_be_measured_says_why(trainer: EngineClient, tmp_path: Path) -> None:
    script = tmp_path / "model.py"
    script.write_text(training_script(epochs=1).replace("layers.Dense(8", "layers.Dense(-8"), encoding="utf-8")
    trainer.send(Measure("bad", str(script)))
    told = trainer.wait_for(Measured, lambda told: told.run == "bad")
    assert told.problem
    assert "Traceback" in told.details
    trainer.messages.clear()
    script.write_text(training_script(epochs=1), encoding="utf-8")
    trainer.send(Measure("stopped", str(script)), Stop("stopped"))
    assert trainer.wait_for(Measured, lambda told: told.run == "stopped").problem == "Stopped."


def test_numbers_of_another_network_are_not_taken(trainer: EngineClient, tmp_path: Path) -> None:
    told = ask(trainer, PROJECTS["two_branches"](), tmp_path)
    assert read(PROJECTS["small_cnn"](), CATALOG, told) is None
    assert read(PROJECTS["truth_table"](), CATALOG, told) is None
    assert isinstance(told, protocol.Measured)


def test_a_block_on_every_time_step_is_measured_as_a_whole(trainer: EngineClient, tmp_path: Path) -> None:
    """As digits: a film of eight rows, each of which is looked at."""
    project = graph("x:Input -> c:Conv1D(filters=3, kernel_size=3) -> f:Flatten -> l:LSTM(units=10) -> y:Output")
    project = edits.set_data(project, data.choose("bundled", "digits8x8"))
    project = edits.make_block(project, CATALOG, [node_id(project, name) for name in "cf"], "row")
    project = edits.set_time_distributed(project, [node_id(project, "row")], True)
    found = measured(trainer, project, tmp_path)
    row, read_by = node_id(project, "row"), node_id(project, "l")
    assert found.milliseconds.keys() == {row, read_by}
    assert found.gradients.keys() == {row, read_by}
