"""From a config to a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.core.project import Project
from studio.immutable import immutable
from studio.importing.drawing import Drawer
from studio.importing.entries import entries_of
from studio.importing.errors import ModelFileError
from studio.importing.plain import clean, refuse_deep, shown
from studio.importing.plan import training_plan
from studio.importing.precision import shared_policy
from studio.importing.report import Findings, Report, drawn
from studio.importing.sharing import tell_several_places
from studio.importing.values import Catalog, Values

_LONGEST_TITLE = 200
_DEEPEST_SHELL = 4


@immutable
class Imported:
    """A model that came in: the project, all nodes at (0, 0), and what a person is told about it.

    ``unread`` is the text of a script of which lines were passed over; running it may tell more. ``models`` are the
    models of a script, this one (``model``) among them; empty for other files. ``exported`` is the text of a
    script that this program wrote, whose data source is still to be found.
    """

    project: Project
    report: Report
    unread: str = ""
    models: tuple[str, ...] = ()
    model: str = ""
    exported: str = ""


def from_config(
    config: Mapping[str, Any], catalog: Catalog, title: str = "", compiled: Mapping[str, Any] | None = None, *,
    is_archive: bool = False,
) -> Imported:  # fmt: skip
    """The project that a config describes: what ``to_json`` or ``get_config`` give, of Keras 2 or 3.

    ``compiled`` is what the model was compiled with, where it does not stand in the config itself; ``is_archive`` tells
    that the config comes out of a ``.keras`` file. ModelFileError for everything else.
    """
    refuse_deep(config)
    own, kind, compile_config, name = _unwrapped(config)
    findings = Findings()
    model = entries_of(own)
    policy = shared_policy(model)
    drawer = Drawer(Values(catalog, policy), findings)
    tell_several_places(own, catalog, findings, is_archive=is_archive)
    graph, outputs = drawer.draw(model)
    plan = training_plan(compiled or compile_config, outputs, catalog, findings)
    plan = replace(plan, dtype_policy=policy, are_inputs_listed=model.are_inputs_listed)
    project = Project(
        title=clean(title, _LONGEST_TITLE) or clean(name, _LONGEST_TITLE) or "Untitled",
        main=graph,
        blocks=drawer.blocks,
        training=plan,
        next_id=drawer.next_id,
    )
    came_in = f"A {kind} model came in: {drawn(drawer.layers, len(drawer.blocks), drawer.shared)}."
    report = Report(came_in, findings.replaced, findings.unknown)
    return Imported(project, report)


def _unwrapped(
    config: Mapping[str, Any],
) -> tuple[Mapping[str, Any], str, Mapping[str, Any] | None, str]:
    """The config of the model itself, what kind of model it is, what it was compiled with, and its name."""
    kind = ""
    compiled: Mapping[str, Any] | None = None
    for _ in range(_DEEPEST_SHELL):
        if isinstance(config.get("layers"), list):
            kind = "Functional" if "output_layers" in config else "Sequential"
            return config, kind, compiled, str(config.get("name", ""))
        inner = config.get("config", config.get("model_config"))
        kind = str(config.get("class_name", kind))
        told = config.get("compile_config", config.get("training_config"))
        compiled = told if isinstance(told, dict) else compiled
        if kind == "Sequential" and isinstance(inner, list):
            inner = {"layers": inner}
        if not isinstance(inner, dict):
            break
        config = inner
    if kind:
        raise ModelFileError(
            f"This model is a class of its own ({shown(kind)}), and its layers do not stand in the file. "
            "Only Functional and Sequential models can come in."
        )
    raise ModelFileError("This is JSON, but no model of Keras: it has no layers.")
