"""Opens the window on a drawing of 1,000 nodes with real engines and takes the time of everything the event loop does.

A handler is one delivery of an event to an object (a key, a timer, a painting, bytes from the engine), as Qt's
``notify`` does it; what it causes inside counts for it. Each action is done several times. Of each repetition the
longest handler is kept, and of the repetitions the median and the best: others use the machine, too. Beside the wall
clock stands the processor time of the thread, which waiting for a busy core does not touch.

Prints one JSON object. By hand: ``python -m tests.benchmarks.large_window [ACTION...]``.
"""

from __future__ import annotations

import cProfile
import gc
import json
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from studio import storage
from studio.core import edits
from studio.core.project import PortRef, Project
from studio.gui import files, smoothness, theme
from studio.gui.app import make_window
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from tests.benchmarks.timed_application import Handler, TimedApplication
from tests.support.large import large_project

REPETITIONS = int(os.environ.get("REPETITIONS", "7"))
QUIET_S = 0.25
"""An action is over when the loop had nothing long to do for so long and the engine has answered."""
FRAME_MS = 16.0


class Bench:
    """The window and the actions that are done in it."""

    def __init__(self, app: TimedApplication, window: MainWindow, folder: Path) -> None:
        self.app, self.window = app, window
        self.file = folder / "large.studio"
        self.session, self.canvas = window.session, window.canvas
        self.names = {node.name: node.id for node in self.session.project.main.nodes.values()}
        self.started = self.answered_at = 0.0
        self.session.answers_changed.connect(self._note_answer)
        self.until_answer: dict[str, list[float]] = {}
        self.collections_ms: list[float] = []
        gc.callbacks.append(self._note_collection)

    def _note_answer(self, ids: frozenset[str]) -> None:
        self.answered_at = self.answered_at or time.perf_counter()

    def _note_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_since = time.perf_counter()
        elif info["generation"] == 2:
            self.collections_ms.append((time.perf_counter() - self._collecting_since) * 1e3)

    # Waiting

    def settle(self, timeout_s: float = 60.0) -> None:
        """Let the loop run until nothing is on its way any more."""
        quiet_since, end = time.perf_counter(), time.perf_counter() + timeout_s
        while time.perf_counter() < end:
            before = len(self.app.handled)
            QApplication.processEvents()
            is_quiet = len(self.app.handled) == before and self.session.engine_state == "ready"
            now = time.perf_counter()
            quiet_since = quiet_since if is_quiet else now
            if now - quiet_since > QUIET_S:
                return
            time.sleep(0.001)

    def measure(self, name: str, act: Callable[[], object], undo: Callable[[], object] | None = None) -> dict[str, Any]:
        """Do an action several times (and take it back in between); the longest handler of each time."""
        longest: list[Handler] = []
        cpus: list[Handler] = []
        for _ in range(REPETITIONS):
            self.settle()
            self.app.handled.clear()
            self.answered_at = 0.0
            self.started = time.perf_counter()
            act()
            self.settle()
            longest.append(max(self.app.handled, default=(0.0, 0.0, "")))
            cpus.append(max(self.app.handled, key=lambda handler: handler[1], default=(0.0, 0.0, "")))
            if self.answered_at:
                self.until_answer.setdefault(name, []).append((self.answered_at - self.started) * 1e3)
            if undo is not None:
                undo()
        best = min(longest)
        return {
            "action": name,
            "best_ms": best[0],
            "median_ms": statistics.median(wall for wall, _, _ in longest),
            "cpu_best_ms": min(cpu for _, cpu, _ in cpus),
            "cpu_median_ms": statistics.median(cpu for _, cpu, _ in cpus),
            "what": best[2],
        }

    # Hands

    def press(self, node: str) -> QPoint:
        """The pixel in the middle of a node, brought into view."""
        slot = self.canvas.scene.slot[self.names.get(node, node)]
        x, y = (self.canvas.scene.pos[slot] + self.canvas.scene.size[slot] / 2).tolist()
        return QPoint(*(round(value) for value in self.canvas.view.to_widget(x, y)))

    def click(self, node: str) -> None:
        """Select a node by a click."""
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.press(node))

    def drag(self, node: str) -> None:
        """Move a node with the mouse."""
        start = self.press(node)
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.canvas, left, none, start)
        for step in range(1, 8):
            QTest.mouseMove(self.canvas, start + QPoint(9 * step, 7 * step))
            QApplication.processEvents()
        QTest.mouseRelease(self.canvas, left, none, start + QPoint(63, 49))

    def apply(self, edit: Callable[[Project], Project]) -> None:
        """An edit as panels do it: inside a handler of the loop."""
        self.call(lambda: self.session.apply(edit, "Edit"))

    def call(self, act: Callable[[], object]) -> None:
        """Run something as a handler of the loop."""
        QApplication.postEvent(_Caller.one(), _Call(act))
        QApplication.processEvents()

    def type_units(self, node: str, text: str) -> None:
        """Type a value into a field of the inspector."""
        self.window.inspector.focus_parameter("filters")
        field = QApplication.focusWidget()
        assert field is not None, node
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        for letter in text:
            QTest.keyClick(field, letter)
            QApplication.processEvents()
        QTest.keyClick(field, Qt.Key.Key_Return)

    def undo(self) -> None:
        """Take back."""
        self.session.undo()


class _Call(QEvent):
    kind = QEvent.Type(QEvent.registerEventType())

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(self.kind)
        self.act = act


class _Caller(QObject):
    """Runs what is posted to it."""

    _one: _Caller | None = None

    @classmethod
    def one(cls) -> _Caller:
        if cls._one is None:
            cls._one = cls()
        return cls._one

    # Qt

    def customEvent(self, event: QEvent) -> None:
        event.act()  # type: ignore[attr-defined]


def actions(bench: Bench) -> Iterator[tuple[str, Callable[[], object], Callable[[], object] | None]]:
    """Name, what to do, and how to take it back."""
    session, canvas, window, names = bench.session, bench.canvas, bench.window, bench.names
    catalog = session.catalog
    middle, wide = names["conv_40"], names["b3_wide_36"]
    numbers = iter(range(7, 10_000))
    clear = lambda: session.set_selection(())  # noqa: E731
    yield "select one node (click)", lambda: bench.click("conv_40"), clear
    yield "select all", lambda: QTest.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier), clear
    yield "move one node (drag)", lambda: bench.drag("conv_40"), bench.undo
    yield "move all nodes", lambda: (_select_all(bench), bench.drag("conv_40")), lambda: (bench.undo(), clear())
    yield (
        "type a parameter",
        lambda: (session.set_selection((wide,)), bench.type_units(wide, str(next(numbers)))),
        bench.undo,
    )
    yield (
        "parameter that changes shapes after it",
        lambda: bench.apply(lambda project: edits.set_param(project, wide, "filters", next(numbers))),
        bench.undo,
    )
    yield (
        "parameter with 500 problems after it",
        lambda: bench.apply(lambda project: edits.set_param(project, middle, "filters", next(numbers))),
        bench.undo,
    )
    yield (
        "parameter that changes all shapes after it",
        lambda: bench.apply(lambda project: edits.set_param(project, names["stem"], "strides", next(numbers) % 5 + 2)),
        bench.undo,
    )
    yield (
        "rename",
        lambda: bench.apply(lambda project: edits.rename(project, middle, f"other_{next(numbers)}")),
        bench.undo,
    )
    yield (
        "add a node",
        lambda: bench.apply(lambda project: edits.add_node(project, "Dense", x=50, y=50, params={"units": 3})),
        bench.undo,
    )
    yield (
        "delete a node",
        lambda: bench.apply(lambda project: edits.delete(project, catalog, (names["drop_40"],))),
        bench.undo,
    )
    yield (
        "connect an edge",
        lambda: bench.apply(
            lambda project: edits.connect(
                project, catalog, PortRef(names["sum"], "output"), PortRef(names["sum_60"], "inputs")
            )
        ),
        bench.undo,
    )
    yield "undo", bench_undo(bench, wide, numbers), None
    yield "redo", bench_redo(bench, wide, numbers), bench.undo
    yield "delete all", lambda: (_select_all(bench), QTest.keyClick(canvas, Qt.Key.Key_Delete)), bench.undo
    for name in ("data", "train", "runs"):
        yield f"workspace {name}", partial(_show, bench, name), partial(_show, bench, "design")
    yield "workspace design", partial(_show, bench, "design"), partial(_show, bench, "train")
    _show(bench, "design")
    yield "another theme", partial(_colour, bench, "dark"), partial(_colour, bench, "light")
    yield "presentation", partial(_trigger, bench, "presentation"), partial(_trigger, bench, "presentation")
    _trigger(bench, "presentation")
    yield "presentation's end", partial(_trigger, bench, "presentation"), partial(_trigger, bench, "presentation")
    _trigger(bench, "presentation")
    yield (
        "zoom",
        lambda: [bench.call(lambda: canvas.camera.zoom(1.3, QPointF(500, 300))) for _ in range(6)],
        canvas.sight.fit,
    )
    yield "pan", lambda: [bench.call(lambda: canvas.pan_by(30, 20)) for _ in range(6)], canvas.sight.fit
    yield "shapes on all edges", lambda: bench.window.actions_table["edge_shapes"].trigger(), None
    yield "turn the drawing", lambda: bench.call(window.actions_table["left_to_right"].trigger), bench.undo
    yield "all answers anew (1,000)", lambda: _ask_all(bench), None
    yield "code for the clipboard", lambda: bench.call(window.actions_table["copy_code"].trigger), None
    yield "open a file", partial(_open, bench), None
    yield "save to a file", lambda: bench.call(lambda: window.files._save_to(bench.file)), None
    yield "autosave", lambda: bench.call(window.files._autosaving.write), None


def _select_all(bench: Bench) -> None:
    bench.session.set_selection(bench.session.graph.nodes)


def _show(bench: Bench, workspace: str) -> None:
    bench.call(lambda: bench.window.workspaces.turn_to(workspace))


def _colour(bench: Bench, choice: theme.Choice) -> None:
    bench.call(lambda: bench.window.set_theme(choice))


def _trigger(bench: Bench, action: str) -> None:
    bench.call(bench.window.actions_table[action].trigger)


def _open(bench: Bench) -> None:
    if not bench.file.exists():
        storage.save(bench.session.project, bench.file)
    bench.session.document.mark_saved()
    bench.call(lambda: bench.window.files.open(bench.file))


def _ask_all(bench: Bench) -> None:
    """As after a new start of the engine, which remembers the answers but tells all of them."""
    checker = bench.session.checker
    checker._inference.reset()
    bench.call(lambda: checker.check(bench.session.project, bench.session.catalog))


def bench_undo(bench: Bench, node: str, numbers: Iterator[int]) -> Callable[[], object]:
    """Undo of an edit that was done before the time is taken."""

    def act() -> None:
        bench.session.apply(lambda project: edits.set_param(project, node, "filters", next(numbers)), "Edit")
        bench.settle()
        bench.app.handled.clear()
        bench.answered_at, bench.started = 0.0, time.perf_counter()
        bench.call(bench.session.undo)

    return act


def bench_redo(bench: Bench, node: str, numbers: Iterator[int]) -> Callable[[], object]:
    """Redo of an edit."""

    def act() -> None:
        bench.session.apply(lambda project: edits.set_param(project, node, "filters", next(numbers)), "Edit")
        bench.session.undo()
        bench.settle()
        bench.app.handled.clear()
        bench.answered_at, bench.started = 0.0, time.perf_counter()
        bench.call(bench.session.redo)

    return act


def copy_of_a_view_ms() -> float:
    """The unit: one view-sized pixmap copied onto another, at its best."""
    source, target = QPixmap(1600, 1000), QPixmap(1600, 1000)
    source.fill(Qt.GlobalColor.white)
    taken = []
    for _ in range(60):
        painter = QPainter(target)
        started = time.perf_counter()
        painter.drawPixmap(0, 0, source)
        taken.append((time.perf_counter() - started) * 1e3)
        painter.end()
    return min(taken)


@contextmanager
def large_window() -> Iterator[Bench]:
    """The window with the large drawing, its engines ready and all answers there."""
    app = TimedApplication()
    smoothness.share_turns()
    files.beside_the_loop = app.wait
    QMessageBox.exec = lambda box: QMessageBox.StandardButton.Discard  # type: ignore[method-assign,assignment]
    with tempfile.TemporaryDirectory() as folder:
        window = make_window(app, Settings(Path(folder) / "state"))
        window.resize(1600, 1000)
        window.show()
        QApplication.processEvents()
        window.session.load(large_project(), None)
        for panel in window.panels.values():
            panel.fill()  # as the program does when it has time
        bench = Bench(app, window, Path(folder))
        window.session.start()
        bench.settle(120)
        smoothness.keep_what_is_there()
        window.session.loaded.connect(smoothness.keep_what_is_there)
        try:
            yield bench
        finally:
            window.close()


def main() -> None:
    """Do all actions, or those whose names hold one of the words given."""
    wanted = sys.argv[1:]
    with large_window() as bench:
        rows = []
        for name, act, undo in actions(bench):
            if not wanted or any(word in name for word in wanted):
                bench.app.profile = cProfile.Profile() if "PROFILE" in os.environ else None
                rows.append(bench.measure(name, act, undo))
                if bench.app.profile is not None:
                    pstats.Stats(bench.app.profile, stream=sys.stderr).sort_stats(
                        os.environ["PROFILE"] or "cumulative"
                    ).print_stats(45)
                    bench.app.profile = None
                print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
        found = {"copy_ms": copy_of_a_view_ms(), "handlers": rows, "answers_ms": bench.until_answer}
        found["collections_ms"] = bench.collections_ms
    print(json.dumps(found))


if __name__ == "__main__":
    main()
