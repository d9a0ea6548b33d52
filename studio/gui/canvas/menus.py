"""Context menus of what can never be selected: a port, and the map in the corner."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu, QWidget

from studio.core import edits, rules
from studio.core.ports import ports_of
from studio.core.project import Edge, PortRef
from studio.core.topology import edges_from, edges_into
from studio.gui.canvas import by_keys, connecting
from studio.gui.canvas.offers import Words

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Row(NamedTuple):
    """What can be picked; with a reason it is shown grey, and the reason is its tooltip."""

    text: str
    do: Callable[[], object]
    why_not: str = ""


def of_port(canvas: Canvas, port: PortRef, *, is_input: bool) -> list[Row]:
    """What can be done with a port and its edges."""
    graph, tr = canvas.session.graph, canvas.tr
    if is_input:
        edges = list(edges_into(graph, port.node, port.port))
    else:
        edges = [edge for edge in edges_from(graph, port.node) if edge.source == port]
    no_edge = "" if edges else tr("No edge is at this port.")
    add = partial(_add, canvas, port, is_input=is_input)
    cut_text = tr("Cut its edges") if len(edges) > 1 else tr("Cut its edge")
    cut = Row(cut_text, partial(_cut, canvas, edges), no_edge)
    if is_input:
        why_not = "" if not edges or _takes_many(canvas, port) else tr("It has an edge: cut it first.")
        return [
            Row(tr("Add a layer before it..."), add, why_not),
            Row(tr("Feed it from..."), partial(_feed, canvas, port), why_not),
            cut,
        ]
    move = Row(tr("Let another layer feed what it feeds..."), partial(by_keys.move_from, canvas, port), no_edge)
    connect = Row(tr("Connect it with..."), partial(canvas.popups.open_connect, port))
    return [Row(tr("Add a layer after it..."), add), connect, move, cut]


def of_map(canvas: Canvas) -> list[Row]:
    """What can be done with the map."""
    nothing = "" if canvas.session.chosen else canvas.tr("Nothing is selected.")
    return [
        Row(canvas.tr("Fit the drawing"), canvas.sight.fit),
        Row(canvas.tr("Fit the selection"), canvas.sight.fit_selection, nothing),
        Row(canvas.tr("Hide the map"), lambda: canvas.action_wanted.emit("minimap")),
    ]


def pop_up(parent: QWidget, rows: list[Row], place: QPoint, title: str = "") -> None:
    """Show a menu at a point of the screen."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    if title:
        menu.setAccessibleName(title)
        menu.addAction(title).setEnabled(False)
        menu.addSeparator()
    for row in rows:
        action = menu.addAction(row.text)
        action.triggered.connect(row.do)
        action.setEnabled(not row.why_not)
        action.setToolTip(row.why_not or row.text.rstrip("."))
    menu.popup(place)


def title_of(canvas: Canvas, port: PortRef, *, is_input: bool) -> str:
    """Which port it is, in words; by its name where there are several."""
    session = canvas.session
    node = session.graph.nodes[port.node]
    if len(ports_of(session.project, session.catalog, node)[0 if is_input else 1]) == 1:
        return (canvas.tr("Input of {0}") if is_input else canvas.tr("Output of {0}")).format(node.name)
    text = canvas.tr("Input {0} of {1}") if is_input else canvas.tr("Output {0} of {1}")
    return text.format(port.port, node.name)


def _add(canvas: Canvas, port: PortRef, *, is_input: bool) -> None:
    """Open the search for a layer a little before or after the port."""
    point = canvas.port_point(canvas.scene.slot[port.node], port.port, is_input=is_input)
    if point is not None:
        gap = 40 if not is_input else -130
        is_down = canvas.session.project.direction == "down"
        x, y = (point[0], point[1] + gap) if is_down else (point[0] + gap * 2, point[1])
        canvas.open_quick_add(QPointF(*canvas.view.to_widget(x, y)), anchor=port, is_input=is_input)


def _cut(canvas: Canvas, edges: list[Edge]) -> None:
    session, ids = canvas.session, [edge.id for edge in edges]
    session.apply(lambda project: edits.disconnect(project, ids, graph=session.graph_key), canvas.tr("Cut edges"))


def _feed(canvas: Canvas, target: PortRef) -> None:
    """Ask for the layer that shall feed an input."""
    session = canvas.session
    project, catalog, key = session.project, session.catalog, session.graph_key
    able: dict[str, PortRef] = {}
    for node in session.graph.nodes.values():
        for port in ports_of(project, catalog, node)[1]:
            source = PortRef(node.id, port.name)
            if rules.why_not_connect(project, catalog, source, target, graph=key) is None:
                able.setdefault(node.id, source)
    name = session.graph.nodes[target.node].name
    words = Words(
        canvas.tr("Feed {0} from").format(name), canvas.tr("No layer of this name can feed it."),
        canvas.tr("Layers that can feed it"),
    )  # fmt: skip
    at = canvas.port_point(canvas.scene.slot[target.node], target.port, is_input=True) or (0.0, 0.0)
    rows = (connecting.row_of(session, node) for node in able)
    canvas.popups.choose(rows, words, lambda node: connecting.connect(session, able[node], target), at)


def _takes_many(canvas: Canvas, target: PortRef) -> bool:
    session = canvas.session
    inputs = ports_of(session.project, session.catalog, session.graph.nodes[target.node])[0]
    return any(port.takes_many and port.name == target.port for port in inputs)
