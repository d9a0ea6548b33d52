"""Edited code changes a drawing: what the text says otherwise than before is changed, and everything else stays.

The text before and the text after are both read; their difference is what is done to the project. So names, notes,
places and unfinished parts that code does not tell are never lost.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from studio.core.bindings import ends
from studio.core.edits.ends import move_end
from studio.core.edits.rebuild import frames_around
from studio.core.naming import FreeNames, unused, variable
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Block, Edge, Graph, Node, OutputPlan, PortRef, Project
from studio.core.topology import id_key
from studio.immutable import immutable
from studio.importing.script.keeping import (
    changed_elsewhere,
    is_another_export,
    is_another_script,
    lost_comments,
    unused_lines,
)
from studio.importing.script.matching import matched
from studio.importing.script.reading import ReadBack, read_back
from studio.importing.script.things import Complaint
from studio.importing.values import Catalog

Spans = Iterable[tuple[str, int, int]]
"""Node, first and last line of the text before."""


@immutable
class Edited:
    """The project after the edit, or why the text cannot be taken, with the lines of it.

    ``new`` has the nodes of each graph that were not there before. ``is_another`` says that a whole other script took
    the place of the text, or another file that the program wrote may have.
    """

    project: Project
    complaints: tuple[Complaint, ...] = ()
    new: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_another: bool = False


def edited(project: Project, before: str, base: Project, spans: Spans, after: str, catalog: Catalog) -> Edited:
    """``project`` with what ``after`` says otherwise than ``before``, which is the code of ``base``.

    A whole other script in its place is read for its model, and for its training where it compiles one. Runs nothing.
    Takes as long as reading both texts.
    """
    now = read_back(after, catalog)
    if now.complaints:
        return Edited(project, now.complaints)
    is_another = is_another_script(before, after)
    complaints = () if is_another else (*changed_elsewhere(before, after, catalog.own, now), *unused_lines(after, now))
    if complaints:
        return Edited(project, complaints, is_another=is_another_export(before, after))
    then = read_back(before, catalog)
    if then.complaints:
        return Edited(project, then.complaints)
    lost = () if is_another else lost_comments(then, now)
    if lost:
        return Edited(project, lost)
    if is_another and "compile" not in after:
        now = replace(now, project=replace(now.project, training=replace(then.project.training, outputs={})))
    merging = _Merging(project, base, then, now)
    merging.follow(spans)
    if merging.complaints and not is_another:
        return Edited(project, tuple(merging.complaints))
    return replace(merging.done(), is_another=is_another)


@dataclass(slots=True)
class _Merging:
    """What the text before and after are to the project. ``ids`` has the project's id of each node that was read."""

    project: Project
    base: Project
    then: ReadBack
    now: ReadBack
    ids_then: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)
    graphs: dict[str, Graph] = field(default_factory=dict)
    new: dict[str, frozenset[str]] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    next_id: int = 1
    _block_ids: dict[str, str] = field(default_factory=dict)

    def follow(self, spans: Spans) -> None:
        """Find out which node of the project each node of the text before is, and each of the text after."""
        self.next_id = self.project.next_id
        self._follow_lines([*spans])
        pairs = [(MAIN, MAIN)]
        old = {variable(block.name): key for key, block in self.then.project.blocks.items()}
        for key, block in self.now.project.blocks.items():
            before = old.get(variable(block.name))
            if before is not None and before in self.blocks:
                pairs.append((before, key))
            else:
                self.blocks[f"new {key}"] = self._mint("b")
        self._block_ids = (
            {MAIN: MAIN}
            | {key: self.blocks[before] for before, key in pairs if key != MAIN}
            | {key: self.blocks[f"new {key}"] for key in self.now.project.blocks if f"new {key}" in self.blocks}
        )
        for before, key in pairs:
            self._match(self.then.project.graph(before), self.now.project.graph(key))
        for graph in self.now.project.graphs().values():
            for node in graph.nodes:
                if node not in self.ids:
                    self.ids[node] = self._mint("n")
        for before, key in pairs:
            self._merge(self._block_ids[key], self.then.project.graph(before), self.now.project.graph(key))
        for key in self.now.project.blocks:
            if f"new {key}" in self.blocks:
                self._merge(self._block_ids[key], Graph(), self.now.project.graph(key))

    def _mint(self, letter: str) -> str:
        self.next_id += 1
        return f"{letter}{self.next_id - 1}"

    def _follow_lines(self, spans: list[tuple[str, int, int]]) -> None:
        home = {node: key for key, graph in self.base.graphs().items() for node in graph.nodes}
        types = {id: node.type for graph in self.base.graphs().values() for id, node in graph.nodes.items()}
        at_line: dict[int, list[tuple[int, int, str]]] = {}
        for at, (id, start, end) in enumerate(spans):
            for line in range(start, end + 1):
                at_line.setdefault(line, []).append((end - start, at, id))
        used: set[str] = set()
        for key, graph in self.then.project.graphs().items():
            for node in graph.nodes.values():
                first, last = self.then.lines[node.id]
                near = itertools.chain.from_iterable([at_line.get(line, ()) for line in range(first, last + 1)])
                fitting = [each for each in near if types.get(each[2]) == node.type and each[2] not in used]
                if fitting:
                    id = min(fitting)[2]
                    used.add(id)
                    self.ids_then[node.id] = id
                    if key != MAIN:
                        self.blocks.setdefault(key, home[id])
        for key, ours in self.blocks.items():
            graph, drawn = self.then.project.graph(key), self.base.graph(ours)
            begins = sorted((node.id for node in drawn.nodes.values() if node.type == INPUT), key=id_key)
            read = [node.id for node in graph.nodes.values() if node.type == INPUT]
            self.ids_then.update(zip(read, begins, strict=False))

    def _match(self, old: Graph, new: Graph) -> None:
        """Nodes of the text after that are nodes of the text before: the same lines first, then the same types.

        Inputs and Outputs that stand elsewhere now are known by their names.
        """
        for was, node in matched([*old.nodes.values()], [*new.nodes.values()]):
            self._same(was, node)
        taken = set(self.ids.values())
        left = {
            (was.type, was.name): was
            for was in old.nodes.values()
            if was.type in (INPUT, OUTPUT) and self.ids_then.get(was.id) not in taken
        }
        for node in new.nodes.values():
            if node.id not in self.ids and (node.type, node.name) in left:
                self._same(left[(node.type, node.name)], node)

    def _same(self, was: Node, node: Node) -> None:
        is_end = {was.type, node.type} & {INPUT, OUTPUT, BLOCK}
        if was.id in self.ids_then and (was.type == node.type or not is_end):
            self.ids[node.id] = self.ids_then[was.id]

    def _merge(self, key: str, old: Graph, new: Graph) -> None:
        """One graph of the project with the difference between two graphs that were read."""
        drawn = self.project.graph(key) if key == MAIN or key in self.project.blocks else Graph()
        was = {self.ids_then[node.id]: node for node in old.nodes.values() if node.id in self.ids_then}
        now = {self.ids[node.id]: node for node in new.nodes.values()}
        gone = was.keys() - now.keys()
        nodes = {id: node for id, node in drawn.nodes.items() if id not in gone}
        added = []
        for id, node in now.items():
            mine = nodes.get(id)
            if mine is not None:
                nodes[id] = self._changed(mine, was.get(id), node)
            elif id not in was:
                shares = self.ids.get(node.shares or "")
                block = self._block_ids.get(node.block or "") if node.block is not None else None
                nodes[id] = replace(node, id=id, shares=shares, block=block)
                added.append(id)
        self._rename_twins(nodes, added, is_main=key == MAIN)
        for id, node in nodes.items():
            if node.shares is not None and node.shares not in nodes:
                nodes[id] = replace(node, shares=None)
        edges = self._edges(drawn.edges, old, new, nodes)
        self.new[key] = frozenset(added)
        self.graphs[key] = Graph(nodes, edges, frames_around(drawn.frames, nodes, drawn.notes), drawn.notes)

    def _rename_twins(self, nodes: dict[str, Node], added: Sequence[str], *, is_main: bool) -> None:
        fresh = {*added}
        kept = [node for id, node in nodes.items() if id not in fresh]
        names = FreeNames(node.name for node in kept if not is_main or node.type != OUTPUT)
        ends = FreeNames(node.name for node in kept if node.type in (INPUT, OUTPUT))
        for id in added:
            own = ends if is_main and nodes[id].type == OUTPUT else names
            name = own.take(nodes[id].name)
            if name != nodes[id].name:
                nodes[id] = replace(nodes[id], name=name)

    def _changed(self, mine: Node, was: Node | None, node: Node) -> Node:
        """A node with what the text says of it otherwise than before."""
        if was is None:
            return mine
        changes: dict[str, object] = {}
        if node.type != was.type:
            changes["type"], changes["params"], changes["extra"] = node.type, node.params, node.extra
        elif dict(node.params) != dict(was.params) or repr(node.params) != repr(was.params):
            self._mark_what_data_say(mine, was, node)
            params = {
                name: value for name, value in mine.params.items() if name in node.params or name not in was.params
            }
            params |= {
                name: value for name, value in node.params.items()
                if name not in was.params or repr(was.params[name]) != repr(value)
            }  # fmt: skip
            changes["params"] = params
        if node.name != was.name:
            changes["name"] = node.name
        if node.note != was.note:
            changes["note"] = node.note
        if self.ids.get(node.shares or "") != self.ids_then.get(was.shares or ""):
            changes["shares"] = self.ids.get(node.shares or "")
        if node.block is not None and self._block_ids.get(node.block) != mine.block:
            changes["block"] = self._block_ids.get(node.block)
        if node.is_time_distributed != was.is_time_distributed:
            changes["is_time_distributed"] = node.is_time_distributed
        return replace(mine, **changes) if changes else mine  # type: ignore[arg-type]

    def _mark_what_data_say(self, mine: Node, was: Node, node: Node) -> None:
        """An Input that the data describe cannot do without what they say: the text would have it again at once."""
        lost = [name for name in was.params if name not in node.params and name not in mine.params]
        if mine.type == INPUT and lost:
            reason = (
                f"The data say the {lost[0]} of {mine.name}, so it cannot be left out; write the {lost[0]} that it has."
            )
            self.complaints.append(Complaint(self.now.lines[node.id][0], reason))

    def _edges(
        self, drawn: Mapping[str, Edge], old: Graph, new: Graph, nodes: Mapping[str, Node]
    ) -> Mapping[str, Edge]:
        ports = self._ports(self.then.project, old, self.ids_then, self.base)
        was = {_end_of(edge, self.ids_then, ports) for edge in old.edges.values()}
        ports = self._ports(self.now.project, new, self.ids, self.project)
        now = dict.fromkeys([_end_of(edge, self.ids, ports) for edge in new.edges.values()])
        edges = {
            id: edge for id, edge in drawn.items()
            if edge.source.node in nodes and edge.target.node in nodes
            and ((edge.source, edge.target, edge.rank) not in was or (edge.source, edge.target, edge.rank) in now)
        }  # fmt: skip
        there = {(edge.source, edge.target, edge.rank) for edge in edges.values()}
        for source, target, rank in now:
            if (source, target, rank) not in was and (source, target, rank) not in there:
                id = self._mint("e")
                edges[id] = Edge(id, source, target, rank)
        return edges if len(edges) != len(drawn) or edges.keys() != drawn.keys() else drawn

    def _ports(self, read: Project, graph: Graph, ids: Mapping[str, str], ours: Project) -> dict[tuple[str, str], str]:
        """What the ports of blocks' uses are called in the project: their Inputs and Outputs may have other names."""
        found: dict[tuple[str, str], str] = {}
        called = {id: node.name for drawn in ours.graphs().values() for id, node in drawn.nodes.items()}
        for node in graph.nodes.values():
            block = read.blocks.get(node.block or "")
            if block is None:
                continue
            for inner in block.graph.nodes.values():
                name = called.get(ids.get(inner.id, ""))
                if inner.type in (INPUT, OUTPUT) and name is not None:
                    found[(node.id, inner.name)] = name
        return found

    def done(self) -> Edited:
        """The project with all graphs put back, and what the text says about training otherwise than before."""
        project = self.project
        main = self.graphs[MAIN]
        blocks: dict[str, Block] = dict(project.blocks)
        for read_key, block in self.now.project.blocks.items():
            key = self._block_ids[read_key]
            graph = self.graphs[key]
            before = next((self.then.project.blocks[old] for old, ours in self.blocks.items()
                           if ours == key and old in self.then.project.blocks), None)  # fmt: skip
            if key not in blocks:
                name = unused(block.name, {each.name for each in blocks.values()})
                blocks[key] = Block(key, name, graph, block.parameters)
                continue
            mine = blocks[key]
            parameters = mine.parameters
            if before is not None and before.parameters != block.parameters:
                parameters = block.parameters
            blocks[key] = replace(mine, graph=graph, parameters=parameters)
        snippets = dict(project.snippets)
        for each in self.now.project.snippets.values():
            key = self._mint("s")
            snippets[key] = replace(each, id=key)
        made = replace(project, main=main, blocks=blocks, next_id=self.next_id, snippets=snippets)
        made = self._in_order(self._with_training(made))
        title = self.now.project.title
        if title and title != self.then.project.title:
            made = replace(made, title=title)
        if replace(made, next_id=project.next_id) == project:
            return Edited(project)
        return Edited(made, new=self.new)

    def _in_order(self, project: Project) -> Project:
        """The project with its Inputs in the order in which the text has them now, where the model takes a list."""
        was, now = (
            [ids[node.id] for node in ends(read.project, INPUT) if node.id in ids]
            for ids, read in ((self.ids_then, self.then), (self.ids, self.now))
        )
        is_kept = [id for id in was if id in now] == [id for id in now if id in was]
        if is_kept or not project.training.are_inputs_listed:
            return project
        added = {project.main.nodes[id].name for id in self.new.get(MAIN, ())}
        for place, name in enumerate([project.main.nodes[id].name for id in now]):
            (node,) = (node for node in ends(project, INPUT) if node.name == name)
            project = move_end(project, node.id, place)
        self.new[MAIN] = frozenset(node.id for node in project.main.nodes.values() if node.name in added)
        return project

    def _with_training(self, project: Project) -> Project:
        was, now, mine = self.then.project.training, self.now.project.training, project.training
        changes: dict[str, object] = {
            name: getattr(now, name)
            for name in (
                "optimizer", "epochs", "batch_size", "seed", "callbacks", "jit_compile", "steps_per_execution",
                "run_eagerly", "class_weights", "dtype_policy",
            )
            if getattr(now, name) != getattr(was, name)
        }  # fmt: skip
        has_several = sum(node.type == INPUT for node in self.now.project.main.nodes.values()) > 1
        if now.are_inputs_listed != was.are_inputs_listed and has_several:  # one alone does not tell
            changes["are_inputs_listed"] = now.are_inputs_listed
        before = {self.ids_then.get(key, key): plan for key, plan in was.outputs.items()}
        after = {self.ids[key]: plan for key, plan in now.outputs.items()}
        plans = {key: plan for key, plan in mine.outputs.items() if key in project.main.nodes}
        for key, plan in after.items():
            if key in before and before[key] != plan:
                plans[key] = _plan(plans.get(key, OutputPlan()), before[key], plan)
        plans = {key: plan for key, plan in plans.items() if plan != OutputPlan()}
        if plans != dict(mine.outputs):
            changes["outputs"] = plans
        return replace(project, training=replace(mine, **changes)) if changes else project  # type: ignore[arg-type]


def _plan(mine: OutputPlan, was: OutputPlan, now: OutputPlan) -> OutputPlan:
    """The plan with what the text says otherwise than before: what is chosen from the data stays so."""
    names = [each.name for each in fields(now) if getattr(now, each.name) != getattr(was, each.name)]
    return replace(mine, **{name: getattr(now, name) for name in names})


def _end_of(edge: Edge, ids: Mapping[str, str], ports: Mapping[tuple[str, str], str]) -> tuple[PortRef, PortRef, int]:
    source = PortRef(ids.get(edge.source.node, ""), ports.get((edge.source.node, edge.source.port), edge.source.port))
    target = PortRef(ids.get(edge.target.node, ""), ports.get((edge.target.node, edge.target.port), edge.target.port))
    return source, target, edge.rank
