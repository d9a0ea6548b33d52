"""Copy, paste and duplicate: parts of a drawing as a value of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace

from studio.core.edits.edges import connect
from studio.core.edits.frames import copied_frames, whole_frames
from studio.core.edits.notes import copied_notes
from studio.core.edits.rebuild import with_graph
from studio.core.edits.snippets import rename_snippet
from studio.core.naming import FreeNames, names_in, unused
from studio.core.ports import Catalog
from studio.core.project import BLOCK, MAIN, Block, Edge, Graph, Node, PortRef, Project, Snippet
from studio.core.rules.blocks import blocks_inside, why_not_use_block
from studio.core.snippets import used_snippets
from studio.core.topology import id_key
from studio.immutable import immutable


@immutable
class Fragment:
    """Some nodes and notes, the edges between them, the blocks and the own code that they use, nested ones included.

    It becomes text by way of ``as_project``, which a project file can hold.
    """

    graph: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    snippets: Mapping[str, Snippet] = field(default_factory=dict)

    def as_project(self) -> Project:
        """A project that has only this."""
        return Project(title="Fragment", main=self.graph, blocks=self.blocks, snippets=self.snippets)

    @classmethod
    def of_project(cls, project: Project) -> Fragment:
        """The whole drawing of a project; the inverse of ``as_project``."""
        return cls(project.main, project.blocks, project.snippets)


def copy(project: Project, node_ids: Iterable[str], *, graph: str = MAIN) -> Fragment:
    """The nodes and notes as a fragment. A node whose shared layer stays behind gets weights of its own."""
    drawn = project.graph(graph)
    wanted = set(node_ids)
    # A bookmark is of the place, and does not go along.
    nodes = {
        key: replace(node, is_marked=False) if node.is_marked else node
        for key, node in drawn.nodes.items()
        if key in wanted
    }
    first: dict[str, str] = {}
    for key, node in nodes.items():
        if node.shares is not None and node.shares not in nodes:
            origin = first.setdefault(node.shares, key)
            nodes[key] = replace(node, shares=None if origin == key else origin)
    edges = {key: edge for key, edge in drawn.edges.items() if edge.source.node in nodes and edge.target.node in nodes}
    used = {node.block for node in nodes.values() if node.type == BLOCK and node.block is not None}
    used |= {inner for block in used for inner in blocks_inside(project, block)}
    blocks = {key: block for key, block in project.blocks.items() if key in used}
    notes = {key: note for key, note in drawn.notes.items() if key in wanted}
    found = Graph(nodes, _closed_up(edges), whole_frames(drawn.frames, wanted), notes)
    own = used_snippets(Project(main=found, blocks=blocks, snippets=project.snippets)) if project.snippets else ()
    return Fragment(found, blocks, {snippet.id: snippet for snippet in own})


def _closed_up(edges: dict[str, Edge]) -> dict[str, Edge]:
    """The edges with the ranks of each port numbered again from 0."""
    ranks: dict[PortRef, int] = {}
    placed: dict[str, int] = {}
    for edge in sorted(edges.values(), key=lambda edge: edge.rank):
        placed[edge.id] = ranks.get(edge.target, 0)
        ranks[edge.target] = placed[edge.id] + 1
    return {key: edge if edge.rank == placed[key] else replace(edge, rank=placed[key]) for key, edge in edges.items()}


def paste(project: Project, fragment: Fragment, *, dx: float = 0.0, dy: float = 0.0, graph: str = MAIN) -> Project:
    """Put a fragment into a graph, moved by (dx, dy) px, with fresh ids and free names.

    The ids of the new nodes and notes are found by ``pasted_ids``. A block that the project has already is used, not
    copied; a node that would put a block into itself is left out. Parameters of a block that this graph does not have
    stay as they are and show up as a problem. Code of the person's own comes along; where the project has other code
    of that name, what comes is called otherwise.
    """
    return _pasted(project, fragment, dx, dy, graph)[0]


def paste_with_inputs(
    project: Project, catalog: Catalog, fragment: Fragment, *, dx: float = 0.0, dy: float = 0.0, graph: str = MAIN
) -> Project:
    """As ``paste``; copies of layers that still stand in the graph take what these take from others."""
    drawn = project.graph(graph)
    after, new_ids = _pasted(project, fragment, dx, dy, graph)
    originals = {
        key for key in new_ids if key in drawn.nodes and _is_original(drawn.nodes[key], fragment.graph.nodes[key])
    }
    for edge in sorted(drawn.edges.values(), key=lambda edge: (edge.rank, id_key(edge.id))):
        if edge.target.node in originals and edge.source.node not in new_ids:
            target = PortRef(new_ids[edge.target.node], edge.target.port)
            after = connect(after, catalog, edge.source, target, graph=graph)
    return after


def _is_original(node: Node, copied: Node) -> bool:
    """Whether a node is the one that was copied, as far as can be told: places and values may have changed since."""
    return (node.type, node.name) == (copied.type, copied.name)


def _pasted(
    project: Project, fragment: Fragment, dx: float, dy: float, graph: str
) -> tuple[Project, Mapping[str, str]]:
    """The project with the fragment, and what the ids of its nodes are there."""
    before = project
    project, fragment = _with_snippets(project, fragment)
    project, blocks = _with_blocks(project, fragment)
    drawn = project.graph(graph)
    next_id = project.next_id
    names = FreeNames(names_in(drawn))
    nodes = dict(drawn.nodes)
    new_ids: dict[str, str] = {}
    for key, node in fragment.graph.nodes.items():
        block = blocks.get(node.block, node.block) if node.block is not None else None
        if node.type == BLOCK and (block is None or why_not_use_block(project, block, graph=graph) is not None):
            continue
        new_ids[key] = f"n{next_id}"
        next_id += 1
        name = names.take(node.name)
        nodes[new_ids[key]] = replace(
            node, id=new_ids[key], name=name, x=node.x + dx, y=node.y + dy, block=block, shares=node.shares
        )
    for new in new_ids.values():
        origin = nodes[new].shares
        if origin is not None:
            nodes[new] = replace(nodes[new], shares=new_ids.get(origin))
    edges = dict(drawn.edges)
    inner = [
        edge for edge in fragment.graph.edges.values() if edge.source.node in new_ids and edge.target.node in new_ids
    ]
    for edge in _closed_up({edge.id: edge for edge in inner}).values():
        new_edge = f"e{next_id}"
        next_id += 1
        edges[new_edge] = replace(
            edge,
            id=new_edge,
            source=PortRef(new_ids[edge.source.node], edge.source.port),
            target=PortRef(new_ids[edge.target.node], edge.target.port),
            route=tuple((x + dx, y + dy) for x, y in edge.route),
        )
    notes, new_notes, next_id = copied_notes(fragment.graph.notes, next_id, dx, dy)
    if not new_ids and not notes:
        return before, new_ids
    frames, next_id = copied_frames(fragment.graph.frames, new_ids | new_notes, next_id)
    after = with_graph(
        project, graph, nodes=nodes, edges=edges if inner else None,
        frames={**drawn.frames, **frames} if frames else None,
        notes={**drawn.notes, **notes} if notes else None, next_id=next_id,
    )  # fmt: skip
    return after, new_ids


def pasted_ids(before: Project, after: Project, *, graph: str = MAIN) -> frozenset[str]:
    """The nodes and notes that a paste (or any edit) added, to select them."""
    new, old = after.graph(graph), before.graph(graph)
    return frozenset(new.nodes.keys() - old.nodes.keys() | new.notes.keys() - old.notes.keys())


def duplicate(
    project: Project, node_ids: Iterable[str], *, dx: float = 24.0, dy: float = 24.0, graph: str = MAIN
) -> Project:
    """Paste a copy beside the original, inner edges and fresh names included."""
    return paste(project, copy(project, node_ids, graph=graph), dx=dx, dy=dy, graph=graph)


def _with_snippets(project: Project, fragment: Fragment) -> tuple[Project, Fragment]:
    """The project with the fragment's own code, and the fragment as it calls it there. Equal code is the same."""
    if not fragment.snippets:
        return project, fragment
    there = {snippet.name: snippet for snippet in reversed(list(project.snippets.values()))}
    brought = fragment.as_project()
    # A new name changes the text of what takes it, which may need one too then.
    is_settled = False
    while not is_settled:
        is_settled = True
        for snippet in brought.snippets.values():
            if snippet.name in there and not _is_same(there[snippet.name], snippet):
                taken = there.keys() | {each.name for each in brought.snippets.values()}
                renamed = rename_snippet(brought, snippet.id, unused(snippet.name, set(taken)))
                if renamed is not brought:
                    brought, is_settled = renamed, False
                    break
    snippets, next_id = dict(project.snippets), project.next_id
    for snippet in brought.snippets.values():
        if snippet.name not in there:
            snippets[f"s{next_id}"] = replace(snippet, id=f"s{next_id}")
            next_id += 1
    if len(snippets) > len(project.snippets):
        project = replace(project, snippets=snippets, next_id=next_id)
    return project, Fragment.of_project(brought)


def _is_same(one: Snippet, other: Snippet) -> bool:
    return (one.kind, one.source) == (other.kind, other.source)


def _with_blocks(project: Project, fragment: Fragment) -> tuple[Project, dict[str, str]]:
    """The project with the fragment's blocks, and what their ids are there. Equal blocks are taken as the same."""
    new_ids: dict[str, str] = {}
    next_id = project.next_id
    missing: list[Block] = []
    for key, block in fragment.blocks.items():
        if project.blocks.get(key) == block:
            new_ids[key] = key
        else:
            new_ids[key] = f"b{next_id}"
            next_id += 1
            missing.append(block)
    if not missing:
        return project, new_ids
    blocks = dict(project.blocks)
    taken = {block.name for block in blocks.values()}
    for block in missing:
        name = unused(block.name, taken)
        taken.add(name)
        blocks[new_ids[block.id]], next_id = copied_block(block, new_ids[block.id], name, next_id, new_ids)
    return replace(project, blocks=blocks, next_id=next_id), new_ids


def copied_block(block: Block, key: str, name: str, next_id: int, blocks: Mapping[str, str]) -> tuple[Block, int]:
    """A copy of a block with fresh ids inside, and the next free one; ``blocks`` tells what those it uses are called.

    The order of the ids is kept: it is that of the ports.
    """
    graph, new_ids, next_id = _with_fresh_ids(block.graph, next_id, blocks)
    unnamed = frozenset(new_ids[node] for node in block.unnamed if node in new_ids)
    return replace(block, id=key, name=name, graph=graph, unnamed=unnamed), next_id


def _with_fresh_ids(graph: Graph, next_id: int, blocks: Mapping[str, str]) -> tuple[Graph, Mapping[str, str], int]:
    new_ids = {key: f"n{next_id + place}" for place, key in enumerate(sorted(graph.nodes, key=id_key))}
    next_id += len(new_ids)
    nodes = {
        new_ids[key]: replace(
            node,
            id=new_ids[key],
            shares=new_ids.get(node.shares) if node.shares is not None else None,
            block=blocks.get(node.block, node.block) if node.block is not None else None,
        )
        for key, node in graph.nodes.items()
    }
    edges: dict[str, Edge] = {}
    for edge in sorted(graph.edges.values(), key=lambda edge: id_key(edge.id)):
        if edge.source.node in new_ids and edge.target.node in new_ids:
            source = PortRef(new_ids[edge.source.node], edge.source.port)
            target = PortRef(new_ids[edge.target.node], edge.target.port)
            edges[f"e{next_id}"] = replace(edge, id=f"e{next_id}", source=source, target=target)
            next_id += 1
    notes, new_notes, next_id = copied_notes(graph.notes, next_id)
    frames, next_id = copied_frames(graph.frames, new_ids | new_notes, next_id)
    return Graph(nodes, edges, frames, notes), new_ids, next_id
