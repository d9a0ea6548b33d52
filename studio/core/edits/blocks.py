"""Edits of blocks: make one of layers, take a use apart again, rename, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.catalog.values import ParameterRef, Value, rebuilt, references_in
from studio.core.edits.frames import copied_frames, frame_of, whole_frames, with_stand_in
from studio.core.edits.layers import unshare
from studio.core.edits.notes import copied_notes
from studio.core.edits.rebuild import with_graph, without_gaps
from studio.core.naming import follows_use, fresh_name, is_valid_name, to_snake_case, unused
from studio.core.ports import Catalog
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
    PortRef,
    Project,
)
from studio.core.rules.blocks import why_not_delete_block, why_not_make_block, why_not_unpack
from studio.core.topology import edges_from, edges_into, id_key

ROOM_PX = 96.0
"""Between the layers of a new block and its Inputs and Outputs: a card and some air."""


def make_block(project: Project, catalog: Catalog, node_ids: Iterable[str], name: str, *, graph: str = MAIN) -> Project:
    """Turn layers into a block, and put one use of it in their place.

    The nodes move into the block with their ids; so do notes among ``node_ids``, and those of frames that go in. Each
    tensor that comes from outside becomes an Input, each that is used outside an Output. Parameters of an outer block
    that the layers refer to become parameters of the new one.
    The id of the block is ``f"b{project.next_id}"``, that of its use the next number.
    """
    drawn, wanted = project.graph(graph), set(node_ids)
    chosen = wanted & drawn.nodes.keys()
    if why_not_make_block(project, chosen, graph=graph) is not None:
        return project
    notes = wanted & drawn.notes.keys()
    notes.update(
        note for frame in whole_frames(drawn.frames, chosen | drawn.notes.keys()).values() for note in frame.notes
    )
    return _BlockMaker(project, graph, chosen, notes).made(name)


class _BlockMaker:
    """Builds the block and its use; one object, because ids are counted on along the way."""

    def __init__(self, project: Project, key: str, chosen: set[str], notes: set[str]) -> None:
        self._project = project
        self._key = key
        self._drawn = project.graph(key)
        self._next_id = project.next_id
        self._inside = {node: found for node, found in self._drawn.nodes.items() if node in chosen}
        self._notes = {id: note for id, note in self._drawn.notes.items() if id in notes}
        self._names = {node.name for node in self._inside.values()}
        self._block_id = self._id("b")
        self._use_id = self._id("n")

    def made(self, name: str) -> Project:
        entering = [edge for edge in self._in_order() if edge.target.node in self._inside]
        entering = [edge for edge in entering if edge.source.node not in self._inside]
        leaving = [edge for edge in self._in_order() if edge.source.node in self._inside]
        leaving = [edge for edge in leaving if edge.target.node not in self._inside]
        nodes = dict(self._inside)
        outer = {key: edge for key, edge in self._drawn.edges.items()
                 if edge.source.node not in self._inside and edge.target.node not in self._inside}  # fmt: skip
        inner = {key: edge for key, edge in self._drawn.edges.items()
                 if edge.source.node in self._inside and edge.target.node in self._inside}  # fmt: skip
        ports: dict[PortRef, Node] = {}
        for edge in entering:
            port = ports.get(edge.source)
            if port is None:
                port = ports[edge.source] = self._port(INPUT, len(ports), nodes)
                outer_id = self._id("e")
                outer[outer_id] = Edge(outer_id, edge.source, PortRef(self._use_id, port.name))
            inner[edge.id] = replace(edge, source=PortRef(port.id, "output"), route=())
        ports = {}
        for edge in leaving:
            port = ports.get(edge.source)
            if port is None:
                port = ports[edge.source] = self._port(OUTPUT, len(ports), nodes)
                inner_id = self._id("e")
                inner[inner_id] = Edge(inner_id, edge.source, PortRef(port.id, "inputs"))
            outer[edge.id] = replace(edge, source=PortRef(self._use_id, port.name), route=())
        block = Block(
            self._block_id,
            self._free_block_name(name),
            Graph(nodes, inner, whole_frames(self._drawn.frames, {*self._inside, *self._notes}), self._notes),
            self._parameters(),
        )
        return self._with(block, outer)

    def _with(self, block: Block, outer: dict[str, Edge]) -> Project:
        project = replace(self._project, blocks={**self._project.blocks, block.id: block})
        remaining = {node: found for node, found in self._drawn.nodes.items() if node not in self._inside}
        notes = {id: note for id, note in self._drawn.notes.items() if id not in self._notes}
        rest = with_graph(project, self._key, nodes=remaining, notes=notes)
        params: dict[str, Value] = {parameter.name: ParameterRef(parameter.name) for parameter in block.parameters}
        x = sum(node.x for node in self._inside.values()) / len(self._inside)
        y = sum(node.y for node in self._inside.values()) / len(self._inside)
        use = Node(
            self._use_id, BLOCK, fresh_name(rest, self._key, block.name), params, round(x), round(y), block=block.id
        )
        around = {id: frame for id, frame in self._drawn.frames.items() if id not in block.graph.frames}
        frames = with_stand_in(around, self._inside, (use.id,))
        return with_graph(
            project, self._key, nodes={**remaining, use.id: use}, edges=outer, frames=frames, notes=notes,
            next_id=self._next_id,
        )  # fmt: skip

    def _id(self, letter: str) -> str:
        self._next_id += 1
        return f"{letter}{self._next_id - 1}"

    def _in_order(self) -> list[Edge]:
        def key(edge: Edge) -> tuple[tuple[int, str], str, int]:
            return id_key(edge.target.node), edge.target.port, edge.rank

        return sorted(self._drawn.edges.values(), key=key)

    def _port(self, type: str, place: int, nodes: dict[str, Node]) -> Node:
        name = unused(to_snake_case(type), self._names)
        self._names.add(name)
        xs = [node.x for node in self._inside.values()]
        ys = [node.y for node in self._inside.values()]
        is_input = type == INPUT
        if self._project.direction == "down":
            x, y = min(xs) + 2 * ROOM_PX * place, min(ys) - ROOM_PX if is_input else max(ys) + ROOM_PX
        else:
            x, y = min(xs) - 2 * ROOM_PX if is_input else max(xs) + 2 * ROOM_PX, min(ys) + ROOM_PX * place
        node = Node(self._id("n"), type, name, {}, x, y)
        nodes[node.id] = node
        return node

    def _free_block_name(self, wanted: str) -> str:
        name = wanted.strip() if is_valid_name(wanted.strip()) else "block"
        return unused(name, {block.name for block in self._project.blocks.values()})

    def _parameters(self) -> tuple[BlockParameter, ...]:
        """The parameters of the outer block that the layers refer to, in the outer block's order."""
        if self._key == MAIN:
            return ()
        used = {
            name for node in self._inside.values() for value in node.params.values() for name in references_in(value)
        }
        return tuple(found for found in self._project.blocks[self._key].parameters if found.name in used)


def unpack_block(project: Project, catalog: Catalog, node_id: str, *, graph: str = MAIN) -> Project:
    """Put copies of the block's layers in the place of one use. The block itself stays for its other uses.

    A use that shares its weights gets its own: the others go on sharing. One that is applied to every time step stays:
    its layers would take all steps at once.
    """
    if why_not_unpack(project, node_id, graph=graph) is not None:
        return project
    project = unshare(project, node_id, graph=graph)
    drawn = project.graph(graph)
    use = drawn.nodes.get(node_id)
    block = project.blocks.get(use.block or "") if use is not None and use.type == BLOCK else None
    if use is None or block is None:
        return project
    next_id = project.next_id
    taken = {node.name for node in drawn.nodes.values() if node.id != node_id}
    values = {parameter.name: parameter.default for parameter in block.parameters} | dict(use.params)
    inside = [node for node in block.graph.nodes.values() if node.type not in (INPUT, OUTPUT)]
    left, top = min((node.x for node in inside), default=0.0), min((node.y for node in inside), default=0.0)
    nodes = {key: node for key, node in drawn.nodes.items() if key != node_id}
    new_ids = {node.id: f"n{next_id + place}" for place, node in enumerate(inside)}
    next_id += len(new_ids)
    for node in inside:
        wanted = node.name
        if block.names(node):
            called = project.blocks.get(node.block or "") if node.type == BLOCK else block
            is_same = called is not None and follows_use(called.name, node.name)
            wanted = use.name if is_same else f"{use.name}_{node.name}"
        name = unused(wanted, taken)
        taken.add(name)
        params = {key: filled_in(value, values) for key, value in node.params.items()}
        nodes[new_ids[node.id]] = replace(
            node, id=new_ids[node.id], name=name, params=params, x=use.x + node.x - left, y=use.y + node.y - top,
            shares=new_ids.get(node.shares or ""),
        )  # fmt: skip
    edges = {key: edge for key, edge in drawn.edges.items() if node_id not in (edge.source.node, edge.target.node)}
    for source, target, rank, kept in _unpacked_edges(drawn, block.graph, node_id, new_ids):
        if kept is None:
            kept, next_id = f"e{next_id}", next_id + 1
        edges[kept] = Edge(kept, source, target, rank)
    without_gaps(edges, {edge.target for edge in edges.values() if edge.id not in drawn.edges})
    without_gaps(edges, {edge.target for edge in edges_from(drawn, node_id)})
    notes, new_notes, next_id = copied_notes(block.graph.notes, next_id, use.x - left, use.y - top)
    frames: Mapping[str, Frame] = with_stand_in(drawn.frames, (node_id,), new_ids.values())
    if frame_of(drawn, node_id) is None:  # else the layers stand in the frame of the use, and no node has two
        inner, next_id = copied_frames(block.graph.frames, new_ids | new_notes, next_id)
        frames = {**frames, **inner}
    notes = {**drawn.notes, **notes}
    return with_graph(project, graph, nodes=nodes, edges=edges, frames=frames, notes=notes, next_id=next_id)


def _unpacked_edges(
    outer: Graph, inner: Graph, use: str, new_ids: dict[str, str]
) -> Iterable[tuple[PortRef, PortRef, int, str | None]]:
    """Source, target, rank and old id of the edges that stand for those of a use and of its block."""

    def outside(source: PortRef) -> PortRef | None:
        """Where a tensor of the block comes from once it is taken apart."""
        node = inner.nodes[source.node]
        if node.type != INPUT:
            return PortRef(new_ids[source.node], source.port)
        found = edges_into(outer, use, node.name)
        return found[0].source if found else None

    for edge in inner.edges.values():
        if edge.target.node in new_ids and edge.source.node in inner.nodes:
            source = outside(edge.source)
            if source is not None:
                yield source, PortRef(new_ids[edge.target.node], edge.target.port), edge.rank, None
    outputs = {node.name: node.id for node in inner.nodes.values() if node.type == OUTPUT}
    for edge in outer.edges.values():
        if edge.source.node == use and edge.target.node != use:
            into = edges_into(inner, outputs.get(edge.source.port, ""))
            source = outside(into[0].source) if into else None
            if source is not None:
                yield source, edge.target, edge.rank, edge.id


def filled_in(value: Value, values: Mapping[str, Value]) -> Value:
    """The value with block parameters replaced by what they are."""
    return rebuilt(value, lambda each: values.get(each.name, each) if isinstance(each, ParameterRef) else each)


def rename_block(project: Project, block: str, name: str) -> Project:
    """Give a block another name; a name that is taken or invalid changes nothing."""
    found, name = project.blocks.get(block), name.strip()
    taken = {other.name for other in project.blocks.values()}
    if found is None or name in taken or not is_valid_name(name):
        return project
    project = replace(project, blocks={**project.blocks, block: replace(found, name=name)})
    for key, other in project.blocks.items():
        if other.names_layers:
            project = _with_followers(project, key, block, found.name)
    return project


def _with_followers(project: Project, key: str, renamed: str, old: str) -> Project:
    """One block after another, or itself, was renamed: what is called as that one, to add nothing to names, follows."""
    graph = project.graph(key)
    follower = next((
        node for node in graph.nodes.values() if follows_use(old, node.name) and node.type not in (INPUT, OUTPUT)
        and (node.block == renamed if node.type == BLOCK else key == renamed)
    ), None)  # fmt: skip
    if follower is None:
        return project
    wanted = to_snake_case(project.blocks[renamed].name)
    if wanted in {node.name for node in graph.nodes.values() if node is not follower}:
        return project
    return with_graph(project, key, nodes={**graph.nodes, follower.id: replace(follower, name=wanted)})


def delete_block(project: Project, block: str) -> Project:
    """Take away a block that nothing uses."""
    if why_not_delete_block(project, block) is not None:
        return project
    return replace(project, blocks={key: found for key, found in project.blocks.items() if key != block})
