"""What the mouse does by dragging, for keys and the search for actions: the end is chosen from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import Edge, PortRef, Project
from studio.core.topology import edges_from, edges_into, id_key
from studio.gui.canvas import arrange, connecting, crossing, edge_walk, geometry, together
from studio.gui.canvas.offers import Found, Words

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


def take_out(canvas: Canvas) -> None:
    """Take the selected layers out of their chain and their frame; what they stood between is joined."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.chosen

    def edit(project: Project) -> Project:
        project = together.taken_out(project, session.catalog, chosen & session.selection, key)
        return edits.leave_frame(project, chosen, graph=key)

    session.apply(edit, canvas.tr("Take out"))


def cut_edges(canvas: Canvas) -> None:
    """Cut all edges between what is selected and the rest; of one layer all that it has."""
    session, key = canvas.session, canvas.session.graph_key
    cut = list(_crossing(canvas))
    session.apply(lambda project: edits.disconnect(project, cut, graph=key), canvas.tr("Cut edges"))


def _crossing(canvas: Canvas) -> Iterator[str]:
    chosen = canvas.session.selection
    edges = canvas.session.graph.edges.values()
    return (edge.id for edge in edges if (edge.source.node in chosen) != (edge.target.node in chosen))


# ---- plugging in elsewhere -------------------------------------------------------------------------------------------


def plug(canvas: Canvas, *, is_input: bool) -> None:
    """Ask for another layer, and where needed its port, at which the marked edge shall end (or start)."""
    edge, session, key = edge_walk.marked(canvas), canvas.session, canvas.session.graph_key
    if edge is None:
        return
    ends = _new_ends(canvas, edge, is_input=is_input)

    def join(port: PortRef) -> None:
        new = (edge.source, port) if is_input else (port, edge.target)
        session.apply(
            lambda project: edits.reconnect(project, session.catalog, edge.id, source=new[0], target=new[1], graph=key),
            canvas.tr("Move edge"),
        )
        canvas.select_edge(edge.id)

    def chosen(node: str) -> None:
        ports, fixed = ends[node], edge.source if is_input else edge.target
        if len(ports) == 1:
            join(ports[0])
        else:
            canvas.popups.choose_port(fixed, ports, _middle(canvas, node), join, is_input=is_input)

    asked = canvas.tr("Plug its end in at") if is_input else canvas.tr("Plug its start in at")
    words = Words(asked, canvas.tr("No layer of this name can have it."), canvas.tr("Layers that can have it"))
    at = geometry.middle(canvas.scene.edges.chain(canvas.scene.edges.slot[edge.id]))
    canvas.popups.choose(_rows(canvas, ends), words, chosen, at)


def _new_ends(canvas: Canvas, edge: Edge, *, is_input: bool) -> dict[str, list[PortRef]]:
    """The ports, by their nodes, at which an edge may end (or start) instead."""
    session, found = canvas.session, dict[str, list[PortRef]]()
    for node in session.graph.nodes.values():
        ports = ports_of(session.project, session.catalog, node)[0 if is_input else 1]
        for port in ports:
            ref = PortRef(node.id, port.name)
            source, target = (edge.source, ref) if is_input else (ref, edge.target)
            if ref in (edge.source, edge.target):
                continue
            why_not = rules.why_not_connect(
                session.project, session.catalog, source, target, graph=session.graph_key, ignoring_edge=edge.id
            )
            if why_not is None:
                found.setdefault(node.id, []).append(ref)
    return found


def move_all(canvas: Canvas) -> None:
    """Ask for another layer that shall feed all that the selected one feeds."""
    session = canvas.session
    here = next(iter(session.selection), "")
    _move(canvas, here, edges_from(session.graph, here))


def move_from(canvas: Canvas, port: PortRef) -> None:
    """The same for what one output feeds."""
    _move(canvas, port.node, [edge for edge in edges_from(canvas.session.graph, port.node) if edge.source == port])


def _move(canvas: Canvas, here: str, edges: Iterable[Edge]) -> None:
    session, key, edges = canvas.session, canvas.session.graph_key, list(edges)

    def moved(project: Project, new: PortRef) -> Project:
        for edge in edges:
            project = edits.reconnect(project, session.catalog, edge.id, source=new, graph=key)
        return project

    outputs = {
        node.id: PortRef(node.id, ports[0].name)
        for node in session.graph.nodes.values()
        if node.id != here and (ports := ports_of(session.project, session.catalog, node)[1])
    }
    able = {id: port for id, port in outputs.items() if moved(session.project, port) is not session.project}
    name = session.graph.nodes[here].name
    words = Words(
        canvas.tr("Feed what {0} feeds from").format(name), canvas.tr("No layer of this name can do it."),
        canvas.tr("Layers that can do it"),
    )  # fmt: skip

    def chosen(node: str) -> None:
        session.apply(lambda project: moved(project, able[node]), canvas.tr("Move edges"))

    canvas.popups.choose(_rows(canvas, able), words, chosen, _middle(canvas, here))


def insert_on_edge(canvas: Canvas) -> None:
    """Ask for an edge on which the selected layer, which stands alone, is put; what follows makes room."""
    session, key = canvas.session, canvas.session.graph_key
    here = next(iter(session.selection), "")
    names = {id: node.name for id, node in session.graph.nodes.items()}
    rows = [
        Found(edge.id, f"{names[edge.source.node]} → {names[edge.target.node]}", "", "core")
        for edge in sorted(session.graph.edges.values(), key=lambda edge: id_key(edge.id))
        if rules.why_not_insert(session.project, session.catalog, here, edge.id, graph=key) is None
    ]
    words = Words(canvas.tr("Put it on the edge"), canvas.tr("No such edge takes it."), canvas.tr("Edges that take it"))

    def chosen(edge: str) -> None:
        session.apply(
            lambda project: arrange.inserted(project, session.catalog, here, edge, key), canvas.tr("Insert on edge")
        )

    canvas.popups.choose(rows, words, chosen, _middle(canvas, here))


# ---- frames ----------------------------------------------------------------------------------------------------------


def join_frame(canvas: Canvas) -> None:
    """Ask for a frame into which what is selected goes."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.chosen
    rows = [Found(frame.id, frame.title, "", "core") for frame in session.graph.frames.values()]
    words = Words(canvas.tr("Move into the frame"), canvas.tr("No frame has this title."), canvas.tr("Frames"))

    def join(frame: str) -> None:
        session.apply(
            lambda project: edits.join_frame(project, frame, chosen, graph=key), canvas.tr("Move into the frame")
        )

    canvas.popups.choose(rows, words, join, _middle(canvas, next(iter(chosen))))


def select_frame(canvas: Canvas) -> None:
    """Select all that stands in the frame of what is selected, as a click on its title does."""
    frame = _frame(canvas)
    if frame is not None:
        canvas.session.set_selection(frame)


def _frame(canvas: Canvas) -> set[str] | None:
    session = canvas.session
    found = (edits.frame_of(session.graph, id) for id in sorted(session.chosen, key=id_key))
    return next(({*frame.nodes, *frame.notes} for frame in found if frame is not None), None)


# ---- for the table of actions ----------------------------------------------------------------------------------------

ACTIONS: Final[Mapping[str, Callable[[Canvas], object]]] = {
    "next_edge": partial(edge_walk.step, by=1),
    "previous_edge": partial(edge_walk.step, by=-1),
    "add_point": edge_walk.add_point,
    "remove_point": edge_walk.remove_point,
    "plug_target": partial(plug, is_input=True),
    "plug_source": partial(plug, is_input=False),
    "move_all_edges": move_all,
    "earlier_input": partial(crossing.move_in_order, by=-1),
    "later_input": partial(crossing.move_in_order, by=1),
    "take_out": take_out,
    "cut_edges": cut_edges,
    "insert_on_edge": insert_on_edge,
    "join_frame": join_frame,
    "select_frame": select_frame,
    "into_block": crossing.ask_into,
    "out_of_block": crossing.move_out,
}


def do(canvas: Canvas, action: str) -> None:
    """Do one of these, or say why it cannot be done now."""
    if reason := why_not(canvas, action):
        canvas.narrator.say(reason)
    else:
        ACTIONS[action](canvas)


def why_not(canvas: Canvas, action: str) -> str:
    """Why one of these cannot be done now, or ""."""
    session = canvas.session
    match action:
        case "add_point" | "remove_point":
            return edge_walk.why_not_point(canvas, action)
        case "plug_target" | "plug_source" if edge_walk.marked(canvas) is None:
            return canvas.tr("Select an edge first: E goes through those of a layer.")
        case "next_edge" | "previous_edge" if len(session.selection) != 1 and edge_walk.marked(canvas) is None:
            return canvas.tr("Select exactly one layer, or an edge.")
        case "earlier_input" | "later_input":
            return crossing.why_not_order(canvas, -1 if action == "earlier_input" else 1)
        case "into_block":
            return crossing.why_not_into(session)
        case "out_of_block":
            return crossing.why_not_out(session)
        case "take_out" | "cut_edges" if not session.selection:
            return canvas.tr("Select a layer first.")
        case "cut_edges" if next(_crossing(canvas), None) is None:  # asked at every change
            return canvas.tr("No edge leads from what is selected to the rest.")
        case "move_all_edges" | "insert_on_edge" if len(session.selection) != 1:
            return canvas.tr("Select exactly one layer.")
        case "move_all_edges" if not edges_from(session.graph, next(iter(session.selection))):
            return canvas.tr("The layer feeds nothing yet.")
        case "insert_on_edge" if _has_edges(canvas):
            return canvas.tr("The layer has edges already; take it out of its chain first.")
        case "join_frame" if not session.chosen:
            return canvas.tr("Select a layer or a note first.")
        case "join_frame" if not session.graph.frames:
            return canvas.tr("The drawing has no frame yet.")
        case "select_frame" if _frame(canvas) is None:
            return canvas.tr("Nothing of what is selected stands in a frame.")
    return ""


def _has_edges(canvas: Canvas) -> bool:
    here, graph = next(iter(canvas.session.selection)), canvas.session.graph
    return bool(edges_into(graph, here) or edges_from(graph, here))


def _rows(canvas: Canvas, nodes: Iterable[str]) -> Iterator[Found]:
    return (connecting.row_of(canvas.session, node) for node in nodes)


def _middle(canvas: Canvas, id: str) -> geometry.Point:
    scene = canvas.scene
    rows = scene if id in scene.slot else scene.notes
    x, y = (rows.pos[rows.slot[id]] + rows.size[rows.slot[id]] / 2).tolist()
    return x, y
