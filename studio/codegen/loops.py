"""A chain of uses of one block becomes a loop over a table of the parameters that change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studio.codegen.ir import Argument, Assign, Call, Code, Expression, For, Statement, items, keyword

FEWEST = 3
"""Uses that make a loop: two lines are shorter than one and its table."""


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
    arguments = [Argument(Code(first.variable))]
    for name, value in first.values.items():
        if name in changing:
            arguments.append(keyword(name, Code(take(name))))
        elif value.text != first.defaults[name].text:
            arguments.append(keyword(name, value))
    body = Assign((first.variable,), Call(Code(first.function), tuple(arguments)))
    rows: list[Expression] = []
    for use in run:
        cells = [use.values[name] for name in changing]
        if cells:
            rows.append(cells[0] if len(cells) == 1 else items("(", cells))
    return For(tuple([take(name) for name in changing]), tuple(rows), body, tuple([use.node for use in run]))
