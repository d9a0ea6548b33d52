"""A pattern of uses that comes again becomes a loop over a table of stages; what repeats inside is an inner loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.codegen.ir import Code, Expression, For, Turned, items
from studio.codegen.literals import literal
from studio.codegen.turns import LAYER_NAME, LETTER, NUMBER, Name, Take, Use
from studio.core.naming import unused
from studio.immutable import immutable

MOST_GROUPS = 6
"""Different steps in one stage: with more nobody sees the pattern."""

MOST_COLUMNS = 7
"""Values in one row of the table."""

FEWEST_SAVED = 2
"""Lines below which a loop of two stages is harder to read than what it saves."""

FEWEST_COUNTED = 2
"""Numbers that are counted and not listed."""

STAGE, BLOCKS, LAST, FIRST = "stage", "blocks", "last", "first"
"""Columns of a table: the number in the names, how often a block comes, and where its numbers end and start."""

_ROOM = 84
"""Letters of a statement that fit on a line inside a function."""


@immutable
class Staged:
    """A loop over stages that stands for the first ``groups`` groups. ``saves`` are lines."""

    groups: int
    saves: int
    table: _Table
    steps: tuple[_Step, ...]

    def write(self, take: Take) -> For:
        """The loop; its variables get their names now."""
        variables = {number: take(wanted) for number, wanted in enumerate(self.table.wanted)}
        return self.table.loop(self.steps, variables, take)


def stages(groups: Sequence[Sequence[Use]]) -> Staged | None:
    """The loop over stages at the start of these groups (uses of one function in a row) that saves the most lines."""
    best: Staged | None = None
    for period in range(2, min(MOST_GROUPS, len(groups) // 2) + 1):
        turns = 1
        while (turns + 1) * period <= len(groups) and all(
            groups[turns * period + at][0].shape == groups[at][0].shape for at in range(period)
        ):
            turns += 1
        own = groups[: turns * period]
        if turns < 2 or not any(group[0].is_block for group in own[:period]):
            continue
        made = _staged(own, period)
        least = best.saves if best is not None else FEWEST_SAVED - 1 if turns == 2 else 0
        if made is not None and made.saves > least:
            best = made
    return best


def table_of(run: Sequence[Use]) -> Staged | None:
    """The loop that stands for uses of one block in a row, each of them a stage of its own."""
    return _staged([[use] for use in run], 1, NUMBER)


def _staged(groups: Sequence[Sequence[Use]], period: int, counter: str = STAGE) -> Staged | None:
    turns = len(groups) // period
    table = _Table(turns, counter)
    steps = []
    for at in range(period):
        step = _step(table, groups[at::period])
        if step is None:
            return None
        steps.append(step)
    if len(table.wanted) > MOST_COLUMNS:
        return None
    plain = sum(_lines(use.statement({}).text, 0) for group in groups for use in group)
    loop = table.loop(steps, dict(enumerate(table.wanted)), lambda wanted: wanted)
    head = f"for {', '.join(loop.targets)} in [{', '.join([row.text for row in loop.rows])}]:"
    lines = 1 if len(head) <= _ROOM else turns + 2
    lines += sum(_lines(each.text, 1) for each in loop.assignments()) + sum(step.counts is not None for step in steps)
    return Staged(len(groups), plain - lines, table, tuple(steps))


def _lines(text: str, depth: int) -> int:
    return 1 if len(text) + 4 * depth <= _ROOM else 3


@immutable
class _Count:
    """How often a step is done in each stage: a number, or from one to another; both fixed or in a column."""

    first: int | _Column
    end: int | _Column
    is_inclusive: bool


@immutable
class _Column:
    """A column of the table by its number; ``more`` is what is added to its value."""

    number: int
    more: int = 0

    def text(self, variables: Mapping[int, str], more: int = 0) -> str:
        """The value as it is written."""
        added = self.more + more
        return variables[self.number] + (f" {'+' if added > 0 else '-'} {abs(added)}" if added else "")


@immutable
class _Step:
    """One statement of each stage. ``columns`` are the values that change, ``name`` its name and the numbers in it."""

    uses: tuple[Sequence[Use], ...]
    columns: dict[str, _Column]
    name: Name | None
    numbers: dict[int, _Column | None]
    counts: _Count | None


@dataclass(slots=True)
class _Table:
    turns: int
    counter: str
    wanted: list[str] = field(default_factory=list)
    cells: list[tuple[Expression, ...]] = field(default_factory=list)
    _kinds: list[str] = field(default_factory=list)

    def column(self, wanted: str, function: str, values: Sequence[Expression]) -> _Column:
        """The column with these values, a new one if there is none of this kind."""
        texts = [value.text for value in values]
        for number, (kind, cells) in enumerate(zip(self._kinds, self.cells, strict=True)):
            if kind == _kind(wanted) and [cell.text for cell in cells] == texts:
                return _Column(number)
        self._kinds.append(_kind(wanted))
        if wanted in self.wanted:
            second = f"out_{wanted}" if _kind(wanted) in ("filters", "units") else f"{function}_{wanted}"
            wanted = unused(second, self.wanted)
        self.wanted.append(wanted)
        self.cells.append(tuple(values))
        return _Column(len(self.wanted) - 1)

    def stage(self, numbers: Sequence[int]) -> _Column:
        """The column of the number of a stage; what counts beside it is told by it: ``stage + 1``."""
        for number, (kind, cells) in enumerate(zip(self._kinds, self.cells, strict=True)):
            more = (
                {one - int(cell.text) for one, cell in zip(numbers, cells, strict=True)}
                if kind == self.counter
                else {0, 1}
            )
            if len(more) == 1:
                return _Column(number, more.pop())
        return self.column(self.counter, "other", [Code(str(each)) for each in numbers])

    def loop(self, steps: Sequence[_Step], variables: dict[int, str], take: Take) -> For:
        """The loop with these variables for its columns."""
        order = sorted(range(len(self.wanted)), key=lambda number: _rank(self.wanted[number]))
        rows = []
        for turn in range(self.turns):
            cells = [self.cells[number][turn] for number in order]
            rows.append(cells[0] if len(cells) == 1 else items("(", cells))
        turns = tuple([
            tuple([use.node for step in steps for use in step.uses[turn]]) for turn in range(self.turns)
        ])  # fmt: skip
        body = tuple([_written(step, variables, take) for step in steps])
        targets = tuple([variables[number] for number in order])
        counts = self._counting() if len(order) == 1 else None
        return For(targets, () if counts is not None else tuple(rows) if order else (), body, turns, counts)

    def _counting(self) -> Code | None:
        """The range that says the same as a table of numbers which count on."""
        texts = [cell.text for cell in self.cells[0]]
        first = int(texts[0]) if self._kinds[0] == self.counter else None
        if first is None or len(texts) < FEWEST_COUNTED or texts != [str(first + turn) for turn in range(len(texts))]:
            return None
        return Code(f"range({first}, {first + len(texts)})")


def _kind(name: str) -> str:
    return next((kind for kind in ("filters", "units") if name.endswith(kind)), name)


def _rank(wanted: str) -> int:
    return {STAGE: 0, NUMBER: 0, LETTER: 0, FIRST: 2, LAST: 3, BLOCKS: 3}.get(wanted, 1)


def _step(table: _Table, uses: Sequence[Sequence[Use]]) -> _Step | None:
    """What is done once or more in every stage; None where it follows no rule."""
    first = uses[0][0]
    columns: dict[str, _Column] = {}
    is_repeated = any(len(group) > 1 for group in uses)
    for key in first.values:
        if key == LAYER_NAME:
            continue
        values = [group[0].values[key] for group in uses]
        if any(use.values[key].text != group[0].values[key].text for group in uses for use in group):
            return None
        if any(value.text != values[0].text for value in values):
            columns[key] = table.column(key, first.function, values)
    numbers: dict[int, _Column | None] = {}
    name: Name | None = None
    counted: list[int] | None = None
    if LAYER_NAME in first.values and len({use.values[LAYER_NAME].text for group in uses for use in group}) > 1:
        names = [[Name.of(use.values[LAYER_NAME].text) for use in group] for group in uses]
        found = _numbered(table, names)
        if found is None and is_repeated:
            return None
        if found is None:
            columns[LAYER_NAME] = table.column(
                LAYER_NAME, first.function, [group[0].values[LAYER_NAME] for group in uses]
            )
        else:
            name, (numbers, counted) = names[0][0], found
    counts = _counts(table, first, [len(group) for group in uses], counted) if is_repeated else None
    return _Step(tuple(uses), columns, name, numbers, counts)


def _numbered(
    table: _Table, names: Sequence[Sequence[Name]]
) -> tuple[dict[int, _Column | None], list[int] | None] | None:
    """Which numbers in the names change: with the stage (their column), or counting on inside (None).

    With the numbers at which the stages start to count. None where the names follow no rule.
    """
    parts = names[0][0].parts
    everyone = [name for group in names for name in group]
    if any(len(name.parts) != len(parts) or name.parts[::2] != parts[::2] for name in everyone):
        return None
    numbers: dict[int, _Column | None] = {}
    counted: list[int] | None = None
    for at in range(1, len(parts), 2):
        if all(name.parts[at] == parts[at] for name in everyone):
            continue
        if not all(name.parts[at].isdecimal() for name in everyone):
            if any(name.parts[at] != group[0].parts[at] for group in names for name in group):
                return None
            letters: list[Expression] = [Code(literal(group[0].parts[at])) for group in names]
            numbers[at] = table.column(LETTER, "other", letters)
            continue
        starts = [int(group[0].parts[at]) for group in names]
        if all(name.parts[at] == group[0].parts[at] for group in names for name in group):
            numbers[at] = table.stage(starts)
        elif counted is None and all(
            int(name.parts[at]) == start + turn
            for group, start in zip(names, starts, strict=True) for turn, name in enumerate(group)
        ):  # fmt: skip
            counted = starts
            numbers[at] = None
        else:
            return None
    return numbers, counted


def _counts(table: _Table, use: Use, lengths: Sequence[int], counted: Sequence[int] | None) -> _Count:
    """How often a step is done: the same in every stage, or as a column says."""
    starts = counted or [0] * len(lengths)
    is_even, is_level = len(set(lengths)) == 1, len(set(starts)) == 1
    first: int | _Column = starts[0]
    if not is_level:
        first = table.column(FIRST, use.function, [Code(str(start)) for start in starts])
    if is_even and is_level:
        return _Count(first, starts[0] + lengths[0], False)
    if is_level and starts[0] == 0:
        return _Count(first, table.column(BLOCKS, use.function, [Code(str(length)) for length in lengths]), False)
    # Blocks that count from 1, or from 2 after another one: the last number is how many there are.
    wanted = BLOCKS if is_level and starts[0] in (1, 2) else LAST
    ends = [Code(str(start + length - 1)) for start, length in zip(starts, lengths, strict=True)]
    return _Count(first, table.column(wanted, use.function, ends), True)


def _written(step: _Step, variables: dict[int, str], take: Take) -> Turned | For:
    others: dict[str, Expression] = {name: Code(variables[column.number]) for name, column in step.columns.items()}
    is_counting = None in step.numbers.values()
    if step.name is not None:
        inside = {at: take(NUMBER) if column is None else column.text(variables)
                  for at, column in step.numbers.items()}  # fmt: skip
        others[LAYER_NAME] = Code(step.name.text(inside))
    nodes = tuple([use.node for group in step.uses for use in group])
    turned = Turned(step.uses[0][0].statement(others), nodes)
    if step.counts is None:
        return turned

    def text(bound: int | _Column, more: int = 0) -> str:
        return str(bound + more) if isinstance(bound, int) else bound.text(variables, more)

    first, end = text(step.counts.first), text(step.counts.end, int(step.counts.is_inclusive))
    counts = Code(f"range({end})" if first == "0" else f"range({first}, {end})")
    return For((take(NUMBER),) if is_counting else (), (), (turned,), (nodes,), counts)
