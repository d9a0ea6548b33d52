"""Where edges begin and end on the nodes of a figure.

On the canvas a port keeps its place whatever is joined to it, and optional ones that nothing is joined to have theirs:
they are offers for work to come. A figure shows what is there. So the ports that are drawn share the side of a node
among themselves, and where one edge of several could run exactly straight, its port stands in the middle for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.catalog.spec import Port
from studio.core.project import Point
from studio.gui.canvas.geometry import port_offsets, routed_curve
from studio.gui.canvas.port_places import Places
from studio.gui.canvas.scene import Scene

Shown = tuple[tuple[Port, ...], tuple[Port, ...]]
"""Inputs and outputs that are drawn."""

_IN_LINE_PX = 0.5


class Joints:
    """The ports of these nodes that are drawn, and the edges from port to port."""

    def __init__(self, scene: Scene, nodes: Sequence[int], edges: Sequence[int]) -> None:
        self._scene = scene
        self._across = 0 if scene.direction == "down" else 1
        joined = {(scene.edges.source[k], scene.edges[k].source.port, False) for k in edges}
        joined |= {(scene.edges.target[k], scene.edges[k].target.port, True) for k in edges}
        self.shown: Mapping[int, Shown] = {
            slot: (
                _shown(scene.cards[slot].inputs, {port.name for port in scene.cards[slot].inputs
                                                  if (slot, port.name, True) in joined}),
                _shown(scene.cards[slot].outputs, {port.name for port in scene.cards[slot].outputs
                                                   if (slot, port.name, False) in joined}),
            )
            for slot in nodes
        }  # fmt: skip
        self._moved: dict[int, Places] = {}
        self._spread()
        self._straighten(edges)

    def places(self, slot: int) -> Places:
        """Places of the ports of a node, relative to its corner."""
        return self._moved.get(slot) or self._scene.ports(slot)

    def chain(self, edge: int) -> Sequence[Sequence[float]]:
        """Control points of the curve of an edge."""
        scene = self._scene
        ends = scene.edges.ends[edge].tolist()
        for slot, ref, side, at in (
            (int(scene.edges.source[edge]), scene.edges[edge].source, 1, 0),
            (int(scene.edges.target[edge]), scene.edges[edge].target, 0, 2),
        ):
            place = self._moved[slot][side].get(ref.port) if slot in self._moved else None
            if place is not None:
                ends[at : at + 2] = (scene.pos[slot] + place).tolist()
        if ends == scene.edges.ends[edge].tolist():
            return scene.edges.chain(edge).tolist()
        return routed_curve(ends, scene.edges[edge].route, scene.direction).tolist()

    def _spread(self) -> None:
        """Share the sides among the ports that are drawn."""
        scene = self._scene
        for slot, (inputs, outputs) in self.shown.items():
            card = scene.cards[slot]
            if len(inputs) < len(card.inputs) or len(outputs) < len(card.outputs):
                self._moved[slot] = port_offsets(inputs, outputs, *scene.size[slot].tolist(), scene.direction)

    def _straighten(self, edges: Sequence[int]) -> None:
        """Put the port of the one edge that comes straight, or leaves so, into the middle of its side."""
        scene, across = self._scene, self._across
        straight: dict[tuple[int, bool], list[str]] = {}
        for k in edges:
            edge, source, target = scene.edges[k], int(scene.edges.source[k]), int(scene.edges.target[k])
            if all(len(ports) < 2 for ports in (self.shown[source][1], self.shown[target][0])):
                continue
            start, end = self._middle(source), self._middle(target)
            first, last = (edge.route[0][across], edge.route[-1][across]) if edge.route else (end, start)
            if abs(first - start) < _IN_LINE_PX:
                straight.setdefault((source, False), []).append(edge.source.port)
            if abs(last - end) < _IN_LINE_PX:
                straight.setdefault((target, True), []).append(edge.target.port)
        for (slot, is_input), ports in straight.items():
            if len(ports) == 1:
                inputs, outputs = self.places(slot)
                length = float(scene.size[slot][across])
                if is_input:
                    self._moved[slot] = _around(inputs, ports[0], length, across), outputs
                else:
                    self._moved[slot] = inputs, _around(outputs, ports[0], length, across)

    def _middle(self, slot: int) -> float:
        return float(self._scene.pos[slot][self._across] + self._scene.size[slot][self._across] / 2)


def _shown(ports: tuple[Port, ...], joined: set[str]) -> tuple[Port, ...]:
    """Optional ports that nothing is joined to are left out."""
    return tuple(port for port in ports if not port.is_optional or port.name in joined)


def _around(places: Mapping[str, Point], name: str, length: float, across: int) -> dict[str, Point]:
    """The same ports in their order, this one in the middle of the side and the others evenly beside it."""
    if name not in places or abs(places[name][across] - length / 2) < _IN_LINE_PX:
        return dict(places)
    order = sorted(places, key=lambda port: places[port][across])
    at = order.index(name)
    before, after = length / 2 / (at + 1), length / 2 / (len(order) - at)
    found = {}
    for number, port in enumerate(order):
        place = before * (number + 1) if number <= at else length / 2 + after * (number - at)
        found[port] = (place, places[port][1]) if across == 0 else (places[port][0], place)
    return found
