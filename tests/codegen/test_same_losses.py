"""What the window trains and what people take home is one thing: the same losses, digit for digit.

Scripts in every style and notebooks are run by one process of plain Python, which is quicker than one for each; some
of them are run by the engine, too. A few examples every day, all of them in a thorough run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from studio import protocol
from studio.codegen import DEFAULT, STYLES, GeneratedSource, generate
from studio.codegen.notebook import notebook
from studio.core import edits
from studio.core.project import Project
from studio.workbench.examples import example, examples
from tests.codegen.exported import AS_SCRIPT, History, histories, write
from tests.codegen.projects import CATALOG, PROJECTS
from tests.support.engine_client import EngineClient
from tests.support.thorough import IS_THOROUGH, sample

pytestmark = pytest.mark.keras

EPOCHS = 2
MOST_ROWS = 600
"""A dozen batches of pictures, the last one not full, and a share of them for validation and for the test."""
EXAMPLES = sample(["wine_regularized", *({entry.name for entry in examples()} - {"wine_regularized"})], 1)
"""Examples that learn in every style: wine_regularized is a chain, so each style is text of its own."""

BY_ENGINE = ("penguins_book", "wine_regularized_sequential", "weighted_penguins", "mixed_float16")
"""What the engine trains every day; it runs the same bytes as plain Python."""


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
    "weighted_penguins": weighted,
    "mixed_float16": lambda: mixed("mixed_float16"),
    "weighted_rows": PROJECTS["weighted_rows"],
    "mixed_bfloat16": lambda: mixed("mixed_bfloat16"),
}
"""Examples with another plan for their training."""


def sources() -> dict[str, GeneratedSource]:
    """The scripts by name: ``EXAMPLE_STYLE`` or the name of a plan."""
    cases = [(name, style) for name in EXAMPLES for style in STYLES]
    cases += [("penguins", style) for style in ("default", "book") if "penguins" not in EXAMPLES]
    found = {f"{name}_{style}": generate(drawn(name), CATALOG, style=STYLES[style]) for name, style in cases}
    for style in ("default", "book"):  # one with loops, one without
        found[f"stages_{style}"] = generate(PROJECTS["stages"](), CATALOG, style=STYLES[style])
        assert ("for units, rate in" in found[f"stages_{style}"].text) == (style == DEFAULT.name)
    found |= {name: generate(PLANS[name](), CATALOG) for name in sample([*PLANS], 2)}
    # Sequential, for example, is the default style where the network is no plain chain.
    first_of: dict[str, str] = {}
    return {name: source for name, source in found.items() if first_of.setdefault(source.text, name) == name}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exported")
    return {name: write(folder, name, source, EPOCHS, MOST_ROWS) for name, source in sources().items()}


@pytest.fixture(scope="module")
def notebooks(scripts: Mapping[str, Path]) -> dict[str, Path]:
    """Scripts that run the cells of the notebooks, by the name of the example."""
    folder, found = next(iter(scripts.values())).parent, {}
    for name in dict.fromkeys((*EXAMPLES, "penguins")):
        text, count = re.subn(r"EPOCHS = \d+", f"EPOCHS = {EPOCHS}", notebook(drawn(name), CATALOG).text)
        assert count == 1
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        found[name] = folder / f"{name}_notebook.py"
        found[name].write_text(AS_SCRIPT.replace("NAME", name), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def learned(scripts: Mapping[str, Path], notebooks: Mapping[str, Path]) -> dict[str, History]:
    """What plain Python learns from all of them."""
    return histories(*scripts.values(), *notebooks.values())


def test_every_style_learns_alike(learned: Mapping[str, History]) -> None:
    for name in (*EXAMPLES, "penguins", "stages"):
        for style in STYLES:
            history = learned.get(f"{name}_{style}", learned[f"{name}_default"])
            assert history == learned[f"{name}_default"], f"{name} in {style}"
            assert len(history["loss"]) == EPOCHS


def test_a_notebook_learns_what_the_script_learns(
    learned: Mapping[str, History], notebooks: Mapping[str, Path]
) -> None:
    for name, path in notebooks.items():
        assert learned[path.stem] == learned[f"{name}_default"]


def test_the_engine_and_plain_python_learn_alike(
    scripts: Mapping[str, Path], learned: Mapping[str, History], tmp_path: Path
) -> None:
    with EngineClient("trainer", tmp_path) as trainer:
        trainer.wait_for(protocol.Ready, timeout=120)
        by_default = [name for name in scripts if name in PLANS or name.endswith(f"_{DEFAULT.name}")]
        for name in dict.fromkeys((*BY_ENGINE, *by_default)) if IS_THOROUGH else BY_ENGINE:
            trainer.messages.clear()
            trainer.send(protocol.Train(name, str(scripts[name]), str(scripts[name].parent), 4, False))
            ended = trainer.wait_for(protocol.RunEnded)
            assert ended.outcome == "finished", ended.message + ended.details
            epochs = trainer.of(protocol.EpochEnded)
            assert len(epochs) == EPOCHS
            for quantity in ("loss", "val_loss"):
                in_engine = [epoch.logs[quantity] for epoch in epochs if quantity in epoch.logs]
                assert in_engine == learned[name].get(quantity, []), f"{name}: {quantity}"
