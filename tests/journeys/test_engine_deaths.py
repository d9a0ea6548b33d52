"""Engines die at any moment, and windows too: it is noticed, told, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from studio.core import edits
from studio.core.project import Project, Split
from studio.gui.app import make_window
from studio.gui.session import Session
from studio.gui.session.engine_process import EngineProcess
from studio.gui.settings import Settings
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.support.engines import BEATS, fake_command, fake_engine
from tests.support.graphs import graph

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9"),
]

ORPHAN_S = 30
"""An engine ends within 2 s of its window on an idle machine; one that does not notice lives for ever."""
START_MS = 120_000


def kill(engine: EngineProcess) -> int:
    """Kill it from outside; returns the id it had."""
    process = engine.process_id
    assert process
    os.kill(process, signal.SIGKILL)
    return process


def noticed(qtbot: QtBot, engine: EngineProcess, moment: str) -> None:
    """Kill an engine and wait until the window knows; tells how long that took."""
    told: list[float] = []
    engine.died.connect(lambda _: told.append(time.monotonic()))
    began = time.monotonic()
    kill(engine)
    qtbot.waitUntil(lambda: bool(told))
    took_ms = 1000 * (told[0] - began)
    print(f"{engine.role} killed {moment}: noticed after {took_ms:.0f} ms (the bound is 250 ms on an idle machine)")


def project_named(name: str) -> Project:
    found = example(name)
    assert found is not None
    return found.project()


def is_answered(session: Session) -> bool:
    """Whether Keras has spoken of every node."""
    return session.graph.nodes.keys() <= session.answers.keys()


def endless(project: Project) -> Project:
    """The same project with more epochs than anybody waits for."""
    return edits.set_training(project, replace(project.training, epochs=100_000, callbacks=()))


def opened(checker: EngineProcess, trainer: EngineProcess, folder: Path) -> MainWindow:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = make_window(app, Settings(folder / "state"), checker, trainer)
    window.resize(1600, 1000)
    window.show()
    window.start_engines()
    return window


@pytest.fixture(autouse=True)
def _nobody_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Discard)


class TestWithFakes:
    """What needs no Keras."""

    @pytest.fixture
    def window(self, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
        trainer = EngineProcess("trainer", command=fake_command("trainer", "--batch-seconds", "0.01"))
        made = opened(fake_engine("checker"), trainer, tmp_path)
        qtbot.waitUntil(lambda: made.session.engine_state == "ready" and made.trainer.state == "ready")
        made.session.load(endless(project_named("book_mlp")), tmp_path / "p.studio")
        qtbot.waitUntil(lambda: is_answered(made.session) and made.session.engine_state == "ready")
        yield made
        made.close()

    def test_a_checker_that_dies_again_and_again_stays_dead_until_restart_is_clicked(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        session = window.session
        for _ in range(2):
            noticed(qtbot, session.checker.engine, "idle")
            assert "engine" in window.status.news
            qtbot.waitUntil(lambda: session.engine_state == "ready" and is_answered(session))
        noticed(qtbot, session.checker.engine, "idle")
        qtbot.wait(100)
        assert session.engine_state == "dead"
        assert "not started again by itself" in window.status.news
        assert window.status.restart_button.isVisible()
        project = session.project
        session.apply(lambda project: edits.set_title(project, "Still alive"), "Rename")
        session.undo()
        assert session.project is project
        QTest.mouseClick(window.status.restart_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: session.engine_state == "ready" and is_answered(session))
        assert not window.status.restart_button.isVisible()

    def test_a_run_whose_engine_dies_is_lost_and_the_next_one_works(self, qtbot: QtBot, window: MainWindow) -> None:
        trainer = window.trainer
        window.train()
        run = trainer.runs[-1]
        qtbot.waitUntil(lambda: run.step > 3)
        noticed(qtbot, trainer.engine, "in fit")
        assert run.outcome == "lost"
        assert "ended from outside" in window.status.news
        assert (run.folder / "outcome.json").read_text(encoding="utf-8").count("lost") == 1
        assert len(run.curves["loss"].batches) > 3
        qtbot.waitUntil(lambda: trainer.state == "ready")
        window.train()
        qtbot.waitUntil(lambda: trainer.runs[-1] is not run and trainer.runs[-1].step > 3)

    @pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot hold a process")
    @pytest.mark.parametrize("role", ["checker", "trainer"])
    def test_a_silent_engine_is_told_and_can_be_restarted(self, qtbot: QtBot, tmp_path: Path, role: str) -> None:
        engines = {
            other: EngineProcess(other, command=fake_command(other, *BEATS), silent_after_ms=1_500)
            for other in ("checker", "trainer")
        }
        window = opened(engines["checker"], engines["trainer"], tmp_path)
        qtbot.waitUntil(lambda: window.session.engine_state == "ready" and window.trainer.state == "ready")
        held, other = engines[role], engines["trainer" if role == "checker" else "checker"]
        spared = other.process_id
        process = held.process_id
        os.kill(process, signal.SIGSTOP)
        qtbot.waitUntil(lambda: not held.is_responding)
        assert "no sign of life" in window.status.news
        assert "not responding" in window.status.engine_text
        QTest.mouseClick(window.status.restart_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: held.process_id not in (0, process))
        qtbot.waitUntil(lambda: window.session.engine_state == "ready" and window.trainer.state == "ready")
        assert other.process_id == spared
        assert "ready" in window.status.engine_text
        assert window.status.news == ""
        window.close()

    def test_an_interpreter_that_is_missing_is_one_sentence_and_drawing_goes_on(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        missing = ["/no/such/python", "-m", "studio.engine"]
        window = opened(EngineProcess("checker", command=missing), EngineProcess("trainer", command=missing), tmp_path)
        qtbot.waitUntil(lambda: "/no/such/python is missing" in window.status.news)
        qtbot.waitUntil(lambda: window.session.engine_state == "dead")
        window.session.load(project_named("xor"), None)
        window.train()
        qtbot.waitUntil(lambda: bool(window.trainer.runs) and not window.trainer.is_busy)
        assert window.trainer.runs[-1].outcome == "lost"
        assert "is missing" in window.trainer.runs[-1].message
        assert window.session.apply(lambda project: edits.set_title(project, "Goes on"), "Rename")
        window.close()

    def test_an_engine_that_ends_at_once_each_time_does_not_keep_the_window_busy(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        command = [sys.executable, "-c", "pass"]
        window = opened(EngineProcess("checker", command=command), EngineProcess("trainer", command=command), tmp_path)
        deaths: list[str] = []
        window.session.engine_died.connect(deaths.append)
        qtbot.waitUntil(lambda: "several times in a row" in window.status.news)
        qtbot.wait(500)
        assert len(deaths) <= 3
        window.close()


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window with real engines, which the tests kill. Those of the stories would tell windows that are gone."""
    made = opened(EngineProcess("checker"), EngineProcess("trainer"), tmp_path_factory.mktemp("deaths"))
    yield made
    made.session.document.mark_saved()
    made.close()


@pytest.mark.keras
class TestWithKeras:
    """Real engines, killed while they import, infer, fit and validate. One window for all of it."""

    @pytest.fixture
    def window(self, qtbot: QtBot, shared: MainWindow, tmp_path: Path) -> MainWindow:
        shared.session.checker._restarts.forget()  # deaths in other tests are not this one's
        shared.trainer._restarts.forget()
        if shared.session.engine_state == "dead":
            shared.session.start()
        qtbot.waitUntil(lambda: shared.session.engine_state == "ready", timeout=START_MS)
        qtbot.waitUntil(lambda: shared.trainer.state == "ready", timeout=START_MS)
        shared.session.load(endless(project_named("book_mlp")), tmp_path / "p.studio")
        qtbot.waitUntil(lambda: self.is_answered(shared), timeout=START_MS)
        return shared

    def is_answered(self, window: MainWindow) -> bool:
        session = window.session
        return session.engine_state == "ready" and session.answers.keys() >= session.graph.nodes.keys()

    def comes_back(self, qtbot: QtBot, window: MainWindow) -> None:
        """Answers come again, and the next Train works."""
        qtbot.waitUntil(lambda: self.is_answered(window), timeout=START_MS)
        assert not window.trainer.is_busy
        runs = len(window.trainer.runs)
        window.train()
        assert len(window.trainer.runs) == runs + 1, window.status.news
        run = window.trainer.runs[-1]
        qtbot.waitUntil(lambda: run.step > 2 or not run.is_alive, timeout=START_MS)
        window.trainer.stop()
        qtbot.waitUntil(lambda: not run.is_alive)
        assert run.outcome == "stopped", run.message

    @pytest.mark.leaves_running
    def test_checker(self, qtbot: QtBot, window: MainWindow) -> None:
        session, engine = window.session, window.session.checker.engine
        noticed(qtbot, engine, "idle")
        assert "engine" in window.status.news
        qtbot.waitUntil(lambda: session.engine_state == "starting")
        qtbot.wait(300)
        noticed(qtbot, engine, "while it imports Keras")
        qtbot.waitUntil(lambda: self.is_answered(window), timeout=START_MS)
        chain = "x:Input(shape=(3,)) -> " + " -> ".join(f"d{n}:Dense(units=4)" for n in range(1_500)) + " -> y:Output"
        session.checker._restarts.forget()
        session.load(graph(chain), None)
        qtbot.waitUntil(lambda: session.engine_state == "busy")
        noticed(qtbot, engine, "while it infers 1,500 layers")
        qtbot.waitUntil(lambda: self.is_answered(window), timeout=START_MS)
        assert len(session.answers) == 1_502
        session.load(endless(project_named("book_mlp")), None)
        self.comes_back(qtbot, window)

    @pytest.mark.leaves_running
    def test_trainer(self, qtbot: QtBot, window: MainWindow) -> None:
        trainer, engine = window.trainer, window.trainer.engine
        noticed(qtbot, engine, "idle")
        qtbot.waitUntil(lambda: trainer.state == "warming")
        qtbot.wait(300)
        noticed(qtbot, engine, "while it imports Keras")
        qtbot.waitUntil(lambda: trainer.state == "ready", timeout=START_MS)
        trainer._restarts.forget()

        window.train()
        run = trainer.runs[-1]
        qtbot.waitUntil(lambda: run.step > 20, timeout=START_MS)
        noticed(qtbot, engine, "in fit")
        assert run.outcome == "lost"
        assert run.message == window.status.news
        self.comes_back(qtbot, window)

        # So many rows for validation that it takes far longer than the batches before it.
        project = project_named("small_cnn")
        source = replace(project.data, split=Split(validation=0.9, seed=1))
        window.session.load(endless(edits.set_data(project, source)), None)
        qtbot.waitUntil(lambda: self.is_answered(window), timeout=START_MS)
        window.train()
        run = trainer.runs[-1]
        qtbot.waitUntil(lambda: 0 < run.steps_per_epoch <= run.step and not run.epoch, timeout=START_MS)
        noticed(qtbot, engine, "in validation")
        assert run.outcome == "lost"
        assert run.epoch == 0
        window.session.load(endless(project_named("book_mlp")), None)
        self.comes_back(qtbot, window)


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from studio.gui.app import make_window
from studio.gui.settings import Settings
from studio.workbench.examples import example
from dataclasses import replace

app = QApplication([])
window = make_window(app, Settings(Path(sys.argv[1])))
project = example("book_mlp").project()
window.session.load(replace(project, training=replace(project.training, epochs=100_000)), None)
window.show()
window.start_engines()
moment = sys.argv[2]
if moment == "training":
    window.train()

def look():
    engines = (window.session.checker.engine, window.trainer.engine)
    is_there = moment == "importing" or (window.trainer.runs and window.trainer.runs[-1].step > 10)
    if is_there and all(engine.process_id for engine in engines):
        print(*(engine.process_id for engine in engines), flush=True)
        timer.stop()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
app.exec()
"""


@pytest.mark.keras
@pytest.mark.parametrize(("moment", "after_s"), [("importing", 0.0), ("importing", 1.0), ("training", 0.0)])
def test_a_killed_window_leaves_no_engine(tmp_path: Path, root: Path, moment: str, after_s: float) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", WINDOW, str(tmp_path / "state"), moment]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment, cwd=tmp_path) as window,
    ):
        assert window.stdout is not None
        engines = [psutil.Process(int(process)) for process in window.stdout.readline().split()]
        assert len(engines) == 2, (tmp_path / "log").read_text(encoding="utf-8", errors="replace")
        assert all(map(is_alive, engines))
        time.sleep(after_s)
        window.kill()
        window.wait(5)
        began = time.monotonic()
        wait_until(lambda: not any(map(is_alive, engines)), ORPHAN_S)
        print(f"window killed while {moment}: no engine left after {1000 * (time.monotonic() - began):.0f} ms")
        assert not any(map(is_alive, engines))


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.005)


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
