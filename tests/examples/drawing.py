"""A pen: projects that grow node by node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from studio import catalog, data
from studio.catalog.values import KerasObject, Value
from studio.core import edits, rules
from studio.core.project import MAIN, PortRef, Project

STEP_Y = 88
STEP_X = 224

CATALOG = catalog.load()


class Drawing:
    """A project that grows node by node; rows go down, columns to the right."""

    def __init__(self, title: str, kind: Literal["made", "bundled"], name: str, **params: Value) -> None:
        source = data.choose(kind, name, params=params)
        self.project = edits.set_data(replace(Project(), title=title), source)

    def node(
        self,
        type: str,
        row: float,
        after: str | Sequence[str] = (),
        *,
        name: str | None = None,
        column: float = 0,
        graph: str = MAIN,
        block: str | None = None,
        **params: Value,
    ) -> str:
        """Add a node below those that it takes, and give back its id."""
        identifier = f"n{self.project.next_id}"
        place = {"x": column * STEP_X, "y": row * STEP_Y}
        self.project = edits.add_node(self.project, type, name=name, params=params, block=block, graph=graph, **place)
        inputs, _ = rules.ports_of(self.project, CATALOG, self.project.graph(graph).nodes[identifier])
        for source in [after] if isinstance(after, str) else after:
            self.join(source, identifier, inputs[0].name, graph)
        return identifier

    def join(self, source: str, target: str, port: str, graph: str = MAIN) -> None:
        """Draw an edge from the first output of a node to a port."""
        _, outputs = rules.ports_of(self.project, CATALOG, self.project.graph(graph).nodes[source])
        before = self.project
        ends = PortRef(source, outputs[0].name), PortRef(target, port)
        self.project = edits.connect(self.project, CATALOG, *ends, graph=graph)
        assert self.project is not before, f"no edge from {source} to {target}"

    def chain(self, first_row: float, after: str, *layers: tuple[str, dict[str, Value]], column: float = 0) -> str:
        """Add layers one below the other; ``name`` among the parameters is the node's name."""
        for index, (type, params) in enumerate(layers):
            chosen = dict(params)
            name = chosen.pop("name", None)
            assert name is None or isinstance(name, str)
            after = self.node(type, first_row + index, after, name=name, column=column, **chosen)
        return after

    def train(
        self, learning_rate: float, epochs: int, batch_size: int = 32, callbacks: tuple[KerasObject, ...] = ()
    ) -> Project:
        """Say how it learns; gives the finished project."""
        plan = replace(
            self.project.training,
            optimizer=KerasObject("Adam", {"learning_rate": learning_rate}),
            epochs=epochs,
            batch_size=batch_size,
            callbacks=callbacks,
        )
        self.project = edits.set_training(self.project, plan)
        return self.project


def dense(units: int, activation: str | None = None, name: str | None = None) -> tuple[str, dict[str, Value]]:
    """A Dense layer for ``Drawing.chain``."""
    params: dict[str, Value] = {"units": units}
    if activation:
        params["activation"] = activation
    if name:
        params["name"] = name
    return "Dense", params


def convolution(filters: int, kernel: int, **params: Value) -> tuple[str, dict[str, Value]]:
    """A Conv2D layer with relu for ``Drawing.chain``."""
    return "Conv2D", {"filters": filters, "kernel_size": kernel, "activation": "relu", **params}
