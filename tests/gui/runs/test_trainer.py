"""The trainer with a fake engine: what a person may wish, and every way in which a run can end."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.codegen import GeneratedSource
from studio.core.project import Project, TrainingPlan
from studio.gui.runs.run import Run
from studio.gui.runs.trainer import Trainer
from studio.gui.session.restarts import MOST_DEATHS
from tests.support.engines import fake_engine

PROJECT = replace(Project(), training=TrainingPlan(epochs=4))
SCRIPT = "EPOCHS = 4\n"
SLOW = ("--batch-seconds", "0.05")


def source(text: str = SCRIPT) -> GeneratedSource:
    return GeneratedSource(text, (), (), "", ())


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Trainer]]:
    made: list[Trainer] = []

    def make(*options: str, force_after_ms: int = 3000) -> Trainer:
        trainer = Trainer(tmp_path, engine=fake_engine("trainer", *options), force_after_ms=force_after_ms)
        made.append(trainer)
        return trainer

    yield make
    for trainer in made:
        trainer.close()


def ready(qtbot: QtBot, trainer: Trainer) -> Trainer:
    trainer.start()
    qtbot.waitUntil(lambda: trainer.state == "ready")
    return trainer


def ended(qtbot: QtBot, run: Run) -> Run:
    qtbot.waitUntil(lambda: not run.is_alive)
    return run


def test_a_run_from_the_click_to_its_end(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    states: list[str] = []
    trainer.state_changed.connect(states.append)
    run = trainer.train(PROJECT, source(), None)
    assert trainer.current is run
    assert run.state == "waiting"
    ended(qtbot, run)
    assert states == ["waiting", "running", "ready"]
    assert (run.outcome, run.epoch, run.step) == ("finished", 4, 20)
    assert run.progress == 1.0
    assert run.parameters == 127
    assert trainer.current is None
    assert run.metric_names == ("loss", "accuracy")
    assert run.curves["loss"].batches.y.tolist() == pytest.approx([1 / step for step in range(1, 21)])
    assert run.curves["val_loss"].epochs.x.tolist() == [1, 2, 3, 4]
    assert len(run.predictions["output"]) == len(run.watched_inputs["input_0"]) == 64


def test_what_is_trained_is_what_was_exported_and_the_folder_keeps_it(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    run = ended(qtbot, trainer.train(PROJECT, source(), None))
    assert (run.folder / "model.py").read_text(encoding="utf-8") == run.source_text == SCRIPT
    assert json.loads((run.folder / "outcome.json").read_text(encoding="utf-8")) == {
        "outcome": "finished", "message": "Finished after 4 epochs.", "parameters": 127,
    }  # fmt: skip


def test_train_pressed_while_the_engine_warms_up_is_remembered(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = make("--warm-seconds", "0.3")
    trainer.start()
    assert trainer.state == "warming"
    run = trainer.train(PROJECT, source(), None)
    assert trainer.state == "waiting"
    assert ended(qtbot, run).outcome == "finished"


def test_train_starts_the_engine_where_there_is_none(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = make()
    assert ended(qtbot, trainer.train(PROJECT, source(), None)).outcome == "finished"


def test_only_one_run_at_a_time(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    trainer.train(PROJECT, source(), None)
    with pytest.raises(RuntimeError):
        trainer.train(PROJECT, source(), None)
    assert len(trainer.runs) == 1


def test_pause_holds_and_resume_goes_on(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 1)
    trainer.pause()
    qtbot.waitUntil(lambda: trainer.state == "paused")
    held = run.step
    assert run.state == "paused"
    qtbot.wait(150)  # three batches' time in which nothing may come
    assert run.step == held
    trainer.resume()
    qtbot.waitUntil(lambda: run.step > held)
    assert trainer.state == "running"
    assert ended(qtbot, run).step == 20


def test_a_step_does_one_batch(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    run = trainer.train(PROJECT, source(), None, start_paused=True)
    qtbot.waitUntil(lambda: trainer.state == "paused")
    assert run.step == 0
    for step in (1, 2, 3):
        states: list[str] = []
        trainer.state_changed.connect(states.append)
        trainer.step()
        qtbot.waitUntil(lambda states=states: states[-1:] == ["paused"])
        trainer.state_changed.disconnect(states.append)
        assert run.step == step


def test_stop_is_polite_and_keeps_what_was_seen(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 2)
    trainer.stop()
    assert trainer.state == run.state == "stopping"
    ended(qtbot, run)
    assert run.outcome == "stopped"
    assert 2 <= run.step < 20
    assert trainer.state == "ready"
    assert not trainer.can_force_stop


def test_stop_before_the_engine_could_begin(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = make("--warm-seconds", "0.2")
    run = trainer.train(PROJECT, source(), None)
    trainer.stop()
    assert ended(qtbot, run).outcome == "stopped"


def test_a_run_that_hears_nothing_can_be_stopped_by_force(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(force_after_ms=80))
    run = trainer.train(PROJECT, source(SCRIPT + "# HANG"), None)
    qtbot.waitUntil(lambda: run.step == 2)
    trainer.stop()
    assert not trainer.can_force_stop
    qtbot.waitUntil(lambda: trainer.can_force_stop)
    with qtbot.assertNotEmitted(trainer.engine_died):
        trainer.force_stop()
        ended(qtbot, run)
    assert run.outcome == "stopped"
    assert "force" in run.message
    assert run.curves["loss"].batches.y.tolist() == [1.0, 0.5]
    qtbot.waitUntil(lambda: trainer.state == "ready")
    assert not trainer.can_force_stop
    assert ended(qtbot, trainer.train(PROJECT, source(), None)).outcome == "finished"


def test_a_polite_stop_in_time_does_not_offer_force(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW, force_after_ms=300))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 1)
    trainer.stop()
    ended(qtbot, run)
    qtbot.wait(350)
    assert not trainer.can_force_stop


def test_an_engine_that_crashes_loses_the_run_and_comes_back(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    with qtbot.waitSignal(trainer.engine_died) as told:
        run = trainer.train(PROJECT, source("CRASH"), None)
    assert told.args == [run.message]
    assert run.outcome == "lost"
    assert run.message.endswith(".")
    assert trainer.current is None
    qtbot.waitUntil(lambda: trainer.state == "ready")
    assert ended(qtbot, trainer.train(PROJECT, source(), None)).outcome == "finished"
    assert [run.outcome for run in trainer.runs] == ["lost", "finished"]


def test_a_killed_engine_is_noticed_while_it_trains(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 2)
    killed = time.monotonic()
    os.kill(trainer.engine.process_id, signal.SIGKILL)
    ended(qtbot, run)
    print(f"killed -> told: {1000 * (time.monotonic() - killed):.0f} ms (the bound is 250 ms on an idle machine)")
    assert run.outcome == "lost"
    assert "out of memory" in run.message


@pytest.mark.skipif(os.name == "nt", reason="waitid is POSIX")
def test_train_pressed_when_the_engine_is_dead_but_nobody_was_told_goes_to_the_next_engine(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    told: list[str] = []
    trainer.engine_died.connect(told.append)
    process = trainer.engine.process_id
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)  # it is dead, and left for Qt to notice
    assert trainer.engine.state == "ready"
    run = trainer.train(PROJECT, source(), None)
    assert trainer.state == "waiting"
    assert ended(qtbot, run).outcome == "finished"
    assert len(told) == 1
    assert trainer.engine.process_id != process
    assert [each.outcome for each in trainer.runs] == ["finished"]


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be held there")
def test_an_engine_that_dies_before_it_has_the_run_in_hand_is_no_loss(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    process = trainer.engine.process_id
    os.kill(process, signal.SIGSTOP)
    run = trainer.train(PROJECT, source(), None)
    os.kill(process, signal.SIGKILL)
    assert ended(qtbot, run).outcome == "finished"
    assert run.step == 20


def test_train_pressed_while_the_engine_is_being_restarted_waits_for_the_new_one(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    trainer.restart()
    run = trainer.train(PROJECT, source(), None)
    assert trainer.state == "waiting"
    assert ended(qtbot, run).outcome == "finished"
    assert trainer.state == "ready"


@pytest.mark.skipif(os.name == "nt", reason="processes cannot be held there")
def test_a_run_that_is_stopped_before_any_engine_has_it_does_not_come_back(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    process = trainer.engine.process_id
    os.kill(process, signal.SIGSTOP)
    run = trainer.train(PROJECT, source(), None)
    trainer.stop()
    os.kill(process, signal.SIGKILL)
    assert ended(qtbot, run).outcome == "stopped"
    assert run.step == 0
    qtbot.waitUntil(lambda: trainer.state == "ready")
    assert not trainer.can_force_stop


def test_a_script_that_kills_the_engine_is_not_run_twice(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    told: list[str] = []
    trainer.engine_died.connect(told.append)
    assert ended(qtbot, trainer.train(PROJECT, source("CRASH"), None)).outcome == "lost"
    qtbot.waitUntil(lambda: trainer.state == "ready")
    assert len(told) == 1


def test_an_engine_that_cannot_live_is_not_started_for_ever(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = make("--crash-at-start")
    told: list[str] = []
    trainer.engine_died.connect(told.append)
    trainer.start()
    qtbot.waitUntil(lambda: len(told) == MOST_DEATHS)
    assert "with the next run" in told[-1]
    qtbot.wait(50)
    assert len(told) == MOST_DEATHS
    assert trainer.state == "off"
    run = trainer.train(PROJECT, source(), None)  # asked for, so it is tried again
    assert ended(qtbot, run).outcome == "lost"


def test_a_restart_that_was_wished_for(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 1)
    with qtbot.assertNotEmitted(trainer.engine_died):
        trainer.restart()
        ended(qtbot, run)
        qtbot.waitUntil(lambda: trainer.state == "ready")
    assert run.outcome == "lost"


def test_a_failure_names_its_line(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    run = ended(qtbot, trainer.train(PROJECT, source("import keras\nFAIL\n"), None))
    assert (run.outcome, run.failed_line) == ("failed", 2)
    assert run.message == "The program stopped with an error."
    assert run.details == "Traceback ..."


def test_a_loss_that_is_no_number_ends_the_run_and_says_where(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    run = ended(qtbot, trainer.train(PROJECT, source(SCRIPT + "# DIVERGE"), None))
    assert run.outcome == "diverged"
    assert "step 3" in run.message
    assert "Try a learning rate" in run.message
    assert run.step == 3
    last = run.curves["loss"].batches.y[-1]
    assert last != last


def test_the_learning_rate_changes_while_it_runs(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make(*SLOW))
    run = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: run.step >= 1)
    trainer.set_learning_rate(0.25)
    qtbot.waitUntil(lambda: run.learning_rate == 0.25)
    trainer.stop()
    ended(qtbot, run)


def test_wishes_without_a_run_do_nothing(qtbot: QtBot, make: Callable[..., Trainer]) -> None:
    trainer = ready(qtbot, make())
    for wish in (trainer.pause, trainer.resume, trainer.step, trainer.stop):
        wish()
    trainer.set_learning_rate(0.1)
    assert trainer.state == "ready"
    assert ended(qtbot, trainer.train(PROJECT, source(), None)).outcome == "finished"


def test_a_folder_that_cannot_be_written_begins_no_run(qtbot: QtBot, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    trainer = Trainer(in_the_way, engine=fake_engine("trainer"))
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says about a file in the place of a folder
        trainer.train(PROJECT, source(), None)
    assert trainer.current is None
    assert trainer.runs == []
    trainer.close()


def test_runs_lie_beside_the_project(qtbot: QtBot, make: Callable[..., Trainer], tmp_path: Path) -> None:
    trainer = ready(qtbot, make())
    first = ended(qtbot, trainer.train(PROJECT, source(), tmp_path / "mine.studio"))
    second = ended(qtbot, trainer.train(PROJECT, source(), tmp_path / "mine.studio"))
    assert (first.folder, second.folder) == (tmp_path / "mine.runs" / "0001", tmp_path / "mine.runs" / "0002")


def test_another_project_begins_without_runs_and_stops_the_one_that_is_alive(
    qtbot: QtBot, make: Callable[..., Trainer]
) -> None:
    trainer = ready(qtbot, make())
    first = trainer.train(PROJECT, source(), None)
    qtbot.waitUntil(lambda: trainer.state == "running")
    with qtbot.waitSignal(trainer.runs_forgotten):
        trainer.forget_runs()
    ended(qtbot, first)
    trainer.forget_runs()
    assert trainer.runs == []
    again = trainer.train(PROJECT, source(), None)
    assert again.number == 2, "numbers are those of the folders, which stay on the disk"
    ended(qtbot, again)
    assert trainer.runs == [again]
