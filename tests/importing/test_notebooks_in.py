"""Notebooks with the commands of Jupyter: those that run what follows them are kept, the others are left out."""

from __future__ import annotations

import json

import pytest

from studio.importing.script import notebook_text, read_script
from tests.support.catalog import CATALOG


def text_of(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return notebook_text(json.dumps({"cells": [{"cell_type": "markdown", "source": "%%"}, *made]}).encode())


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("%matplotlib inline", "pass"),
        ("    !pip install keras", "    pass"),
        ("?keras", "pass"),
        ("model.summary??", "pass"),
        ("  %time x = layers.Dense(3)(x)", "  x = layers.Dense(3)(x)"),
        ("%timeit x = 3", "pass"),
        ("files = !ls", "files = NotImplemented"),
        ("a, b = %sql select", "a, b = NotImplemented"),
        ("      % (a, b))", "      % (a, b))"),
        ("      != 3)", "      != 3)"),
        ("x = '%d' % 3", "x = '%d' % 3"),
        ("if a == 'what?': pass", "if a == 'what?': pass"),
    ],
)
def test_a_line(line: str, kept: str) -> None:
    assert text_of(line) == kept


@pytest.mark.parametrize("command", ["%%time", "%%capture output", "%%prun -l 5"])
def test_a_cell_that_is_only_measured_is_read(command: str) -> None:
    text = text_of(
        "import keras\nfrom keras import layers\nx = begin = keras.Input((4,))\n",
        f"{command}\nx = layers.Dense(3)(x)\n",
        "%%bash\nx = layers.Dense(5)(x)\n",
        "%%timeit\nx = layers.Dense(7)(x)\n",
        "model = keras.Model(begin, x)\n",
    )
    nodes = read_script(text, CATALOG).project.main.nodes.values()
    assert [node.params["units"] for node in nodes if node.type == "Dense"] == [3]
