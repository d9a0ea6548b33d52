"""Ruff has nothing to say about exported code: neither its formatter nor its linter, the order of imports included."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from studio.codegen import STYLES, generate, generate_block, generate_model
from studio.core.project import WeightsFile
from studio.workbench.examples import examples
from tests.codegen.accepting import GOLDEN
from tests.codegen.projects import CATALOG, PROJECTS, draw

RULES = "E4,E7,E9,F,I,W,B,UP,SIM,C4,RET,PIE,RUF100"
"""What ruff checks by itself, the order of imports, and what a reviewer would ask for."""

COMMANDS = [["check", "--select", RULES, "--output-format", "concise"], ["format", "--check", "--diff"]]


def assert_untouched(*paths: Path, command: list[str]) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", *map(str, paths)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_the_goldens_are_as_ruff_would_have_them(command: list[str]) -> None:
    golden = [path for path in GOLDEN.iterdir() if path.name != "book"]
    assert_untouched(*golden, command=command)
    # The style of the book gives each layer a variable, also where it is returned at once.
    more = ["--ignore", "RET504"] if command[0] == "check" else []
    assert_untouched(GOLDEN / "book", command=[*command, *more])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_scope_in_every_style_is_as_ruff_would_have_it(tmp_path: Path, command: list[str]) -> None:
    """The model alone and each block alone; and operations, which no example has."""
    sums = "i:Input(shape=(4,)) -> a:Dense(units=4) -> s:ops.add -> m:ops.exp -> o:Output; i -> s"
    finished = {name: make() for name, make in PROJECTS.items() if name != "half_drawn"}
    for ending in ("keras", "h5"):
        training = replace(finished["skips"].training, starts_from=WeightsFile(f"/a/b.{ending}", "1-2"))
        finished[f"weights_of_{ending}"] = replace(finished["skips"], training=training)
    projects = {entry.name: entry.project() for entry in examples()} | finished
    for style in STYLES.values():
        for name, project in {**projects, "operations": draw("sums", sums)}.items():
            texts = [generate_model(project, CATALOG, style=style).text, generate(project, CATALOG, style=style).text]
            texts += [generate_block(project, CATALOG, block, style=style).text for block in project.blocks]
            for number, text in enumerate(texts):
                (tmp_path / f"{style.name}_{name}_{number}.py").write_text(text, encoding="utf-8")
    ignored = ["--ignore", "RET504"] if command[0] == "check" else []
    assert_untouched(tmp_path, command=[*command, *ignored])
