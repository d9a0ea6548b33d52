"""Small changes to the text of a script's own layer, without which a drawing could not use it."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Collection, Iterator
from typing import TypeAlias

from studio.core.snippets import outputs_by_text

_Placed: TypeAlias = ast.expr | ast.arg | ast.keyword
_Edit: TypeAlias = tuple[int, int, int, str]
"""Line (from 1), column (in bytes), how many bytes go, and the text in their place."""


def with_keywords(source: str, name: str) -> str:
    """``source`` with an ``__init__`` of the class that takes ``**kwargs`` and hands them on, where it has none.

    Keras names a layer by a keyword, and people leave it out, or insist on a name. What is written otherwise stays as
    it is.
    """
    edits: list[_Edit] = []
    for made in _classes(source, name):
        init = _method(made, "__init__")
        if init is not None and init.args.args and init.args.args[-1].arg == "name" and not init.args.defaults:
            edits.append(_after(init.args.args[-1], "=None"))
        if init is None or init.args.kwarg is not None or _takes_name(init):
            continue
        call = _call_of_super(init)
        arguments = [*init.args.posonlyargs, *init.args.args, *init.args.kwonlyargs]
        if call is None or not arguments or any(each.arg is None for each in call.keywords):
            continue
        others = [*init.args.defaults, *init.args.kw_defaults, init.args.vararg]
        ends: list[ast.expr | ast.arg] = [*arguments, *(each for each in others if each is not None)]
        edits.append(_after(max(ends, key=_end), ", **kwargs"))
        edits += _handed_on(call)
    return _edited(source, edits)


def with_many(source: str, name: str, ports: Collection[str]) -> str:
    """``source`` with these inputs of the class's ``call`` marked as lists of tensors."""
    edits: list[_Edit] = []
    if ports:
        for made in _classes(source, name):
            call = _method(made, "call")
            for each in call.args.args if call is not None else ():
                if each.arg in ports and each.annotation is None:
                    edits.append(_after(each, ": list"))
    return _edited(source, edits)


def with_outputs(source: str, name: str, count: int) -> str:
    """``source`` with a word on how many tensors the class's ``call`` gives, where that is not what its text says."""
    call = next((found for made in _classes(source, name) if (found := _method(made, "call")) is not None), None)
    if call is None or not count or outputs_by_text(call) == count:
        return source
    word = f"tuple[{', '.join(['keras.KerasTensor'] * count)}]"
    told = call.returns
    if told is not None and told.lineno == told.end_lineno:
        return _edited(source, [(told.lineno, told.col_offset, (told.end_col_offset or 0) - told.col_offset, word)])
    place = _end_of_arguments(source, call) if told is None else None
    return source if place is None else _edited(source, [(*place, 0, f" -> {word}")])


def _end_of_arguments(source: str, call: ast.FunctionDef) -> tuple[int, int] | None:
    """The line and the column (in bytes) behind the bracket that ends the arguments of a function."""
    lines = source.split("\n")[call.lineno - 1 :]
    depth = 0
    for token in tokenize.generate_tokens(iter([f"{each}\n" for each in lines]).__next__):
        depth += (token.string == "(") - (token.string == ")") if token.type == tokenize.OP else 0
        if token.type == tokenize.OP and token.string == ")" and depth == 0:
            row, column = token.end
            return call.lineno + row - 1, len(lines[row - 1][:column].encode())
    return None


def _handed_on(call: ast.Call) -> Iterator[_Edit]:
    fixed = next((each for each in call.keywords if each.arg == "name" and each.lineno == each.value.lineno), None)
    if fixed is not None:  # a name that all its layers would have: now it is theirs where nobody says another
        yield _after(fixed.value, ", **kwargs}")
        yield fixed.lineno, fixed.col_offset, fixed.value.col_offset - fixed.col_offset, '**{"name": '
    elif call.args or call.keywords:
        given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        yield _after(max(given, key=_end), ", **kwargs")
    else:
        yield call.end_lineno or call.lineno, (call.end_col_offset or 1) - 1, 0, "**kwargs"


def _classes(source: str, name: str) -> Iterator[ast.ClassDef]:
    """The class and those of the same text from which it derives."""
    found = {each.name: each for each in ast.parse(source).body if isinstance(each, ast.ClassDef)}
    waiting = [name]
    while waiting:
        made = found.pop(waiting.pop(), None)
        if made is not None:
            yield made
            waiting += [base.id for base in made.bases if isinstance(base, ast.Name)]


def _method(made: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((each for each in made.body if isinstance(each, ast.FunctionDef) and each.name == name), None)


def _takes_name(init: ast.FunctionDef) -> bool:
    return any(each.arg == "name" for each in (*init.args.args, *init.args.kwonlyargs))


def _call_of_super(init: ast.FunctionDef) -> ast.Call | None:
    """``super().__init__(...)``, or the same of a class by its name."""
    return next(
        (
            each
            for each in ast.walk(init)
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "__init__"
        ),
        None,
    )


def _end(node: _Placed) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _after(node: _Placed, text: str) -> _Edit:
    return *_end(node), 0, text


def _edited(source: str, edits: list[_Edit]) -> str:
    """``source`` with all edits; as it was where that is no Python."""
    if not edits:
        return source
    lines = source.encode().split(b"\n")
    for line, column, gone, text in sorted(edits, reverse=True):
        was = lines[line - 1]
        lines[line - 1] = was[:column] + text.encode() + was[column + gone :]
    made = b"\n".join(lines).decode()
    try:
        ast.parse(made)
    except SyntaxError:
        return source
    return made
