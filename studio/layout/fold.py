"""An encoder and a decoder as a U: down on the left, along the bottom, up on the right, skips straight across.

For figures: on the canvas data always runs one way. The two ends of a skip stand in one row, as in Ronneberger, Fischer
and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation" (2015), figure 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal

from studio.immutable import immutable
from studio.layout.arrangement import Box, Edge, Gaps, Point, up_to_grid
from studio.layout.flow import Flow, forward_edges, longest_path
from studio.layout.fold_curves import curve

Side = Literal["left", "bottom", "right", "between"]

_USUAL = Gaps()
_SHORTEST: Final = 3
"""A chain of fewer nodes has nothing to fold."""
_NARROW: Final = 0.5
"""Without skips a network is folded where a tensor is smaller than this part of those at both ends."""


@immutable
class Folded:
    """Top left corners of the nodes, and for each edge the control points (3 k + 1) of its curve, px."""

    positions: Mapping[str, Point]
    curves: Mapping[str, tuple[Point, ...]]


def folded(
    boxes: Mapping[str, Box],
    edges: Sequence[Edge],
    volumes: Mapping[str, float] | None = None,
    *,
    gaps: Gaps = _USUAL,
) -> Folded | None:
    """The drawing as a U, or None where there is nothing to fold it by.

    It turns where most edges skip over (long ones, one inside of the other); without any, at the node with the smallest
    of ``volumes`` (numbers in the output of each node), if that is clearly smaller than at both ends.
    """
    ids = list(boxes)
    index = {id: number for number, id in enumerate(ids)}
    known = [edge for edge in edges if edge.source in index and edge.target in index and edge.source != edge.target]
    known.sort(key=lambda edge: edge.rank)
    ends = [(index[edge.source], index[edge.target]) for edge in known]
    flow = Flow.of(len(ids), [ends[number] for number in forward_edges(len(ids), ends)])
    path = longest_path(flow)
    chain = [flow.edges[path[0]][0], *(flow.edges[number][1] for number in path)] if path else []
    turn = _turn(flow, chain, [(volumes or {}).get(ids[node]) for node in chain])
    if turn is None:
        return None
    plan = _Plan(flow, chain, *turn)
    places = _places(plan, [boxes[id] for id in ids], gaps)
    positions = {ids[node]: corner for node, corner in enumerate(places)}
    areas = [(x, y, x + boxes[id].width, y + boxes[id].height) for id, (x, y) in positions.items()]
    curves = {}
    for edge, (source, target) in zip(known, ends, strict=True):
        sides = {plan.side[source], plan.side[target]}
        others = [area for node, area in enumerate(areas) if node not in (source, target)]
        curves[edge.id] = curve(
            areas[source], areas[target], others,
            is_corner=sides > {"bottom"}, is_level=sides == {"bottom"} or len(sides) == 2,
        )  # fmt: skip
    return Folded(positions, curves)


def _turn(flow: Flow, chain: list[int], volumes: list[float | None]) -> tuple[int, int] | None:
    """Where along the chain the left side ends and the right side begins."""
    if len(chain) < _SHORTEST:
        return None
    at = {node: step for step, node in enumerate(chain)}
    skips = [(at[a], at[b]) for a, b in flow.edges if a in at and b in at and at[b] - at[a] > 1]
    skips += [(at[a], at[b]) for a, b in _by_way_of(flow, at)]
    deepest, turn = 0, None
    # Of equally deep ones the longest: a residual connection inside of a skip is as deep as the next skip.
    for source, target in sorted(skips, key=lambda skip: skip[0] - skip[1]):
        around = [other for other in skips if other[0] <= source and other[1] >= target]
        depth = len(set(around))
        is_long = (target - source) * 3 > len(chain)
        if depth > deepest and (depth > 1 or is_long):
            deepest, turn = depth, (source, target)
    return turn or _narrowest(volumes)


def _by_way_of(flow: Flow, at: Mapping[int, int]) -> list[tuple[int, int]]:
    """Skips with one node on their way (a gate, a convolution), as pairs of nodes of the chain."""
    found = []
    for node in range(flow.count):
        if node not in at:
            sources = [flow.edges[number][0] for number in flow.entering[node]]
            targets = [flow.edges[number][1] for number in flow.leaving[node]]
            near = [each for each in sources if each in at]
            far = [each for each in targets if each in at]
            if near and far:
                pair = min(near, key=at.__getitem__), max(far, key=at.__getitem__)
                if at[pair[1]] - at[pair[0]] > 1:
                    found.append(pair)
    return found


def _narrowest(volumes: list[float | None]) -> tuple[int, int] | None:
    told = [(volume, step) for step, volume in enumerate(volumes) if volume is not None]
    if len(told) < _SHORTEST:
        return None
    smallest = min(volume for volume, _ in told)
    steps = [step for volume, step in told if volume == smallest]
    first, last = steps[0], steps[-1]
    if not 0 < first <= last < len(volumes) - 1:
        return None
    edge = min(max(v for v, step in told if step <= first), max(v for v, step in told if step >= last))
    return (first - 1, last + 1) if smallest < edge * _NARROW else None


class _Plan:
    """Which node stands on which side and in which row; rows count downwards from 0."""

    def __init__(self, flow: Flow, chain: list[int], last_left: int, first_right: int) -> None:
        self.flow = flow
        self.chain = frozenset(chain)
        self.bottom = chain[last_left + 1 : first_right]
        self.side = self._sides(chain[: last_left + 1], chain[first_right:])
        self._has_partner = [False] * flow.count
        self.row = self._rows()
        self.runs = [*self._runs(chain[: last_left + 1]), *self._runs(chain[first_right:])]

    def _runs(self, column: list[int]) -> list[list[int]]:
        """The chain of one side in pieces that begin and end at a skip, or at an end of the side."""
        ends = [at for at, node in enumerate(column) if self._has_partner[node] or at in (0, len(column) - 1)]
        return [column[first : last + 1] for first, last in pairwise(ends) if last - first > 1]

    def _sides(self, left: list[int], right: list[int]) -> list[Side]:
        flow = self.flow
        side: list[Side | None] = [None] * flow.count
        for node in left:
            side[node] = "left"
        for node in right:
            side[node] = "right"
        for node in self.bottom:
            side[node] = "bottom"
        leads_left, from_right = [False] * flow.count, [False] * flow.count
        for node in reversed(flow.order):
            leads_left[node] = side[node] == "left" or any(leads_left[flow.edges[e][1]] for e in flow.leaving[node])
        for node in flow.order:
            sources = [flow.edges[number][0] for number in flow.entering[node]]
            from_right[node] = side[node] == "right" or any(from_right[source] for source in sources)
        found: list[Side] = []
        for node in range(flow.count):
            own = side[node]
            if own is None:
                is_end = not flow.leaving[node] or not flow.entering[node]
                own = "left" if leads_left[node] else "right" if from_right[node] or is_end else "between"
            found.append(own)
        return found

    def _rows(self) -> list[int]:
        """The highest rows in which sides run their ways and the ends of skips stand side by side."""
        flow, side = self.flow, self.side
        below: list[set[int]] = [set() for _ in range(flow.count)]
        level = list(range(flow.count))
        skips = []
        for source, target in flow.edges:
            if side[source] == side[target] == "left":
                below[source].add(target)
            elif side[source] == side[target] == "right":
                below[target].add(source)
            elif side[source] != "bottom" and side[target] != "bottom":
                skips.append((source, target))
        for source, target in skips:  # those that cross another skip are drawn slanting
            joined = [level[source] if each == level[target] else each for each in level]
            if _depths(joined, below) is not None:
                level = joined
                self._has_partner[source] = self._has_partner[target] = True
        depths = _depths(level, below) or {}
        rows = [depths.get(each, 0) for each in level]
        self._close_up(rows)
        lowest = max((rows[node] for node in range(flow.count) if side[node] != "bottom"), default=-1)
        return [lowest + 1 if side[node] == "bottom" else rows[node] for node in range(flow.count)]

    def _close_up(self, rows: list[int]) -> None:
        """Let what stands beside the chain come down to where it leaves it, or leads to it."""
        flow, side = self.flow, self.side
        free = [not self._has_partner[node] and node not in self.chain for node in range(flow.count)]
        for node in flow.order:
            if free[node] and side[node] == "right":
                sources = [flow.edges[number][0] for number in flow.entering[node]]
                rows[node] = min([rows[each] - 1 for each in sources if side[each] == "right"], default=rows[node])
        for node in reversed(flow.order):
            if free[node] and side[node] == "left" and not flow.entering[node]:
                targets = [flow.edges[number][1] for number in flow.leaving[node]]
                rows[node] = min([rows[each] - 1 for each in targets if side[each] == "left"], default=rows[node])


def _depths(level: Sequence[int], below: Sequence[set[int]]) -> dict[int, int] | None:
    """The longest way down to each level, or None where a level would stand below itself."""
    after: dict[int, set[int]] = {each: set() for each in level}
    for node, others in enumerate(below):
        after[level[node]].update(level[other] for other in others)
    waits = dict.fromkeys(after, 0)
    for others in after.values():
        for other in others:
            waits[other] += 1
    ready = [each for each, count in waits.items() if not count]
    depth = dict.fromkeys(after, 0)
    for each in ready:  # grows while it is read
        for other in after[each]:
            depth[other] = max(depth[other], depth[each] + 1)
            waits[other] -= 1
            if not waits[other]:
                ready.append(other)
    return depth if len(ready) == len(after) else None


def _places(plan: _Plan, boxes: Sequence[Box], gaps: Gaps) -> list[Point]:
    """Top left corners. Sides stand in columns, the others beside them in their rows; the bottom spans the middle."""
    rows: dict[int, dict[Side, list[int]]] = {}
    for node in plan.flow.order:
        rows.setdefault(plan.row[node], {}).setdefault(plan.side[node], []).append(node)
    width = {node: boxes[node].width for node in range(len(boxes))}
    column = max(width.values())
    across = column + gaps.sideways  # from the middle of the left column to that of the right one
    for row in rows.values():
        for side in ("bottom", "between"):
            nodes = row.get(side, [])
            if side == "bottom" and len(nodes) > 1:  # its ends stand below the columns
                room = sum(width[node] for node in nodes) - (width[nodes[0]] + width[nodes[-1]]) / 2
                across = max(across, room + gaps.sideways * (len(nodes) - 1))
            elif nodes:
                room = column + sum(width[node] for node in nodes)
                across = max(across, room + gaps.sideways * (len(nodes) + 1))
    across = up_to_grid(across)
    left, right = column / 2, column / 2 + across
    places: dict[int, Point] = {}
    y = 0.0
    for number in sorted(rows):
        row = rows[number]
        tall = max(boxes[node].height for nodes in row.values() for node in nodes)
        middles = _middles(plan, row, width, left, right, gaps)
        for node, middle in middles.items():
            places[node] = (middle - width[node] / 2, y + (tall - boxes[node].height) / 2)
        y = up_to_grid(y + tall + gaps.ranks)
    for run in plan.runs:  # where the other side is longer, the nodes of this one spread evenly over the room
        top, *inner, low = sorted(run, key=lambda node: places[node][1])
        y = places[top][1] + boxes[top].height
        gap = (places[low][1] - y - sum(boxes[node].height for node in inner)) / (len(inner) + 1)
        for node in inner:
            places[node] = (places[node][0], y + gap)
            y += gap + boxes[node].height
    return [places[node] for node in range(len(boxes))]


def _middles(
    plan: _Plan, row: Mapping[Side, list[int]], width: Mapping[int, float], left: float, right: float, gaps: Gaps
) -> dict[int, float]:
    found: dict[int, float] = {}
    columns: tuple[tuple[Side, float, float], ...] = (("left", left, -1.0), ("right", right, 1.0))
    for side, start, way in columns:
        nodes = row.get(side, [])
        found |= {node: start for node in nodes if node in plan.chain}
        edge = start + way * max(width.values()) / 2  # beside the column, where its edges run
        for node in nodes:
            if node not in plan.chain:
                found[node] = edge + way * (gaps.sideways + width[node] / 2)
                edge = found[node] + way * width[node] / 2
    nodes = row.get("bottom", [])
    if len(nodes) > 1:
        gap = _gap(right - left + (width[nodes[0]] + width[nodes[-1]]) / 2, nodes, width, len(nodes) - 1)
        x = left - width[nodes[0]] / 2
    else:
        nodes = nodes or row.get("between", [])
        inside = max(width.values()) / 2
        gap = _gap(right - left - 2 * inside, nodes, width, len(nodes) + 1)
        x = left + inside + gap
    for node in nodes:
        found[node] = x + width[node] / 2
        x += width[node] + gap
    return found


def _gap(room: float, nodes: Sequence[int], width: Mapping[int, float], count: int) -> float:
    """The room that is left between nodes, shared evenly."""
    return (room - sum(width[node] for node in nodes)) / count
