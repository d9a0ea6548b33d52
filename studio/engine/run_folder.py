"""What a run leaves in its folder: metrics.csv and the weights, each written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from studio.protocol import EpochEnded

METRICS: Final = "metrics.csv"
WEIGHTS: Final = "model.weights.h5"


def write_metrics(folder: Path, epochs: Sequence[EpochEnded]) -> None:
    """One row per epoch. Numbers in full, so that they can be compared digit for digit."""
    names = list(dict.fromkeys(name for epoch in epochs for name in epoch.logs))
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["epoch", "step", "is_partial", "learning_rate", "seconds", *names])
    for epoch in epochs:
        numbers = [repr(epoch.logs[name]) if name in epoch.logs else "" for name in names]
        seconds = f"{epoch.seconds:.3f}"
        rows.writerow([epoch.epoch, epoch.step, int(epoch.is_partial), repr(epoch.learning_rate), seconds, *numbers])
    temporary = folder / f".{METRICS}.new"
    with open(temporary, "w", encoding="utf-8", newline="") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, folder / METRICS)


def write_weights(folder: Path, model: Any) -> None:
    """The weights of the model, in Keras's own format."""
    temporary = folder / f".new.{WEIGHTS}"  # Keras insists on the ending
    try:
        model.save_weights(temporary)
        os.replace(temporary, folder / WEIGHTS)
    finally:
        temporary.unlink(missing_ok=True)
