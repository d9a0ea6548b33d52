"""What holds for every test: no screen, no folder of the person's own, nothing left running.

``HYPOTHESIS_PROFILE=thorough`` runs more of everything, for hours: 1,000 samples of each property, every builder of
``keras.applications``, 500 random drawings over all layers (``tests.support.thorough`` knows it).
"""

from __future__ import annotations

import contextlib
import gc
import os
import threading
import time
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Two cores are shared by many tests: TensorFlow's own noise and threads help nobody here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("fast", max_examples=30, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("ci", settings.get_profile("fast"), derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("fast"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "fast"))

WORKER_BYTES = 3 * 2**30
"""What a process of tests takes at most, with its engines, each of which is a TensorFlow."""

_LISTS_CHILDREN = os.path.exists(f"/proc/self/task/{os.getpid()}/children")

WAIT_MS = 30_000
"""How long a test waits for an event that comes; only a failure takes that long."""

LEFT_TO_END_S = 5
"""How long threads and processes of a test may take to end after it: a killed engine is gone within 2 s."""


def pytest_xdist_auto_num_workers() -> int:
    """One process for each core that may be used, where the memory is large enough for their engines."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, psutil.virtual_memory().total // WORKER_BYTES))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """No round of the garbage collector while tests are gathered: they stay, and looking at them takes a third of it.

    Later rounds leave out what was there before the first test, for the same reason.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture
def fresh_names() -> Iterator[None]:
    """Keras counts the names of layers from 1, as in a new process, and keeps nothing of a test."""
    import keras

    keras.backend.clear_session(free_memory=False)
    yield
    keras.backend.clear_session(free_memory=False)


@pytest.fixture(autouse=True, scope="session")
def _state_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the state of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAYER_STUDIO_STATE", str(tmp_path_factory.mktemp("state")))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """pytest-qt's own, which also holds the widgets that it is to close, and waits longer.

    It knows them weakly: one of which the test's frame was the only holder is collected in the middle of whatever its
    timers do when the loop turns for the last time.
    """
    add, held = qtbot.addWidget, []

    def add_and_hold(widget: QWidget, **options: Any) -> None:
        held.append(widget)
        add(widget, **options)

    qtbot.addWidget = add_and_hold  # type: ignore[method-assign]
    # The five seconds of pytest-qt are short where others work beside.
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=WAIT_MS)  # type: ignore[method-assign]
    qtbot.waitSignal = partial(qtbot.waitSignal, timeout=WAIT_MS)  # type: ignore[method-assign]
    return qtbot


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """A thread or a process that a test started and left fails the test.

    Engines that a module or the session shares are started by fixtures of their own, and are known before the test.
    """
    threads = set(threading.enumerate())
    processes = _children()
    yield
    if request.node.get_closest_marker("leaves_running"):
        return
    deadline = time.monotonic() + LEFT_TO_END_S
    while True:
        left = [thread.name for thread in threading.enumerate() if thread not in threads and not _is_pool(thread)]
        left += [f"process {child.pid}" for child in _children() - processes]
        if not left:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"left running: {', '.join(left)}")
        time.sleep(0.02)


def _children() -> set[psutil.Process]:
    # A zombie has ended; whether it was waited for is its parent's business at its own end.
    found: set[psutil.Process] = set()
    for pid in _pids_of_children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child = psutil.Process(pid)
            if child.status() != psutil.STATUS_ZOMBIE:
                found.add(child)
    return found


def _pids_of_children() -> list[int]:
    # psutil reads what every process of the machine says, which is most of what a small test takes. Linux knows the
    # children of each thread.
    if not _LISTS_CHILDREN:
        return [child.pid for child in psutil.Process().children()]
    found: list[int] = []
    for thread in os.listdir("/proc/self/task"):
        with contextlib.suppress(OSError), open(f"/proc/self/task/{thread}/children", encoding="ascii") as children:
            found += map(int, children.read().split())
    return found


def _is_pool(thread: threading.Thread) -> bool:
    # Qt's and TensorFlow's own threads show up as dummies when Python code runs in them; pools keep them.
    return isinstance(thread, threading._DummyThread)


@pytest.fixture
def root() -> Path:
    """The root of the checkout."""
    return Path(__file__).resolve().parent.parent
