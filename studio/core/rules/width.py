"""Whether as many numbers come out of the network as the data asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.core.bindings import Binding
from studio.core.plan import Task
from studio.core.problem import Problem
from studio.core.project import Node, Project
from studio.core.tail import Tail
from studio.core.topology import edges_into

Shapes = Mapping[str, tuple[int | None, ...]]
"""Shapes that Keras inferred for the first output of nodes of the main graph, the batch axis included."""


def wanted_width(binding: Binding, task: Task) -> int | None:
    """How many numbers per row the Output should get, or None where that is not one number."""
    if task == "classes" and binding.encoding == "class":
        return len(binding.columns[0].classes) or None
    if task == "classes":
        return 2
    if task == "binary":
        return 1
    shape = binding.shape
    return shape[0] if shape is not None and len(shape) == 1 else None


def width_problems(
    project: Project, node: Node, end: Tail, binding: Binding, task: Task, shapes: Shapes
) -> Iterator[Problem]:
    """Problems of the number of units before an Output with the data that it is compared with."""
    wanted = wanted_width(binding, task)
    edges = edges_into(project.main, node.id)
    if not edges:
        return
    source = project.main.nodes[edges[0].source.node]
    shape = shapes.get(source.id) if edges[0].source.port == "output" else None
    if shape is not None and len(shape) > 2 and wanted is not None:
        message = f"{node.name} gets {_by(shape[1:])} values per row, not a row of {wanted}; flatten them first."
        yield Problem("not_flat", message, node=node.id)
        return
    if shape is not None and binding.encoding == "image" and binding.shape is not None:
        if None not in shape[1:] and shape[1:] != binding.shape:
            message = f"{node.name} gets {_by(shape[1:])} values, but the picture to compare has {_by(binding.shape)}."
            yield Problem("width", message, node=node.id)
        return
    width = _width(project, end) if shape is None else shape[-1] if len(shape) == 2 else None
    if width is None or wanted is None or width == wanted:
        return
    layer = project.main.nodes[end.layer] if end.layer is not None and end.width == width else source
    yield _wrong(layer, binding, task, width, wanted)


def _width(project: Project, end: Tail) -> int | None:
    """The units of the last layer, where no layer after it could have changed their number."""
    nodes = project.main.nodes
    if all(nodes[key].type.endswith(("Dropout", "Noise", "ActivityRegularization", "Identity")) for key in end.after):
        return end.width
    return None


def _wrong(layer: Node, binding: Binding, task: Task, width: int, wanted: int) -> Problem:
    units = f"{width} unit" + ("s" if width != 1 else "")
    if task == "classes":
        classes = binding.columns[0].classes
        named = (
            f" ({classes[0]} to {classes[-1]})" if len(classes) > 2 else f" ({', '.join(classes)})" if classes else ""
        )
        message = f"The data has {wanted} classes{named}, but {layer.name} has {units}; give it {wanted}."
        severity = "error" if width < wanted else "warning"
    elif task == "binary":
        message = f"The target is one yes or no, but {layer.name} has {units}; give it 1."
        severity = "error"
    else:
        message = f"The data has {wanted} target" + ("s" if wanted != 1 else "")
        message += f", but {layer.name} has {units}; give it {wanted}."
        severity = "error"
    parameter = "units" if "units" in layer.params else None
    return Problem("width", message, "warning" if severity == "warning" else "error", layer.id, parameter=parameter)


def _by(shape: tuple[int | None, ...]) -> str:
    return " × ".join("?" if size is None else str(size) for size in shape)
