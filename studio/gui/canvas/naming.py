"""What the field for a name can be laid over: the name of a node, the title of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QRectF

from studio.core import edits, rules
from studio.core.naming import LONGEST_NAME, is_valid_title
from studio.gui.canvas import areas
from studio.gui.canvas.pictures import title_place

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas


class Named(Protocol):
    """Something on the canvas with a name that a person may change."""

    what: str
    """What it is called to people who do not see the field."""

    def name(self) -> str | None:
        """The name it has now; None where the thing is gone."""

    def place(self) -> QRectF:
        """Where the name stands, scene px."""

    def why_not(self, name: str) -> str:
        """Why it may not be called so, or ""."""

    def take(self, name: str) -> None:
        """Give it the name."""


class NodeName:
    """The name of a node."""

    def __init__(self, canvas: Canvas, node: str) -> None:
        self._canvas, self._node = canvas, node
        self.what = QCoreApplication.translate("NameField", "Name of the layer")

    def name(self) -> str | None:
        """The node's name."""
        node = self._canvas.session.graph.nodes.get(self._node)
        return None if node is None or self._node not in self._canvas.scene.slot else node.name

    def place(self) -> QRectF:
        """In the first line of its card."""
        scene = self._canvas.scene
        slot = scene.slot[self._node]
        return title_place(*scene.size[slot].tolist()).translated(*scene.pos[slot].tolist())

    def why_not(self, name: str) -> str:
        """What the rule says."""
        session = self._canvas.session
        problem = rules.why_not_rename(session.project, self._node, name, graph=session.graph_key)
        return problem.message if problem is not None else ""

    def take(self, name: str) -> None:
        """Rename it, one step."""
        session, node, key = self._canvas.session, self._node, self._canvas.session.graph_key
        session.apply(lambda project: edits.rename(project, node, name, graph=key), "Rename")


class FrameTitle:
    """The title of a frame. One that was made a moment ago has its title by the same step: ``making`` is its key."""

    def __init__(self, canvas: Canvas, frame: str, making: str | None = None) -> None:
        self._canvas, self._frame, self._making = canvas, frame, making
        self.what = QCoreApplication.translate("NameField", "Title of the frame")

    def name(self) -> str | None:
        """The frame's title."""
        frame = self._canvas.session.graph.frames.get(self._frame)
        return None if frame is None else frame.title

    def place(self) -> QRectF:
        """In its title bar."""
        scene = self._canvas.scene
        number = next(at for at, frame in enumerate(scene.framing.frames) if frame.id == self._frame)
        left, top, right, _ = areas.area(scene, number)
        return QRectF(left + 12, top + 4, min(right - left - 24, 260), 22)

    def why_not(self, name: str) -> str:
        """Titles have few rules."""
        if is_valid_title(name):
            return ""
        if len(name) > LONGEST_NAME:
            return QCoreApplication.translate("NameField", "A title has at most {0} characters.").format(LONGEST_NAME)
        return QCoreApplication.translate("NameField", "A frame needs a title; type at least one letter.")

    def take(self, name: str) -> None:
        """Change it, one step."""
        session, frame, key = self._canvas.session, self._frame, self._canvas.session.graph_key
        step = "Rename the frame" if self._making is None else QCoreApplication.translate("Canvas", "Make a frame")
        session.apply(lambda project: edits.set_frame(project, frame, title=name, graph=key), step, self._making)
