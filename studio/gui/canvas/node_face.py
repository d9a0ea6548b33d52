"""One node or note of the drawing as assistive technology sees it: an item with what its card says."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QWindow,
)
from shiboken6 import Shiboken

from studio.core.compare import note_title
from studio.core.topology import edges_from, edges_into
from studio.gui.canvas import spoken
from studio.gui.canvas.kept_faces import address

if TYPE_CHECKING:
    from studio.gui.canvas.accessible import DrawingFace
    from studio.gui.canvas.canvas import Canvas

_Relations = list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]


def is_there(canvas: Canvas, id: str) -> bool:
    """Whether a node or a note of this id is shown."""
    scene, graph = canvas.scene, canvas.session.graph
    return (id in scene.slot and id in graph.nodes) or (id in scene.notes.slot and id in graph.notes)


class NodeFace(QAccessibleInterface):
    """One node, or one note, as an item of the list."""

    def __init__(self, drawing: DrawingFace, node_id: str) -> None:
        super().__init__()
        self.drawing = drawing
        self.node_id = node_id
        self.number = 0
        self.told_name = ""
        """The name that was given last to who asked."""
        self._acts = _Acts(self)

    @property
    def canvas(self) -> Canvas | None:
        """The canvas, as long as it shows this node."""
        canvas = self.drawing.canvas
        return canvas if canvas is not None and is_there(canvas, self.node_id) else None

    def description(self) -> str:
        """Type, shape, weights, where it takes from, problems."""
        canvas = self.canvas
        if canvas is None:
            return ""
        note = canvas.session.graph.notes.get(self.node_id)
        if note is not None:
            return canvas.tr("note: {0}").format(note.text)
        graph, card = canvas.session.graph, canvas.scene.cards[canvas.scene.slot[self.node_id]]
        sources = [graph.nodes[edge.source.node].name for edge in edges_into(graph, self.node_id)]
        return spoken.sentence(
            card.kind,
            marks=spoken.marks_of(graph.nodes[self.node_id]),
            shape=card.shape,
            parameters=card.parameters,
            sources=list(dict.fromkeys(sources)),
            waits_for=card.waits_for,
            problems=canvas.session.problems_of(self.node_id),
        )

    # Qt

    def isValid(self) -> bool:
        return self.canvas is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> QWindow | None:  # type: ignore[override]
        canvas = self.canvas
        return canvas.window().windowHandle() if canvas is not None else None

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return self.drawing if Shiboken.isValid(self.drawing) else None

    def child(self, _index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childAt(self, _x: int, _y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, _child: QAccessibleInterface) -> int:
        return -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def relations(self, match: QAccessible.RelationFlag = QAccessible.RelationFlag.AllRelations) -> _Relations:
        canvas = self.canvas
        if canvas is None:
            return []
        flags, graph = QAccessible.RelationFlag, canvas.session.graph
        # A flag says what the other one is to this one: what flows to it.
        found = [(edge.source.node, flags.FlowsTo) for edge in edges_into(graph, self.node_id)]
        found += [(edge.target.node, flags.FlowsFrom) for edge in edges_from(graph, self.node_id)]
        faces = [(self.drawing.node(id), flag) for id, flag in dict.fromkeys(found) if flag & match]
        return [(face, flag) for face, flag in faces if face is not None]

    def text(self, kind: QAccessible.Text) -> str:
        canvas = self.canvas
        if canvas is None:
            return ""
        if kind == QAccessible.Text.Name:
            graph, note = canvas.session.graph, canvas.session.graph.notes.get(self.node_id)
            self.told_name = graph.nodes[self.node_id].name if note is None else note_title(note.text)
            return self.told_name
        return self.description() if kind == QAccessible.Text.Description else ""

    def setText(self, _kind: QAccessible.Text, _text: str) -> None:
        """Names are changed by the field for names, which says why one cannot be."""

    def rect(self) -> QRect:
        canvas = self.canvas
        if canvas is None:
            return QRect()
        scene = canvas.scene
        rows = scene if self.node_id in scene.slot else scene.notes
        slot = rows.slot[self.node_id]
        (left, top), (right, bottom) = rows.pos[slot].tolist(), (rows.pos[slot] + rows.size[slot]).tolist()
        x, y, wide, tall = canvas.view.widget_box((left, top, right, bottom))
        return QRect(canvas.mapToGlobal(QPoint(x, y)), canvas.mapToGlobal(QPoint(x + wide - 1, y + tall - 1)))

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state, canvas = QAccessible.State(), self.canvas
        if canvas is None:
            state.invalid = 1
            return state
        state.focusable = state.selectable = 1
        selection = canvas.session.chosen
        state.selected = self.node_id in selection
        state.focused = canvas.hasFocus() and selection == {self.node_id}
        here = QRect(canvas.mapToGlobal(QPoint(0, 0)), canvas.size())
        state.offscreen = not here.intersects(self.rect())
        state.invisible = not canvas.isVisible()
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        return address(self._acts if kind == QAccessible.InterfaceType.ActionInterface else None)


class _Acts(QAccessibleActionInterface):
    """What can be done to a node: give it the focus, or open it (a block), its name or the text of a note."""

    def __init__(self, face: NodeFace) -> None:
        super().__init__()
        self._face = weakref.ref(face)

    # Qt

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.setFocusAction(), QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        face = self._face()
        canvas = face.canvas if face is not None else None
        if face is None or canvas is None:
            return
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        canvas.session.set_selection([face.node_id])
        canvas.sight.show(face.node_id)
        if name == QAccessibleActionInterface.pressAction():
            node = canvas.session.graph.nodes.get(face.node_id)
            if node is not None and node.block is not None:
                canvas.node_activated.emit(face.node_id)
            else:
                canvas.rename(face.node_id)

    def keyBindingsForAction(self, _name: str) -> list[str]:
        return []
