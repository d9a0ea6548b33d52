"""Jobs that are done beside the conversation, and cancelled at any moment."""

from __future__ import annotations

import queue

import pytest

from studio.engine.workshop import Workshop

# The thread of a workshop lives as long as its process.
pytestmark = pytest.mark.leaves_running

SOON_S = 30


def test_a_job_under_way_is_cancelled_and_the_next_one_is_done() -> None:
    workshop, told = Workshop(), queue.SimpleQueue[str]()

    def endless() -> None:
        told.put("began")
        while True:
            pass

    workshop.ask("first", endless, lambda: told.put("given up"))
    assert told.get(timeout=SOON_S) == "began"
    workshop.cancel()
    assert told.get(timeout=SOON_S) == "given up"
    workshop.ask("second", lambda: told.put("done"), lambda: told.put("given up"))
    assert told.get(timeout=SOON_S) == "done"


def test_a_job_that_has_not_begun_is_cancelled_too() -> None:
    workshop, told = Workshop(), queue.SimpleQueue[str]()
    with workshop._there_is_work:  # so nothing is begun yet
        workshop.ask("first", lambda: told.put("done"), lambda: told.put("given up"))
        workshop.cancel()
    assert told.get(timeout=SOON_S) == "given up"
    workshop.ask("second", lambda: told.put("done"), lambda: told.put("given up"))
    assert told.get(timeout=SOON_S) == "done"


def test_where_there_is_nothing_to_cancel_the_next_job_is_done() -> None:
    workshop, told = Workshop(), queue.SimpleQueue[str]()
    workshop.cancel()
    workshop.ask("first", lambda: told.put("done"), lambda: told.put("given up"))
    assert told.get(timeout=SOON_S) == "done"
