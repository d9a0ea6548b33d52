"""Whether a use of a block is applied to every time step of what it takes: a switch of the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from studio.core import edits, rules
from studio.core.project import BLOCK, Node
from studio.gui.panels import plain

if TYPE_CHECKING:
    from studio.gui.session import Session


class StepsPart(QWidget):
    """Shown for uses of blocks alone; one click is one step of undo."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._node_id = ""
        self.switch = QCheckBox(self.tr("On every time step"), self)
        self.switch.setAccessibleName(self.tr("Apply the block to every time step"))
        self.switch.clicked.connect(self._set)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.switch)

    def show_node(self, node: Node) -> None:
        """Show whether it is on, and why it cannot be."""
        self._node_id = node.id
        self.setVisible(node.type == BLOCK)
        if node.type != BLOCK:
            return
        self.switch.setChecked(node.is_time_distributed)
        why = rules.why_not_time_distributed(self._session.project, node)
        self.switch.setEnabled(node.is_time_distributed or not why)
        tip = why or self.tr(
            "TimeDistributed: the block sees one step of a sequence after the other, with the same weights,\n"
            "such as the pictures of a film or the sentences of a text. What it gives is a sequence again;\n"
            "inside the block, shapes are those of one step."
        )
        self.switch.setToolTip(plain.tool_tip(tip))

    def _set(self, is_on: bool) -> None:
        session, node = self._session, self._session.graph.nodes.get(self._node_id)
        if node is None:
            return
        key = session.graph_key
        name = (self.tr("Apply {0} to every time step") if is_on else self.tr("Apply {0} to the whole at once")).format(
            node.name
        )
        session.apply(lambda project: edits.set_time_distributed(project, (node.id,), is_on, graph=key), name)
