"""What a press means, from what lies under the pointer: which gesture it starts, what a double click does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent

from studio.core import edits
from studio.core.project import BLOCK, Edge, PortRef
from studio.core.topology import edges_from, edges_into
from studio.gui.canvas import areas, geometry, menus, sticky, together, way_points
from studio.gui.canvas.gestures.draw_edge import DrawEdge
from studio.gui.canvas.gestures.gesture import MouseGesture
from studio.gui.canvas.gestures.knife import Knife
from studio.gui.canvas.gestures.move_nodes import MoveNodes
from studio.gui.canvas.gestures.move_point import MovePoint
from studio.gui.canvas.gestures.move_sources import MoveSources
from studio.gui.canvas.gestures.pan import Pan
from studio.gui.canvas.gestures.resize_note import ResizeNote
from studio.gui.canvas.gestures.select_box import SelectBox

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_ADD = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


def start(
    canvas: Canvas, point: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
) -> MouseGesture | None:
    """The gesture that this press begins; None for a press that is an act by itself, or none of ours."""
    if button == Qt.MouseButton.MiddleButton or canvas.is_space_held:
        return Pan(canvas, point)
    if button == Qt.MouseButton.RightButton and modifiers & Qt.KeyboardModifier.ControlModifier:
        return Knife(canvas, point)
    if button == Qt.MouseButton.BackButton:
        canvas.places.back()
    elif button == Qt.MouseButton.ForwardButton:
        canvas.places.forward()
    if button != Qt.MouseButton.LeftButton:
        return None
    x, y = canvas.view.to_scene(point.x(), point.y())
    scene = canvas.scene
    port = canvas.port_near(x, y)
    if port is not None:
        ref = PortRef(scene.ids[port.slot], port.name)
        return _at_port(canvas, point, ref, modifiers, is_input=port.is_input)
    slot = geometry.node_at(scene.pos, scene.size, x, y)
    if slot >= 0:
        return _at_node(canvas, point, slot, modifiers)
    point_of = way_points.point_near(canvas, x, y)
    if point_of is not None:
        canvas.session.set_selection([])
        canvas.select_edge(point_of[0].id)
        return MovePoint(canvas, point, *point_of)
    edge = canvas.edge_near(x, y)
    if edge >= 0:
        return _at_edge(canvas, point, scene.edges[edge], modifiers)
    canvas.select_edge(None)
    note = scene.notes.at(x, y)
    if note >= 0:
        return _at_note(canvas, point, note, modifiers)
    frame = areas.title_at(scene, x, y, canvas.view.scale)
    if frame >= 0:
        return _at_frame(canvas, point, frame, modifiers)
    return SelectBox(canvas, point, modifiers)


def wheel(canvas: Canvas, event: QWheelEvent) -> None:
    """Two fingers on a touchpad move the view, a wheel zooms at the pointer; a gesture goes on meanwhile."""
    pixels, angle = event.pixelDelta(), event.angleDelta()
    is_zoom = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    if not pixels.isNull() and not is_zoom and event.phase() != Qt.ScrollPhase.NoScrollPhase:
        canvas.pan_by(pixels.x(), pixels.y())
    elif angle.y() or angle.x():
        canvas.camera.zoom(1.0015 ** (angle.y() or angle.x()), event.position())
    if canvas.gesture is not None:
        canvas.gesture.move(event.position(), event.modifiers())


def ask_menu(canvas: Canvas, event: QContextMenuEvent) -> None:
    """Ask for the menu of what lies there; a right press with Ctrl is that of a knife."""
    is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
    if is_mouse and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return
    canvas.cancel_gesture()
    if is_mouse:
        canvas.pointer = QPointF(event.pos())
        mean(canvas, event.pos())
        port = canvas.port_near(*canvas.view.to_scene(event.pos().x(), event.pos().y()))
        if port is not None:
            ref = PortRef(canvas.scene.ids[port.slot], port.name)
            rows = menus.of_port(canvas, ref, is_input=port.is_input)
            menus.pop_up(canvas, rows, event.globalPos(), menus.title_of(canvas, ref, is_input=port.is_input))
            return
    canvas.menu_requested.emit(event.globalPos())


def double(canvas: Canvas, point: QPointF) -> None:
    """A double click: into a block, a name or a note, on an edge a way-point, over nothing the search for a layer."""
    x, y = canvas.view.to_scene(point.x(), point.y())
    slot = geometry.node_at(canvas.scene.pos, canvas.scene.size, x, y)
    if slot >= 0:
        id = canvas.scene.ids[slot]
        is_block = canvas.session.graph.nodes[id].type == BLOCK
        canvas.node_activated.emit(id)  # which may show the inside of the block
        if not is_block:
            canvas.rename(id)
    elif (point_of := way_points.point_near(canvas, x, y)) is not None:
        way_points.remove(canvas, *point_of)
    elif (edge := canvas.edge_near(x, y)) >= 0:
        way_points.add(canvas, canvas.scene.edges[edge], x, y)
    elif (note := canvas.scene.notes.at(x, y)) >= 0:
        canvas.rename(canvas.scene.notes.notes[note].id)
    else:
        frame = areas.title_at(canvas.scene, x, y, canvas.view.scale)
        if frame >= 0:
            canvas.popups.rename_frame(canvas.scene.framing.frames[frame].id)
        else:
            canvas.open_quick_add(point)


def mean(canvas: Canvas, point: QPoint) -> None:
    """Select what a menu at this pixel is about: node, edge, note or frame; a selected one means all selected.

    Over nothing it is about the canvas, and what was selected is let go.
    """
    x, y = canvas.view.to_scene(point.x(), point.y())
    port = canvas.port_near(x, y)
    slot = port.slot if port is not None else geometry.node_at(canvas.scene.pos, canvas.scene.size, x, y)
    if slot >= 0 and not canvas.scene.is_selected[slot]:
        canvas.session.set_selection([canvas.scene.ids[slot]])
    edge = canvas.edge_near(x, y) if slot < 0 else -1
    note = canvas.scene.notes.at(x, y) if slot < 0 and edge < 0 else -1
    if note >= 0 and not canvas.scene.notes.is_selected[note]:
        canvas.session.set_selection([canvas.scene.notes.notes[note].id])
    frame = areas.title_at(canvas.scene, x, y, canvas.view.scale) if slot < 0 and edge < 0 and note < 0 else -1
    if frame >= 0:
        found = canvas.scene.framing.frames[frame]
        canvas.session.set_selection({*found.nodes, *found.notes})
    if slot < 0 and note < 0 and frame < 0:
        canvas.session.set_selection([])  # the menu would be about what is selected
    canvas.select_edge(canvas.scene.edges.ids[edge] if edge >= 0 else None)


def _at_port(
    canvas: Canvas, point: QPointF, ref: PortRef, modifiers: Qt.KeyboardModifier, *, is_input: bool
) -> MouseGesture:
    """An input that has its one edge gives this edge to the pointer (with Shift another one like it).

    An output gives all of its edges with Ctrl. Every other port begins a new edge.
    """
    if is_input:
        slot = canvas.scene.slot[ref.node]
        takes_many = any(port.takes_many and port.name == ref.port for port in canvas.scene.cards[slot].inputs)
        edge = next(iter(edges_into(canvas.session.graph, ref.node, ref.port)), None)
        if edge is not None and not takes_many:
            return _end_of(canvas, point, edge, modifiers)
    has_edges = any(edge.source == ref for edge in edges_from(canvas.session.graph, ref.node))
    if not is_input and has_edges and modifiers & Qt.KeyboardModifier.ControlModifier:
        return MoveSources(canvas, point, ref)
    return DrawEdge(canvas, point, ref, is_input=is_input)


def _at_node(canvas: Canvas, point: QPointF, slot: int, modifiers: Qt.KeyboardModifier) -> MouseGesture | None:
    id = canvas.scene.ids[slot]
    canvas.select_edge(None)
    has_alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    if has_alt and modifiers & _ADD:
        is_downstream = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        (together.select_downstream if is_downstream else together.select_upstream)(canvas, [id])
        return None
    return MoveNodes(canvas, point, id, takes_out=has_alt) if _takes(canvas, id, modifiers) else None


def _at_note(canvas: Canvas, point: QPointF, number: int, modifiers: Qt.KeyboardModifier) -> MouseGesture | None:
    """By its folded corner a note gets another size, elsewhere it is moved."""
    x, y = canvas.view.to_scene(point.x(), point.y())
    if sticky.corner_at(canvas.scene, x, y, canvas.view.scale) == number and not modifiers & _ADD:
        return ResizeNote(canvas, point, number)
    id, has_alt = canvas.scene.notes.notes[number].id, bool(modifiers & Qt.KeyboardModifier.AltModifier)
    return MoveNodes(canvas, point, id, takes_out=has_alt) if _takes(canvas, id, modifiers) else None


def _takes(canvas: Canvas, id: str, modifiers: Qt.KeyboardModifier) -> bool:
    """Select what was pressed, alone or with what is selected; tells whether it is selected now."""
    chosen = canvas.session.chosen
    if modifiers & _ADD:
        canvas.session.set_selection(chosen ^ {id})
    elif id not in chosen:
        canvas.session.set_selection([id])
    return id in canvas.session.chosen


def _at_frame(canvas: Canvas, point: QPointF, number: int, modifiers: Qt.KeyboardModifier) -> MouseGesture | None:
    """The title of a frame stands for all that is in it."""
    session, frame = canvas.session, canvas.scene.framing.frames[number]
    inside = {*frame.nodes, *frame.notes}
    if modifiers & _ADD:
        is_in = inside <= session.chosen
        session.set_selection(session.chosen - inside if is_in else session.chosen | inside)
        if is_in:
            return None
    elif not inside <= session.chosen:
        session.set_selection(inside)
    return MoveNodes(canvas, point, frame.nodes[0], means=inside)


def _at_edge(canvas: Canvas, point: QPointF, edge: Edge, modifiers: Qt.KeyboardModifier) -> MouseGesture | None:
    """The last part of an edge is its end, to be pulled off; elsewhere a press selects it, Alt cuts it."""
    session, key = canvas.session, canvas.session.graph_key
    if modifiers & Qt.KeyboardModifier.AltModifier:
        session.apply(lambda project: edits.disconnect(project, [edge.id], graph=key), "Disconnect")
        return None
    session.set_selection([])
    canvas.select_edge(edge.id)
    chain = canvas.scene.edges.chain(canvas.scene.edges.slot[edge.id])
    x, y = canvas.view.to_scene(point.x(), point.y())
    if geometry.distance_to(chain, x, y)[1] > 0.7:
        return _end_of(canvas, point, edge, modifiers)
    return None


def _end_of(canvas: Canvas, point: QPointF, edge: Edge, modifiers: Qt.KeyboardModifier) -> DrawEdge:
    """The end of an edge in the hand; with Shift that of a copy."""
    is_copy = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    return DrawEdge(canvas, point, edge.source, is_input=False, edge_id=None if is_copy else edge.id)
