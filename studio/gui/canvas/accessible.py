"""The drawing as assistive technology sees it: a list of the nodes, each with what its card says, and of the notes.

A painted canvas tells a screen reader nothing by itself. Qt asks ``DrawingFace`` instead of the interface that it
makes for any widget, because ours is registered for the canvas before anybody can ask.

WORKAROUND(PySide: an interface belongs to Qt's cache and to Python at once). Qt deletes what is registered when its
widget dies or the program ends; Python would delete it a second time, or first, when the last reference goes. So
``_KEPT`` holds every registered interface until Qt has let go of it, and ``_let_go`` is the only way out. Remove when
``registerAccessibleInterface`` takes the ownership.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QAccessibleSelectionInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken, VoidPtr

from studio.codegen.wiring import order_of
from studio.core.compare import note_title
from studio.core.topology import edges_from, edges_into
from studio.gui.canvas import commands, geometry, spoken
from studio.gui.canvas.walking import notes_in_order

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_KEPT: dict[int, QAccessibleInterface] = {}

_Relations = list[tuple[QAccessibleInterface, QAccessible.RelationFlag]]


def _keep(face: QAccessibleInterface) -> int:
    """Give an interface to Qt's cache. Returns its number there."""
    number = QAccessible.registerAccessibleInterface(face)
    _KEPT[number] = face
    return number


def _let_go(number: int) -> None:
    """Have Qt delete an interface, then forget it here."""
    face = _KEPT.get(number)
    if face is not None and Shiboken.isValid(face):
        QAccessible.deleteAccessibleInterface(number)
    _KEPT.pop(number, None)


def _address(part: QAccessibleActionInterface | QAccessibleSelectionInterface | None) -> int:
    """What ``interface_cast`` gives to Qt for a part of an interface."""
    # Not None and not the bare number: PySide would hand on the address of that very object, and Qt crash on it.
    return cast(int, VoidPtr(Shiboken.getCppPointer(part)[0] if part is not None else 0))


def _is_there(canvas: Canvas, id: str) -> bool:
    scene, graph = canvas.scene, canvas.session.graph
    return (id in scene.slot and id in graph.nodes) or (id in scene.notes.slot and id in graph.notes)


class DrawingFace(QAccessibleWidget):
    """The canvas: a list of its nodes in the order of the code, its notes, and the widgets that lie over it."""

    @classmethod
    def of(cls, canvas: Canvas) -> DrawingFace:
        """Made once for a canvas, in its constructor; it ends with it."""
        face = cls(canvas)
        number = _keep(face)
        nodes = face.nodes

        def let_all_go() -> None:
            for each in (*(node.number for node in nodes.values()), number):
                _let_go(each)

        canvas.destroyed.connect(let_all_go)
        return face

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas, QAccessible.Role.List, canvas.accessibleName())
        self._canvas = weakref.ref(canvas)
        self.nodes: dict[str, NodeFace] = {}
        """Those that somebody asked for."""
        self._order: tuple[tuple[int, str], list[str], dict[str, int]] = ((-1, ""), [], {})
        self._chosen = _Chosen(self)

    @property
    def canvas(self) -> Canvas | None:
        """The canvas while it is alive."""
        canvas = self._canvas()
        return canvas if canvas is not None and Shiboken.isValid(canvas) else None

    def node(self, node_id: str) -> NodeFace | None:
        """The item of a node or a note of the open graph."""
        canvas = self.canvas
        if canvas is None or not _is_there(canvas, node_id):
            return None
        face = self.nodes.get(node_id)
        if face is None:
            face = self.nodes[node_id] = NodeFace(self, node_id)
            face.number = _keep(face)
        return face

    def forget(self, node_ids: set[str]) -> None:
        """These nodes are gone, or others are shown: nobody gets their items any more."""
        for node_id in node_ids & self.nodes.keys():
            _let_go(self.nodes.pop(node_id).number)

    def place_of(self, node_id: str) -> int:
        """The number of a node's item among the children, or -1."""
        return self._places()[1].get(node_id, -1)

    def _places(self) -> tuple[list[str], dict[str, int]]:
        canvas = self.canvas
        if canvas is None:
            return [], {}
        scene = canvas.scene
        key = (scene.structure, scene.graph_key)
        if self._order[0] != key:
            nodes = [id for id in order_of(canvas.session.graph) if id in scene.slot]
            known = set(nodes)
            nodes += [id for id in scene.ids if id not in known]  # on a circle: in no order, and there all the same
            nodes += [note.id for note in notes_in_order(canvas.session.graph) if note.id in scene.notes.slot]
            self._order = (key, nodes, {id: place for place, id in enumerate(nodes)})
        return self._order[1], self._order[2]

    def in_order(self, node_ids: Iterable[str]) -> list[str]:
        """Those of these nodes that are there, in the order of the items."""
        places = self._places()[1]
        return sorted((id for id in node_ids if id in places), key=places.__getitem__)

    # Qt

    def childCount(self) -> int:
        return len(self._places()[0]) + super().childCount()

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        nodes = self._places()[0]
        if 0 <= index < len(nodes):
            return self.node(nodes[index])
        return super().child(index - len(nodes)) if index >= len(nodes) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, NodeFace):
            return self.place_of(child.node_id)
        place = super().indexOfChild(child)
        return place + len(self._places()[0]) if place >= 0 else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        canvas, above = self.canvas, cast("QAccessibleInterface | None", super().childAt(x, y))
        if canvas is None or above is not None:
            return above
        here = canvas.mapFromGlobal(QPoint(x, y))
        at = canvas.view.to_scene(here.x(), here.y())
        slot = geometry.node_at(canvas.scene.pos, canvas.scene.size, *at)
        if slot >= 0:
            return self.node(canvas.scene.ids[slot])
        note = canvas.scene.notes.at(*at)
        return self.node(canvas.scene.notes.notes[note].id) if note >= 0 else None

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        canvas = self.canvas
        if canvas is not None and canvas.hasFocus() and len(canvas.session.chosen) == 1:
            return self.node(next(iter(canvas.session.chosen)))
        return super().focusChild()

    def state(self) -> QAccessible.State:
        state = super().state()
        state.multiSelectable = state.extSelectable = 1
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> int:
        if kind == QAccessible.InterfaceType.SelectionInterface:
            return _address(self._chosen)
        found = cast("int | None", super().interface_cast(kind))
        return found if found is not None else _address(None)


class _Chosen(QAccessibleSelectionInterface):
    """Which items are selected, and how somebody at the other end selects others. The session decides, as always."""

    def __init__(self, face: DrawingFace) -> None:
        super().__init__()
        self._face = weakref.ref(face)

    @property
    def canvas(self) -> Canvas | None:
        """The canvas while it is alive."""
        face = self._face()
        return face.canvas if face is not None else None

    def _take(self, child: QAccessibleInterface, *, is_on: bool) -> bool:
        canvas = self.canvas
        if canvas is None or not isinstance(child, NodeFace) or child.canvas is None:
            return False
        chosen = canvas.session.chosen
        canvas.session.set_selection(chosen | {child.node_id} if is_on else chosen - {child.node_id})
        return True

    # Qt

    def selectedItemCount(self) -> int:
        canvas = self.canvas
        return len(canvas.session.chosen) if canvas is not None else 0

    def selectedItems(self) -> list[QAccessibleInterface]:
        canvas, face = self.canvas, self._face()
        if canvas is None or face is None:
            return []
        found = (face.node(id) for id in face.in_order(canvas.session.chosen))
        return [each for each in found if each is not None]

    def selectedItem(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        items = self.selectedItems()
        return items[index] if 0 <= index < len(items) else None

    def isSelected(self, child: QAccessibleInterface) -> bool:
        canvas = self.canvas
        return canvas is not None and isinstance(child, NodeFace) and child.node_id in canvas.session.chosen

    def select(self, child: QAccessibleInterface) -> bool:
        return self._take(child, is_on=True)

    def unselect(self, child: QAccessibleInterface) -> bool:
        return self._take(child, is_on=False)

    def selectAll(self) -> bool:
        canvas = self.canvas
        if canvas is not None:
            commands.select_all(canvas)
        return canvas is not None

    def clear(self) -> bool:
        canvas = self.canvas
        if canvas is not None:
            canvas.session.set_selection(())
        return canvas is not None


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
        canvas.show_node(face.node_id)
        if name == QAccessibleActionInterface.pressAction():
            node = canvas.session.graph.nodes.get(face.node_id)
            if node is not None and node.block is not None:
                canvas.node_activated.emit(face.node_id)
            else:
                canvas.rename(face.node_id)

    def keyBindingsForAction(self, _name: str) -> list[str]:
        return []


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
        return canvas if canvas is not None and _is_there(canvas, self.node_id) else None

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
        return _address(self._acts if kind == QAccessible.InterfaceType.ActionInterface else None)
