"""Ranks: how far down each node stands. Every edge leads to a larger rank, and the edges are short in sum."""

from __future__ import annotations

from studio.layout.arrangement import Effort, Question, stop_if
from studio.layout.flow import Flow
from studio.layout.simplex import Span, shorten

_SINKING_ROUNDS = 3
"""After three rounds next to nothing sinks any further in the graphs tried."""


def ranks_of(flow: Flow, effort: Effort, cancelled: Question) -> list[int]:
    """The rank of every node, from 0 on."""
    ranks = _as_soon_as_possible(flow)
    stop_if(cancelled)
    if effort.has_shortest_ranks:
        ranks = _shortest(flow, ranks, cancelled)
    else:
        _sink(flow, ranks)
    top = min(ranks, default=0)
    return [rank - top for rank in ranks]


def _as_soon_as_possible(flow: Flow) -> list[int]:
    ranks = [0] * flow.count
    for node in flow.order:
        for number in flow.leaving[node]:
            target = flow.edges[number][1]
            ranks[target] = max(ranks[target], ranks[node] + 1)
    return ranks


def _shortest(flow: Flow, ranks: list[int], cancelled: Question) -> list[int]:
    """Ranks of least total edge length. Nodes with one input and one output do not matter for it: a chain of them
    is one longer edge to the simplex, and they are put back close to its beginning afterwards."""
    is_inner = [len(out) == 1 and len(into) == 1 for out, into in zip(flow.leaving, flow.entering, strict=True)]
    kept = [node for node in range(flow.count) if not is_inner[node]]
    place = {node: at for at, node in enumerate(kept)}
    spans: list[Span] = []
    chains: list[list[int]] = []
    for node in kept:
        for number in flow.leaving[node]:
            chain = []
            end = flow.edges[number][1]
            while is_inner[end]:
                chain.append(end)
                end = flow.edges[flow.leaving[end][0]][1]
            spans.append((place[node], place[end], len(chain) + 1))
            chains.append(chain)
    found = [ranks[node] for node in kept]
    shorten(found, spans, cancelled)
    result = [0] * flow.count
    for node, rank in zip(kept, found, strict=True):
        result[node] = rank
    for (start, _, _), chain in zip(spans, chains, strict=True):
        for step, node in enumerate(chain, 1):
            result[node] = found[start] + step
    return result


def _sink(flow: Flow, ranks: list[int]) -> None:
    """Let nodes with more outputs than inputs, and chains that start at a source, sink towards what they feed.

    The cheap stand-in for the simplex: long edges get shorter, though not the shortest.
    """
    sources = [[flow.edges[number][0] for number in found] for found in flow.entering]
    for _ in range(_SINKING_ROUNDS):
        has_changed = False
        for node in reversed(flow.order):
            if not flow.leaving[node]:
                continue
            slack = min(ranks[flow.edges[number][1]] for number in flow.leaving[node]) - 1 - ranks[node]
            if slack <= 0:
                continue
            if len(flow.entering[node]) < len(flow.leaving[node]):
                ranks[node] += slack
                has_changed = True
                continue
            chain = [node]
            while len(sources[chain[-1]]) == 1 == len(flow.leaving[chain[-1]]):
                chain.append(sources[chain[-1]][0])
            if not sources[chain[-1]] and len(flow.leaving[chain[-1]]) == 1:
                for link in chain:
                    ranks[link] += slack
                has_changed = True
        if not has_changed:
            return
