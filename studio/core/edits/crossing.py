"""Edits that move layers into a block and out of it: the network stays what it is, ports follow the edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from studio.catalog.values import ParameterRef, Value, references_in
from studio.core.edits.blocks import ROOM_PX, filled_in
from studio.core.edits.frames import frame_of, whole_frames
from studio.core.edits.rebuild import frames_around, with_graph, without_gaps
from studio.core.naming import follows_use, unused
from studio.core.project import (
    BLOCK,
    INPUT,
    MAIN,
    OUTPUT,
    Block,
    BlockParameter,
    Edge,
    Frame,
    Graph,
    Node,
    Note,
    Point,
    PortRef,
    Project,
)
from studio.core.rules.crossing import the_use, why_not_move_into, why_not_move_out
from studio.core.topology import id_key

_BESIDE_PX: Final = 2 * ROOM_PX
"""Between a node and the one to the right of it: wider than a card."""


def move_into_block(project: Project, ids: Iterable[str], use_id: str, *, graph: str = MAIN) -> Project:
    """Move layers, and notes among ``ids``, into the block that ``use_id`` uses; they keep their ids.

    Edges between them and the block go inside with them. Where other edges cross, the block gets a port, and a port at
    which nothing arrives any more goes.
    """
    chosen = set(ids) - {use_id}
    if why_not_move_into(project, chosen, use_id, graph=graph) is not None:
        return project
    return _Crossing(project, graph, use_id, chosen, is_inwards=True).made()


def move_out_of_block(project: Project, ids: Iterable[str], *, graph: str) -> Project:
    """Move layers, and notes among ``ids``, out of the block ``graph`` to where it is used; they keep their ids."""
    chosen, use = set(ids), the_use(project, graph)
    if use is None or why_not_move_out(project, chosen, graph=graph) is not None:
        return project
    return _Crossing(project, use[0], use[1].id, chosen, is_inwards=False).made()


class _Crossing:
    """A use and its block while nodes go from one side to the other; ids are counted on along the way."""

    def __init__(self, project: Project, key: str, use_id: str, chosen: set[str], *, is_inwards: bool) -> None:
        self._project = project
        self._key = key
        self._is_inwards = is_inwards
        self._outer = project.graph(key)
        self._use = self._outer.nodes[use_id]
        self._block = project.blocks[self._use.block or ""]
        self._inner = self._block.graph
        self._from, self._to = (self._outer, self._inner) if is_inwards else (self._inner, self._outer)
        self._chosen = {id: node for id, node in self._from.nodes.items() if id in chosen}
        self._notes = {id: note for id, note in self._from.notes.items() if id in chosen}
        for frame in whole_frames(self._from.frames, {*chosen, *self._from.notes}).values():
            self._notes |= {id: self._from.notes[id] for id in frame.notes}
        self._next_id = project.next_id
        self._around = dict(self._outer.edges)
        self._inside = dict(self._inner.edges)
        stay = {id: node for id, node in self._from.nodes.items() if id not in self._chosen}
        self._outer_nodes = stay if is_inwards else dict(self._outer.nodes)
        self._inner_nodes = dict(self._inner.nodes) if is_inwards else stay
        self._parameters = self._block.parameters
        self._use_params: dict[str, Value] = dict(self._use.params)

    def made(self) -> Project:
        ports = {node.name: node.id for node in self._inner.nodes.values() if node.type in (INPUT, OUTPUT)}
        moved = self._placed(self._renamed(), is_after=not self._feeds_the_rest())
        used = {edge.source.node for edge in self._inside.values()}
        if self._is_inwards:
            self._inner_nodes |= moved
            self._take_edges_in(ports)
        else:
            self._outer_nodes |= moved
            self._take_edges_out(ports)
        self._drop_ports(used)
        self._call_ports_anew()
        without_gaps(self._inside, {edge.target for edge in self._inside.values()})
        without_gaps(self._around, {edge.target for edge in self._around.values()})
        return self._put_together()

    # ---- edges -------------------------------------------------------------------------------------------------------

    def _take_edges_in(self, ports: Mapping[str, str]) -> None:
        use = self._use.id
        known = {edge.source: ports[edge.target.port] for edge in self._outer.edges.values()
                 if edge.target.node == use and edge.source.node not in self._chosen}  # fmt: skip
        fed: dict[PortRef, PortRef] = {}
        for edge in self._in_order(self._outer):
            leaves, comes = edge.source.node in self._chosen, edge.target.node in self._chosen
            if leaves and edge.target.node == use:  # what fed a port now feeds what the port fed
                entry = PortRef(ports[edge.target.port], "output")
                fed[entry] = edge.source
                del self._around[edge.id]
            elif leaves and comes:
                self._inside[edge.id] = self._around.pop(edge.id)
            elif comes and edge.source.node == use:
                del self._around[edge.id]
                source = self._behind(ports[edge.source.port])
                if source is not None:
                    self._inside[edge.id] = replace(edge, source=source, route=())
            elif comes:
                del self._around[edge.id]
                if edge.source not in known:
                    known[edge.source] = self._entry(edge.source)
                self._inside[edge.id] = replace(edge, source=PortRef(known[edge.source], "output"), route=())
            elif leaves:
                port = self._exit(edge.source)
                self._around[edge.id] = replace(edge, source=PortRef(use, port), route=())
        for id, edge in [*self._inside.items()]:
            if edge.source in fed:
                self._inside[id] = replace(edge, source=fed[edge.source], route=())

    def _take_edges_out(self, ports: Mapping[str, str]) -> None:
        use = self._use.id
        arriving = {edge.target.port: edge for edge in self._outer.edges.values() if edge.target.node == use}
        entries: dict[PortRef, str] = {}
        for edge in self._in_order(self._inner):
            leaves, comes = edge.source.node in self._chosen, edge.target.node in self._chosen
            source, target = self._inner.nodes[edge.source.node], self._inner.nodes[edge.target.node]
            if leaves and comes:
                self._around[edge.id] = self._inside.pop(edge.id)
            elif comes and source.type == INPUT:
                del self._inside[edge.id]
                if source.name in arriving:
                    self._around[edge.id] = replace(edge, source=arriving[source.name].source, route=())
            elif comes:
                del self._inside[edge.id]
                port = self._exit(edge.source)
                self._around[edge.id] = replace(edge, source=PortRef(use, port), route=())
            elif leaves and target.type == OUTPUT:
                del self._inside[edge.id]
                for id, follower in [*self._around.items()]:
                    if follower.source == PortRef(use, target.name):
                        self._around[id] = replace(follower, source=edge.source, route=())
            elif leaves:
                if edge.source not in entries:
                    entries[edge.source] = self._entry(edge.source)
                self._inside[edge.id] = replace(edge, source=PortRef(entries[edge.source], "output"), route=())

    def _behind(self, output: str) -> PortRef | None:
        """The tensor that an Output of the block hands on."""
        found = (edge.source for edge in self._inner.edges.values() if edge.target.node == output)
        return next(found, None)

    def _entry(self, source: PortRef) -> str:
        """A new Input of the block for a tensor from outside; its id."""
        port = self._port(INPUT)
        edge = Edge(self._id("e"), source, PortRef(self._use.id, port.name))
        self._around[edge.id] = edge
        return port.id

    def _exit(self, source: PortRef) -> str:
        """The name of the Output of the block that hands on a tensor from inside; a new one where there is none."""
        for edge in self._inside.values():
            node = self._inner_nodes.get(edge.target.node)
            if edge.source == source and node is not None and node.type == OUTPUT:
                return node.name
        port = self._port(OUTPUT)
        edge = Edge(self._id("e"), source, PortRef(port.id, "inputs"))
        self._inside[edge.id] = edge
        return port.name

    def _port(self, type: str) -> Node:
        """A new port, beside those of its kind."""
        nodes, is_down = self._inner_nodes.values(), self._project.direction == "down"
        alike = [_along(node, is_down) for node in nodes if node.type == type]
        layers = [_along(node, is_down) for node in nodes if node.type not in (INPUT, OUTPUT)] or [(0.0, 0.0)]
        along = min(layers)[0] - ROOM_PX if type == INPUT else max(layers)[0] + ROOM_PX
        across = min(across for _, across in layers)
        if alike:
            along = min(alike)[0] if type == INPUT else max(max(alike)[0], along)
            across = max(across for _, across in alike) + (_BESIDE_PX if is_down else ROOM_PX)
        x, y = (across, along) if is_down else (along, across)
        node = Node(self._id("n"), type, unused(type.lower(), {node.name for node in nodes}), {}, x, y)
        self._inner_nodes[node.id] = node
        return node

    def _drop_ports(self, used: set[str]) -> None:
        """Take away Inputs that fed something and feed nothing now, and Outputs that nothing outside takes any more."""
        feeding = {edge.source.node for edge in self._inside.values()}
        took = {edge.source.port for edge in self._outer.edges.values() if edge.source.node == self._use.id}
        takes = {edge.source.port for edge in self._around.values() if edge.source.node == self._use.id}
        fed = {edge.target.node for edge in self._inside.values()}
        had = {edge.target.node for edge in self._inner.edges.values()}
        gone = set()
        for node in self._inner.nodes.values():
            is_idle = node.type == INPUT and node.id in used and node.id not in feeding
            is_left = node.type == OUTPUT and node.name in took and node.name not in takes
            is_empty = node.type == OUTPUT and node.id in had and node.id not in fed
            if is_idle or is_left or is_empty:
                gone.add(node.id)
        ends = {PortRef(self._use.id, self._inner_nodes.pop(id).name) for id in gone}
        self._inside = {id: edge for id, edge in self._inside.items() if edge.target.node not in gone}
        self._around = {
            id: edge for id, edge in self._around.items() if edge.target not in ends and edge.source not in ends
        }

    def _call_ports_anew(self) -> None:
        """A new port may have the name of one that is gone."""
        for id in sorted(self._inner_nodes.keys() - self._inner.nodes.keys() - self._chosen.keys(), key=id_key):
            port = self._inner_nodes[id]
            name = unused(port.type.lower(), {node.name for node in self._inner_nodes.values() if node.id != id})
            old, new = PortRef(self._use.id, port.name), PortRef(self._use.id, name)
            self._inner_nodes[id] = replace(port, name=name)
            for key, edge in self._around.items():
                if old in (edge.source, edge.target):
                    source, target = (new if end == old else end for end in (edge.source, edge.target))
                    self._around[key] = replace(edge, source=source, target=target)

    def _in_order(self, graph: Graph) -> list[Edge]:
        return sorted(graph.edges.values(), key=lambda edge: (id_key(edge.target.node), edge.target.port, edge.rank))

    def _id(self, letter: str) -> str:
        self._next_id += 1
        return f"{letter}{self._next_id - 1}"

    # ---- nodes -------------------------------------------------------------------------------------------------------

    def _renamed(self) -> dict[str, Node]:
        """The nodes with free names and with the parameters that are known where they go."""
        others = self._inner.nodes if self._is_inwards else self._outer.nodes
        taken = {node.name for node in others.values()}
        values = {parameter.name: parameter.default for parameter in self._block.parameters} | self._use_params
        if self._is_inwards:
            values = {name: ParameterRef(self._parameter(name)) for name in self._references()}
        found = {}
        for node in self._chosen.values():
            name = unused(self._called(node), taken)
            taken.add(name)
            params = {key: filled_in(value, values) for key, value in node.params.items()} if values else node.params
            found[node.id] = replace(node, name=name, params=params)
        return found

    def _called(self, node: Node) -> str:
        """How a layer is called on the other side: layers of a block may be named after its use."""
        block = self._block
        if not self._is_inwards and block.names(node):
            called = self._project.blocks.get(node.block or "") if node.type == BLOCK else block
            is_same = called is not None and follows_use(called.name, node.name)
            return self._use.name if is_same else f"{self._use.name}_{node.name}"
        if self._is_inwards and block.names_layers:
            return node.name.removeprefix(f"{self._use.name}_") or node.name
        return node.name

    def _references(self) -> list[str]:
        names = (
            name for node in self._chosen.values() for value in node.params.values() for name in references_in(value)
        )
        return list(dict.fromkeys(names))

    def _parameter(self, name: str) -> str:
        """The parameter of the block that is the outer block's parameter ``name``; a new one where there is none."""
        for known, value in self._use_params.items():
            if value == ParameterRef(name) and any(parameter.name == known for parameter in self._parameters):
                return known
        new = unused(name, {parameter.name for parameter in self._parameters})
        outer = self._project.blocks[self._key].parameters if self._key != MAIN else ()
        default = next((parameter.default for parameter in outer if parameter.name == name), None)
        self._parameters = (*self._parameters, BlockParameter(new, default))
        self._use_params[new] = ParameterRef(name)
        return new

    # ---- places ------------------------------------------------------------------------------------------------------

    def _feeds_the_rest(self) -> bool:
        """Whether what moves stands before what it moves to, or leaves."""
        rest = {self._use.id}
        if not self._is_inwards:
            rest = {id for id, node in self._inner_nodes.items() if node.type not in (INPUT, OUTPUT)}
        edges = self._from.edges.values()
        return any(edge.source.node in self._chosen and edge.target.node in rest for edge in edges)

    def _placed(self, nodes: dict[str, Node], *, is_after: bool) -> dict[str, Node]:
        """The nodes, and the notes, before or after what is there already, which makes room."""
        is_down = self._project.direction == "down"
        things: list[Node | Note] = [*nodes.values(), *self._notes.values()]
        places = [_along(thing, is_down) for thing in things]
        first, across = min(place[0] for place in places), sum(place[1] for place in places) / len(places)
        room = max(place[0] for place in places) - first + (ROOM_PX if is_down else _BESIDE_PX)
        use = _along(self._use, is_down)
        layers = [_along(node, is_down) for node in self._inner.nodes.values() if node.type not in (INPUT, OUTPUT)]
        step = ROOM_PX if is_down else _BESIDE_PX
        if self._is_inwards:
            start = (max(layers)[0] + step if is_after else min(layers)[0]) if layers else 0.0
            middle = sum(place[1] for place in layers) / len(layers) if layers else 0.0
        else:
            start, middle = use[0] + step if is_after else use[0], use[1]
        self._make_room(start, room, is_down)
        along, aside = start - first, middle - across
        dx, dy = (aside, along) if is_down else (along, aside)
        self._notes = {id: replace(note, x=note.x + dx, y=note.y + dy) for id, note in self._notes.items()}
        for edges in (self._around, self._inside):
            for id, edge in edges.items():
                if edge.route and edge.source.node in nodes and edge.target.node in nodes:
                    edges[id] = replace(edge, route=tuple((x + dx, y + dy) for x, y in edge.route))
        return {id: replace(node, x=round(node.x + dx), y=round(node.y + dy)) for id, node in nodes.items()}

    def _make_room(self, start: float, room: float, is_down: bool) -> None:
        """Push everything that begins at ``start`` or beyond away, along the drawing."""
        dx, dy = (0.0, room) if is_down else (room, 0.0)
        side = 1 if is_down else 0

        def pushed(point: Point) -> Point:
            return (point[0] + dx, point[1] + dy) if point[side] >= start else point

        nodes = self._inner_nodes if self._is_inwards else self._outer_nodes
        edges = self._inside if self._is_inwards else self._around
        for id, node in nodes.items():
            x, y = pushed((node.x, node.y))
            nodes[id] = node if (x, y) == (node.x, node.y) else replace(node, x=x, y=y)
        for id, edge in edges.items():
            if edge.route:
                edges[id] = replace(edge, route=tuple(map(pushed, edge.route)))
        self._pushed = pushed

    # ---- the project -------------------------------------------------------------------------------------------------

    def _put_together(self) -> Project:
        gone = {*self._chosen, *self._notes}
        going = whole_frames(self._from.frames, gone)
        left = {id: note for id, note in self._from.notes.items() if id not in self._notes}
        there = dict(self._notes)
        for id, note in self._to.notes.items():
            x, y = self._pushed((note.x, note.y))
            there[id] = replace(note, x=x, y=y)
        notes = (left, there) if self._is_inwards else (there, left)
        staying = {key: frame for key, frame in self._from.frames.items() if key not in going}
        arrived = self._arrived(going)
        frames = (staying, arrived) if self._is_inwards else (arrived, staying)
        block = Block(
            self._block.id, self._block.name,
            Graph(self._inner_nodes, self._inside, frames_around(frames[1], self._inner_nodes, notes[1]), notes[1]),
            self._parameters, self._block.names_layers, self._block.unnamed & self._inner_nodes.keys(),
        )  # fmt: skip
        project = replace(self._project, blocks={**self._project.blocks, block.id: block})
        use = self._outer_nodes[self._use.id]
        self._outer_nodes[use.id] = replace(use, params=self._use_params)
        return with_graph(
            project, self._key, nodes=self._outer_nodes, edges=self._around, frames=frames[0], notes=notes[0],
            next_id=self._next_id,
        )  # fmt: skip

    def _arrived(self, going: Mapping[str, Frame]) -> Mapping[str, Frame]:
        """The frames on the other side: what leaves a block stands in the frame of its use, if that has one."""
        frame = None if self._is_inwards else frame_of(self._outer, self._use.id)
        if frame is None:
            return {**self._to.frames, **going}
        nodes = tuple(sorted({*frame.nodes, *self._chosen}, key=id_key))
        notes = tuple(sorted({*frame.notes, *self._notes}, key=id_key))
        return {**self._to.frames, frame.id: replace(frame, nodes=nodes, notes=notes)}


def _along(thing: Node | Note, is_down: bool) -> tuple[float, float]:
    """A place as (along the drawing, across it)."""
    return (thing.y, thing.x) if is_down else (thing.x, thing.y)
