"""Builds ready-made networks beside the conversation: one takes 0.3 to 10 s, and other answers must not wait for it.

Symbolic building is safe on two threads at once, since Keras keeps its scopes per thread; what is shared is cleared by
``symbolic()`` when the last of them has ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable, Hashable
from typing import TypeAlias

_Job: TypeAlias = tuple[Callable[[], None], Callable[[], None]]
"""What is to be done, and what where it was cancelled."""


class Cancelled(BaseException):
    """Raised inside the job that is under way. No ``Exception``, so that nobody takes it for a fault of Keras."""


def _nothing() -> None:
    """Nobody waits for what a job that is cancelled would have given."""


class Workshop:
    """One thread that does what was asked last first: older wishes may be out of date."""

    def __init__(self) -> None:
        self._jobs: dict[Hashable, _Job] = {}
        self._there_is_work = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_working = False
        self._is_next_cancelled = False

    def cancel(self) -> None:
        """End the job that is under way with ``Cancelled``, at the next line of Python that it reaches.

        Where none is yet, the one that comes next is not begun: a busy machine takes its time to begin one.
        """
        with self._there_is_work:
            if self._is_working and self._thread is not None:
                ident = ctypes.c_ulong(self._thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Cancelled))
            else:
                self._is_next_cancelled = bool(self._jobs)

    def ask(self, key: Hashable, job: Callable[[], None], given_up: Callable[[], None] = _nothing) -> None:
        """Do this some time; the same key again, while it waits, is the same job.

        ``given_up`` is called, on the same thread, where it was cancelled.
        """
        with self._there_is_work:
            self._jobs.pop(key, None)
            self._jobs[key] = job, given_up
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="workshop", daemon=True)
                self._thread.start()
            self._there_is_work.notify()

    def forget(self, key: Hashable) -> None:
        """Do not begin this any more."""
        with self._there_is_work:
            self._jobs.pop(key, None)

    def _work(self) -> None:
        while True:
            given_up = _nothing
            with contextlib.suppress(Cancelled):  # It may come before the job has begun, and when it has just ended.
                with self._there_is_work:
                    while not self._jobs:
                        self._there_is_work.wait()
                    _, (job, given_up) = self._jobs.popitem()
                    self._is_working = not self._is_next_cancelled
                if self._is_working:
                    job()
                    given_up = _nothing
            with contextlib.suppress(Cancelled), self._there_is_work:  # It may be asked for twice.
                self._is_working = self._is_next_cancelled = False
            given_up()


class Built:
    """Put into the inbox when something was built: there are new answers, although the window said nothing."""
