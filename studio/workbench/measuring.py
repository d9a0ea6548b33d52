"""What an engine measured of a network, by the calls of the drawing that it was made from."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from studio.catalog import Catalog
from studio.codegen import STEP, FlatCall, GeneratedSource, flat_calls
from studio.core.project import Project
from studio.immutable import immutable
from studio.protocol import Measured
from studio.workbench.proof import question
from studio.workbench.runs import SCRIPT, place_data

_HANDED_ON = ("mask", "query_mask", "key_mask", "value_mask")
"""Ports that the engine passes over when it tells what a call takes."""


@immutable
class Measurement:
    """Milliseconds of each call for one batch of ``rows``, and the size of the gradient of each that learns.

    ``step`` is after how many batches it was measured.
    """

    milliseconds: Mapping[str, float] = field(default_factory=dict)
    gradients: Mapping[str, float] = field(default_factory=dict)
    rows: int = 0
    step: int = 0


def prepare(project: Project, source: GeneratedSource, project_path: Path | None, scratch: Path) -> Path:
    """Write the code and its data to where it can be measured; gives the script. OSError where that fails."""
    folder = scratch / "measured"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / SCRIPT
    script.write_bytes(source.text.encode("utf-8"))
    place_data(project, project_path, folder)
    return script


def read(project: Project, catalog: Catalog, told: Measured) -> Measurement | None:
    """Find the calls of the drawing that the engine's numbers are about; None where it is another network.

    Both are walked from the outputs along the same edges at once.
    """
    calls = {call.id: call for call in flat_calls(project, catalog)}
    outputs = question(project, catalog, Path(), 0).outputs
    if len(outputs) != len(told.ends):
        return None
    found: dict[int, str] = {}
    waiting = [(number, _behind(calls, output)) for number, output in zip(told.ends, outputs, strict=True)]
    while waiting:
        number, call = waiting.pop()
        if call not in calls or found.get(number, call) != call:
            return None
        if number in found:
            continue
        found[number] = call
        sources = [
            source
            for port, given in calls[call].inputs
            if port not in _HANDED_ON and not (calls[call].kind == "steps" and port == STEP)
            for source, _ in given
        ]
        if len(sources) != len(told.takes[number]):
            return None
        waiting += [(taken, _behind(calls, each)) for taken, each in zip(told.takes[number], sources, strict=True)]
    times = {call: told.milliseconds[number] for number, call in found.items() if calls[call].kind != "input"}
    sizes = {call: size for number, call in found.items() if not math.isnan(size := told.gradients[number])}
    return Measurement(times, sizes, told.rows, told.step)


def _behind(calls: Mapping[str, FlatCall], call: str) -> str:
    """The call whose tensor arrives there: an Output, and what is bypassed, hand it on."""
    while call in calls and calls[call].kind == "output":
        call = next((source for _, given in calls[call].inputs for source, _ in given), "")
    return call
