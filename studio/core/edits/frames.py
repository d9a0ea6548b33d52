"""Edits of frames: titled areas around nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.core.edits.rebuild import with_graph
from studio.core.naming import is_valid_title
from studio.core.project import MAIN, Frame, FrameColour, Graph, Project
from studio.core.topology import id_key


def make_frame(project: Project, node_ids: Iterable[str], title: str = "Frame", *, graph: str = MAIN) -> Project:
    """Put a frame around nodes; they leave the frames in which they stood. Its id is ``f"f{project.next_id}"``."""
    drawn = project.graph(graph)
    inside = _in_order(node for node in node_ids if node in drawn.nodes)
    if not inside or any(frame.nodes == inside for frame in drawn.frames.values()):
        return project
    frame = Frame(f"f{project.next_id}", title.strip() if is_valid_title(title) else "Frame", inside)
    frames = {**_without(drawn.frames, inside), frame.id: frame}
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


def join_frame(project: Project, frame_id: str, node_ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Take nodes into a frame; they leave the frames in which they stood."""
    drawn = project.graph(graph)
    frame = drawn.frames.get(frame_id)
    new = [node for node in node_ids if node in drawn.nodes and frame is not None and node not in frame.nodes]
    if frame is None or not new:
        return project
    frames = dict(_without(drawn.frames, new))
    frames[frame_id] = replace(frame, nodes=_in_order([*frame.nodes, *new]))
    return with_graph(project, graph, frames=frames)


def leave_frame(project: Project, node_ids: Iterable[str], *, graph: str = MAIN) -> Project:
    """Take nodes out of their frames; a frame that has none left goes away."""
    drawn = project.graph(graph)
    return with_graph(project, graph, frames=_without(drawn.frames, set(node_ids)))


def frame_of(graph: Graph, node_id: str) -> Frame | None:
    """The frame in which a node stands."""
    return next((frame for frame in graph.frames.values() if node_id in frame.nodes), None)


def copied_frames(
    frames: Mapping[str, Frame], new_ids: Mapping[str, str], next_id: int
) -> tuple[dict[str, Frame], int]:
    """Frames for copies of nodes, with fresh ids; ``new_ids`` tells which node became which. And the next free id."""
    found: dict[str, Frame] = {}
    for frame in frames.values():
        inside = _in_order(new_ids[node] for node in frame.nodes if node in new_ids)
        if inside:
            found[f"f{next_id}"] = replace(frame, id=f"f{next_id}", nodes=inside)
            next_id += 1
    return found, next_id


def whole_frames(frames: Mapping[str, Frame], nodes: Iterable[str]) -> dict[str, Frame]:
    """The frames all of whose nodes are among ``nodes``."""
    inside = set(nodes)
    return {key: frame for key, frame in frames.items() if inside.issuperset(frame.nodes)}


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


def _without(frames: Mapping[str, Frame], nodes: Iterable[str]) -> Mapping[str, Frame]:
    gone = set(nodes)
    found = {}
    for key, frame in frames.items():
        if gone.isdisjoint(frame.nodes):
            found[key] = frame
        elif left := tuple(node for node in frame.nodes if node not in gone):
            found[key] = replace(frame, nodes=left)
    return frames if found == frames else found


def _in_order(nodes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(nodes), key=id_key))
