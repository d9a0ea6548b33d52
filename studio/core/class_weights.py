"""Which classes can be given weights in the training loss, and why there may be none."""

from __future__ import annotations

import math
from collections.abc import Iterator

from studio.core.bindings import ends, resolve
from studio.core.plan import task_of
from studio.core.problem import Problem
from studio.core.project import OUTPUT, Project
from studio.core.tail import tail
from studio.immutable import immutable


@immutable
class Weighed:
    """The names of the classes, in the order of their numbers; or the reason why there are none, in one sentence.

    ``are_unknown``: there may well be some, but the data that say so are not chosen yet.
    """

    classes: tuple[str, ...] = ()
    reason: str = ""
    are_unknown: bool = False


def weighed(project: Project) -> Weighed:
    """The classes of the only Output of the main graph."""
    outputs = ends(project, OUTPUT)
    if len(outputs) != 1:
        count = f"and this one has {len(outputs)}" if outputs else "and this one has none"
        return Weighed(reason=f"Keras weighs classes only in a network with one output, {count}.")
    (node,) = outputs
    binding = resolve(project).get(node.id)
    if binding is None:
        return Weighed(reason="The classes come from the data; choose some first.", are_unknown=True)
    columns = binding.columns
    task = task_of(binding, tail(project, node.id))
    if binding.encoding == "class":
        return Weighed(columns[0].classes)
    if binding.encoding == "numbers" and task in ("binary", "classes") and len(columns) == 1:
        return Weighed(("0", "1"))
    if binding.encoding == "numbers" and task == "one_hot":
        return Weighed(tuple([column.name for column in columns]))
    if task in ("labels", "one_hot"):
        return Weighed(reason=f"A row of {node.name} can have several classes at once, so none of them can be weighed.")
    return Weighed(reason=f"{node.name} is compared with numbers, which have no classes.")


def weight_problems(project: Project) -> Iterator[Problem]:
    """Class weights that Keras would pass over, or that no training can use."""
    weights = project.training.class_weights
    if weights is None:
        return
    known = weighed(project)
    message = ""
    if known.reason:
        message = f"{known.reason} Switch class weights off."
    elif weights != "balanced":
        if len(weights) != len(known.classes):
            message = f"There are {len(known.classes)} classes, but {len(weights)} class weights; type them again."
        elif not all(math.isfinite(weight) and weight >= 0 for weight in weights) or not any(weights):
            message = "Class weights are numbers of at least 0, and one of them is above 0; type them again."
    if message:
        yield Problem("class_weights", message, parameter="class_weights")
