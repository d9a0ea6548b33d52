"""The program trains scripts for other places with the same bytes, on its one device, to the same digits."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from studio import protocol
from studio.codegen import generate
from studio.core.project import RunsOn
from tests.codegen.exported import write
from tests.codegen.projects import CATALOG
from tests.codegen.test_runs_on import planned
from tests.support.engine_client import EngineClient

pytestmark = pytest.mark.keras


def test_wherever_the_script_runs_the_program_trains_it_alike(trainer: EngineClient, tmp_path: Path) -> None:
    losses = {}
    for runs_on in get_args(RunsOn):
        path = write(tmp_path, runs_on, generate(planned("spirals", runs_on), CATALOG), 1)
        trainer.messages.clear()
        trainer.send(protocol.Train(runs_on, str(path), str(tmp_path), 4, False))
        ended = trainer.wait_for(protocol.RunEnded)
        assert ended.outcome == "finished", ended.message + ended.details
        (epoch,) = trainer.of(protocol.EpochEnded)
        losses[runs_on] = (epoch.logs["loss"], epoch.logs["val_loss"])
    assert len(losses) == 5
    assert len(set(losses.values())) == 1
