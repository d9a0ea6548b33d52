"""Where one is while the inside of a block is shown, and the way out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from studio.core.project import MAIN
from studio.gui import icons, theme
from studio.gui.session import Session


class Breadcrumb(QFrame):
    """A strip above the canvas, seen only inside a block: a button to the whole network, and the block's name."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        theme.set_role(self, "panel")
        self.back = QPushButton()
        theme.set_role(self.back, "link")
        icons.attach(self.back, "back", "accent")
        self.back.setToolTip(self.tr("Leave the block (Alt+Up)"))
        self.back.clicked.connect(lambda: session.open_graph(MAIN))
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._name, "strong")
        self._note = QLabel(self.tr("What you change here changes every use of this block."))
        theme.set_role(self._note, "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 16, 6)
        row.setSpacing(8)
        row.addWidget(self.back)
        row.addWidget(self._name)
        row.addStretch(1)
        row.addWidget(self._note)
        session.graph_opened.connect(self._refresh)
        session.project_changed.connect(lambda *_: self._refresh())
        self._refresh()

    def _refresh(self, _key: str = "") -> None:
        key, project = self._session.graph_key, self._session.project
        self.setVisible(key != MAIN)
        if key != MAIN:
            self.back.setText(project.title)
            self._name.setText(f"›  {project.blocks[key].name}")
