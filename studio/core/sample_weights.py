"""Which column can say how much each row counts in the loss, and why another one cannot."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studio.core.problem import Problem
from studio.core.project import Column, Project

_HOLDS = {"category": "classes", "image": "pictures", "text": "text"}


def why_no_weights(column: Column) -> str:
    """Why the cells of ``column`` are no weights of rows, in one sentence; "" where they are."""
    if column.kind == "category" and column.is_integer:
        return f"{column.name} is read as classes; let it hold numbers, in the list of columns under Data."
    if column.kind != "number":
        return f"{column.name} holds {_HOLDS[column.kind]}; a weight is a number."
    if column.shape:
        return f"{column.name} holds several numbers per row; a weight is one."
    if column.low is None or column.high is None:
        return f"{column.name} is empty; a weight is a number."
    if not math.isfinite(column.low) or not math.isfinite(column.high):
        return f"{column.name} holds numbers that are not finite; a weight is finite."
    if column.low < 0:
        return f"{column.name} goes down to {column.low:g}; a weight is at least 0."
    if column.high == 0:
        return f"{column.name} is 0 in every row, so that no row would count."
    return ""


def why_no_sample_weights(project: Project) -> str:
    """Why the chosen column cannot weigh the rows, in one sentence; "" where it can, or where none is chosen."""
    name = project.data.sample_weights
    if name is None:
        return ""
    column = project.data.column(name)
    return f"The data has no column {name[:80]} any more." if column is None else why_no_weights(column)


def sample_weight_problems(project: Project) -> Iterator[Problem]:
    """A column that cannot weigh rows, and what Keras does not take together."""
    reason = why_no_sample_weights(project)
    if reason:
        message = f"{reason} Choose another column as sample weight, or none."
        yield Problem("sample_weights", message, parameter="sample_weights")
    if project.data.sample_weights is not None and project.training.class_weights is not None:
        message = "Keras takes class weights or sample weights, but not both at once; switch one of them off."
        yield Problem("weights_twice", message, parameter="class_weights")
