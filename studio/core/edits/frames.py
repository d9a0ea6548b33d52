"""Edits of frames: titled areas around nodes, and the notes among them. Ids of both stand in the same lists here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.core.edits.rebuild import with_graph
from studio.core.naming import is_valid_title
from studio.core.project import MAIN, Frame, FrameColour, Graph, Project
from studio.core.topology import id_key


def make_frame(project: Project, ids: Iterable[str], title: str = "Frame", *, graph: str = MAIN) -> Project:
    """Put a frame around nodes and notes; they leave the frames in which they stood.

    Its id is ``f"f{project.next_id}"``. There is none without a node.
    """
    drawn, chosen = project.graph(graph), set(ids)
    inside = _in_order(chosen & drawn.nodes.keys())
    notes = _in_order(chosen & drawn.notes.keys())
    if not inside or any((frame.nodes, frame.notes) == (inside, notes) for frame in drawn.frames.values()):
        return project
    title = title.strip() if is_valid_title(title) else "Frame"
    frame = Frame(f"f{project.next_id}", title, inside, notes=notes)
    frames = {**_without(drawn.frames, chosen), frame.id: frame}
    return with_graph(project, graph, frames=frames, next_id=project.next_id + 1)


def set_frame(
    project: Project, frame_id: str, *, title: str | None = None, colour: FrameColour | None = None, graph: str = MAIN
) -> Project:
    """Give a frame another title or colour."""
    drawn = project.graph(graph)
    frame = drawn.frames.get(frame_id)
    if frame is None or (title is not None and not is_valid_title(title)):
        return project
    new = replace(
        frame,
        title=frame.title if title is None else title.strip(),
        colour=frame.colour if colour is None else colour,
    )
    return project if new == frame else with_graph(project, graph, frames={**drawn.frames, frame_id: new})


def remove_frame(project: Project, frame_id: str, *, graph: str = MAIN) -> Project:
    """Take a frame away; its nodes stay."""
    drawn = project.graph(graph)
    if frame_id not in drawn.frames:
        return project
    return with_graph(project, graph, frames={key: frame for key, frame in drawn.frames.items() if key != frame_id})


def join_frame(project: Project, frame_id: str, ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Take nodes and notes into a frame; they leave the frames in which they stood."""
    drawn = project.graph(graph)
    frame = drawn.frames.get(frame_id)
    if frame is None:
        return project
    new = {id for id in ids if id in drawn.nodes or id in drawn.notes} - {*frame.nodes, *frame.notes}
    if not new:
        return project
    frames = dict(_without(drawn.frames, new))
    nodes, notes = {*frame.nodes, *new & drawn.nodes.keys()}, {*frame.notes, *new & drawn.notes.keys()}
    frames[frame_id] = replace(frame, nodes=_in_order(nodes), notes=_in_order(notes))
    return with_graph(project, graph, frames=frames)


def leave_frame(project: Project, ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Take nodes and notes out of their frames; a frame that has no node left goes away."""
    drawn = project.graph(graph)
    return with_graph(project, graph, frames=_without(drawn.frames, set(ids)))


def frame_of(graph: Graph, id: str) -> Frame | None:
    """The frame in which a node or a note stands."""
    return next((frame for frame in graph.frames.values() if id in frame.nodes or id in frame.notes), None)


def copied_frames(
    frames: Mapping[str, Frame], new_ids: Mapping[str, str], next_id: int
) -> tuple[dict[str, Frame], int]:
    """Frames for copies, with fresh ids; ``new_ids`` tells which node or note became which. And the next free id."""
    found: dict[str, Frame] = {}
    for frame in frames.values():
        inside = _in_order(new_ids[node] for node in frame.nodes if node in new_ids)
        if inside:
            notes = _in_order(new_ids[note] for note in frame.notes if note in new_ids)
            found[f"f{next_id}"] = replace(frame, id=f"f{next_id}", nodes=inside, notes=notes)
            next_id += 1
    return found, next_id


def whole_frames(frames: Mapping[str, Frame], ids: Iterable[str]) -> dict[str, Frame]:
    """The frames all of whose nodes are among ``ids``, with those of their notes that are."""
    inside = set(ids)
    return {
        key: frame if inside.issuperset(frame.notes) else replace(frame, notes=_in_order(inside & {*frame.notes}))
        for key, frame in frames.items()
        if inside.issuperset(frame.nodes)
    }


def with_stand_in(frames: Mapping[str, Frame], gone: Iterable[str], new: Iterable[str]) -> Mapping[str, Frame]:
    """The frames after nodes were replaced by others, which stand in the frame where the first of the old ones stood.

    A frame all of whose nodes are gone goes away with them, unless that is only one node.
    """
    lost, found = set(gone), {}
    taken = False
    for key, frame in frames.items():
        left = [node for node in frame.nodes if node not in lost]
        is_hit = len(left) < len(frame.nodes)
        if is_hit and not taken and (left or len(lost) == 1):
            left += new
            taken = True
        if left:
            found[key] = replace(frame, nodes=_in_order(left)) if is_hit else frame
    return found


def _without(frames: Mapping[str, Frame], ids: Iterable[str]) -> Mapping[str, Frame]:
    gone = set(ids)
    found = {}
    for key, frame in frames.items():
        if gone.isdisjoint(frame.nodes) and gone.isdisjoint(frame.notes):
            found[key] = frame
        elif left := tuple(node for node in frame.nodes if node not in gone):
            found[key] = replace(frame, nodes=left, notes=tuple(note for note in frame.notes if note not in gone))
    return frames if found == frames else found


def _in_order(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids), key=id_key))
