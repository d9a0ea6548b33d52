"""First weights: a saved model is chosen, what fits is told, and it is one step of undo."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from studio.core.project import WeightsFile
from studio.protocol import Answer
from studio.workbench.stored_weights import fit, mark_of
from tests.gui.training.conftest import Plan, undone

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """An ``.h5`` as Keras writes it, with the weights of two layers."""
    with h5py.File(tmp_path / "saved.h5", "w") as file:
        for name, shape in (("dense", (2, 3)), ("other", (4, 4))):
            group = file.create_group(f"model_weights/{name}")
            group[f"{name}/kernel"] = np.zeros(shape, "float32")
            group.attrs["weight_names"] = [f"{name}/kernel".encode()]
    return tmp_path / "saved.h5"


def choose(plan: Plan, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    plan.qtbot.mouseClick(plan.panel.start.file_button, LEFT)


def test_a_file_is_chosen_read_and_left_again(plan: Plan, monkeypatch: pytest.MonkeyPatch, saved: Path) -> None:
    start, before = plan.panel.start, plan.session.project
    assert start.file_button.text() == "random (choose a file...)"
    assert not start.anew_button.isVisible()
    choose(plan, monkeypatch, saved)
    assert plan.training.starts_from == WeightsFile(str(saved), mark_of(saved))
    assert start.file_button.text() == "saved.h5"
    plan.qtbot.waitUntil(lambda: "Reading" not in start.note.text())
    assert start.fit is not None
    plan.qtbot.mouseClick(start.anew_button, LEFT)
    assert plan.training.starts_from is None
    undone(plan, before, steps=2)
    assert not start.note.isVisible()


def test_a_file_that_changed_is_told_in_the_plan_and_among_the_problems(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, saved: Path
) -> None:
    choose(plan, monkeypatch, saved)
    saved.write_bytes(b"something else")
    plan.panel.start.refresh()
    assert "has changed since" in plan.panel.start.note.text()
    plan.qtbot.waitUntil(lambda: any("has changed since" in problem.message for problem in plan.session.problems))


def test_a_file_that_is_no_model_is_told(plan: Plan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bad = tmp_path / "bad.keras"
    bad.write_bytes(b"PK and nothing")
    choose(plan, monkeypatch, bad)
    plan.qtbot.waitUntil(lambda: "no weights that can be read" in plan.panel.start.note.text())


def test_what_fits_is_told_by_name_and_size(plan: Plan) -> None:
    from studio.codegen import flat_calls
    from tests.support.catalog import CATALOG

    project = plan.session.project
    calls = flat_calls(project, CATALOG)
    dense = next(call for call in calls if call.kind == "layer")
    name = project.main.nodes[dense.id].name
    answers = {dense.id: Answer(outputs=(), parameters=6)}
    assert fit(project, calls, answers, {name: 6}).fitting == (name,)
    assert fit(project, calls, answers, {name: 7}).other == (name,)
    assert fit(project, calls, answers, {"another": 6}).new == (name,)
