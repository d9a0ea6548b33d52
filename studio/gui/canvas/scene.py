"""The open graph as numpy arrays: what the painter draws and the geometry asks. Derived from the project, never saved.

Rows stand in the order of the ids' numbers (n2 before n10), so later nodes lie above earlier ones and the arrays are
the same whether they were followed step by step or made at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from studio.core import uses
from studio.core.change import Change
from studio.core.compare import Kind
from studio.core.project import MAIN, Graph, Project
from studio.gui.canvas.card import EMPTY, LAYOUT_FLAGS, Card, Facts, Flag, Ghost, layout_flags, make_card, prefix_from
from studio.gui.canvas.edge_rows import EdgeRows
from studio.gui.canvas.framing import Framing
from studio.gui.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, Array, Slots
from studio.gui.canvas.heat import Heat
from studio.gui.canvas.note_rows import NoteRows
from studio.gui.canvas.port_places import Places, PortPlaces, height_of
from studio.gui.canvas.rows import portions, taken, with_new

PORTION = 128
"""Rows that are made between two looks at the clock: about a millisecond."""


class Scene:
    """Arrays of the nodes (n rows) and edges of one graph.

    Nodes: ``ids``, ``pos`` (n, 2), ``size`` (n, 2), ``family``, ``flags`` (``Flag`` bits), ``is_selected``, ``stamp``
    (rises whenever the picture of the node changes), ``cards``. ``edges`` are those of the edges, ``notes`` of the
    notes; ``framing`` are the frames. ``structure`` rises when rows come or go, ``revision`` with every change of what
    is seen but for the selection.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.graph_key = MAIN
        self.prefix = ""
        self._use: uses.Path | None = None
        self.direction = "down"
        self.structure = 0
        self.revision = 0
        self.heat = Heat()
        self.named_shapes: dict[tuple[str, str], str] = {}
        """What stands on edges instead of the bare shape, by node and output."""
        self.versions: Mapping[str, Kind] = {}
        """Nodes that are not in another version, or other ones there."""
        self.ghosts: Mapping[str, Sequence[Ghost]] = {}
        """What is in another version only, by graph."""
        self._clock = 0
        self._clear()

    def _clear(self) -> None:
        self.ids: list[str] = []
        self.slot: dict[str, int] = {}
        self.cards: list[Card] = []
        self._places: list[Places] = []
        self._port_places = PortPlaces()
        self.pos: Array = np.zeros((0, 2))
        self.size: Array = np.zeros((0, 2))
        self.family = np.zeros(0, np.uint8)
        self.flags = np.zeros(0, np.uint16)
        self.is_selected = np.zeros(0, bool)
        self.stamp = np.zeros(0, np.int64)
        self.edges = EdgeRows()
        self.framing = Framing()
        self.notes = NoteRows()

    # Whole

    def load(self, project: Project, graph_key: str = MAIN, use: uses.Path | None = None) -> None:
        """Show another graph: forget everything and make all rows. ``use`` is from where a block is looked at."""
        for _ in self.loading(project, graph_key, use):
            pass

    def loading(self, project: Project, graph_key: str = MAIN, use: uses.Path | None = None) -> Iterator[None]:
        """As ``load``, a portion of some milliseconds at a time; nobody may look at the rows before the end."""
        self.graph_key, self._use = graph_key, use
        self.direction = project.direction
        self.prefix = prefix_from(graph_key, uses.first_to(project, graph_key) if use is None else use)
        self._clear()
        graph = project.graph(graph_key)
        self._rows_of_nodes((), graph.nodes)
        for ids in portions(graph.nodes, PORTION):
            yield
            self._fill_nodes(project, graph, ids)
        yield
        self._rows_of_edges((), graph.edges)
        for ids in portions(graph.edges, PORTION):
            yield
            self._attach(self.edges.fill(graph, ids))
        yield
        self._fill_frames(graph)

    def successor(self) -> Scene:
        """An empty scene to load, then to ``take``: what is painted of it cannot be mistaken for what was."""
        other = Scene(self.facts)
        other._clock, other.structure, other.revision = self._clock, self.structure, self.revision
        return other

    def take(self, other: Scene) -> None:
        """Show the rows of a successor, which is not used any more."""
        other.structure = max(self.structure, other.structure) + 1
        other.revision = max(self.revision, other.revision) + 1
        other._clock = max(self._clock, other._clock)
        vars(self).update({name: value for name, value in vars(other).items() if name not in _NOT_ROWS})

    # Step by step

    def follow(self, project: Project, change: Change) -> None:
        """Follow a change of the project: only the rows that it names are made anew."""
        if change.is_layout_only:
            self._follow_places(project, change)
            self._follow_frames(project, change)
            return
        if change.direction_changed:
            selected = self.selected_ids()
            self.load(project, self.graph_key, self._use)
            self.select(selected)
            return
        graph, mine = project.graph(self.graph_key), change.of(self.graph_key)
        renamed = mine.removed_nodes or any(
            self.cards[self.slot[id]].title != graph.nodes[id].name for id in mine.updated_nodes
        )
        if mine.added_nodes or mine.removed_nodes:
            self._rows_of_nodes(mine.removed_nodes, mine.added_nodes)
        touched = {*mine.added_nodes, *mine.updated_nodes, *self._uses_of(change)}
        if renamed or mine.added_nodes:
            # "waits for b1_l2" is written on other nodes than the one that was renamed.
            touched.update(self.ids[k] for k in np.flatnonzero(self.flags & Flag.BLOCKED))
        self._fill_nodes(project, graph, touched)
        if mine.added_edges or mine.removed_edges:
            self._rows_of_edges(mine.removed_edges, mine.added_edges)
        self._attach(self.edges.fill(graph, [*mine.added_edges, *mine.updated_edges]))
        self._move_edges_of([self.slot[id] for id in mine.updated_nodes])
        if mine.added_nodes or mine.removed_nodes:
            self._attach(self.edges.loose)  # their nodes went or came with them
        self._follow_frames(project, change)

    def _follow_frames(self, project: Project, change: Change) -> None:
        mine = change.of(self.graph_key)
        others = mine.added_nodes or mine.removed_nodes
        if mine.frames_changed or mine.notes_changed or (self.framing.frames and others):
            self._fill_frames(project.graph(self.graph_key))

    def _fill_frames(self, graph: Graph) -> None:
        if graph.notes.keys() != self.notes.slot.keys():
            self.structure += 1
        self.notes.fill(graph)
        self.framing.fill(graph, self.slot, self.notes)
        self.revision += 1

    def _follow_places(self, project: Project, change: Change) -> None:
        """Nodes and way-points stand elsewhere; what is written on the nodes is the same."""
        graph, mine = project.graph(self.graph_key), change.of(self.graph_key)
        nodes = graph.nodes
        slots = [self.slot[key] for key in mine.updated_nodes]
        self.revision += 1
        if slots:
            self.pos[slots] = [(nodes[key].x, nodes[key].y) for key in mine.updated_nodes]
        flags, slot = self.flags, self.slot
        others = [key for key in mine.updated_nodes if flags[slot[key]] & LAYOUT_FLAGS != layout_flags(nodes[key])]
        if others:
            self._fill_nodes(project, graph, others)
        routed = self.edges.fill(graph, mine.updated_edges)
        if change.direction_changed:
            self.direction = project.direction
            self._clock += 1
            self.stamp[:] = self._clock  # the ports on the pictures stand elsewhere
            self._port_places.clear()
            # WORKAROUND(Python 3.12.1): where a comprehension of this function has a variable ``id``, the others do not
            # know the function ``id``. Remove when 3.12.0 and 3.12.1 are not supported any more.
            few = {id(places): card for places, card in zip(self._places, self.cards, strict=True)}  # nodes share them
            turned = {key: self._port_places.of(card, self.direction) for key, card in few.items()}
            self._places = [turned[id(places)] for places in self._places]
            self._attach(list(range(len(self.edges))))
        else:
            moved = np.zeros(len(self.edges), bool)
            moved[self.edges_of(slots)] = True
            moved[routed] = True
            self._place_edges(np.flatnonzero(moved))

    def refresh(self, project: Project, node_ids: Iterable[str]) -> list[int]:
        """Write these cards anew, after the engine answered or problems changed. Returns the slots that differ."""
        graph = project.graph(self.graph_key)
        before = self.stamp.copy()
        known = (node for node in node_ids if node in self.slot and node in graph.nodes)
        self._fill_nodes(project, graph, known, places_too=False)
        return np.flatnonzero(self.stamp != before).tolist()

    def look_from(self, project: Project, use: uses.Path) -> None:
        """Write on the cards of the open block what this use of it has for shapes."""
        self._use, self.prefix = use, prefix_from(self.graph_key, use)
        self.refresh(project, self.ids)

    def touch(self, node_ids: Iterable[str]) -> None:
        """These nodes look otherwise, although their cards are the same."""
        self._clock += 1
        self.stamp[[self.slot[id] for id in node_ids if id in self.slot]] = self._clock
        self.revision += 1

    def select(self, ids: Collection[str]) -> None:
        """Mark exactly these nodes and notes as selected."""
        self.is_selected[:] = False
        self.is_selected[[self.slot[node] for node in ids if node in self.slot]] = True
        if len(self.notes):
            self.notes.select(ids)

    def place(self, slots: Slots, places: Array) -> Slots:
        """Show nodes elsewhere for the time of a drag, without a project. Returns the slots of their edges."""
        self.pos[slots] = places
        self.revision += 1
        return self._move_edges_of(slots)

    def edges_of(self, slots: Slots | list[int]) -> Slots:
        """Slots of all edges that touch these nodes."""
        mark = np.zeros(len(self.ids) + 1, bool)
        mark[slots] = True
        mark[-1] = False
        return np.flatnonzero(mark[self.edges.source] | mark[self.edges.target])

    def ports(self, slot: int) -> Places:
        """Places of the input and output ports of a node, relative to its corner."""
        return self._places[slot]

    def selected_ids(self) -> frozenset[str]:
        """Ids of the selected nodes and notes."""
        nodes = frozenset(self.ids[k] for k in np.flatnonzero(self.is_selected))
        return nodes | self.notes.selected_ids() if len(self.notes) else nodes

    def __len__(self) -> int:
        return len(self.ids)

    # Nodes

    def _uses_of(self, change: Change) -> list[str]:
        """Nodes that use a block whose name or graph (and so its ports) changed."""
        blocks = {*change.graphs, *change.added_blocks, *change.removed_blocks, *change.updated_blocks}
        blocks.discard(self.graph_key)
        if not blocks:
            return []
        return [self.ids[k] for k in np.flatnonzero(self.flags & Flag.BLOCK)]

    def _rows_of_nodes(self, removed: Collection[str], added: Collection[str]) -> None:
        """Take rows out and put empty ones in, keeping the order of the numbers."""
        gone = set(removed)
        ids = [id for id in self.ids if id not in gone]
        ids = with_new(ids, added)
        order = np.array([self.slot.get(id, -1) if id not in gone else -1 for id in ids], np.intp)
        remap = np.full(len(self.ids) + 1, -1, np.intp)
        kept = order >= 0
        remap[order[kept]] = np.flatnonzero(kept)
        remap[-1] = -1
        self.pos, self.size = taken(self.pos, order), taken(self.size, order)
        self.family, self.flags = taken(self.family, order), taken(self.flags, order)
        self.is_selected, self.stamp = taken(self.is_selected, order), taken(self.stamp, order)
        self.size[order < 0] = (NODE_WIDTH, NODE_HEIGHT)
        self.cards = [self.cards[k] if k >= 0 else EMPTY for k in order.tolist()]
        self._places = [self._places[k] if k >= 0 else ({}, {}) for k in order.tolist()]
        self.ids, self.slot = ids, {id: k for k, id in enumerate(ids)}
        self.edges.renumber(remap)
        self.structure += 1

    def _fill_nodes(self, project: Project, graph: Graph, node_ids: Iterable[str], *, places_too: bool = True) -> None:
        self._clock += 1
        moved_ports = []
        slot, cards, nodes, facts, prefix = self.slot, self.cards, graph.nodes, self.facts, self.prefix
        slots, places, families, flags, changed = [], [], [], [], []
        for id in node_ids:
            node = nodes[id]
            at = slot[id]
            card, before = make_card(project, graph, node, facts, prefix), cards[at]
            slots.append(at)
            places.append((node.x, node.y))
            families.append(card.family)
            flags.append(int(card.flags))
            if card != before:
                cards[at] = card
                changed.append(at)
                is_resized = bool((card.flags ^ before.flags) & Flag.FOLDED)
                if is_resized:
                    self.size[at, 1] = height_of(card)
                    self.structure += 1
                if is_resized or card.inputs is not before.inputs or card.outputs is not before.outputs:
                    self._places[at] = self._port_places.of(card, self.direction)
                    moved_ports.append(at)
        if slots:
            if places_too:  # not while a drag moves them
                self.pos[slots] = places
                self.revision += 1
            self.family[slots], self.flags[slots] = families, flags
            self.stamp[changed] = self._clock
            self.revision += bool(changed)
        if moved_ports and len(self.edges):
            self._attach(self.edges_of(moved_ports).tolist())

    # Edges

    def _rows_of_edges(self, removed: Collection[str], added: Collection[str]) -> None:
        self.edges.change_rows(removed, added)
        self.structure += 1

    def _attach(self, slots: list[int]) -> None:
        """Look up at which nodes and ports these edges end, and place them."""
        if slots:
            self.edges.attach(slots, self.slot, self._places, self.size, self.direction)
            self._place_edges(np.array(slots, np.intp))

    def _move_edges_of(self, slots: Slots | list[int]) -> Slots:
        if not len(slots) or not len(self.edges):
            return np.zeros(0, np.intp)
        edges = self.edges_of(slots)
        self._place_edges(edges)
        return edges

    def _place_edges(self, edges: Slots) -> None:
        """They run elsewhere."""
        if len(edges):
            self._clock += 1
            self.revision += 1
            self.edges.place(edges, self.pos, self.direction, self._clock)


_NOT_ROWS = ("facts", "heat", "named_shapes", "versions", "ghosts")
