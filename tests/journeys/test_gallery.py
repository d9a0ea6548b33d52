"""A network of the gallery, opened and trained from the window."""

from __future__ import annotations

import pytest

from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.journeys.hands import Person

pytestmark = [pytest.mark.keras, pytest.mark.journey]

GOOD_ACCURACY = 0.9


def test_a_small_cnn_reads_handwriting(qtbot, window: MainWindow) -> None:
    found = example("small_cnn")
    assert found is not None
    window.open_example(found)
    assert window.session.project.data.name == "mnist5k"
    assert not window.coach.isVisible()
    person = Person(qtbot, window)
    person.train(timeout_s=300)
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message
    assert max(run.curves["val_accuracy"].epochs.y) >= GOOD_ACCURACY
    assert run.headline[0] == "val_accuracy"
