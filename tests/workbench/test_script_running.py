"""Scripts that are run: what they made comes in, and whatever they do, one sentence tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.importing import ModelFileError
from studio.layout import Cancelled
from studio.workbench.script_running import as_project, run_script
from tests.importing.running import CLASSES, FLOOD, LINE_OF_ERROR, NO_MODEL, script
from tests.support.catalog import CATALOG

pytestmark = pytest.mark.keras


def test_models_come_from_a_run_that_trains_and_saves_nothing(tmp_path: Path) -> None:
    path = script(tmp_path, CLASSES)
    printed: list[str] = []
    ran = run_script(CLASSES, path, printed.append)
    assert [model.label for model in ran.models] == ["net", "unbuilt", "inner"]
    assert ran.usual.label == "net"
    assert ran.ended == f"Line {LINE_OF_ERROR}: ValueError: no more."
    assert ran.output.startswith(f"hello ['{path}']")
    assert "script_run.py" not in ran.output
    assert sorted(each.name for each in tmp_path.iterdir()) == ["net.py", "net.txt"]

    net = as_project(ran.models[0], ran, CATALOG, "net")
    nodes = list(net.project.main.nodes.values())
    assert [node.type for node in nodes] == ["Input", "Dense", "ops.multiply", "ops.add", "Dense", "Output"]
    assert nodes[0].params == {"shape": (3,)}
    assert nodes[1].params == {"units": 6, "activation": "relu"}
    plan = net.project.training
    assert plan.optimizer.type == "SGD"
    assert (plan.epochs, plan.batch_size) == (3, 5)
    (output,) = plan.outputs.values()
    assert output.loss is not None
    assert output.loss.type == "MeanSquaredError"
    assert net.report.sentences[1:] == (
        "The script has other models too, which did not come in: unbuilt, inner.",
        f"The script did not come to its end: Line {LINE_OF_ERROR}: ValueError: no more.",
    )
    unbuilt = list(as_project(ran.models[1], ran, CATALOG, "net").project.main.nodes.values())
    assert [(node.type, node.name) for node in unbuilt[1:]] == [("Dense", "only"), ("Output", "output")]
    assert unbuilt[0].params == {"shape": (7,)}
    inner = list(as_project(ran.models[2], ran, CATALOG, "net").project.main.nodes.values())
    assert [node.type for node in inner] == ["Input", "Dense", "Scaled", "Output"]


def test_a_flood_without_end_is_stopped_and_its_model_comes_in(tmp_path: Path) -> None:
    printed: list[str] = []
    ran = run_script(FLOOD, script(tmp_path, FLOOD), printed.append, seconds=1)
    assert ran.ended == "It was stopped after 1 second."
    assert [model.label for model in ran.models] == ["model"]
    assert len(ran.output) <= 20_000
    assert printed


def test_a_script_that_asks_finds_nobody(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"made no functional or Sequential model .* Line 2: EOFError"):
        run_script(NO_MODEL, script(tmp_path, NO_MODEL))


def test_a_run_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run_script(FLOOD, script(tmp_path, FLOOD), cancelled=lambda: True)
