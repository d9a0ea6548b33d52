"""Where the data and the drawing do not fit together."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.bindings import Binding, Shape, ends, own_shape, resolve
from studio.core.problem import Problem
from studio.core.project import INPUT, OUTPUT, Node, Project

LONGEST_SHOWN = 8
"""A shape of more axes than this is told by their number."""


def data_problems(project: Project) -> Iterator[Problem]:
    """Problems of the data source's columns with the Inputs and Outputs of the main graph."""
    inputs, outputs = ends(project, INPUT), ends(project, OUTPUT)
    if project.data.kind == "none":
        yield Problem("no_data", "There is no data to learn from yet; choose a data set.", "hint")
        for node in inputs:
            if own_shape(node) is None:
                message = f"{node.name} has no shape yet; choose a data set or give it a shape."
                yield Problem("no_shape", message, node=node.id, parameter="shape")
        return
    split = project.data.split
    if split.validation < 0 or split.test < 0 or split.validation + split.test >= 1:
        message = "Validation and test take all rows, so none are left for training; make their shares smaller."
        yield Problem("split", message)
    bindings = resolve(project)
    for node in inputs:
        yield from _input(project, node, bindings.get(node.id), len(inputs))
    for node in outputs:
        binding = bindings.get(node.id)
        if binding is None:
            yield _unbound(project, node, "target", project.data.targets, len(outputs))
        elif binding.encoding == "text":
            name = next(column.name for column in binding.columns if column.kind == "text")
            message = (
                f"{node.name} is compared with {name}, which is free text; a loss compares numbers or classes. "
                "Choose another target."
            )
            yield Problem("text_target", message, node=node.id)
        elif binding.shape is None:
            yield _apart(node, binding)


def _input(project: Project, node: Node, binding: Binding | None, count: int) -> Iterator[Problem]:
    if binding is None:
        yield _unbound(project, node, "feature", project.data.features, count)
        return
    given, own = binding.data_shape, own_shape(node)
    if node.params.get("dtype") == "string" and binding.encoding != "text":
        message = f"{node.name} wants text, but the columns of the data arrive as numbers; let the data tell its dtype."
        yield Problem("text_from_numbers", message, node=node.id, parameter="dtype")
    elif binding.encoding == "text" and node.params.get("dtype") not in (None, "string"):
        name, wanted = binding.columns[0].name, node.params["dtype"]
        message = f"{node.name} wants {wanted}, but {name} holds text; let the data tell its dtype."
        yield Problem("text_from_numbers", message, node=node.id, parameter="dtype")
    if given is None:
        yield _apart(node, binding)
    elif own is not None and not fits(own, given):
        yield _wrong_shape(node, own, given, binding)


def fits(own: Shape, given: Shape) -> bool:
    """Whether rows of the shape ``given`` may go where ``own`` is asked; None in ``own`` takes any size."""
    return len(own) == len(given) and all(one is None or one == other for one, other in zip(own, given, strict=True))


def _wrong_shape(node: Node, own: Shape, given: Shape, binding: Binding) -> Problem:
    code = "input_shape"
    if own and own[0] is None and fits(own[1:], given):
        message = f"Leave out the batch: one row of {node.name} has the shape {given}."
        code = "batch_in_shape"
    elif binding.encoding == "image" and given[-1] == 1 and fits(own, given[:-1]):
        message = f"Grey pictures still need a channel: give {node.name} the shape {given}."
    else:
        shape = str(own) if len(own) <= LONGEST_SHOWN else f"of {len(own)} axes"
        message = f"{node.name} takes rows of the shape {shape}, but the data gives {given}; change its shape."
    return Problem(code, message, node=node.id, parameter="shape")


def _unbound(project: Project, node: Node, what: str, names: tuple[str, ...], count: int) -> Problem:
    missing = [name for name in project.data.bindings.get(node.id, ()) if project.data.column(name) is None]
    if missing:
        message = (
            f"{node.name} asks for the column {missing[0]}, which the data does not have; choose its columns again."
        )
        return Problem("missing_column", message, node=node.id)
    if not names:
        return Problem(
            "unbound", f"No column is chosen as {what}, so {node.name} gets nothing; choose one.", node=node.id
        )
    if count == 1:
        message = f"{node.name} finds none of its columns in the data; choose its columns again."
        return Problem("unbound", message, node=node.id)
    kind = "Inputs" if what == "feature" else "Outputs"
    message = f"There are {count} {kind}: choose which columns belong to {node.name}."
    return Problem("unbound", message, node=node.id)


def _apart(node: Node, binding: Binding) -> Problem:
    names = ", ".join(column.name for column in binding.columns[:3])
    if binding.encoding == "text":
        message = f"The columns of {node.name} ({names}) are text and numbers; give the text an Input of its own."
        return Problem("columns_apart", message, node=node.id)
    message = f"The columns of {node.name} ({names}) have different shapes; give each an Input or Output of its own."
    return Problem("columns_apart", message, node=node.id)
