"""Runs of uses of blocks become loops: over a table of the parameters that change, and over a table of stages.

A loop of one block stands for a chain of its uses. A loop of stages (``studio.codegen.stages``) stands for a longer
pattern that comes again, such as one block that halves the picture and some of another that keep it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

from studio.codegen.ir import Statement
from studio.codegen.stages import stages, table_of
from studio.codegen.turns import Take, Use

FEWEST = 3
"""Uses that make a loop: two lines are shorter than one and its table."""

FEWEST_ROWS = 5
"""Rows that make a table of several lines, where it saves none: fewer calls one below the other read as well."""


def fold(
    statements: Sequence[Statement], uses: Mapping[int, Use], layer: Callable[[Statement], Use | None], take: Take
) -> tuple[Statement, ...]:
    """The statements with loops in the place of long runs of uses of blocks (by the number of the statement).

    ``layer`` tells whether a statement calls a layer in the same way: it may be a part of a stage. ``take`` gives a
    variable for a wanted name.
    """
    if not uses:
        return tuple(statements)
    folded: list[Statement] = []
    taken: dict[str, str] = {}
    number = 0
    while number < len(statements):
        run = _run(number, statements, uses, layer)
        if not any(use.is_block for use in run):
            end = number + max(len(run), 1)
            folded += statements[number:end]
            number = end
            continue
        plain = statements[number : number + len(run)]
        folded += _folded(run, plain, lambda name: taken[name] if name in taken else taken.setdefault(name, take(name)))
        number += len(run)
    return tuple(folded)


def _run(
    number: int, statements: Sequence[Statement], uses: Mapping[int, Use], layer: Callable[[Statement], Use | None]
) -> list[Use]:
    run: list[Use] = []
    while number < len(statements):
        use = uses.get(number) or layer(statements[number])
        if use is None or (run and use.variable != run[0].variable):
            break
        run.append(use)
        number += 1
    return run


def _folded(run: Sequence[Use], plain: Sequence[Statement], take: Take) -> list[Statement]:
    """One run: what saves the most lines first becomes a loop, from the start to the end."""
    groups = [list(group) for _, group in itertools.groupby(run, key=lambda use: use.shape)]
    starts = [0, *itertools.accumulate(map(len, groups))]
    found: list[Statement] = []
    at = 0
    while at < len(groups):
        staged = stages(groups[at:])
        if staged is not None:
            found.append(staged.write(take))
            at += staged.groups
            continue
        own = plain[starts[at] : starts[at + 1]]
        found += _looped(groups[at], own, take)
        at += 1
    return found


def _looped(run: Sequence[Use], plain: Sequence[Statement], take: Take) -> Sequence[Statement]:
    """The uses of one block in a row: as they are, or as a loop over the parameters that change."""
    if len(run) < FEWEST or not run[0].is_block:
        return plain
    made = table_of(run)
    if made is None or (made.saves <= 0 and len(run) < FEWEST_ROWS):
        return plain
    return (made.write(take),)
