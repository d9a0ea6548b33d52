"""The script of a project as a Jupyter notebook: the same functions, a cell of text before each step, and curves.

Run from top to bottom it does what ``main`` of the script does, in the same order, so the losses are the same. The
format is nbformat 4.5; the text is the same for the same project, byte for byte.
"""

from __future__ import annotations

import base64
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from studio.codegen import runs_on, stored_weights
from studio.codegen.embedded import function_text
from studio.codegen.emit import emit_functions, emit_statements
from studio.codegen.expressions import Catalog
from studio.codegen.ir import Assign, Call, Code, Statement
from studio.codegen.literals import plain_line
from studio.codegen.lower import Parts, lower
from studio.codegen.source import GeneratedSource, digest_of
from studio.codegen.style import DEFAULT, Style
from studio.core.project import Project
from studio.core.runs_on import in_notebook
from studio.immutable import immutable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+.!|$~&-])")
"""Characters that mean something in Markdown or HTML."""

_JUDGED = ("the rows that it was trained on, since no others are kept", "the validation rows", "the test rows")

_COMPILING = "The loss tells how wrong the predictions are. The optimizer changes the weights so that it falls."
_ADAPTING = " Before that, some layers measure the training rows."
_TRAINING = "The network sees all training rows `EPOCHS` times, `BATCH_SIZE` rows at a time."
_FALLING = "While the network learns, the loss falls."
_RISING = " Where that of the validation rows rises again, the network begins to learn the training rows by heart."


@immutable
class Cell:
    """One cell; ``name`` is its id."""

    name: str
    text: str
    is_code: bool = False

    def plain(self) -> dict[str, Any]:
        """The cell as nbformat wants it."""
        lines = self.text.split("\n")
        found: dict[str, Any] = {
            "cell_type": "code" if self.is_code else "markdown",
            "id": self.name,
            "metadata": {},
            "source": [*[f"{line}\n" for line in lines[:-1]], lines[-1]],
        }
        if self.is_code:
            found |= {"execution_count": None, "outputs": []}
        return found


def notebook(
    project: Project, catalog: Catalog, *, style: Style = DEFAULT, picture: bytes | None = None
) -> GeneratedSource:
    """The notebook of ``project``; its ``text`` is what belongs into the file. Never raises.

    ``picture`` is a PNG of the drawing; the notebook carries it inside. ``spans`` is empty: a notebook has no lines.
    """
    place = in_notebook(project.training)
    project = replace(project, training=replace(project.training, runs_on=place))
    lowered = lower(project, catalog, style)
    assert lowered.parts is not None
    setup = [_beside_notebook(statement, project) for statement in lowered.module.constants]
    finds = bool(lowered.data_files) or project.training.starts_from is not None
    imports = "\n".join(_with_paths(lowered.module.imports) if finds else lowered.module.imports)
    finding = function_text("find.py", "find_data") if finds else ""
    between = f"\n\n\n{finding}\n\n\n" if finding else "\n\n"
    begin = f"{imports}{between}{emit_statements(setup)}"
    cells = _cells(project, lowered.parts, begin, lowered.data_files, picture)
    content = {
        "cells": [cell.plain() for cell in cells],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return GeneratedSource(
        text, (), lowered.problems, digest_of(text), lowered.data_files, not_stacked=lowered.not_stacked
    )


def _text(picture: bytes) -> str:
    return base64.b64encode(picture).decode("ascii")


def _with_paths(imports: Sequence[str]) -> list[str]:
    """The imports with that of ``Path`` among those of the standard library."""
    end = imports.index("")
    names = {line for line in imports[:end] if line.startswith("from ")} | {"from pathlib import Path"}
    return [*[line for line in imports[:end] if line not in names], *sorted(names), *imports[end:]]


def _beside_notebook(statement: Statement, project: Project) -> Statement:
    """A notebook does not know its own file, and runs where its data lies elsewhere."""
    weights = stored_weights.found_by_notebook(project.training)
    if weights is not None and isinstance(statement, Assign) and statement.targets == weights.targets:
        return weights
    if isinstance(statement, Assign) and statement.targets == ("DATA",) and isinstance(statement.value, Call):
        return Assign(statement.targets, Call(Code("find_data"), statement.value.arguments))
    return statement


def _about_rows(project: Project) -> str:
    """How the rows are divided, in words."""
    if project.data.kind == "none":
        return "Return your arrays in `load_data`."
    split = project.data.split
    kept = [f"{share:.4g} % for {part}" for part, share in (
        ("validation", 100 * split.validation), ("test", 100 * split.test),
    ) if share > 0]  # fmt: skip
    if not kept:
        return "All rows are for training."
    training = 100 * (1 - split.validation - split.test)
    return f"Of all rows, {training:.4g} % are for training, {' and '.join(kept)}."


def _about_weights(project: Project) -> str:
    """Which file of weights must be where the notebook runs."""
    file = project.training.starts_from
    if file is None:
        return ""
    name = _SPECIAL.sub(r"\\\1", plain_line(PurePath(file.path).name))
    return (
        f"\n\nTraining starts from the weights in the file {name}. It was not written beside this notebook: on another"
        " computer put it there. In Kaggle add it as an input; in Colab the first cell asks for it."
    )


def _cells(
    project: Project, parts: Parts, setup: str, data_files: tuple[str, ...], picture: bytes | None
) -> list[Cell]:
    title = _SPECIAL.sub(r"\\\1", plain_line(project.title)) or "A network"
    files = " and ".join(f"`{name}`" for name in data_files if "`" not in name)
    beside = (
        f"\n\nThe file {files} was written beside this notebook. In Kaggle add it as an input; in Colab the first cell"
        " asks for it."
        if files
        else ""
    )
    beside += _about_weights(project)
    # Colab shows no attachments, and neither it nor Jupyter lets an SVG through.
    shown = f"\n\n![The network][picture]\n\n[picture]: data:image/png;base64,{_text(picture)}" if picture else ""
    building, compiling, strategy = "model = build_model()", "compile_model(model)", ""
    compiling = f"{stored_weights.CALL}\n{compiling}" if parts.stored else compiling
    compiling += "\nadapt_layers(model, data)" * parts.has_adapted
    devices = list(runs_on.functions(parts.runs_on, parts.ending)[:-1])
    if devices:
        # TensorFlow knows one strategy in a process: a cell that is run again must not make another one.
        compiling = textwrap.indent(f"{compiling}\nbuild_variables(model, data)", "    ")
        building, compiling = f"with strategy.scope():\n    {building}", f"with strategy.scope():\n{compiling}"
        strategy = f"{emit_functions(devices)}\n\n\nstrategy = all_devices()"
    predictions, curves = parts.showing
    own = [*parts.own, *parts.own_training]
    mine = [
        Cell("about-own", "## Code of your own"),
        Cell("own", emit_functions(own), is_code=True),
    ]  # fmt: skip
    return [
        Cell("title", f"# {title}\n\nDrawn with Layer Studio. Run the cells from top to bottom."),
        Cell("setup", f"{setup}\n\nkeras.utils.set_random_seed(SEED)", is_code=True),
        Cell("about-data", f"## The data\n\n{_about_rows(project)}{beside}"),
        Cell("data", f"{emit_functions(parts.data)}\n\n\ndata = load_data()", is_code=True),
        *mine * bool(own),
        *[Cell("about-devices", "## All devices of this computer"), Cell("devices", strategy, is_code=True)]
        * bool(strategy),
        Cell("about-model", f"## The network\n\n`model.summary()` lists its layers, shapes and weights.{shown}"),
        Cell("model", f"{emit_functions((*parts.network, *parts.stored))}\n\n\n{building}", is_code=True),
        Cell("picture", "model.summary()", is_code=True),
        Cell("about-compile", f"## Compile\n\n{_COMPILING}{_ADAPTING * parts.has_adapted}"),
        Cell("compile", f"{emit_functions(parts.compiling)}\n\n\n{compiling}", is_code=True),
        Cell("about-fit", f"## Train\n\n{_TRAINING}"),
        Cell("fit", f"{emit_functions(parts.training)}\n\n\nhistory = train(model, data)", is_code=True),
        Cell("about-curves", f"## The curves\n\n{_FALLING}{_RISING * (project.data.split.validation > 0)}"),
        Cell("curves", f"{emit_functions((curves,))}\n\n\nplot_curves(history)", is_code=True),
        Cell("about-evaluate", f"## Evaluate\n\nThe model is judged by {_JUDGED[parts.part]}."),
        Cell(
            "evaluate",
            "\n".join(parts.ending.judging),
            is_code=True,
        ),
        Cell("about-predict", "## Predict and save\n\nWhat the model says about the first five of these rows."),
        Cell("predict", f"{emit_functions((predictions,))}\n\n\nshow_predictions(model, x, y)", is_code=True),
        Cell("save", 'model.save("model.keras")', is_code=True),
    ]
