"""Numbers of a training as people read them. Apart from the plots, whose library is slow to import."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from studio.gui import theme
from studio.gui.runs.run import VALIDATION_PREFIX


def format_value(value: float) -> str:
    """A loss or metric with the digits that a person compares: 0.956, 1.00, 12.3, 1.20e-05."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinite"
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:#.3g}".rstrip(".") if abs(value) >= 1 else f"{value:.3f}"
    return f"{value:.2e}"


def duration(seconds: float) -> str:
    """A time for people: 4 s, 2 min 5 s, 1 h 3 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def quantity(name: str) -> str:
    """A quantity of a run without underscores: "val_binary_accuracy" is "validation binary accuracy"."""
    plain = name.removeprefix(VALIDATION_PREFIX).replace("_", " ")
    if name.startswith(VALIDATION_PREFIX):
        return QCoreApplication.translate("Words", "validation {0}").format(plain)
    return plain


def readable(validation: str) -> str:
    """The validation orange is right for lines only; text on white needs more contrast (teaching.md, section 4)."""
    return validation if theme.current().is_dark else "#8A6A00"
