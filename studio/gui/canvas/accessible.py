"""The drawing as assistive technology sees it: a list of the nodes, each with what its card says, and of the notes.

A painted canvas tells a screen reader nothing by itself. Qt asks ``DrawingFace`` instead of the interface that it
makes for any widget, because ours is registered for the canvas before anybody can ask.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
    QAccessibleSelectionInterface,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken

from studio.codegen.wiring import order_of
from studio.gui.canvas import commands, geometry
from studio.gui.canvas.kept_faces import address, keep, let_go
from studio.gui.canvas.node_face import NodeFace, is_there
from studio.gui.canvas.walking import notes_in_order

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class DrawingFace(QAccessibleWidget):
    """The canvas: a list of its nodes in the order of the code, its notes, and the widgets that lie over it."""

    @classmethod
    def of(cls, canvas: Canvas) -> DrawingFace:
        """Made once for a canvas, in its constructor; it ends with it."""
        face = cls(canvas)
        number = keep(face)
        nodes = face.nodes

        def let_all_go() -> None:
            for each in (*(node.number for node in nodes.values()), number):
                let_go(each)

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
        if canvas is None or not is_there(canvas, node_id):
            return None
        face = self.nodes.get(node_id)
        if face is None:
            face = self.nodes[node_id] = NodeFace(self, node_id)
            face.number = keep(face)
        return face

    def forget(self, node_ids: set[str]) -> None:
        """These nodes are gone, or others are shown: nobody gets their items any more."""
        for node_id in node_ids & self.nodes.keys():
            let_go(self.nodes.pop(node_id).number)

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
            return address(self._chosen)
        found = cast("int | None", super().interface_cast(kind))
        return found if found is not None else address(None)


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
