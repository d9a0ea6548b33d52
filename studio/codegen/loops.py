"""A chain of uses of one block becomes a loop over a table of the parameters that change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studio.codegen.ir import Argument, Assign, Call, Code, Expression, For, Statement, items, keyword

FEWEST = 3
"""Uses that make a loop: two lines are shorter than one and its table."""


LAYER_NAME = "name"
"""The argument of a block's function after which its layers are named."""

NUMBER = "number"
"""The variable of a loop over names that count on."""


@dataclass(frozen=True, slots=True)
class Use:
    """One statement ``variable = function(variable, ...)`` and the values of all parameters of the block in it.

    ``defaults`` are the values that need not be said. Both have the names that the parameters have in the function.
    """

    function: str
    variable: str
    values: Mapping[str, Expression]
    defaults: Mapping[str, Expression]
    node: str
    positional: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()


def fold(statements: Sequence[Statement], uses: Mapping[int, Use], take: Callable[[str], str]) -> tuple[Statement, ...]:
    """The statements with loops in the place of long runs of uses (by the number of the statement).

    ``take`` gives a variable for a wanted name.
    """
    folded: list[Statement] = []
    taken: dict[str, str] = {}
    number = 0
    while number < len(statements):
        run = _run(number, uses)
        if len(run) < FEWEST:
            folded.append(statements[number])
            number += 1
            continue
        folded.append(_loop(run, lambda name: taken[name] if name in taken else taken.setdefault(name, take(name))))
        number += len(run)
    return tuple(folded)


def _run(number: int, uses: Mapping[int, Use]) -> list[Use]:
    run: list[Use] = []
    while (use := uses.get(number + len(run))) is not None:
        if run and (use.function, use.variable) != (run[0].function, run[0].variable):
            break
        run.append(use)
    return run


def _loop(run: list[Use], take: Callable[[str], str]) -> For:
    first = run[0]
    changing = [name for name, value in first.values.items() if any(use.values[name].text != value.text for use in run)]
    numbers = _numbers([use.values[changing[0]].text for use in run]) if changing == [LAYER_NAME] else None
    arguments = [Argument(Code(first.variable))]
    for name, value in first.values.items():
        if name in first.positional:
            arguments.append(Argument(Code(take(name)) if name in changing else value))
        elif name in changing and numbers is not None:
            arguments.append(keyword(name, Code(numbers.text(take(NUMBER)))))
        elif name in changing:
            arguments.append(keyword(name, Code(take(name))))
        elif name in first.required or value.text != first.defaults[name].text:
            arguments.append(keyword(name, value))
    body = Assign((first.variable,), Call(Code(first.function), tuple(arguments)))
    nodes = tuple([use.node for use in run])
    if numbers is not None:
        return For((take(NUMBER),), (), body, nodes, Code(f"range({numbers.first}, {numbers.first + len(run)})"))
    rows: list[Expression] = []
    for use in run:
        cells = [use.values[name] for name in changing]
        if cells:
            rows.append(cells[0] if len(cells) == 1 else items("(", cells))
    return For(tuple([take(name) for name in changing]), tuple(rows), body, nodes)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Names that count on: what stands before the number, the first one, and what stands after it."""

    before: str
    first: int
    after: str

    def text(self, variable: str) -> str:
        """The name of one turn."""
        before, after = (each.replace("{", "{{").replace("}", "}}") for each in (self.before, self.after))
        return f"f{before}{{{variable}}}{after}"


def _numbers(names: Sequence[str]) -> _Numbers | None:
    """The rule of names (as they are written, with quotes) that end alike but for a number that counts on."""
    if not all(name.isascii() and "\\" not in name for name in names):
        return None
    for digits in re.finditer(r"(?<![0-9])[1-9][0-9]{0,5}|(?<![0-9])0(?![0-9])", names[0]):
        found = _Numbers(names[0][: digits.start()], int(digits[0]), names[0][digits.end() :])
        if all(name == f"{found.before}{found.first + turn}{found.after}" for turn, name in enumerate(names)):
            return found
    return None
