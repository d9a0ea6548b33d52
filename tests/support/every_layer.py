"""Each layer of the catalog in a small project of its own, with Inputs that fit it; checked as the engine checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from studio.catalog.values import Value
from studio.codegen.flat import FlatCall, flat_calls
from studio.core import edits
from studio.core.project import PortRef, Project
from studio.protocol import Answer, Call, UpdateGraph
from tests.support.catalog import CATALOG

Fitting = tuple[tuple[int | None, ...], str]

FITTING: tuple[Fitting, ...] = (
    ((8,), "float32"),
    ((8, 6), "float32"),
    ((12, 12, 3), "float32"),
    ((8, 8, 8, 2), "float32"),
    ((4, 8, 8, 8, 2), "float32"),
    ((8,), "int32"),
    ((1,), "int32"),
    ((1,), "string"),
    ((64, 64, 3), "float32"),
    ((8, 32), "float32"),
)
"""Shapes and types of Inputs that are tried, in this order, until the layer takes one."""

MEANT: Mapping[str, Fitting] = {
    "AdaptiveAveragePooling1D": ((8, 6), "float32"),
    "AdaptiveAveragePooling2D": ((12, 12, 3), "float32"),
    "AdaptiveAveragePooling3D": ((8, 8, 8, 2), "float32"),
    "AdaptiveMaxPooling1D": ((8, 6), "float32"),
    "AdaptiveMaxPooling2D": ((12, 12, 3), "float32"),
    "AdaptiveMaxPooling3D": ((8, 8, 8, 2), "float32"),
    "GroupQueryAttention": ((8, 6), "float32"),
    "HashedCrossing": ((1,), "int32"),
    "IntegerLookup": ((1,), "int32"),
    "MelSpectrogram": ((4000,), "float32"),
    "MultiHeadAttention": ((8, 6), "float32"),
    "STFTSpectrogram": ((600, 1), "float32"),
    "RandomCrop": ((64, 64, 3), "float32"),
    "StringLookup": ((1,), "string"),
    "TextVectorization": ((1,), "string"),
}
"""Inputs of layers that Keras also calls symbolically on what they are not for."""


@dataclass(frozen=True)
class Drawn:
    """A project of one layer: Inputs for its required ports, an Output for each of its outputs."""

    project: Project
    node: str
    answers: Mapping[str, Answer]

    @property
    def answer(self) -> Answer:
        """What the engine says about the layer."""
        return self.answers[self.node]

    @property
    def call(self) -> FlatCall:
        """The layer's call as the engine hears it."""
        return next(call for call in flat_calls(self.project, CATALOG) if call.id == self.node)


def draw(type: str, params: Mapping[str, Value], fitting: Fitting, ports: tuple[str, ...] = ()) -> tuple[Project, str]:
    """A project with the layer, and the id of its node. ``ports`` names optional ports that get an Input as well."""
    project = edits.add_node(Project(), type, name="layer", params=dict(params))
    inputs, outputs = CATALOG.ports(type, params)
    shape, dtype = fitting
    for port in inputs:
        if port.is_optional and port.name not in ports:
            continue
        for _ in range(max(2, port.fewest) if port.takes_many else 1):
            key = f"n{project.next_id}"
            project = edits.add_node(project, "Input", params={"shape": shape, "dtype": dtype})
            project = edits.connect(project, CATALOG, PortRef(key, "output"), PortRef("n1", port.name))
    for port in outputs:
        key = f"n{project.next_id}"
        project = edits.add_node(project, "Output")
        project = edits.connect(project, CATALOG, PortRef("n1", port.name), PortRef(key, "inputs"))
    return project, "n1"


def checked(project: Project) -> dict[str, Answer]:
    """What the engine answers about every node, asked in this process."""
    from studio.engine.checker import Checker

    calls = [
        Call(call.id, call.kind, call.expression, call.inputs, call.shares, call.flags)
        for call in flat_calls(project, CATALOG)
    ]
    checker = Checker()
    checker.update(UpdateGraph(1, 1, True, tuple(calls), ()))
    return checker.infer(lambda: False)


def fitted(type: str, params: Mapping[str, Value] | None = None) -> Drawn:
    """The layer with these parameters (a new node's, where none are given) and the first Inputs that it takes.

    Where it takes none, the last that was tried, with its problem.
    """
    chosen = CATALOG.initial_params(type) if params is None else params
    # Layers for pictures call their input "data", and some of them silently pass on what is no picture.
    of_pictures = CATALOG.ports(type, chosen)[0][0].name == "data"
    candidates = sorted(FITTING, key=lambda each: len(each[0]) != 3) if of_pictures else list(FITTING)
    for fitting in [MEANT[type], *candidates] if type in MEANT else candidates:
        project, node = draw(type, chosen, fitting)
        drawn = Drawn(project, node, checked(project))
        if not drawn.answer.problem:
            break
    return drawn


def problems(drawn: Drawn) -> Iterator[str]:
    """What the engine has against any node."""
    for key, answer in drawn.answers.items():
        if answer.problem or answer.blocked_by:
            yield f"{key}: {answer.problem or 'waits for ' + ', '.join(answer.blocked_by)} {answer.details}"
