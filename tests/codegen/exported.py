"""Exported files run as anybody would run them: by plain Python, with our packages out of its reach."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.assets import resource
from studio.codegen import GeneratedSource

History = Mapping[str, list[float]]

_MAIN = """
import json, os, runpy, sys
devices = int(os.environ.get("TEST_DEVICES", "1"))
if devices > 1:
    import tensorflow as tf
    processor = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * devices)
if os.environ.get("TEST_EAGERLY"):
    import tensorflow as tf
    tf.config.run_functions_eagerly(True)
import keras
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


def write(
    folder: Path, name: str, source: GeneratedSource, epochs: int | None = None, most_rows: int | None = None
) -> Path:
    """The file and its data as Export would leave them, for fewer epochs where that is told.

    ``most_rows`` leaves out rows of arrays: thousands of pictures train no differently than some hundreds, and longer.
    """
    text = source.text
    if epochs is not None:
        text, count = re.subn(r"^EPOCHS = \d+$", f"EPOCHS = {epochs}", text, flags=re.MULTILINE)
        assert count == 1
    for file in source.data_files:
        if most_rows is not None and file.endswith(".npz"):
            _thin_out(folder / file, resource("datasets", file), most_rows)
        else:
            shutil.copyfile(resource("datasets", file), folder / file)
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def _thin_out(path: Path, whole: Path, most_rows: int) -> None:
    """Every so-manieth row, since some files have one class after the other."""
    with np.load(whole) as arrays:
        kept = {name: values[:: -(-len(values) // most_rows)] for name, values in arrays.items()}
    np.savez(path, **kept)


AS_SCRIPT = """
import json
from pathlib import Path

scope = {"__name__": "__main__"}
for cell in json.loads(Path("NAME.ipynb").read_text(encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), cell["id"], "exec"), scope)


def train(*ignored):
    return scope["history"]


def main():
    train()
"""
"""A script that runs the cells of a notebook beside it."""


@dataclass(slots=True)
class Running:
    """Scripts that run in a process of their own; ``told`` waits for its end."""

    process: subprocess.Popen[str]

    @property
    def told(self) -> dict[str, dict[str, list[float]]]:
        """What each of them learned, by the name of its file."""
        try:
            output, errors = self.process.communicate(timeout=1800)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        assert self.process.returncode == 0, errors[-3000:]
        found = json.loads(output.partition("TOLD")[2])
        return {Path(path).stem: value for path, value in found.items()}


def run_main(
    paths: Sequence[Path], *, devices: int = 1, folder: Path | None = None, python: str = sys.executable,
    more: Mapping[str, str] | None = None, eagerly: bool = False,
) -> Running:  # fmt: skip
    """Run ``main`` of each file with several devices made of the processor, and more in the environment.

    ``eagerly`` lets TensorFlow make no graphs: for some dozens of batches making them is most of the time.
    """
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"KERAS_BACKEND": "tensorflow", "TEST_DEVICES": str(devices), **(more or {})}
    environment |= {"TEST_EAGERLY": "1"} if eagerly else {}
    folder = folder or paths[0].parent
    folder.mkdir(exist_ok=True)
    return Running(subprocess.Popen(
        [python, "-P", "-c", _MAIN, *map(str, paths)],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ))  # fmt: skip


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


_MOST = 12
"""Scripts that one process runs: starting it takes as long as some of them, and hundreds would fill its memory."""


def histories(*paths: Path, eagerly: bool = False) -> dict[str, History]:
    """What ``main`` of each file (all in one folder) learns in every epoch, by the name of the file."""
    found: dict[str, History] = {}
    for first in range(0, len(paths), _MOST):
        some = [Path(path.name) for path in paths[first : first + _MOST]]
        found.update(run_main(some, folder=paths[0].parent, eagerly=eagerly).told)
    return found
