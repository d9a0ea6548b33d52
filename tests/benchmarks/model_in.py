"""A model of Keras comes into the window: how long until it is drawn, and the longest that the event loop was held.

Prints a line per model. By hand: ``python -m tests.benchmarks.model_in [ResNet50 ...]``. The files have no weights, so
that reading gigabytes is not what is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from tests.benchmarks.large_window import Bench, TimedApplication, large_window

NAMES = ("ResNet50", "InceptionV3", "NASNetMobile")
ROUNDS = int(os.environ.get("REPETITIONS", "5"))
_WRITE = """
import json, sys, zipfile
import keras
with keras.StatelessScope(initialize_variables=False):
    for name in sys.argv[2:]:
        model = getattr(keras.applications, name)(weights=None)
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}.keras", "w") as archive:
            archive.writestr("config.json", json.dumps(keras.saving.serialize_keras_object(model)))
"""


class Ticks(QObject):
    """How long the event loop did not come to a timer that is always due: handlers, painting and waiting together."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._note)
        self._timer.start(0)

    def _note(self) -> None:
        now = time.perf_counter()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1e3)
        self._last = now


def bring_in(bench: Bench, path: Path) -> tuple[float, float, str, float]:
    """Seconds until the model is drawn, the longest handler in milliseconds (processor time) with its name, and the
    longest time (wall clock) in which the loop came to nothing else."""
    models = bench.window.files.models
    bench.settle()
    bench.app.handled.clear()
    ticks = Ticks()
    bench.started = start = time.perf_counter()
    opened: list[float] = []
    models.opened.connect(note := lambda _report: opened.append(time.perf_counter() - start))
    bench.call(partial(models.open, path))
    while not opened:
        bench.app.processEvents()
    models.opened.disconnect(note)
    bench.settle()
    handlers = sorted(((cpu, what) for _, cpu, what in bench.app.handled), reverse=True)
    return opened[0], *handlers[0], ticks.longest_ms


def main() -> None:
    """All models, or those named."""
    names = sys.argv[1:] or NAMES
    with tempfile.TemporaryDirectory() as folder, large_window() as bench:
        subprocess.run([sys.executable, "-c", _WRITE, folder, *names], check=True, stderr=subprocess.DEVNULL)
        assert isinstance(bench.app, TimedApplication)
        for name in names:
            found = [bring_in(bench, Path(folder) / f"{name}.keras") for _ in range(ROUNDS)]
            layers = len(json.loads(zipfile.ZipFile(f"{folder}/{name}.keras").read("config.json"))["config"]["layers"])
            longest = sorted(found, key=lambda each: each[1])
            print(
                f"{name}, {layers} layers: drawn after {min(each[0] for each in found):.2f} s (first "
                f"{found[0][0]:.2f}), longest handler {longest[len(longest) // 2][1]:.0f} ms (best "
                f"{longest[0][1]:.0f}, {longest[-1][2]}), "
                f"loop away for at most {min(each[3] for each in found):.0f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
