"""Builds ready-made networks beside the conversation: one takes 0.3 to 10 s, and other answers must not wait for it.

Symbolic building is safe on two threads at once, since Keras keeps its scopes per thread; what is shared is cleared by
``symbolic()`` when the last of them has ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable, Hashable


class Cancelled(BaseException):
    """Raised inside the job that is under way. No ``Exception``, so that nobody takes it for a fault of Keras."""


class Workshop:
    """One thread that does what was asked last first: older wishes may be out of date."""

    def __init__(self) -> None:
        self._jobs: dict[Hashable, Callable[[], None]] = {}
        self._there_is_work = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_working = False

    def cancel(self) -> None:
        """End the job that is under way with ``Cancelled``, at the next line of Python that it reaches."""
        with self._there_is_work:
            if self._is_working and self._thread is not None:
                ident = ctypes.c_ulong(self._thread.ident or 0)
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Cancelled))

    def ask(self, key: Hashable, job: Callable[[], None]) -> None:
        """Do this some time; the same key again, while it waits, is the same job."""
        with self._there_is_work:
            self._jobs.pop(key, None)
            self._jobs[key] = job
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
            with contextlib.suppress(Cancelled):  # It may come when the job has just ended.
                with self._there_is_work:
                    self._is_working = False
                    while not self._jobs:
                        self._there_is_work.wait()
                    _, job = self._jobs.popitem()
                    self._is_working = True
                job()


class Built:
    """Put into the inbox when something was built: there are new answers, although the window said nothing."""
