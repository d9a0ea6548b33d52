"""What the window trains and what people take home is one thing: the same losses, digit for digit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio import protocol
from studio.codegen import STYLES, generate
from studio.core import edits
from studio.core.project import Project
from studio.workbench.examples import example
from tests.codegen.exported import histories, write
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.engine_client import EngineClient
from tests.support.thorough import IS_THOROUGH

pytestmark = pytest.mark.keras

CASES = (
    *(("penguins", style) for style in STYLES),
    ("wine_regularized", "default"), ("wine_regularized", "sequential"), ("xor", "default"),
)  # fmt: skip
"""Every style; what is no chain reads in ``sequential`` as in ``default``, so a chain stands there too."""
ALIKE = {f"penguins_{style}" for style in STYLES} - {"penguins_default", "penguins_book"}
"""Plain Python learns the same from these, so the engine, which runs the same bytes, is asked about them seldom."""

EPOCHS = 2


def drawn(name: str) -> Project:
    entry = example(name)
    assert entry is not None
    return entry.project()


def mixed(policy: str) -> Project:
    """An example that computes in half precision, its last layer too."""
    project = drawn("wine_regularized")
    return replace(project, training=replace(project.training, dtype_policy=policy))  # type: ignore[arg-type]


def weighted() -> Project:
    """Two inputs and two outputs, whose rows count as much as a column says."""
    return edits.set_sample_weights(PROJECTS["penguins"](), "year")


PLANS = {
    "weighted_rows": PROJECTS["weighted_rows"],
    "weighted_penguins": weighted,
    "mixed_float16": lambda: mixed("mixed_float16"),
    "mixed_bfloat16": lambda: mixed("mixed_bfloat16"),
}
"""Examples with another plan for their training."""


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Small examples, one of them with a Normalization and one with several Inputs and Outputs."""
    folder = tmp_path_factory.mktemp("exported")
    found = {}
    cases = {f"{name}_{style}": generate(drawn(name), CATALOG, style=STYLES[style]) for name, style in CASES}
    cases |= {name: generate(make(), CATALOG) for name, make in PLANS.items()}
    for name, source in cases.items():
        found[name] = write(folder, name, source, EPOCHS)
    return found


def test_the_engine_and_plain_python_learn_alike(scripts: dict[str, Path], tmp_path: Path) -> None:
    plain = histories(*scripts.values())
    for name, style in CASES:
        assert plain[f"{name}_{style}"] == plain[f"{name}_default"], style
    with EngineClient("trainer", tmp_path) as trainer:
        trainer.wait_for(protocol.Ready, timeout=120)
        for name, path in scripts.items():
            if name in ALIKE and not IS_THOROUGH:
                continue
            trainer.messages.clear()
            trainer.send(protocol.Train(name, str(path), str(path.parent), 4, False))
            ended = trainer.wait_for(protocol.RunEnded)
            assert ended.outcome == "finished", ended.message + ended.details
            epochs = trainer.of(protocol.EpochEnded)
            assert len(epochs) == EPOCHS
            for quantity in ("loss", "val_loss"):
                in_engine = [epoch.logs[quantity] for epoch in epochs if quantity in epoch.logs]
                assert in_engine == plain[name].get(quantity, []), f"{name}: {quantity}"
