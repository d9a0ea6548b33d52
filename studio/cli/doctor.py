"""``doctor``: what this machine has, and what is missing. Standard library only: it is asked when nothing works."""

from __future__ import annotations

import os
import platform
import shutil
from argparse import Namespace
from collections.abc import Callable, Iterator
from importlib import metadata, util
from pathlib import Path

from studio import machine
from studio.assets import resource

PACKAGES = {
    "PySide6-Essentials": "PySide6",
    "pyqtgraph": "pyqtgraph",
    "numpy": "numpy",
    "networkx": "networkx",
    "pandas": "pandas",
    "keras": "keras",
    "tensorflow": "tensorflow",
}
"""Distribution -> module."""

ENGINE_MEMORY_MIB = 2_000
"""Two engines, a window and a small network."""

Finding = tuple[bool | None, str]
"""Whether it is there (None: it is not, and only the window needs it), and a sentence."""

_WORDS = {True: "ok     ", False: "MISSING", None: "note   "}


def do(options: Namespace) -> int:
    """Print one line per finding; 1 if something is missing that the program needs."""
    is_well = True
    for is_fine, sentence in findings():
        print(f"{_WORDS[is_fine]}  {sentence}", flush=True)
        is_well = is_well and is_fine is not False
    return 0 if is_well else 1


def findings() -> Iterator[Finding]:
    """What there is, in the order in which things are needed."""
    here = machine.here()
    reason = here.why_not()
    yield (not reason, reason or f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    missing = [name for name, module in PACKAGES.items() if util.find_spec(module) is None]
    for name in PACKAGES:
        if name in missing:
            yield False, f"{name} is not installed: python3 -m studio in a checkout sets it up"
        else:
            yield True, f"{name} {_version(name)}"
    if "PySide6-Essentials" not in missing:
        yield _asked(lambda: here.refuse_qt(_version("PySide6-Essentials")), "this release of Qt suits this Python")
    libraries = here.missing_libraries(with_screen=True)
    yield (not libraries, f"Qt's system libraries: {', '.join(libraries) or 'all there'}")
    has_screen, sentence = _asked(here.refuse_without_screen, "a screen to open a window on")
    yield has_screen or None, sentence
    yield (resource("catalog").is_dir(), f"the program's own files in {resource()}")
    yield from _room()
    if not missing:
        yield _engine()


def _asked(question: Callable[[], None], fine: str) -> Finding:
    try:
        question()
    except machine.CannotStart as problem:
        return False, str(problem)
    return True, fine


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "unknown"


def _room() -> Iterator[Finding]:
    from studio.storage.places import state_folder

    folder = state_folder()
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    yield (os.access(there, os.W_OK), f"autosaves go to {folder}")
    free = shutil.disk_usage(there).free // 2**20
    yield (free > 100, f"{free:,} MiB of free disk")
    memory = free_memory_mib()
    if memory is not None:
        yield (memory > ENGINE_MEMORY_MIB, f"{memory:,} MiB of free memory ({ENGINE_MEMORY_MIB:,} are wanted)")


def free_memory_mib() -> int | None:
    """Free memory, where the system tells it (Linux)."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) // 1024 if found else None


def _engine() -> Finding:
    """Start an engine: that TensorFlow imports is not said by its being installed."""
    from studio.protocol import messages
    from studio.workbench.engine_client import Engine, EngineEnded

    try:
        with Engine("checker") as engine:
            try:
                ready = engine.wait_for(messages.Ready)
            except EngineEnded as error:
                return False, f"{error} {engine.log_tail[-500:]}"
    except EngineEnded as error:
        return False, str(error)
    devices = ", ".join(ready.devices) or "no device"
    return (
        True,
        f"the engine starts in {ready.seconds:.1f} s: Keras {ready.keras}, TensorFlow {ready.tensorflow}, {devices}",
    )
