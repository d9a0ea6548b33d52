"""Where a script trains, and the plain course of an exported script that trains in several places."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from studio.core.project import RunsOn

_TOLD_BY: Mapping[str, RunsOn] = {
    "TensorflowTrainer": "ray",
    "MultiWorkerMirroredStrategy": "hosts",
    "MirroredStrategy": "host",
    "DataParallel": "jax",
}
"""Names of which a script calls one, the first that is there tells."""

_COURSE = """
keras.utils.set_random_seed(SEED)
data = load_data()
model = build_model()
compile_model(model)
history = train(model, data)
"""
"""What ``main`` of every exported script does on whatever device: the rest of it starts processes and divides rows."""


def runs_on_of(tree: ast.Module) -> RunsOn:
    """Where the script trains."""
    called = {
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    return next((place for name, place in _TOLD_BY.items() if name in called), "device")


def make_plain(tree: ast.Module) -> None:
    """Give ``main`` of an exported script the course of one device, so that the rest of it can be read."""
    if runs_on_of(tree) == "device":
        return
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if {"load_data", "build_model", "compile_model", "train", "main"} <= functions.keys():
        main = functions["main"]
        course = ast.parse(_COURSE).body
        for statement in course:
            for node in ast.walk(statement):
                if hasattr(node, "lineno"):
                    ast.copy_location(node, main)
        main.body = course
