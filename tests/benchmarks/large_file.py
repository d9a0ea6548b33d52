"""Opens and saves a project of 10,000 nodes in a whole window and prints how long it took, as one JSON object.

By hand: ``python -m tests.benchmarks.large_file``. Times are wall and processor seconds, to the picture of the drawing
and to the file on the disk; memory is that of the window's process, at rest and at its highest.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from studio import storage
from studio.core import edits
from studio.gui import smoothness
from studio.gui.app import make_window
from studio.gui.settings import Settings
from tests.gui.canvas.drawing import many
from tests.support.engines import fake_engine

NODES = 10_000


def wait(ms: int) -> None:
    """Let the loop go on."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Wall and processor seconds."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {"wall_s": time.perf_counter() - wall, "processor_s": time.process_time() - processor}


def memory_mib(what: str) -> int:
    """One of the figures that Linux keeps of this process; 0 elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) // 1024


def main() -> int:
    """Measure once."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "large.studio"
    storage.save(many(NODES), path)
    app = QApplication(["large-file"])
    smoothness.share_turns()
    window = make_window(app, Settings(folder / "state"), fake_engine("checker"), fake_engine("trainer"))
    window.resize(1600, 1000)
    window.show()
    wait(800)
    smoothness.keep_what_is_there()

    def open_it() -> None:
        assert window.files.open(path, ask=False)
        while len(window.canvas.scene) < NODES:
            app.processEvents()
        window.canvas.repaint()

    told: dict[str, object] = {"open": timed(open_it)}
    wait(2_000)
    window.session.apply(lambda project: edits.set_title(project, "another"), "Title")
    wait(500)
    told["save"] = timed(window.files.save)
    told["memory_mib"] = memory_mib("VmRSS")
    told["highest_memory_mib"] = memory_mib("VmHWM")
    print(json.dumps(told))
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
