"""A repeated part becomes a block, and its places uses of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from studio.catalog.values import ParameterRef, Value
from studio.core.edits.rebuild import with_graph
from studio.core.naming import is_valid_name, to_snake_case, unused
from studio.core.parts.line import Line
from studio.core.parts.prefixes import SAME
from studio.core.parts.stretches import Stretch, entering
from studio.core.parts.words import block_name, parameter_names
from studio.core.ports import Catalog
from studio.core.project import BLOCK, INPUT, OUTPUT, Block, BlockParameter, Edge, Graph, Node, PortRef, Project
from studio.core.topology import edges_into, id_key


def _with_item(value: Value, number: int, item: Value) -> Value:
    return (
        tuple([item if at == number else each for at, each in enumerate(value)]) if isinstance(value, tuple) else item
    )


def can_be_named(project: Project, line: Line, stretch: Stretch) -> bool:
    """Whether the names of the uses are free, so that the layers can be named after them."""
    if stretch.prefixes is None:
        return True
    gone = {line.nodes[place].id for start in stretch.starts for place in range(start, start + stretch.length)}
    wanted: dict[str, set[str]] = {}
    for start, name in zip(stretch.starts, stretch.prefixes.uses, strict=True):
        names = wanted.setdefault(line.graphs[start], set())
        if name in names or not is_valid_name(name):
            return False
        names.add(name)
    for key, names in wanted.items():
        nodes = project.graph(key).nodes.values()
        if any(node.name in names for node in nodes if node.id not in gone):
            return False
    inside = [name for name in stretch.prefixes.inside if name and name != SAME]
    blocks = [
        project.blocks[node.block or ""]
        for node in line.nodes[stretch.starts[0] :][: stretch.length]
        if node.type == BLOCK
    ]
    return all(map(is_valid_name, inside)) and not {to_snake_case(block.name) for block in blocks} & set(inside)


def made(project: Project, catalog: Catalog, line: Line, stretch: Stretch) -> Project:
    """The project with one more block, the id of which is ``f"b{project.next_id}"``."""
    return _Maker(project, catalog, line, stretch).made()


class _Maker:
    def __init__(self, project: Project, catalog: Catalog, line: Line, stretch: Stretch) -> None:
        self._project = project
        self._catalog = catalog
        self._line = line
        self._stretch = stretch
        self._next_id = project.next_id

    def made(self) -> Project:
        stretch, line = self._stretch, self._line
        block = self._block()
        project = replace(self._project, blocks={**self._project.blocks, block.id: block}, next_id=self._next_id)
        by_graph: dict[str, list[int]] = {}
        for number, start in enumerate(stretch.starts):
            by_graph.setdefault(line.graphs[start], []).append(number)
        for key, numbers in by_graph.items():
            project = self._with_uses(project, key, numbers, block)
        return project

    def _id(self, letter: str) -> str:
        self._next_id += 1
        return f"{letter}{self._next_id - 1}"

    def _nodes(self, start: int) -> tuple[Node, ...]:
        return self._line.nodes[start : start + self._stretch.length]

    def _block(self) -> Block:
        """The part as it stands at its first place, with parameters in the place of what differs."""
        stretch, start = self._stretch, self._stretch.starts[0]
        id = self._id("b")
        name = block_name(self._project, self._nodes(start), self._is_skipped(), self._names_beside())
        names = self._names_inside(name)
        parameters = parameter_names(stretch.columns, names, [node.type for node in self._nodes(start)])
        refs: dict[int, list[tuple[str, int | None, ParameterRef]]] = {}
        for column, parameter in zip(stretch.columns, parameters, strict=True):
            for at, key, item in column.used_at:
                refs.setdefault(at, []).append((key, item, ParameterRef(parameter)))
        nodes: dict[str, Node] = {}
        in_order = sorted(enumerate(self._nodes(start)), key=lambda pair: id_key(pair[1].id))
        new_ids = {node.id: self._id("n") for _, node in in_order}
        for number, node in in_order:
            own: dict[str, Value] = {}
            for key, item, ref in refs.get(number, ()):
                own[key] = ref if item is None else _with_item(own.get(key, node.params.get(key)), item, ref)
            params = {**node.params, **own} if own else node.params
            nodes[new_ids[node.id]] = replace(node, id=new_ids[node.id], name=names[number], params=params)
        drawn = self._project.graph(self._line.graphs[start])
        inner: dict[str, Edge] = {}
        ports: dict[tuple[str, str], Node] = {}
        taken = set(names)
        for at, port in entering(self._line, start, stretch.length):
            ports[(self._line.nodes[at].id if at >= 0 else "", port)] = self._port(INPUT, "inputs", taken)
        for old in new_ids:
            for edge in edges_into(drawn, old):
                target = PortRef(new_ids[old], edge.target.port)
                if edge.source.node in new_ids:
                    source = PortRef(new_ids[edge.source.node], edge.source.port)
                else:
                    source = PortRef(ports[(edge.source.node, edge.source.port)].id, "output")
                edge_id = self._id("e")
                inner[edge_id] = Edge(edge_id, source, target, edge.rank)
        outputs: dict[tuple[str, str], Node] = {}
        for number, port in stretch.leaving:
            end = self._port(OUTPUT, "outputs", taken)
            outputs[(str(number), port)] = end
            edge_id = self._id("e")
            inner[edge_id] = Edge(
                edge_id, PortRef(new_ids[self._nodes(start)[number].id], port), PortRef(end.id, "inputs")
            )
        self._inputs = [node.name for node in ports.values()]
        self._outputs = {leaving: node.name for leaving, node in zip(stretch.leaving, outputs.values(), strict=True)}
        self._parameters = parameters
        graph = Graph({**nodes, **{node.id: node for node in (*ports.values(), *outputs.values())}}, inner)
        order = sorted(
            range(len(parameters)),
            key=lambda number: (stretch.columns[number].default is not None, parameters[number].startswith("out_")),
        )
        return Block(
            id, name, graph,
            tuple([BlockParameter(parameters[number], stretch.columns[number].default) for number in order]),
            names_layers=stretch.prefixes is not None,
            unnamed=self._unnamed(new_ids),
        )  # fmt: skip

    def _is_skipped(self) -> bool:
        """Whether the last merge of the part takes something from outside: a skip connection."""
        start, takes = self._stretch.starts[0], self._line.takes
        merges = [at for at in range(start, start + self._stretch.length) if len(takes[at]) > 1]
        return bool(merges) and any(source < start for source, _ in takes[merges[-1]])

    def _kept_names(self) -> tuple[str, ...]:
        """What is left of the names of the nodes, "" or SAME where it is nothing."""
        prefixes = self._stretch.prefixes
        return prefixes.inside if prefixes is not None else ("",) * self._stretch.length

    def _unnamed(self, new_ids: Mapping[str, str]) -> frozenset[str]:
        """The nodes whose layers Keras named, and goes on to name."""
        if self._stretch.prefixes is None:
            return frozenset()
        named = zip(self._nodes(self._stretch.starts[0]), self._stretch.prefixes.inside, strict=True)
        return frozenset([new_ids[node.id] for node, inside in named if not inside and node.type != BLOCK])

    def _names_beside(self) -> tuple[str, ...]:
        """The names that the block may not have: what is called as its block adds nothing to the names of layers."""
        prefixes = self._stretch.prefixes
        return (*self._kept_names(), *prefixes.uses) if prefixes is not None else ()

    def _names_inside(self, block: str) -> list[str]:
        """The names of the nodes in the block: what is left of their own, or as Keras counts."""
        inside = self._kept_names()
        found = list(inside)
        taken = {*found, to_snake_case(block)}
        nodes = self._nodes(self._stretch.starts[0])
        for number, node in sorted(enumerate(nodes), key=lambda pair: inside[pair[0]] != SAME):
            if node.type != BLOCK and inside[number] == SAME:
                found[number] = to_snake_case(block)
            elif found[number] in ("", SAME):
                type = self._project.blocks[node.block or ""].name if node.type == BLOCK else node.type
                found[number] = unused(to_snake_case(type) or "node", taken)
                taken.add(found[number])
        return found

    def _port(self, type: str, wanted: str, taken: set[str]) -> Node:
        name = unused(wanted, taken)
        taken.add(name)
        return Node(self._id("n"), type, name)

    def _with_uses(self, project: Project, key: str, numbers: list[int], block: Block) -> Project:
        """One graph with uses in the places of the part."""
        line, stretch = self._line, self._stretch
        drawn = project.graph(key)
        gone = {node.id for number in numbers for node in self._nodes(stretch.starts[number])}
        new_source: dict[tuple[str, str], PortRef] = {}
        uses: list[Node] = []
        taken = {node.name for id, node in drawn.nodes.items() if id not in gone}
        for number in numbers:
            start = stretch.starts[number]
            nodes = self._nodes(start)
            use = self._use(number, nodes, block, taken)
            uses.append(use)
            for at, port in stretch.leaving:
                new_source[(nodes[at].id, port)] = PortRef(use.id, self._outputs[(at, port)])
        edges: dict[str, Edge] = {}
        for edge in drawn.edges.values():
            if edge.target.node in gone:
                continue
            source = new_source.get((edge.source.node, edge.source.port))
            if source is not None:
                edges[edge.id] = replace(edge, source=source, route=())
            elif edge.source.node not in gone:
                edges[edge.id] = edge
        for number, use in zip(numbers, uses, strict=True):
            for place, (at, port) in enumerate(entering(line, stretch.starts[number], stretch.length)):
                if at >= 0:
                    plain = PortRef(line.nodes[at].id, port)
                    source = new_source.get((plain.node, plain.port), plain)
                    edge_id = self._id("e")
                    edges[edge_id] = Edge(edge_id, source, PortRef(use.id, self._inputs[place]))
        nodes_left: dict[str, Node] = {}
        by_id = {use.id: use for use in uses}
        for id, node in drawn.nodes.items():
            if id in by_id:
                nodes_left[id] = by_id[id]
            elif id not in gone:
                nodes_left[id] = node
        return with_graph(project, key, nodes=nodes_left, edges=edges, next_id=self._next_id)

    def _use(self, number: int, nodes: Sequence[Node], block: Block, taken: set[str]) -> Node:
        prefixes = self._stretch.prefixes
        name = prefixes.uses[number] if prefixes is not None else unused(to_snake_case(block.name) or "block", taken)
        taken.add(name)
        params: dict[str, Value] = {}
        for column, parameter in zip(self._stretch.columns, self._parameters, strict=True):
            value = column.values[number]
            if column.default is None or repr(value) != repr(column.default):
                params[parameter] = value
        x = round(sum(node.x for node in nodes) / len(nodes))
        y = round(sum(node.y for node in nodes) / len(nodes))
        # The id of the first of its nodes: what is written first stays first.
        return Node(min((node.id for node in nodes), key=id_key), BLOCK, name, params, x, y, block=block.id)
