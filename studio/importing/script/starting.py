"""The saved model from which an exported script starts. No other script is read for it; the file is not looked at."""

from __future__ import annotations

import ast
from pathlib import PurePath

from studio.core.project import UNMARKED, WeightsFile

LOADING = "load_weights"
"""The function of an exported script that gives the model its first weights."""


def starts_from_of(tree: ast.Module) -> WeightsFile | None:
    """The file that such a script names, not marked yet; None where it has none."""
    if not any(isinstance(each, ast.FunctionDef) and each.name == LOADING for each in tree.body):
        return None
    for each in tree.body:
        match each:
            case ast.Assign(targets=[ast.Name(id="WEIGHTS")], value=ast.Constant(value=str(path))) if path:
                return WeightsFile(path, UNMARKED)
            case ast.Assign(
                targets=[ast.Name(id="WEIGHTS")],
                value=ast.Call(
                    func=ast.Name(id="find_data"),
                    args=[ast.Constant(value=str(name)), ast.Constant(value=str(folder))],
                ),
            ) if name:  # in a notebook
                return WeightsFile(str(PurePath(folder, name)), UNMARKED)
    return None
