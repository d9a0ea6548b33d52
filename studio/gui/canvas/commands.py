"""What keys, menus and gestures do to the drawing: each one step, named as it stands in the menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.catalog.spec import LayerSpec, shown_type
from studio.core import edits, rules
from studio.core.ports import is_layer, ports_of
from studio.core.project import BLOCK, Node, Note, PortRef, Project
from studio.core.topology import edges_into
from studio.gui.canvas import arrange, clipboard, edge_walk, geometry, noting
from studio.gui.canvas.offers import Found
from studio.gui.session.shelf import KEPT_PREFIX

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.session import Session


_PAN = 8
"""How far an arrow key moves the view, as a multiple of how far it moves a node."""


def delete(canvas: Canvas) -> None:
    """Take the selected nodes and notes away and join what they stood between; or cut the marked edge."""
    session, key = canvas.session, canvas.session.graph_key
    chosen, edge = session.chosen, canvas.selected_edge
    if chosen:
        things = "things" if session.selected_notes else "layers"
        name = "Delete" if len(chosen) == 1 else f"Delete {len(chosen)} {things}"
        session.apply(lambda project: edits.delete(project, session.catalog, chosen, graph=key), name, selection=())
    elif edge is not None:
        canvas.select_edge(None)
        session.apply(lambda project: edits.disconnect(project, [edge], graph=key), "Disconnect")


def escape(canvas: Canvas) -> None:
    """Give up what is under way; from an edge back to the layer where one was; otherwise let go of the selection."""
    if not canvas.cancel_gesture() and not edge_walk.leave(canvas):
        canvas.select_edge(None)
        canvas.session.set_selection([])


def select_all(canvas: Canvas) -> None:
    """Select every node and note of the open graph."""
    canvas.session.set_selection({*canvas.session.graph.nodes, *canvas.session.graph.notes})


def open_selected(canvas: Canvas) -> None:
    """Go into the one selected block, to the parameters of the one selected layer, or to the text of a note."""
    chosen = canvas.session.selection
    if noting.selected(canvas.session) is not None:
        canvas.rename()
    elif len(chosen) == 1:
        (node,) = chosen
        if canvas.session.graph.nodes[node].block is not None:
            canvas.node_activated.emit(node)
        else:
            edit_parameters(canvas)


def edit_parameters(canvas: Canvas) -> None:
    """To the parameters of the one selected layer, those of a block's use included."""
    if len(canvas.session.selection) == 1:
        canvas.parameters_wanted.emit()


def nudge(canvas: Canvas, dx: float, dy: float) -> None:
    """Move the selected nodes and notes, or the way-point, a little, presses that follow each other in one step.

    Where nothing is selected the view moves."""
    session, key = canvas.session, canvas.session.graph_key
    chosen = session.chosen
    if not chosen:
        if not edge_walk.nudge_point(canvas, dx, dy):
            canvas.pan_by(round(-dx * _PAN), round(-dy * _PAN))
        return

    def edit(project: Project) -> Project:
        nodes: dict[str, Node | Note] = {**project.graph(key).nodes, **project.graph(key).notes}
        return edits.move(project, {id: (nodes[id].x + dx, nodes[id].y + dy) for id in chosen}, graph=key)

    session.apply(edit, "Move", merge_key="nudge " + " ".join(sorted(chosen)))


def copy(canvas: Canvas) -> None:
    """Put the selected nodes and notes on the clipboard."""
    if canvas.session.chosen:
        clipboard.put(edits.copy(canvas.session.project, canvas.session.chosen, graph=canvas.session.graph_key))


def cut(canvas: Canvas) -> None:
    """Copy, then delete."""
    if canvas.session.chosen:
        copy(canvas)
        delete(canvas)


def paste(canvas: Canvas, *, keeps_inputs: bool = False) -> None:
    """Put what is on the clipboard at the pointer, and select it; ``keeps_inputs``: it takes what the copied takes."""
    fragment = clipboard.take()
    nodes: list[Node | Note] = []
    if fragment is not None:
        nodes = [*fragment.graph.nodes.values(), *fragment.graph.notes.values()]
    if fragment is None or not nodes:
        return
    left, top = min(node.x for node in nodes), min(node.y for node in nodes)
    at, key = canvas.pointer_place, canvas.session.graph_key
    if at is None:
        x, y = left + 3 * geometry.GRID, top + 3 * geometry.GRID
    else:
        x, y = at[0] - geometry.NODE_WIDTH / 2, at[1] - geometry.NODE_HEIGHT / 2
    dx, dy = geometry.snapped(x) - left, geometry.snapped(y) - top
    catalog = canvas.session.catalog

    def edit(project: Project) -> Project:
        if keeps_inputs:
            return edits.paste_with_inputs(project, catalog, fragment, dx=dx, dy=dy, graph=key)
        return edits.paste(project, fragment, dx=dx, dy=dy, graph=key)

    _apply_and_select(canvas, edit, "Paste with its inputs" if keeps_inputs else "Paste")


def duplicate(canvas: Canvas, *, keeps_inputs: bool = False) -> None:
    """Another copy of what is selected beside it, with the edges between the nodes, and with those into them."""
    session, key = canvas.session, canvas.session.graph_key
    chosen = session.chosen
    if not chosen:
        return
    dx, dy = arrange.beside(canvas.scene, chosen, session.project.direction)

    def edit(project: Project) -> Project:
        if not keeps_inputs:
            return edits.duplicate(project, chosen, dx=dx, dy=dy, graph=key)
        fragment = edits.copy(project, chosen, graph=key)
        return edits.paste_with_inputs(project, session.catalog, fragment, dx=dx, dy=dy, graph=key)

    _apply_and_select(canvas, edit, "Duplicate with its inputs" if keeps_inputs else "Duplicate")
    canvas.sight.show(*session.chosen)


def _apply_and_select(canvas: Canvas, edit: edits.Edit, name: str) -> None:
    """Do an edit and select the nodes and notes that it made."""
    session = canvas.session
    before = session.project
    after = edit(before)
    new = edits.pasted_ids(before, after, graph=session.graph_key)
    session.apply(lambda project: after if project is before else edit(project), name, selection=new)


def is_known(session: Session, wish: str) -> bool:
    """Whether ``wish`` can be added: a layer's type, "block:b3" for a use of block b3, or a block of the library."""
    kind, _, block = wish.partition(":")
    if kind == BLOCK and block:
        return block in session.project.blocks
    return session.library.wished(wish) is not None or session.catalog.layer(wish) is not None


def with_new(session: Session, project: Project, wish: str, x: float, y: float) -> tuple[Project, str]:
    """The project with a new layer or a new use of a block at a place of the open graph, and the new node's id."""
    kind, _, block = wish.partition(":")
    key, new = session.graph_key, f"n{project.next_id}"
    kept = session.library.wished(wish)
    if kept is not None:
        return edits.use_fragment(project, kept.fragment, x=x, y=y, graph=key)
    if kind == BLOCK and block:
        return edits.add_node(project, BLOCK, x=x, y=y, block=block, graph=key), new
    params = session.catalog.initial_params(wish)
    return edits.add_node(project, wish, x=x, y=y, params=params, graph=key), new


def _title(session: Session, wish: str) -> str:
    kept, (kind, _, block) = session.library.wished(wish), wish.partition(":")
    if kept is not None:
        return kept.name
    return session.project.blocks[block].name if kind == BLOCK and block in session.project.blocks else shown_type(wish)


def add_layer(canvas: Canvas, type: str, corner: tuple[float, float], *, edge: str | None = None) -> None:
    """Put a new layer (or "block:b3", a use of a block) at a place of the scene, or on an edge, and select it."""
    session, key = canvas.session, canvas.session.graph_key
    if not is_known(session, type):
        return
    new = with_new(session, session.project, type, 0, 0)[1]
    source = session.graph.edges[edge].source if edge is not None else None
    canvas.popups.suggesting.note(type, source, is_input=False)

    def edit(project: Project) -> Project:
        place = corner
        if edge is None:
            place = arrange.free_place(project.graph(key), *corner, project.direction)
        project, added = with_new(session, project, type, *place)
        return arrange.inserted(project, session.catalog, added, edge, key) if edge is not None and added else project

    verb = "Insert" if edge is not None else "Add"
    session.apply(edit, f"{verb} {_title(session, type)}", selection=[new])


# ---- quick add -------------------------------------------------------------------------------------------------------


def fits(spec: LayerSpec, anchor: PortRef | None, is_input: bool) -> bool:
    """Whether a layer has a port for the edge that waits for it."""
    return anchor is None or bool(spec.outputs if is_input else spec.inputs)


def blocks_called(canvas: Canvas, text: str) -> Iterator[Found]:
    """Uses of the project's blocks, and blocks of the library, whose name has the text."""
    session, wanted = canvas.session, text.casefold()
    for block in session.project.blocks.values():
        is_legal = rules.why_not_use_block(session.project, block.id, graph=session.graph_key) is None
        if wanted in block.name.casefold() and is_legal:
            yield Found(f"{BLOCK}:{block.id}", block.name, canvas.tr("a block of this project"), "core")
    names = {block.name for block in session.project.blocks.values()}
    for kept in session.library.shelf.found(text):
        if kept.name not in names:
            yield Found(f"{KEPT_PREFIX}{kept.key}", kept.name, kept.summary, "core")


def output_to_follow(canvas: Canvas) -> PortRef | None:
    """The first output of the one selected node, from which a new node goes on."""
    session = canvas.session
    if len(session.selection) != 1:
        return None
    node = session.graph.nodes[next(iter(session.selection))]
    outputs = ports_of(session.project, session.catalog, node)[1]
    return PortRef(node.id, outputs[0].name) if outputs else None


def edge_before(canvas: Canvas) -> str | None:
    """The first edge into the one selected node."""
    session = canvas.session
    if len(session.selection) != 1:
        return None
    edges = edges_into(session.graph, next(iter(session.selection)))
    return min(edges, key=lambda edge: edge.rank).id if edges else None


def why_not_swap(canvas: Canvas) -> str:
    """Why what is selected cannot become a layer of another type, in one sentence; "" where it can."""
    session = canvas.session
    if len(session.selection) != 1:
        return canvas.tr("Select exactly one layer.")
    node = session.graph.nodes[next(iter(session.selection))]
    return "" if is_layer(node) else canvas.tr("{0} is no layer that could be of another type.").format(node.name)


def swap_type(canvas: Canvas, node: str, type: str) -> None:
    """Make a layer one of another type: it keeps its place, its edges, and the parameters that both types have."""
    session, key = canvas.session, canvas.session.graph_key
    spec, drawn = session.catalog.layer(type), session.graph.nodes.get(node)
    if spec is not None and drawn is not None:
        session.apply(
            lambda project: edits.swap_type(project, session.catalog, node, type, graph=key),
            canvas.tr("Make {0} a layer of the type {1}").format(drawn.name, spec.shown),
        )


def place_for_new(canvas: Canvas) -> tuple[float, float]:
    """Where a layer goes that is added without the mouse: after the one selected node, else amid the view."""
    session = canvas.session
    if len(session.selection) == 1:
        node = session.graph.nodes[next(iter(session.selection))]
        x, y = node.x + geometry.NODE_WIDTH / 2, node.y + geometry.NODE_HEIGHT / 2
        if session.project.direction == "down":
            return x, y + geometry.NODE_HEIGHT + arrange.GAP
        return x + geometry.NODE_WIDTH + arrange.GAP, y
    return canvas.view.to_scene(canvas.width() / 2, canvas.height() / 2)


def add_to_chain(canvas: Canvas, wish: str) -> None:
    """Add a layer (or "block:b3") without the mouse: after the selected node and connected with it, if there is one."""
    add_found(canvas, wish, place_for_new(canvas), output_to_follow(canvas))
    show_selection(canvas)


def show_selection(canvas: Canvas) -> None:
    """Bring the one selected node into view, after something was done without the mouse."""
    if len(canvas.session.selection) == 1:
        canvas.sight.show(next(iter(canvas.session.selection)))


def add_found(
    canvas: Canvas, type: str, at: tuple[float, float], anchor: PortRef | None, *, is_input: bool = False
) -> None:
    """Add the layer that was found at a scene point and connect it with the port that waits, where that is legal."""
    session, key = canvas.session, canvas.session.graph_key
    catalog = session.catalog
    if type == noting.WISH:
        noting.add(canvas, at)
        return
    if not is_known(session, type):
        return
    new = with_new(session, session.project, type, 0, 0)[1]
    canvas.popups.suggesting.note(type, anchor, is_input=is_input)

    def edit(project: Project) -> Project:
        corner = (
            geometry.snapped(at[0] - geometry.NODE_WIDTH / 2), geometry.snapped(at[1] - geometry.NODE_HEIGHT / 2),
        )  # fmt: skip
        place = arrange.free_place(project.graph(key), *corner, project.direction)
        project, _ = with_new(session, project, type, *place)
        if new not in project.graph(key).nodes:  # a block into itself
            return project
        inputs, outputs = ports_of(project, catalog, project.graph(key).nodes[new])
        if anchor is not None and is_input and outputs:
            return edits.connect(project, catalog, PortRef(new, outputs[0].name), anchor, graph=key)
        if anchor is not None and not is_input and inputs:
            return edits.connect(project, catalog, anchor, PortRef(new, inputs[0].name), graph=key)
        return project

    session.apply(edit, f"Add {_title(session, type)}", selection=[new])
