"""Where the exported script runs, and why a drawing cannot run there.

What is told here was measured with Keras 3.15, TensorFlow 2.21 and JAX 0.10: which ways give the losses of one device.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from studio.core.bindings import resolve
from studio.core.learning import LEARNS
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import INPUT, MAIN, Graph, Project, RunsOn, TrainingPlan
from studio.core.snippets import used_snippets
from studio.core.topology import edges_into

TENSORFLOW: tuple[RunsOn, ...] = ("host", "hosts", "ray")
"""Where a strategy of TensorFlow divides the batches."""
SEVERAL_HOSTS: tuple[RunsOn, ...] = ("hosts", "ray", "jax")
"""Where a script is started on each of several computers, which no notebook does."""

_LOOKUPS = frozenset({"StringLookup", "IntegerLookup", "TextVectorization", "Hashing", "HashedCrossing"})
"""Layers that Keras computes with TensorFlow whatever the backend is."""


def in_notebook(plan: TrainingPlan) -> RunsOn:
    """Where the notebook of a plan runs."""
    return "device" if plan.runs_on in SEVERAL_HOSTS else plan.runs_on


def why_not_on(project: Project, runs_on: RunsOn) -> str:
    """Why the script of a project cannot run there, in one sentence; "" where it can."""
    plan = project.training
    if runs_on in TENSORFLOW and plan.steps_per_execution > 1:
        return "Several devices do one batch at once, and Keras fails with more; set Batches at once to 1."
    if runs_on in ("hosts", "ray"):
        for graph in _used_graphs(project):
            for node in graph.nodes.values():
                if node.type in LEARNS and not _is_at_input(graph, node.id):
                    return (
                        f"{node.name} learns from what other layers make of the data, of which each computer would see"
                        " a part only; put it right behind its Input, or train on one device."
                    )
    if runs_on == "jax":
        if any(binding.encoding == "text" for binding in resolve(project).values()):
            return "JAX has no text, and this network takes text; let TensorFlow train it."
        for graph in _used_graphs(project):
            for node in graph.nodes.values():
                if node.type in _LOOKUPS:
                    return f"{node.name} looks things up with TensorFlow, which JAX cannot; let TensorFlow train it."
        for snippet in used_snippets(project):
            if re.search(r"\b(tf|tensorflow)\b", snippet.source):
                return f"The code of {snippet.name} uses TensorFlow, so it does not run on JAX."
    return ""


def runs_on_problems(project: Project, catalog: Catalog) -> Iterator[Problem]:
    """A place where the script would fail, and layers that learn a little otherwise there."""
    runs_on = project.training.runs_on
    if runs_on == "device":
        return
    reason = why_not_on(project, runs_on)
    if reason:
        yield Problem("runs_on", reason, parameter="runs_on")
    elif runs_on in TENSORFLOW:
        own = [
            node.name
            for graph in _used_graphs(project)
            for node in graph.nodes.values()
            if node.type == "BatchNormalization" and node.params.get("synchronized") is not True
        ]
        if own:
            message = (
                f"Each device takes the mean of its own share of a batch in {own[0]}"
                f"{f' and {len(own) - 1} others' if len(own) > 1 else ''}, so the losses differ from those of one"
                " device; synchronized layers come close to them."
            )
            yield Problem("own_statistics", message, "hint", parameter="runs_on")


def _used_graphs(project: Project) -> Iterable[Graph]:
    return project.graphs().values() if project.blocks else (project.graph(MAIN),)


def _is_at_input(graph: Graph, key: str) -> bool:
    return all(graph.nodes[edge.source.node].type == INPUT for edge in edges_into(graph, key))
