"""Exported files run as anybody would run them: by plain Python, with our packages out of its reach."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from studio.assets import resource
from studio.codegen import GeneratedSource

History = Mapping[str, list[float]]

_MAIN = """
import json, runpy, sys, keras
told = {}
for path in sys.argv[1:]:
    keras.backend.clear_session()
    namespace = runpy.run_path(path)
    train = namespace["train"]
    def watched(*arguments):
        history = train(*arguments)
        told[path] = {name: [float(value) for value in values] for name, values in history.history.items()}
        return history
    train.__globals__["train"] = watched
    train.__globals__["main"]()
print("TOLD" + json.dumps(told))
"""


def write(folder: Path, name: str, source: GeneratedSource, epochs: int | None = None) -> Path:
    """The file and its data as Export would leave them, for fewer epochs where that is told."""
    text = source.text
    if epochs is not None:
        text, count = re.subn(r"^EPOCHS = \d+$", f"EPOCHS = {epochs}", text, flags=re.MULTILINE)
        assert count == 1
    for file in source.data_files:
        shutil.copyfile(resource("datasets", file), folder / file)
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def histories(*paths: Path) -> dict[str, History]:
    """What ``main`` of each file (all in one folder) learns in every epoch, by the name of the file."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    found = subprocess.run(
        [sys.executable, "-P", "-c", _MAIN, *[path.name for path in paths]],
        cwd=paths[0].parent, capture_output=True, text=True, timeout=600, check=False,
        env=environment | {"KERAS_BACKEND": "tensorflow"},
    )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3000:]
    told = json.loads(found.stdout.partition("TOLD")[2])
    return {Path(path).stem: value for path, value in told.items()}
