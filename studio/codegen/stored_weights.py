"""The function ``load_weights`` of an exported file: layers begin with what a saved model has for their names.

Keras's own ``load_weights`` goes by the order of layers, so that a changed drawing would get the weights of others, and
knows nothing of models inside the model, which are blocks here. Both kinds of file are read by names instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from studio.catalog.values import Dictionary, KerasObject, Value
from studio.codegen.embedded import function_text
from studio.codegen.expressions import Catalog
from studio.codegen.ir import Assign, Code, Comment, Function, Statement, call
from studio.codegen.literals import literal
from studio.core.project import BLOCK, Project, TrainingPlan

_OF_ZIP = (
    "load_weights", "own_layers", "stored_layers", "stored_groups", "file_keys", "stored_shapes", "restored", "restore",
)  # fmt: skip
_OF_HDF5 = ("load_weights", "own_layers", "stored_arrays", "restored")

FILE = "WEIGHTS"
"""The constant that tells where the file is."""

FIRST_CALLS = "first_calls"
"""The function that makes weights which a model has not yet when it is built."""

CALL = "load_weights(model)"
"""What stands after the model is built."""


def _is_zip(plan: TrainingPlan) -> bool:
    return plan.starts_from is not None and plan.starts_from.path.lower().endswith(".keras")


def names(plan: TrainingPlan) -> Sequence[str]:
    """The names that nothing else in the file may have."""
    if plan.starts_from is None:
        return ()
    own = ("collections", "io", "json", "re", "zipfile") if _is_zip(plan) else ("collections",)
    return (FILE, FIRST_CALLS, "h5py", *own, *(_OF_ZIP if _is_zip(plan) else _OF_HDF5))


def imports(plan: TrainingPlan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Imports of the standard library and others."""
    if plan.starts_from is None:
        return (), ()
    modules = ("collections", "io", "json", "re", "zipfile") if _is_zip(plan) else ("collections",)
    return tuple(f"import {module}" for module in modules), ("import h5py",)


def constants(plan: TrainingPlan) -> list[Statement]:
    """Where the file is, which is another place on another computer."""
    if plan.starts_from is None:
        return []
    told = Comment("The weights that training starts from; tell here where the file is if it was moved.")
    return [told, Assign((FILE,), Code(literal(plan.starts_from.path)))]


def found_by_notebook(plan: TrainingPlan) -> Assign | None:
    """Where the file is for a notebook, which runs on other computers, too: ``find_data`` looks for it there."""
    if plan.starts_from is None:
        return None
    path = PurePath(plan.starts_from.path)
    return Assign((FILE,), call("find_data", Code(literal(path.name)), Code(literal(str(path.parent)))))


def functions(project: Project, catalog: Catalog) -> tuple[Function, ...]:
    """``load_weights`` and what it needs."""
    plan = project.training
    if plan.starts_from is None:
        return ()
    file, wanted = ("keras_weights.py", _OF_ZIP) if _is_zip(plan) else ("h5_weights.py", _OF_HDF5)
    texts = {name: function_text(file, name) or "" for name in wanted}
    if _has_weights_later(project, catalog):
        told, rest = texts["load_weights"].split('."""\n', 1)
        texts["load_weights"] = f'{told}."""\n    {FIRST_CALLS}(model)\n{rest}'
        texts[FIRST_CALLS] = function_text("first_calls.py", FIRST_CALLS) or ""
    return tuple(Function(name, text=text) for name, text in texts.items())


def _has_weights_later(project: Project, catalog: Catalog) -> bool:
    """Whether a layer with weights stands as an activation somewhere: Keras makes them at the first call."""
    for graph in (project.main, *(block.graph for block in project.blocks.values())):
        for node in graph.nodes.values():
            for name, value in node.params.items():
                # What the parameter of a block is for is known inside of it.
                if _is_later("activation" if node.type == BLOCK else name, value, catalog):
                    return True
    given = [parameter.default for block in project.blocks.values() for parameter in block.parameters]
    return any(_is_later("activation", value, catalog) for value in given)


def _is_later(name: str, value: Value, catalog: Catalog) -> bool:
    if isinstance(value, tuple):
        return any(_is_later(name, each, catalog) for each in value)
    if isinstance(value, Dictionary):
        return any(_is_later(name, each, catalog) for each in value.items.values())
    if not isinstance(value, KerasObject):
        return False
    spec = catalog.inner_layer(value.type) if name.endswith("activation") else None
    is_later = spec is not None and spec.may_have_weights
    return is_later or any(_is_later(key, each, catalog) for key, each in value.params.items())
