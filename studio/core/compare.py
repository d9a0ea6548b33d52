"""What is different between two versions of a project, for people: which layers came, went, and what of them changed.

``change.diff`` tells a view which ids to touch; this tells a person. Places, colours and frames are no difference. A
layer is the same one as before when it has its id and its name, or else its name and its type, or else its id and its
type. So files that were made apart from each other can be compared too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Literal

from studio.catalog.spec import shown_type
from studio.core.project import MAIN, Edge, Graph, Node, Project
from studio.core.topology import id_key
from studio.immutable import immutable

Kind = Literal["added", "removed", "changed"]


@immutable
class Difference:
    """One thing that is different.

    ``graph`` is the key of the graph in the new version (of the old one where it is gone), None for what belongs to
    no graph; ``node`` the id there. ``details`` are short lines: "units: 10 → 20".
    """

    kind: Kind
    name: str
    type: str = ""
    graph: str | None = None
    node: str | None = None
    details: tuple[str, ...] = ()
    place: tuple[float, float] | None = None
    """Where a node stood that is gone."""


def compare(old: Project, new: Project) -> tuple[Difference, ...]:
    """All differences from ``old`` to ``new``: those of the project, then graph by graph, in the order of ids."""
    return (*_of_project(old, new), *_of_graph(old, new, MAIN, MAIN), *_of_blocks(old, new))


# ---- what belongs to no graph ----------------------------------------------------------------------------------------


def _of_project(old: Project, new: Project) -> Iterator[Difference]:
    if old.title != new.title:
        yield Difference("changed", "Title", details=(f"{old.title} → {new.title}",))
    for name, one, other in (("Data", old.data, new.data), ("Training plan", old.training, new.training)):
        if one is not other and one != other:
            changed = [field.name for field in fields(one) if getattr(one, field.name) != getattr(other, field.name)]
            details = tuple(_words(field, getattr(one, field), getattr(other, field)) for field in changed)
            yield Difference("changed", name, details=details)
    before = {snippet.name: snippet for snippet in old.snippets.values()}
    after = {snippet.name: snippet for snippet in new.snippets.values()}
    for name in sorted(before | after):
        one_snippet, other_snippet = before.get(name), after.get(name)
        if one_snippet is None or other_snippet is None:
            yield Difference("removed" if other_snippet is None else "added", name, "code")
        elif (one_snippet.source, one_snippet.kind) != (other_snippet.source, other_snippet.kind):
            yield Difference("changed", name, "code")


def _of_blocks(old: Project, new: Project) -> Iterator[Difference]:
    names = {block.name: block.id for block in old.blocks.values()}
    matched: dict[str, str] = {}
    for key in sorted(new.blocks, key=id_key):
        block, there = new.blocks[key], old.blocks.get(key)
        is_same = there is not None and (there.name == block.name or block.name not in names)
        if is_same or block.name in names:
            matched[key] = key if is_same else names[block.name]
    for key in sorted(new.blocks, key=id_key):
        block = new.blocks[key]
        if key not in matched:
            yield Difference("added", block.name, "block", key)
            continue
        before = old.blocks[matched[key]]
        if before is block:
            continue
        lines = [] if before.name == block.name else [f"name: {before.name} → {block.name}"]
        if before.parameters != block.parameters:
            told = [", ".join(f"{each.name}={_text(each.default)}" for each in one.parameters) or "none"
                    for one in (before, block)]  # fmt: skip
            lines.append(f"parameters: {told[0]} → {told[1]}")
        if lines:
            yield Difference("changed", block.name, "block", key, details=tuple(lines))
        yield from _of_graph(old, new, matched[key], key)
    for key in sorted(old.blocks.keys() - set(matched.values()), key=id_key):
        yield Difference("removed", old.blocks[key].name, "block")


# ---- one graph -------------------------------------------------------------------------------------------------------


def _of_graph(old: Project, new: Project, old_key: str, key: str) -> Iterator[Difference]:
    before, after = old.graph(old_key), new.graph(key)
    if before is after:
        return
    matched = _matched(before, after)
    sources = _sources_changed(before, after, matched)
    for id in sorted(after.nodes, key=id_key):
        node = after.nodes[id]
        if id not in matched:
            yield Difference("added", node.name, shown_type(node.type), key, id)
            continue
        was = before.nodes[matched[id]]
        if was is not node or id in sources:
            details = (*_details(was, node, before, after), *sources.get(id, ()))
            if details:
                yield Difference("changed", node.name, shown_type(node.type), key, id, details)
    for id in sorted(before.nodes.keys() - set(matched.values()), key=id_key):
        node = before.nodes[id]
        yield Difference("removed", node.name, shown_type(node.type), key, id, place=(node.x, node.y))
    yield from _of_notes(before, after, key)


def _of_notes(before: Graph, after: Graph, key: str) -> Iterator[Difference]:
    """Notes whose text is another one; where they lie and which colour they have is no difference."""
    if before.notes is after.notes:
        return
    same = {id for id, note in after.notes.items() if id in before.notes and before.notes[id].text == note.text}
    gone = {id: note for id, note in before.notes.items() if id not in same}
    for id in sorted(after.notes.keys() - same, key=id_key):
        note = after.notes[id]
        was = gone.get(id) or next((each for each in gone.values() if each.text == note.text), None)
        if was is None:
            yield Difference("added", note_title(note.text), "note", key, id)
            continue
        del gone[was.id]
        if was.text != note.text:
            details = (f"text: {note_title(was.text)} → {note_title(note.text)}",)
            yield Difference("changed", note_title(note.text), "note", key, id, details)
    for id in sorted(gone, key=id_key):
        note = gone[id]
        yield Difference("removed", note_title(note.text), "note", key, id, place=(note.x, note.y))


def note_title(text: str) -> str:
    """What a note is called where there is little room: its first line, as far as it goes."""
    line = next((line.strip() for line in text.split("\n") if line.strip()), "") or "empty note"
    return line if len(line) <= _TITLE else f"{line[: _TITLE - 1]}…"


_TITLE = 60


def _matched(before: Graph, after: Graph) -> dict[str, str]:
    """The old id of each new node that is the same one as before."""
    found: dict[str, str] = {}
    for id, node in after.nodes.items():
        was = before.nodes.get(id)
        if was is not None and (was is node or was.name == node.name):
            found[id] = id
    taken = set(found.values())
    free = {(node.name, node.type): id for id, node in before.nodes.items() if id not in taken}
    for id, node in after.nodes.items():
        if id not in found and (node.name, node.type) in free:
            found[id] = free.pop((node.name, node.type))
    taken = set(found.values())
    for id, node in after.nodes.items():
        was = before.nodes.get(id)
        if id not in found and id not in taken and was is not None and was.type == node.type:
            found[id] = id
    return found


def _details(was: Node, node: Node, before: Graph, after: Graph) -> Iterator[str]:
    if was.name != node.name:
        yield f"name: {was.name} → {node.name}"
    if was.type != node.type:
        yield f"type: {shown_type(was.type)} → {shown_type(node.type)}"
    for name in {**was.params, **node.params}:
        one, other = was.params.get(name, _DEFAULT), node.params.get(name, _DEFAULT)
        # 1, 1.0 and True are equal and not the same in the code.
        if one != other or type(one) is not type(other):
            yield _words(name, one, other)
    if was.is_bypassed != node.is_bypassed:
        yield "bypassed" if node.is_bypassed else "not bypassed any more"
    if was.is_time_distributed != node.is_time_distributed:
        yield "applied to every time step" if node.is_time_distributed else "not applied to every time step any more"
    if (was.shares is None) != (node.shares is None):
        yield "calls a shared layer" if node.shares is not None else "has weights of its own"
    elif was.shares is not None and node.shares is not None:
        origins = before.nodes.get(was.shares), after.nodes.get(node.shares)
        names = [origin.name if origin is not None else "?" for origin in origins]
        if was.shares != node.shares and names[0] != names[1]:
            yield f"shares the layer of: {names[0]} → {names[1]}"


class _Default:
    def __repr__(self) -> str:
        return "default"


_DEFAULT = _Default()


def _sources_changed(before: Graph, after: Graph, matched: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What is told of nodes that take from elsewhere than before, by new id."""
    if before.edges is after.edges:
        return {}
    old_edges = {_ends(edge) for edge in before.edges.values()}
    new_edges = {_ends(edge, matched) for edge in after.edges.values()}
    changed_targets = {target for _, _, target, _, _ in old_edges ^ new_edges}
    back = {old: new for new, old in matched.items()}
    found: dict[str, tuple[str, ...]] = {}
    for old_id in changed_targets:
        id = back.get(old_id)
        if id is not None:
            told = [", ".join(_taken(graph, node)) or "nothing" for graph, node in ((before, old_id), (after, id))]
            if told[0] != told[1]:
                found[id] = (f"takes from: {told[0]} → {told[1]}",)
    return found


def _ends(edge: Edge, matched: Mapping[str, str] | None = None) -> tuple[str, str, str, str, int]:
    source, target = edge.source.node, edge.target.node
    if matched is not None:
        source, target = matched.get(source, f"new {source}"), matched.get(target, f"new {target}")
    return source, edge.source.port, target, edge.target.port, edge.rank


def _taken(graph: Graph, node: str) -> list[str]:
    arriving = sorted((edge for edge in graph.edges.values() if edge.target.node == node),
                      key=lambda edge: (edge.target.port, edge.rank))  # fmt: skip
    return [graph.nodes[edge.source.node].name for edge in arriving if edge.source.node in graph.nodes]


def _words(name: str, one: object, other: object) -> str:
    return f"{name.replace('_', ' ')}: {_text(one)} → {_text(other)}"


def _text(value: object) -> str:
    """A value in little room."""
    text = repr(value) if not hasattr(value, "type") else str(getattr(value, "type", value))
    return text if len(text) <= 60 else f"{text[:57]}..."
