"""Wishes of the window reach the run they are for, in whatever order they come."""

from __future__ import annotations

import threading

from studio.engine.control import RunControl, RunControls
from studio.protocol import Pause, Resume, SetLearningRate, Step, Stop, Train, Warm


def test_a_run_without_wishes_has_nothing_to_look_at() -> None:
    control = RunControl("a")
    assert not control.has_news
    assert control.may_go_on()


def test_pause_holds_and_each_step_lets_one_batch_go() -> None:
    control = RunControl("a")
    control.take(Pause("a"))
    assert control.has_news
    assert not control.may_go_on()
    control.take(Step("a"))
    control.take(Step("a"))
    assert [control.may_go_on() for _ in range(3)] == [True, True, False]
    control.take(Resume("a"))
    assert control.may_go_on()
    assert not control.has_news


def test_a_step_holds_a_running_run_after_it() -> None:
    control = RunControl("a")
    control.take(Step("a"))
    assert [control.may_go_on(), control.may_go_on()] == [True, False]


def test_stop_frees_a_paused_run() -> None:
    control = RunControl("a", start_paused=True)
    assert not control.may_go_on()
    waiting = threading.Thread(target=control.wait)
    waiting.start()
    control.take(Stop("a"))
    waiting.join(5)
    assert not waiting.is_alive()
    assert control.may_go_on()
    assert control.is_stopping


def test_a_learning_rate_is_taken_once_and_never_lost() -> None:
    control = RunControl("a")
    control.take(SetLearningRate("a", 0.1))
    assert control.may_go_on()
    assert control.has_news  # not taken yet
    assert control.take_learning_rate() == 0.1
    assert control.take_learning_rate() is None
    assert control.may_go_on()
    assert not control.has_news


def test_wishes_find_their_run_also_before_it_begins() -> None:
    controls = RunControls()
    assert not controls.intercept(Train("a", "model.py", "."))
    assert not controls.intercept(Train("b", "model.py", ".", start_paused=True))
    assert controls.intercept(Stop("a"))
    assert controls.of("a").is_stopping
    assert not controls.of("b").is_stopping
    assert controls.of("b").has_news
    controls.drop("a")
    assert controls.intercept(Pause("a"))  # late, and no harm
    assert not controls.intercept(Warm(1))
    assert not controls.of("b").take(Stop("a"))
