"""The exported file as a module: run under its own name, so that an error points at its lines."""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

MODULE_NAME: Final = "layer_studio_run"


@contextmanager
def loaded(path: Path) -> Iterator[types.ModuleType]:
    """The script's module, without its ``main()`` being called. It is forgotten at the end.

    The text is compiled under the file's name and put into ``linecache``, so that a traceback shows the lines that ran
    even where the file is changed meanwhile.
    """
    text = path.read_text(encoding="utf-8")
    name = str(path)
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    module = types.ModuleType(MODULE_NAME)
    module.__file__ = name
    sys.modules[MODULE_NAME] = module  # what a class of the script needs to be found by its name
    try:
        exec(compile(text, name, "exec"), module.__dict__)
        yield module
    finally:
        sys.modules.pop(MODULE_NAME, None)


def line_of(error: BaseException, path: Path) -> int:
    """The last line of the script that an error passed, counted from 1; 0 where it passed none."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return (lines[-1] or 0) if lines else 0


def early_stopping(text: str) -> dict[str, Any] | None:
    """The plain arguments of the script's ``EarlyStopping(...)``, or None where there is none."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("EarlyStopping"):
            names = ("monitor", "min_delta", "patience")
            pairs = [*zip(names, node.args, strict=False), *((word.arg, word.value) for word in node.keywords)]
            return {name: value.value for name, value in pairs if name and isinstance(value, ast.Constant)}
    return None
