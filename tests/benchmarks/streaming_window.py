"""The real window with its Train workspace open, drawing two plots of a run whose trainer measures what that costs.

Prints one JSON object: the ratio of reported to plain batches with its 95 % interval, that of the control, and how long
it took from the end of a batch until a picture with its point was painted; and the processor time of the window's
process while the run went on, per picture, which noise beside it changes least.

    python -m tests.benchmarks.streaming_window SECONDS_PER_BLOCK BLOCKS
"""

from __future__ import annotations

import bisect
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from studio.gui import late_panels, smoothness
from studio.gui.app import make_window
from studio.gui.session.engine_process import EngineProcess
from studio.gui.settings import Settings
from studio.gui.training.curve_plot import CurvePlot
from studio.workbench import examples
from tests.benchmarks.block_ratio import ratio

ENGINE = Path(__file__).with_name("streaming_engine.py")


class Pictures(QObject):
    """Notes when a plot was painted, and the last step that it showed then."""

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[tuple[int, float]] = []
        self.step = 0
        redraw = CurvePlot.redraw

        def noted(plot: CurvePlot) -> None:
            self.step = max((run.step for run in plot._runs), default=0)
            redraw(plot)

        CurvePlot.redraw = noted  # type: ignore[method-assign]

    def watch(self, plot: CurvePlot) -> None:
        """Follow the paintings of a plot."""
        plot._layer.installEventFilter(self)

    def _note(self, step: int) -> None:
        self.painted.append((step, time.monotonic()))

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            step = self.step
            QTimer.singleShot(0, lambda: self._note(step))  # the filter hears of it before it is painted
        return False


def delays_ms(ends: list[tuple[int, float]], painted: list[tuple[int, float]]) -> list[float]:
    """For each reported batch the time until the first picture that shows it."""
    steps, found, highest = [], [], 0
    for step, when in painted:
        if step > highest:
            highest = step
            steps.append(step)
            found.append(when)
    delays = []
    for step, ended in ends:
        place = bisect.bisect_left(steps, step)
        if place < len(steps):
            delays.append((found[place] - ended) * 1e3)
    return sorted(delays)


def main() -> None:
    """Open the window, let it train, print."""
    app = QApplication(["streaming-window"])
    smoothness.share_turns()
    QMessageBox.exec = lambda box: QMessageBox.StandardButton.Discard  # type: ignore[method-assign,assignment]
    pictures = Pictures()
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        trainer = EngineProcess("trainer", command=[sys.executable, str(ENGINE), *sys.argv[1:3], str(result)])
        window = make_window(app, Settings(Path(folder) / "state"), None, trainer)
        window.resize(1600, 1000)
        window.show()
        example = examples.example("small_cnn")
        assert example is not None
        window.session.load(example.project(), None)
        window.workspaces.show("train")
        late_panels.fill_those_that_wait(window.panels.values(), window)  # else start_engines does it
        app.processEvents()
        smoothness.keep_what_is_there()
        window.trainer.run_ended.connect(lambda _: QTimer.singleShot(500, app.quit))
        window.trainer.train(window.session.project, window.session.current_source(), None)
        watched: set[str] = set()

        def watch_new_plots() -> None:
            for name, plot in window.training.plots.plots.items():
                if name not in watched:
                    watched.add(name)
                    pictures.watch(plot)

        window.trainer.points_added.connect(lambda _: watch_new_plots())
        begun: list[float] = []
        window.trainer.points_added.connect(lambda _: begun or begun.append(time.process_time()))
        app.exec()
        processor = time.process_time() - begun[0]
        measured = json.loads(result.read_text(encoding="utf-8"))
        window.close()
    delays = delays_ms(measured["ends"], pictures.painted)
    median, low, high, blocks = ratio(measured["taken"], "reported")
    control = ratio(measured["taken"], "control")
    found = {
        "ratio": median, "low": low, "high": high, "blocks": blocks, "control": control, "plots": sorted(watched),
        "pictures": len(pictures.painted), "batches": len(delays),
        "processor_ms": 1e3 * processor / len(pictures.painted),
        "delay_ms": {share: delays[int(share / 100 * (len(delays) - 1))] for share in (50, 95, 99, 100)},
        "plain_us": 1e6 * min(seconds for kind, seconds in measured["taken"] if kind == "plain"),
    }  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
