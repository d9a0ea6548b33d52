"""A figure of ResNet50 as SVG beside the PNG of ``keras.utils.plot_model``: how many times as quick ours is.

Prints a line per style and content, the best of some rounds each, ours and theirs in turns. By hand:
``python -m tests.benchmarks.figure_ratio``. plot_model needs Graphviz and pydot; without them only ours is measured.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from studio import catalog
from studio.gui import figure
from studio.gui.figure import LOOKS
from studio.importing import from_config
from studio.layout import tidy
from studio.workbench.asking import infer
from studio.workbench.engine_client import Engine
from studio.workbench.inference import InferenceState

ROUNDS = int(os.environ.get("REPETITIONS", "5"))


def seconds(draw: Callable[[], object]) -> float:
    """How long it takes once, by the clock on the wall: Graphviz is another process."""
    begin = time.perf_counter()
    draw()
    return time.perf_counter() - begin


def main() -> None:
    """Both with and without shapes, in each of our styles."""
    import keras
    from keras.src.utils.model_visualization import check_graphviz

    app = QGuiApplication(["figure-ratio"])
    with keras.StatelessScope(initialize_variables=False):
        model = keras.applications.ResNet50(weights=None)
    known = catalog.load()
    project = tidy(from_config(model.get_config(), known).project, catalog=known)
    inference = InferenceState()
    with Engine("checker") as engine:
        infer(engine, inference, project, known)
    answers = inference.answers
    has_graphviz = check_graphviz()
    with tempfile.TemporaryDirectory() as folder:
        for has_shapes in (True, False):
            theirs: list[float] = []
            ours: dict[str, list[float]] = {style: [] for style in LOOKS}
            for _ in range(ROUNDS):
                for style, look in LOOKS.items():
                    wanted = replace(look, shows_shapes=has_shapes, shows_parameters=has_shapes and style != "paper")
                    path = Path(folder) / f"{style}.svg"
                    for _ in range(3):  # one of ours is soon disturbed
                        draw = partial(figure.write, path, project, known, answers, look=wanted)
                        ours[style].append(seconds(draw))
                if has_graphviz:
                    shown = {"show_shapes": has_shapes, "show_layer_names": has_shapes}
                    theirs.append(seconds(partial(keras.utils.plot_model, model, f"{folder}/theirs.png", **shown)))
            told = "with shapes" if has_shapes else "names alone"
            for style, each in ours.items():
                ratio = f", plot_model {min(theirs):.2f} s: {min(theirs) / min(each):.0f} times" if theirs else ""
                print(f"{style}, {told}: {min(each) * 1e3:.0f} ms (first {each[0] * 1e3:.0f}){ratio}", flush=True)
    del app


if __name__ == "__main__":
    main()
