"""What a learning-rate schedule does, by Keras's published formulas: the window has no Keras to ask.

A test holds the formulas against the installed Keras. A schedule that is not known here has no picture.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence

from studio.catalog.values import Value
from studio.core.project import Project

Params = Mapping[str, Value]


def planned_steps(project: Project) -> int:
    """About how many batches the plan of a project trains on; 0 where there is no data yet."""
    split = project.data.split
    rows = round(project.data.rows * (1 - split.validation - split.test))
    return math.ceil(rows / max(project.training.batch_size, 1)) * project.training.epochs


def learning_rates(type: str, params: Params, steps: Sequence[int]) -> list[float] | None:
    """The learning rate at each of these steps; None for an unknown schedule or one that has no number there.

    ``params`` must be complete, defaults included.
    """
    formula = _FORMULAS.get(type)
    if formula is None:
        return None
    try:
        rates = [float(formula(params, step)) for step in steps]
    except (ArithmeticError, ValueError, TypeError, KeyError, IndexError):
        return None
    return rates if all(map(math.isfinite, rates)) else None


def _number(params: Params, name: str) -> float:
    value = params[name]
    if not isinstance(value, int | float):
        raise TypeError(name)
    return float(value)


def _numbers(params: Params, name: str) -> list[float]:
    value = params[name]
    if not isinstance(value, tuple):
        raise TypeError(name)
    return [float(item) for item in value if isinstance(item, int | float)]


def _parts(params: Params, step: int) -> float:
    part = step / _number(params, "decay_steps")
    return math.floor(part) if params["staircase"] else part


def _exponential(params: Params, step: int) -> float:
    return _number(params, "initial_learning_rate") * _number(params, "decay_rate") ** _parts(params, step)


def _inverse_time(params: Params, step: int) -> float:
    return _number(params, "initial_learning_rate") / (1 + _number(params, "decay_rate") * _parts(params, step))


def _polynomial(params: Params, step: int) -> float:
    start, end = _number(params, "initial_learning_rate"), _number(params, "end_learning_rate")
    length = _number(params, "decay_steps")
    if params["cycle"]:
        length *= max(math.ceil(step / length), 1)
    return (start - end) * (1 - min(step, length) / length) ** _number(params, "power") + end


def _piecewise(params: Params, step: int) -> float:
    boundaries, values = _numbers(params, "boundaries"), _numbers(params, "values")
    if len(values) != len(boundaries) + 1:
        raise ValueError("boundaries")
    return values[bisect_left(boundaries, step)]


def _cosine(params: Params, step: int) -> float:
    start, length, alpha = (_number(params, name) for name in ("initial_learning_rate", "decay_steps", "alpha"))
    warm = _number(params, "warmup_steps") if params["warmup_target"] is not None else 0.0
    peak = _number(params, "warmup_target") if params["warmup_target"] is not None else start
    if step < warm:
        return (peak - start) * step / warm + start
    return peak * _half_wave(min(step - warm, length) / length, 1.0, alpha)


def _cosine_restarts(params: Params, step: int) -> float:
    growth = _number(params, "t_mul")
    part = step / _number(params, "first_decay_steps")
    if growth == 1:
        restarts = math.floor(part)
        part -= restarts
    else:
        restarts = math.floor(math.log(1 - part * (1 - growth)) / math.log(growth))
        part = (part - (1 - growth**restarts) / (1 - growth)) / growth**restarts
    height = _number(params, "m_mul") ** restarts
    return _number(params, "initial_learning_rate") * _half_wave(part, height, _number(params, "alpha"))


def _half_wave(part: float, height: float, alpha: float) -> float:
    return (1 - alpha) * 0.5 * height * (1 + math.cos(math.pi * part)) + alpha


_FORMULAS: Mapping[str, Callable[[Params, int], float]] = {
    "CosineDecay": _cosine,
    "CosineDecayRestarts": _cosine_restarts,
    "ExponentialDecay": _exponential,
    "InverseTimeDecay": _inverse_time,
    "PiecewiseConstantDecay": _piecewise,
    "PolynomialDecay": _polynomial,
}
