"""The path of the shapes: how the tensor of a node came to have its shape, layer by layer from where it came in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.core.ports import ports_of
from studio.core.topology import edges_into
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.facts import shape_text, shown_answer

if TYPE_CHECKING:
    from studio.gui.session import Session

SHOWN: Final = 20
"""Stops that are listed: the first one and the last ones before the node."""
NAME_PX: Final = 132


class Stop(NamedTuple):
    """A node on the path, the shape that leaves it there ("" while it is unknown), and how many edges it takes."""

    node: str
    name: str
    shape: str
    arriving: int


def path_to(session: Session, node_id: str) -> list[Stop]:
    """From the first node of the branch to this one. Of several edges that arrive it follows the first one."""
    project, graph, port = session.project, session.graph, ""
    found: list[Stop] = []
    here: str | None = node_id
    seen: set[str] = set()
    while here is not None and here in graph.nodes and here not in seen:  # files may hold a circle
        seen.add(here)
        node, edges = graph.nodes[here], edges_into(graph, here)
        inputs, outputs = ([each.name for each in some] for some in ports_of(project, session.catalog, node))
        answer = shown_answer(session, node)
        place = outputs.index(port) if port in outputs else 0
        is_known = answer is not None and place < len(answer.outputs)
        shape = shape_text(tuple(answer.outputs[place][0])) if answer is not None and is_known else ""
        found.append(Stop(here, node.name, shape, len(edges)))
        order = {name: number for number, name in enumerate(inputs)}
        first = min(edges, key=lambda edge: (order.get(edge.target.port, len(order)), edge.rank), default=None)
        here, port = (first.source.node, first.source.port) if first is not None else (None, "")
    return found[::-1]


class ShapePath(QWidget):
    """A fold below the facts of a node. Nothing is looked for before it is opened; it stays open from node to node."""

    wanted = Signal(str)
    """The id of a node of the path that shall be gone to."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._node = ""
        self._rows: list[tuple[QPushButton, QLabel]] = []
        self._shown: list[Stop] = []
        self.fold = QPushButton(self.tr("Path of the shapes"), self)
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.setToolTip(self.tr("How the tensor came to have its shape, layer by layer"))
        self.fold.toggled.connect(self.refresh)
        self.left_out = plain.label("", "secondary", parent=self)
        self._list = QWidget(self)
        self._grid = QGridLayout(self._list)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.fold)
        layout.addWidget(self._list)
        self.refresh()

    @property
    def told(self) -> list[tuple[str, str]]:
        """Names and shapes that are listed."""
        return [(name.accessibleName(), shape.text()) for name, shape in self._rows if not name.isHidden()]

    def show_node(self, node_id: str) -> None:
        """Be about this node of the open graph, as it is now."""
        self._node = node_id
        node = self._session.graph.nodes.get(node_id)
        self.setVisible(node is not None and bool(edges_into(self._session.graph, node_id)))
        self.refresh()

    def refresh(self) -> None:
        """Show what is known now."""
        is_open = self.fold.isChecked()
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")
        self._list.setVisible(is_open)
        if not is_open or self.isHidden():
            return
        path = path_to(self._session, self._node)
        left_out = max(0, len(path) - SHOWN)
        stops = path if not left_out else [path[0], *path[1 + left_out :]]
        if stops == self._shown and bool(left_out) == (not self.left_out.isHidden()):
            return
        self._shown = stops
        while len(self._rows) < len(stops):
            self._rows.append(self._new_row(len(self._rows)))
        for number, (name, shape) in enumerate(self._rows):
            name.setVisible(number < len(stops))
            shape.setVisible(number < len(stops))
            if number < len(stops):
                self._fill(name, shape, stops[number])
        self._grid.addWidget(self.left_out, 1, 0, 1, 2)
        self.left_out.setText(self.tr("{count} more in between").format(count=left_out))
        self.left_out.setVisible(bool(left_out))

    def _new_row(self, number: int) -> tuple[QPushButton, QLabel]:
        name = QPushButton(self._list)
        theme.set_role(name, "link")
        name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        name.clicked.connect(partial(self._go, number))
        shape = plain.label("", "mono", wraps=True, parent=self._list)
        shape.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = number if not number else number + 1  # what is left out stands behind the first one
        self._grid.addWidget(name, row, 0)
        self._grid.addWidget(shape, row, 1)
        return name, shape

    def _fill(self, name: QPushButton, shape: QLabel, stop: Stop) -> None:
        metrics = QFontMetrics(name.font())
        name.setText(metrics.elidedText(stop.name, Qt.TextElideMode.ElideMiddle, NAME_PX).replace("&", "&&"))
        name.setAccessibleName(stop.name)
        told = self.tr("Go to {name}").format(name=stop.name)
        if stop.arriving > 1:
            told = self.tr("{told}; it takes {count} edges, and this path is that of the first one").format(
                told=told, count=stop.arriving
            )
        name.setToolTip(plain.tool_tip(told))
        name.setAccessibleDescription(self.tr("{shape}. {told}").format(shape=stop.shape, told=told))
        merged = self.tr("1 of {count}: {shape}").format(count=stop.arriving, shape=stop.shape or "?")
        shape.setText(merged if stop.arriving > 1 else stop.shape or "?")

    def _go(self, number: int) -> None:
        node = self._shown[number].node
        self.fold.setFocus(Qt.FocusReason.OtherFocusReason)  # the rows are others in a moment
        self.wanted.emit(node)
