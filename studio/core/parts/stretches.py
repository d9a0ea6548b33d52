"""The stretch of the line whose block would save the most lines of code.

All starts of equal stretches are kept in groups, and each group is split by what comes next, one node at a time: a node
looks the same at two places if its label is the same and it takes the same nodes of the stretch, or the same of what
comes from outside, counted in the order in which the stretch takes it first. The work grows with the nodes times the
longest stretch, for any drawing.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from studio.core.parts.columns import Column, NoColumns, columns_of
from studio.core.parts.cost import FUNCTION_LINES, call_lines, function_lines, node_lines
from studio.core.parts.line import Line, Taken
from studio.core.parts.prefixes import Place, Prefixes, has_own_name, prefixes_of
from studio.core.ports import Catalog
from studio.core.project import BLOCK, Project
from studio.immutable import immutable

LONGEST = 160
"""Nodes in one stretch. Longer parts are found all the same once parts inside of them are single nodes."""

FEWEST_LINES = 3
"""Saved lines below which a block is not worth its name."""

MOST_RESULTS, MOST_INPUTS = 3, 4
"""Tensors that a block may give and take: with more nobody sees what it is for."""

NAMES_LOST = 0.7
"""What a block saves counts for so much less where all of its layers have names that it cannot give them."""

SKIP_CLEARER = 0.6
"""Lines that each place saves beside its own where a skip connection goes into the block: its variable is gone."""

RESULT_LOST = 3.0
"""Lines that each place loses for each result after the first: names for all of them, also where they are not taken."""

_STARTS_BADLY = frozenset((
    "Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Dropout", "SpatialDropout2D", "BatchNormalization",
))  # fmt: skip
"""What mostly ends a part and seldom starts one. Only where all else is equal does it matter."""


class Stopped(Exception):
    """The person does not want to know any more."""


@immutable
class Stretch:
    """A part that comes again: ``starts`` in the line, none in another, each ``length`` nodes long.

    ``entering`` are the tensors that come from outside at the first place, ``leaving`` those that go outside at any:
    number of the node and output port. ``prefixes`` is None where no layer has a name of its own, and
    ``loses_names`` where some have and cannot keep it.
    """

    starts: tuple[int, ...]
    length: int
    leaving: tuple[Taken, ...]
    columns: tuple[Column, ...]
    prefixes: Prefixes | None
    loses_names: bool
    saves: float


def best_stretch(project: Project, catalog: Catalog, line: Line, stopped: Callable[[], bool]) -> Stretch | None:
    """The stretch that saves the most, or None where none saves enough."""
    for is_patient in (True, False):
        judge = _Judge(project, catalog, line, is_patient)
        for starts, length in _groups(line, stopped):
            judge.look_at(starts, length)
        if judge.best is not None or not judge.has_waited:
            break
    return judge.best


def entering(line: Line, start: int, length: int) -> tuple[Taken, ...]:
    """The tensors that a stretch takes from outside, in the order in which it takes them first."""
    taken = [each for place in range(start, start + length) for each in line.takes[place]]
    return tuple(dict.fromkeys(each for each in taken if each[0] < start))


def _groups(line: Line, stopped: Callable[[], bool]) -> Iterator[tuple[list[int], int]]:
    """All groups of starts of equal stretches, with the length of the stretch, the short ones first."""
    labels, takes = line.labels, line.takes
    outside: list[dict[Taken, int]] = [{} for _ in labels]
    # A node that takes nothing from outside looks the same from every start: a number says how.
    earliest = [min([source for source, _ in taken], default=len(labels)) for taken in takes]
    looks: dict[tuple[object, ...], int] = {}
    inside = [
        looks.setdefault((labels[place], *[(place - source, port) for source, port in taken]), len(looks))
        for place, taken in enumerate(takes)
    ]

    def look(start: int, place: int) -> tuple[object, ...]:
        numbers = outside[start]
        token: list[object] = [labels[place]]
        for taken in takes[place]:
            if taken[0] >= start:
                token += (taken[0] - start, taken[1])
            else:
                token.append(-1 - numbers.setdefault(taken, len(numbers)))
        return tuple(token)

    groups = [[place for place, label in enumerate(labels) if label >= 0]]
    for length in range(1, LONGEST + 1):
        following: list[list[int]] = []
        for group in groups:
            split: dict[object, list[int]] = {}
            for count, start in enumerate(group):
                if count % 256 == 0 and stopped():
                    raise Stopped
                place = start + length - 1
                if place < len(labels) and labels[place] >= 0:
                    seen = inside[place] if earliest[place] >= start else look(start, place)
                    split.setdefault(seen, []).append(start)
            following += [starts for starts in split.values() if len(starts) > 1 and starts[-1] - starts[0] >= length]
        groups = following
        if not groups:
            return
        if length > 1:
            for group in groups:
                yield group, length


class _Judge:
    """Keeps the best of what it has looked at.

    ``is_patient`` passes over what holds repeated parts itself; ``has_waited`` tells that there was something of it.
    """

    def __init__(self, project: Project, catalog: Catalog, line: Line, is_patient: bool) -> None:
        self.has_waited = False
        self._is_patient = is_patient
        self.best: Stretch | None = None
        self._project = project
        self._catalog = catalog
        self._line = line
        self._lines = 0
        self._weights = [node_lines(node) for node in line.nodes]
        named = [has_own_name(project, graph, node) for graph, node in zip(line.graphs, line.nodes, strict=True)]
        self._has_own = tuple(named)
        self._ends = [max(taken.values(), default=-1) for taken in line.last_taken]
        self._goes_on = [_goes_on(line, place) for place in range(len(line.labels) + 1)]
        # Stretches from one start only grow, and what is known of them with them.
        self._opened: dict[int, tuple[int, list[int]]] = {}
        self._joined: dict[int, _Joined] = {}
        self._repeats: list[int] | None = None

    def look_at(self, group: Sequence[int], length: int) -> None:
        """Judge one group. What it saves at most is counted first: most groups end there."""
        starts = _apart(group, length)
        self._lines = sum(self._weights[starts[0] : starts[0] + length])
        if not self._may_win(len(starts), -SKIP_CLEARER):
            return
        self._lines = self._count_lines(starts[0], length)
        if not self._may_win(len(starts), -SKIP_CLEARER) or not _is_new(self._line, starts[0], length):
            return
        open_now = min(len(self._open(starts[0], length)), MOST_RESULTS + 1)
        if not self._may_win(len(starts), RESULT_LOST * (open_now - 1) - SKIP_CLEARER):
            return
        taken = len(entering(self._line, starts[0], length))
        if taken > MOST_INPUTS:
            return
        leaving = self._leaving(starts, length)
        if not leaving or len(leaving) > MOST_RESULTS:
            return
        # What is lost for each place: further results and inputs to write down, and a start that is no start.
        lost = RESULT_LOST * (len(leaving) - 1) + 0.25 * max(taken - 1, 0)
        lost += 0.5 * (self._line.nodes[starts[0]].type in _STARTS_BADLY or self._starts_with_merge(starts[0]))
        lost -= SKIP_CLEARER * (taken < 2 and self._ends_skip(starts[0], length))
        if not self._may_win(len(starts), lost) or not self._is_connected(starts[0], length):
            return
        cut = sum(self._cuts_loop(start, length) for start in starts)
        if 4 * cut > len(starts):
            return
        if self._is_patient and self._holds_repeats(starts[0], length):
            self.has_waited = True
            return
        places = [self._place(start, length) for start in starts]
        found = prefixes_of(places)
        if found is not None and len(found[1]) > 1:
            prefixes, kept = found
            self._take([starts[number] for number in kept], length, leaving, prefixes, 0.0, lost)
            if len(kept) == len(starts):
                return
        losing = sum(sum(place.has_own) for place in places) / (length * len(starts))
        self._take(starts, length, leaving, None, losing, lost)

    def _take(
        self, starts: Sequence[int], length: int, leaving: tuple[Taken, ...], prefixes: Prefixes | None, losing: float,
        lost: float,
    ) -> None:  # fmt: skip
        factor = 1.0 - NAMES_LOST * losing
        if not self._may_win(len(starts), lost, factor):
            return
        try:
            places = [self._place(start, length).nodes for start in starts]
            columns = columns_of(self._project, self._catalog, places)
        except NoColumns:
            return
        inner = [node for node in places[0] if node.type == BLOCK]
        handed_on = max([len(self._project.blocks[node.block or ""].parameters) for node in inner], default=0)
        if len(columns) > 3 + length // 2 + handed_on:
            return
        lost += 0.15 * max(len(columns) - 2, 0) + call_lines(columns) - 1
        taken = len(entering(self._line, starts[0], length))
        once = function_lines(places[0], columns, taken) - sum(self._weights[starts[0] : starts[0] + length])
        if self._may_win(len(starts), lost, factor, once):
            saves = factor * self._saved(len(starts), lost, once)
            self.best = Stretch(tuple(starts), length, leaving, columns, prefixes, losing > 0, saves)

    def _may_win(self, times: int, lost: float, factor: float = 1.0, once: float = 0.0) -> bool:
        least = self.best.saves if self.best is not None else FEWEST_LINES - 1e-9
        return times > 1 and factor * self._saved(times, lost, once) > least

    def _place(self, start: int, length: int) -> Place:
        end = start + length
        return Place(self._line.graphs[start], self._line.nodes[start:end], self._has_own[start:end])

    def _leaving(self, starts: Sequence[int], length: int) -> tuple[Taken, ...]:
        """The results that any place has a use for outside; none of them where most places have no use for one."""
        found: Counter[Taken] = Counter()
        for start in starts:
            end = start + length
            for place in self._open(start, length):
                for port, last in self._line.last_taken[place].items():
                    if last >= end:
                        found[place - start, port] += 1
            if len(found) > MOST_RESULTS:
                break
        if len(found) > 1 and 2 * min(found.values()) < len(starts):
            return ()
        return tuple(sorted(found))

    def _open(self, start: int, length: int) -> list[int]:
        """The nodes of one place with a result for outside."""
        end = start + length
        known, found = self._opened.get(start, (start, []))
        found = [place for place in (*found, *range(known, end)) if self._ends[place] >= end]
        self._opened[start] = (end, found)
        return found

    def _is_connected(self, start: int, length: int) -> bool:
        joined = self._joined.setdefault(start, _Joined([], 0))
        for taken in self._line.takes[start + len(joined.above) : start + length]:
            joined.add([source - start for source, _ in taken if source >= start])
        return joined.pieces == 1

    def _saved(self, times: int, lost: float, once: float = 0.0) -> float:
        """What is saved where each place loses so much, and the function is ``once`` longer than its statements."""
        return times * (self._lines - 1 - lost) - self._lines - FUNCTION_LINES - once

    def _ends_skip(self, start: int, length: int) -> bool:
        """Whether what goes into the stretch, one tensor, is added at its end: a skip connection."""
        takes, end = self._line.takes, start + length
        merge = next((place for place in range(end - 1, max(start, end - 3), -1) if len(takes[place]) > 1), None)
        return merge is not None and any(source < start for source, _ in takes[merge])

    def _count_lines(self, start: int, length: int) -> int:
        """The lines of a stretch: a node is one, but three uses of one block in a row become a loop of two."""
        lines = run = 0
        for place in range(start, start + length):
            run = run + 1 if place > start and self._goes_on[place] else 1
            lines += self._weights[place] * (run < 3)
        return lines

    def _cuts_loop(self, start: int, length: int) -> bool:
        return self._goes_on[start] or self._goes_on[start + length]

    def _holds_repeats(self, start: int, length: int) -> bool:
        """Whether a part with a merge in it comes twice in a row inside of the stretch: that is to be found first."""
        if self._repeats is None:
            self._repeats = _repeats(self._line)
        return self._repeats[start] <= start + length

    def _starts_with_merge(self, start: int) -> bool:
        return len(self._line.takes[start]) > 1


@dataclass(slots=True)
class _Joined:
    """The pieces in which the nodes of a stretch hang together: for each node another one of its piece, or itself."""

    above: list[int]
    pieces: int

    def add(self, sources: Sequence[int]) -> None:
        """One more node, which takes what these give."""
        own = len(self.above)
        self.above.append(own)
        self.pieces += 1
        for source in sources:
            top = self._top(source)
            if top != own:
                self.above[top] = own
                self.pieces -= 1

    def _top(self, node: int) -> int:
        above = self.above
        while above[node] != node:
            above[node] = above[above[node]]
            node = above[node]
        return node


def _repeats(line: Line) -> list[int]:
    """For each place where the first part ends that comes twice in a row from there or behind, and holds a merge."""
    labels, takes, count = line.labels, line.takes, len(line.labels)
    merges = [0, *itertools.accumulate(len(taken) > 1 for taken in takes)]
    ends = [count + 1] * (count + 1)
    for period in range(2, LONGEST // 2 + 1):
        same = 0
        for place in range(period, count):
            same = same + 1 if labels[place] == labels[place - period] >= 0 else 0
            start, end = place + 1 - 2 * period, place + 1
            if same >= period and end < ends[start] and merges[end] > merges[end - period]:
                ends[start] = end if _are_alike(line, start, period) else ends[start]
    return [*itertools.accumulate(reversed(ends), min)][::-1]


def _are_alike(line: Line, start: int, period: int) -> bool:
    """Whether two stretches of one another's labels, one behind the other, take their own nodes in the same way."""
    for place in range(start, start + period):
        for (source, _), (other, _) in zip(line.takes[place], line.takes[place + period], strict=True):
            if (source if source >= start else -1) != (other - period if other >= start + period else -1):
                return False
    return True


def _goes_on(line: Line, place: int) -> bool:
    """Whether a node is one more use of the block before it, as in a loop."""
    if not 0 < place < len(line.labels) or line.labels[place] != line.labels[place - 1]:
        return False
    return line.nodes[place].type == BLOCK and {source for source, _ in line.takes[place]} == {place - 1}


def _apart(group: Sequence[int], length: int) -> list[int]:
    """The starts of which no two stretches overlap; as many as possible."""
    found = [group[0]]
    for start in group:
        if start >= found[-1] + length:
            found.append(start)
    return found


def _is_new(line: Line, start: int, length: int) -> bool:
    """Whether a stretch is not itself a shorter one several times: that one is to be the block."""
    labels = line.labels[start : start + length]
    return all(
        length % period or labels != labels[:period] * (length // period) for period in range(1, length // 2 + 1)
    )
