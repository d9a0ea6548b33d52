"""From the command to the first painted window, beside a bare PySide6 window with one label, in one run.

``python3 -m studio test tests/benchmarks/test_start.py --benchmark-only -s``; on an X server that is there, too, if
DISPLAY names it. The bound is a ratio of 4.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

STARTS = int(os.environ.get("STARTS", "9"))


def start(root: Path, state: Path, kind: str, platform: str) -> tuple[float, float, str]:
    """Seconds until the first picture, of them those of the processor, and which heavy modules were loaded by then."""
    environment = os.environ | {"QT_QPA_PLATFORM": platform, "LAYER_STUDIO_STATE": str(state)}
    # What was compiled at the first start is used from then on, as after any installation.
    environment |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(state.parent / "compiled")}
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", kind]
    begun = time.monotonic()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True, timeout=60)
    _, told, spent, _, heavy = done.stdout.split()
    return float(told) - begun, float(spent), heavy


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_first_paint(benchmark: Any, root: Path, tmp_path: Path, platform: str) -> None:
    if platform == "xcb" and not os.environ.get("DISPLAY"):
        pytest.skip("there is no X server")
    taken: dict[str, list[float]] = {"bare": [], "studio": []}
    spent: dict[str, list[float]] = {"bare": [], "studio": []}
    loaded = set()

    def one_of_each() -> None:
        number = len(taken["bare"])
        for kind, seconds in taken.items():
            found, cpu, heavy = start(root, tmp_path / f"{kind}{number}", kind, platform)
            seconds.append(found)
            spent[kind].append(cpu)
            loaded.add(heavy)

    benchmark.pedantic(one_of_each, rounds=STARTS, warmup_rounds=1)
    ratios = sorted(one / other for one, other in zip(taken["studio"], taken["bare"], strict=True))
    median = {kind: statistics.median(seconds) for kind, seconds in taken.items()}
    cpu = {kind: statistics.median(seconds) for kind, seconds in spent.items()}
    best = {kind: min(seconds) for kind, seconds in taken.items()}
    benchmark.extra_info.update(ratio=statistics.median(ratios), best_ratio=best["studio"] / best["bare"], **median)
    print(
        f"\n{platform}: the window {median['studio']:.3f} s, a bare one {median['bare']:.3f} s,"
        f" ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), of the best"
        f" {best['studio'] / best['bare']:.2f}; processor {cpu['studio']:.3f} s and {cpu['bare']:.3f} s,"
        f" ratio {cpu['studio'] / cpu['bare']:.2f}; loaded: {', '.join(sorted(loaded))}"
    )
    assert not any("tensorflow" in heavy or "keras" in heavy for heavy in loaded)
