"""What is told about the thing under the pointer, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint

from studio.core.topology import id_key
from studio.gui.canvas import geometry, sticky
from studio.gui.canvas.labels import shape_on
from studio.gui.canvas.numbers import count_text

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


_LONGEST_TIP: Final = 2_000
"""Characters: more would not fit on the screen."""


def text_at(canvas: Canvas, x: float, y: float) -> str:
    """Lines about the port, node or edge at a scene point; nothing over empty space."""
    scene = canvas.scene
    port = canvas.port_near(x, y)
    if port is not None:
        return _of_port(canvas, port.slot, port.name, port.is_input)
    slot = geometry.node_at(scene.pos, scene.size, x, y)
    if slot >= 0:
        return _of_node(canvas, slot)
    edge = canvas.edge_near(x, y)
    if edge >= 0:
        return _of_edge(canvas, edge)
    note = scene.notes.at(x, y)
    if note < 0 or sticky.shown(scene.notes.notes[note])[1]:
        return ""
    return scene.notes.notes[note].text[:_LONGEST_TIP]  # what does not fit on its sheet


def of_selected(canvas: Canvas) -> str:
    """The same about what is selected: a layer with its ports, the marked edge, a note."""
    scene, session = canvas.scene, canvas.session
    if not session.chosen and canvas.selected_edge is not None and canvas.selected_edge in scene.edges.slot:
        return _of_edge(canvas, scene.edges.slot[canvas.selected_edge])
    texts = [_of_node(canvas, scene.slot[id]) for id in sorted(session.selection, key=id_key) if id in scene.slot]
    texts += [scene.notes.notes[scene.notes.slot[id]].text for id in session.selected_notes if id in scene.notes.slot]
    if len(session.selection) == 1:
        slot = scene.slot[next(iter(session.selection))]
        for is_input, ports in ((True, scene.cards[slot].inputs), (False, scene.cards[slot].outputs)):
            texts += [_of_port(canvas, slot, port.name, is_input).partition("\n")[2] for port in ports]
    return "\n".join(texts)[:_LONGEST_TIP]


def place_of_selected(canvas: Canvas) -> QPoint:
    """The pixel below what is selected, or amid the drawing."""
    scene = canvas.scene
    for id in sorted(canvas.session.selection, key=id_key):
        x, y = (scene.pos[scene.slot[id]] + scene.size[scene.slot[id]]).tolist()
        point = canvas.view.to_widget(x - geometry.NODE_WIDTH, y)
        return QPoint(
            *(max(0, min(round(at), most)) for at, most in zip(point, (canvas.width(), canvas.height()), strict=True))
        )
    return canvas.rect().center()


def _of_node(canvas: Canvas, slot: int) -> str:
    card = canvas.scene.cards[slot]
    node = canvas.session.graph.nodes[canvas.scene.ids[slot]]
    lines = [card.title, card.kind]
    lines += [f"{port.name}: {shape}" for port, shape in zip(card.outputs, card.shapes, strict=False)]
    if not card.outputs and card.shape:
        lines.append(card.shape)
    if card.parameters is not None:
        lines.append(canvas.tr("{} parameters").format(count_text(card.parameters)))
    if node.shares is not None and node.shares in canvas.session.graph.nodes:
        lines.append(canvas.tr("uses the layer of {} again").format(canvas.session.graph.nodes[node.shares].name))
    if node.is_time_distributed:
        lines.append(canvas.tr("applied to every time step, one after the other"))
    if node.is_bypassed:
        lines.append(canvas.tr("bypassed: it hands on what it takes"))
    if card.waits_for:
        lines.append(canvas.tr("waits for {}").format(card.waits_for))
    lines += [problem.message for problem in canvas.session.problems_of(node.id)]
    if node.note:
        lines.append(node.note)
    return "\n".join(lines)


def _of_port(canvas: Canvas, slot: int, name: str, is_input: bool) -> str:
    card = canvas.scene.cards[slot]
    shape = "" if is_input else card.shape_of(name)
    port = next((port for port in (card.inputs if is_input else card.outputs) if port.name == name), None)
    if port is not None and port.takes_many:
        name = canvas.tr("{} (takes several edges)").format(name)
    elif port is not None and port.is_optional:
        name = canvas.tr("{} (may stay free)").format(name)
    return f"{card.title}\n{name}" + (f"\n{shape}" if shape else "")


def _of_edge(canvas: Canvas, slot: int) -> str:
    scene = canvas.scene
    edge, graph = scene.edges[slot], canvas.session.graph
    source, target = graph.nodes.get(edge.source.node), graph.nodes.get(edge.target.node)
    if source is None or target is None:
        return ""
    shape = shape_on(scene, slot)
    return f"{source.name} → {target.name}" + (f"\n{shape}" if shape else "")
