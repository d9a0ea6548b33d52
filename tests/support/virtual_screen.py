"""A screen that nobody sees, for tests that need a real X server."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Run an Xvfb on a display that is free; gives its name, such as ":1"."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"]
    with _alone():
        process = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
    try:
        assert number, "the virtual screen did not start"
        yield f":{number}"
    finally:
        with _alone():
            process.terminate()
            process.wait(10)


@contextmanager
def _alone() -> Iterator[None]:
    """A server that ends takes away the socket of its number, also when another has just taken that number over."""
    import fcntl  # there is none on Windows, which has no Xvfb either

    with Path(tempfile.gettempdir(), "layer-studio-screens.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
