"""Functions of ``resources/datasets`` that exported files carry: their text, word for word."""

from __future__ import annotations

import ast
from functools import cache

from studio.assets import resource


@cache
def function_text(path: str, name: str) -> str | None:
    """The source of the function or class ``name`` in ``resources/datasets/PATH``, or None if it is not there."""
    file = resource("datasets", *path.split("/"))
    if not file.is_file():
        return None
    source = file.read_text(encoding="utf-8")
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name == name:
            return ast.get_source_segment(source, statement)
    return None


_WHOLE_ROWS = "        return keras.tree.map_structure(lambda array: array[rows], self.data)"
_ROWS_OF_TENSORS = """\
        return keras.tree.map_structure(
            lambda array: keras.ops.take(array, rows, axis=0), self.data
        )"""


def batches_text(*, has_text: bool, has_weights: bool, is_shared: bool = False) -> str:
    """The class ``Batches``: for text, which comes in tensors, rows with weights, and processes that share a batch."""
    text = function_text("shared_batches.py" if is_shared else "batches.py", "Batches") or ""
    if has_text:
        text = text.replace(_WHOLE_ROWS, _ROWS_OF_TENSORS)
    if has_weights:
        text = text.replace("x, y, ", "x, y, weights, ").replace("(x, y)", "(x, y, weights)")
    return text


@cache
def made_set_parameters(name: str) -> frozenset[str] | None:
    """The parameters of the made-up set ``name``, or None if there is no such set."""
    if not name.isidentifier():
        return None
    text = function_text(f"made/{name}.py", name)
    if text is None:
        return None
    statement = ast.parse(text).body[0]
    assert isinstance(statement, ast.FunctionDef)
    return frozenset(argument.arg for argument in statement.args.args)
