"""The network simplex for ranks of least total edge length.

Gansner, Koutsofios, North and Vo, "A technique for drawing directed graphs" (1993), section 2: a spanning tree of tight
edges says all ranks; an edge of the tree with a negative cut value is exchanged for one that makes the drawing shorter,
until there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.layout.arrangement import Question, stop_if

Span = tuple[int, int, int]
"""Tail, head, and the least number of ranks between them."""

_MOST_EXCHANGES = 5000
"""A guard against going in circles, which the method may in theory; random graphs of 1,500 nodes need below 1,000."""


def shorten(ranks: list[int], spans: Sequence[Span], cancelled: Question) -> None:
    """Change ranks that leave every span its least length into ones of least total length. The graph is connected."""
    if len(ranks) < 3:
        if spans:
            ranks[spans[0][1]] = ranks[spans[0][0]] + max(span[2] for span in spans)
        return
    tree = _TightTree(ranks, spans)
    tree.grow(cancelled)
    for _ in range(_MOST_EXCHANGES):
        stop_if(cancelled)
        if not tree.exchange():
            return


class _TightTree:
    """A spanning tree of spans that have exactly their least length, and the ranks that follow from it."""

    def __init__(self, ranks: list[int], spans: Sequence[Span]) -> None:
        self.ranks = ranks
        self.spans = spans
        self.at: list[list[int]] = [[] for _ in ranks]
        self.balance = [0] * len(ranks)
        """Spans that leave the node less those that enter it: what moving it down by one rank saves, negated."""
        for number, (tail, head, _) in enumerate(spans):
            self.at[tail].append(number)
            self.at[head].append(number)
            self.balance[tail] += 1
            self.balance[head] -= 1
        self.tree: dict[int, None] = {}  # an ordered set: the result must not depend on hashes

    def slack(self, number: int) -> int:
        """By how much a span is longer than it must be."""
        tail, head, least = self.spans[number]
        return self.ranks[head] - self.ranks[tail] - least

    def other(self, number: int, node: int) -> int:
        """The other end of a span."""
        tail, head, _ = self.spans[number]
        return tail + head - node

    def grow(self, cancelled: Question) -> None:
        """Make the first tree: reach along tight spans; where that ends, move all that was reached to the rest."""
        reached = {0}
        stack = [0]
        while True:
            while stack:
                node = stack.pop()
                for number in self.at[node]:
                    end = self.other(number, node)
                    if end not in reached and self.slack(number) == 0:
                        reached.add(end)
                        self.tree[number] = None
                        stack.append(end)
            if len(reached) == len(self.ranks):
                return
            stop_if(cancelled)
            slack, number = min(
                (self.slack(number), number)
                for number, (tail, head, _) in enumerate(self.spans)
                if (tail in reached) != (head in reached)
            )
            step = slack if self.spans[number][0] in reached else -slack
            for node in reached:
                self.ranks[node] += step
            stack = sorted(reached)  # other spans may be tight now

    def exchange(self) -> bool:
        """Exchange the span with the lowest cut value for a better one. False when the ranks are the shortest."""
        above, order = self._rooted()
        cut = self._cut_values(above, order)
        worst = min(order[1:], key=cut.__getitem__)
        if cut[worst] >= 0:
            return False
        leaving = above[worst]
        below = self._subtree(worst, above, order)
        is_tail_below = self.spans[leaving][0] == worst
        candidates = [
            (self.slack(number), number)
            for node in sorted(below)
            for number in self.at[node]
            if (self.spans[number][1 if is_tail_below else 0] == node)
            and (self.spans[number][0 if is_tail_below else 1] not in below)
        ]
        if not candidates:  # cannot be for a connected graph whose sum of lengths has a least value
            return False
        slack, entering = min(candidates)
        if slack:
            step = -slack if is_tail_below else slack
            for node in below:
                self.ranks[node] += step
        del self.tree[leaving]
        self.tree[entering] = None
        return True

    def _rooted(self) -> tuple[list[int], list[int]]:
        """The tree span above each node (-1 for the root, node 0), and all nodes with parents first."""
        joined: list[list[int]] = [[] for _ in self.ranks]
        for number in self.tree:
            tail, head, _ = self.spans[number]
            joined[tail].append(number)
            joined[head].append(number)
        above = [-2] * len(self.ranks)
        above[0] = -1
        order = [0]
        for node in order:  # grows while it is read
            for number in joined[node]:
                end = self.other(number, node)
                if above[end] == -2:
                    above[end] = number
                    order.append(end)
        return above, order

    def _cut_values(self, above: list[int], order: list[int]) -> list[int]:
        """Per node the cut value of the tree span above it: what the sum of lengths gains when that span grows."""
        total = self.balance.copy()
        for node in reversed(order[1:]):
            total[self.other(above[node], node)] += total[node]
        return [
            total[node] if above[node] < 0 or self.spans[above[node]][0] == node else -total[node]
            for node in range(len(total))
        ]

    def _subtree(self, root: int, above: list[int], order: list[int]) -> set[int]:
        below = {root}
        for node in order[1:]:
            if self.other(above[node], node) in below and node not in below:
                below.add(node)
        return below
