"""Writes a Module as text that ``ruff format`` would leave as it is, and notes which lines each node has.

Knows line widths and nothing of graphs. The rules are those of Black: a statement that fits stays on its line; else the
last bracket that must open is opened; the arguments of a call go on one line of their own if they fit there, else one
to a line with a comma after the last; lists, tuples and dictionaries always go one to a line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from studio.codegen.ir import (
    CLOSING,
    Argument,
    Assign,
    Blank,
    Call,
    Code,
    Comment,
    Do,
    Each,
    Element,
    Expression,
    For,
    Function,
    Infix,
    Items,
    Lines,
    Listing,
    Module,
    Return,
    Statement,
)  # fmt: skip
from studio.codegen.literals import docstring_line, plain_line, width
from studio.core.remember import Remembered

WIDTH = 88
"""Columns, the default of ruff and Black."""


class Span(NamedTuple):
    """Lines that belong to a node, counted from 1, the last one included. A node can have several spans."""

    node: str
    first_line: int
    last_line: int


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    snippets: list[Span] = field(default_factory=list)


class Written(NamedTuple):
    """The text of a module, the spans of its nodes and those of its snippets (by their ids), in the order of lines."""

    text: str
    spans: tuple[Span, ...]
    snippets: tuple[Span, ...]


def emit(module: Module) -> Written:
    """Write a module."""
    page = _Page()
    page.lines.append(f'"""{docstring_line(module.docstring) or "A model."}"""')
    if module.imports:
        page.lines += ["", *module.imports]
    if module.constants:
        page.lines.append("")
        _body(page, module.constants, "")
    for function in module.functions:
        page.lines += ["", ""]
        _function(page, function)
    if module.is_script:
        page.lines += ["", "", 'if __name__ == "__main__":', "    main()"]
    page.lines.append("")
    return Written("\n".join(page.lines), tuple(page.spans), tuple(page.snippets))


def emit_statements(statements: Sequence[Statement]) -> str:
    """The text of statements that stand by themselves."""
    page = _Page()
    _body(page, tuple(statements), "")
    return "\n".join(page.lines)


def emit_functions(functions: Sequence[Function]) -> str:
    """The text of functions, two empty lines between them."""
    page = _Page()
    for function in functions:
        page.lines += ["", ""] * bool(page.lines)
        _function(page, function)
    return "\n".join(page.lines)


def _function(page: _Page, function: Function) -> None:
    if function.text:
        first = len(page.lines) + 1
        page.lines += function.text.split("\n")
        page.spans += [Span(node, first, len(page.lines)) for node in function.nodes]
        if function.snippet:
            page.snippets.append(Span(function.snippet, first, len(page.lines)))
        return
    page.lines += _group(f"def {function.name}(", function.parameters, "):", "", is_call=True)
    if function.docstring:
        page.lines += _docstring(function.docstring)
    _body(page, function.body, "    ")


def _docstring(text: str) -> list[str]:
    """The first line, and below it the others with their own indentation."""
    first, *more = text.split("\n")
    if not more:
        return [f'    """{docstring_line(first)}"""']
    indents = ["    " + line[: len(line) - len(line.lstrip())] for line in more]
    below = [(indent + docstring_line(line)).rstrip() for indent, line in zip(indents, more, strict=True)]
    return [f'    """{docstring_line(first)}', *below, '    """']


def _body(page: _Page, body: tuple[Statement, ...], indent: str) -> None:
    lines, spans = page.lines, page.spans
    for statement in body:
        first = len(lines) + 1
        if type(statement) is Assign:  # nearly all of them
            line = indent + statement.text
            if len(line) <= WIDTH and line.isascii():
                lines.append(line)
            else:
                lines += _assign(statement, indent)
            if statement.node is not None:
                spans.append(Span(statement.node, first, len(lines)))
            continue
        match statement:
            case Blank():
                page.lines.append("")
            case Comment(text, node):
                page.lines += _comment(text, indent)
                if node is not None and len(page.lines) >= first:
                    page.spans.append(Span(node, first, len(page.lines)))
            case Return(values, nodes):
                page.lines += _return(values, indent)
                page.spans += [Span(node, first, len(page.lines)) for node in nodes]
            case Do(value, before):
                page.lines += _expression(indent + (before and before + " "), value, "", indent)
            case Each(targets, value, turn):
                page.lines += _expression(f"{indent}for {targets} in ", value, ":", indent)
                _body(page, turn, indent + "    ")
            case Lines():
                page.lines += [indent + line if line else "" for line in statement.lines]
            case For():
                _loop(page, statement, indent)
            case Listing(function, elements, nodes):
                page.lines += [f"{indent}return {function}(", f"{indent}    ["]
                page.spans += [Span(node, first, first) for node in nodes]
                _elements(page, elements, indent + "        ")
                page.lines += [f"{indent}    ]", f"{indent})"]


def _loop(page: _Page, loop: For, indent: str) -> None:
    """The head with its table and what is inside. The lines of a node: its row or the head, and its statements."""
    inside = indent + "    "
    first = len(page.lines) + 1
    head = f"{indent}for {', '.join(loop.targets) or '_'} in "
    table = f"[{', '.join([row.text for row in loop.rows])}]" if loop.rows else f"range({len(loop.turns)})"
    if loop.counts is not None:
        table = loop.counts.text
    line = f"{head}{table}:"
    if not loop.rows or width(line) <= WIDTH:
        page.lines.append(line)
        page.spans += [Span(node, first, first) for node in loop.nodes]
    else:
        page.lines.append(f"{head}[")
        for row, nodes in zip(loop.rows, loop.turns, strict=True):
            start = len(page.lines) + 1
            page.lines += _expression(inside, row, ",", inside)
            page.spans += [Span(node, start, len(page.lines)) for node in nodes]
        page.lines.append(f"{indent}]:")
    for each in loop.body:
        if isinstance(each, For):
            _loop(page, each, inside)
            continue
        start = len(page.lines) + 1
        page.lines += _assign(each.statement, inside)
        page.spans += [Span(node, start, len(page.lines)) for node in each.nodes]


def _elements(page: _Page, elements: tuple[Element | Comment, ...], indent: str) -> None:
    for element in elements:
        first = len(page.lines) + 1
        if isinstance(element, Comment):
            page.lines += _comment(element.text, indent)
        else:
            page.lines += _expression(indent, element.value, ",", indent)
        if element.node is not None and len(page.lines) >= first:
            page.spans.append(Span(element.node, first, len(page.lines)))


def _comment(text: str, indent: str) -> list[str]:
    paragraphs = [plain_line(line) for line in text.splitlines()]
    if len(paragraphs) == 1 and len(indent) + 2 + len(paragraphs[0]) <= WIDTH:
        return [f"{indent}# {paragraphs[0]}"] if paragraphs[0] else []
    return [
        f"{indent}# {line}"
        for paragraph in paragraphs
        if paragraph
        for line in textwrap.wrap(paragraph, WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
    ]


_assigned: Remembered[Assign, dict[str, list[str]]] = Remembered(50_000)
"""The lines of statements that need several, by their indentation: most statements are the same after an edit."""


def _assign(statement: Assign, indent: str) -> list[str]:
    line = indent + statement.text
    if len(line) <= WIDTH and (line.isascii() or width(line) <= WIDTH):
        return [line]
    memory = _assigned.get(statement, lambda _: {})
    if indent not in memory:
        memory[indent] = _assign_over_lines(statement, indent)
    return memory[indent]


def _assign_over_lines(statement: Assign, indent: str) -> list[str]:
    targets, value = statement.targets, statement.value
    head = f"{indent}{', '.join(targets)} = "
    if len(targets) > 1 and width(head + _opening(value)) > WIDTH:
        names = [f"{indent}    {target}," for target in targets]
        return [f"{indent}(", *names, *_expression(f"{indent}) = ", value, "", indent)]
    return _expression(head, value, "", indent)


def _return(values: tuple[Expression, ...], indent: str) -> list[str]:
    if len(values) == 1:
        return _expression(f"{indent}return ", values[0], "", indent)
    line = f"{indent}return {', '.join([value.text for value in values])}"
    if width(line) <= WIDTH:
        return [line]
    inside = indent + "    "
    exploded = [each for value in values for each in _expression(inside, value, ",", inside)]
    return [f"{indent}return (", *exploded, f"{indent})"]


def _opening(value: Expression) -> str:
    """The text of ``value`` up to the first place where its line may end."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, Infix):
        return "("
    if isinstance(value, Items):
        return value.opening if value.items else value.text
    first: Call | None = None
    function: Code | Call = value
    while isinstance(function, Call):
        first = function if function.arguments else first
        function = function.function
    return value.text if first is None else f"{first.function.text}{first.opening}"


def _expression(head: str, value: Expression, tail: str, indent: str) -> list[str]:
    """The lines of ``head``, ``value`` and ``tail``; lines after the first start with ``indent`` or more."""
    line = head + value.text + tail
    if width(line) <= WIDTH or isinstance(value, Code):
        return [line]
    if isinstance(value, Infix):
        return [f"{head}(", *_infix(value, indent + "    "), f"{indent}){tail}"]
    if isinstance(value, Items):
        return _group(head + value.opening, value.items, CLOSING[value.opening] + tail, indent, is_call=False)
    calls: list[Call] = []
    function: Code | Call = value
    while isinstance(function, Call):
        calls.insert(0, function)
        function = function.function
    lines, current = [], head + function.text
    for each, following_call in zip(calls, [*calls[1:], None], strict=True):
        closing = CLOSING[each.opening] + each.after
        flat = f"{each.opening}{', '.join([argument.text for argument in each.arguments])}{closing}"
        # What stands on the same line whatever happens: all up to the next bracket that can be opened.
        following = tail
        if following_call is not None:
            following = following_call.opening + ("" if following_call.arguments else ")")
        is_layer = following_call is not None and following_call is calls[-1] and _takes_names(following_call)
        if is_layer and each.arguments and width(current + flat + following) <= WIDTH:
            last = value.text.removeprefix(value.function.text) + tail
            if width(current + flat + last) > WIDTH:
                lines += _one_each(current + each.opening, each.arguments, indent)
                current = indent + closing
                continue
        if not each.arguments or width(current + flat + following) <= WIDTH:
            current += flat
            continue
        opened = _group(current + each.opening, each.arguments, closing, indent, is_call=True, is_open=True)
        lines += opened[:-1]
        current = opened[-1]
    return [*lines, current + tail]


def _takes_names(call: Call) -> bool:
    return bool(call.arguments) and all(isinstance(argument.value, Code) for argument in call.arguments)


def _one_each(head: str, arguments: tuple[Argument, ...], indent: str) -> list[str]:
    """The arguments of a layer one to a line, where ``ruff`` would rather open the call of it, for its tensor.

    The comma after the last one keeps them so.
    """
    return [head, *_lines_of(arguments, ",", indent + "    ")]


def _lines_of(arguments: tuple[Argument, ...], comma: str, indent: str) -> list[str]:
    """Each argument on lines of its own."""
    lines: list[str] = []
    for each in arguments:
        if type(each.value) is Code:  # nearly all of them
            lines.append(f"{indent}{each.text}{comma}")
        else:
            lines += _expression(indent + each.before, each.value, comma, indent)
    return lines


def _infix(value: Infix, indent: str) -> list[str]:
    line = indent + value.text
    if value.left is None or width(line) <= WIDTH:
        return [line]
    return [indent + value.left.text, f"{indent}{value.operator} {value.right.text}"]


def _group(
    head: str, arguments: tuple[Argument, ...], closing: str, indent: str, *, is_call: bool, is_open: bool = False
) -> list[str]:
    """Arguments in their brackets, over several lines where one does not do (or ``is_open``)."""
    flat = ", ".join([argument.text for argument in arguments])
    if not arguments or (not is_open and is_call and width(head + flat + closing) <= WIDTH):
        return [head + flat + closing]
    inside = indent + "    "
    if is_call and width(inside + flat) <= WIDTH:
        return [head, inside + flat, indent + closing]
    comma = "" if is_call and len(arguments) == 1 else ","
    return [head, *_lines_of(arguments, comma, inside), indent + closing]
