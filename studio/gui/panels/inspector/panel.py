"""The inspector: shows the page that fits the selection, and keeps it up to date in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studio.core.change import Change
from studio.core.project import MAIN, Project
from studio.gui import theme
from studio.gui.panels.inspector.block_page import BlockPage
from studio.gui.panels.inspector.hint_strip import HintStrip
from studio.gui.panels.inspector.node_page import NodePage
from studio.gui.panels.inspector.project_page import ProjectPage
from studio.gui.panels.inspector.several_page import SeveralPage

if TYPE_CHECKING:
    from studio.gui.session import Session


class InspectorPanel(QWidget):
    """One node, several nodes, or the project where nothing is selected."""

    left = Signal()
    """Esc: back to the drawing."""
    node_wanted = Signal(str)
    """A node of the open graph shall be selected and shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        theme.set_role(self, "panel")
        self.setMinimumWidth(240)
        inside = QWidget(self)
        theme.set_role(inside, "panel")
        self.project_page = ProjectPage(session, inside)
        self.block_page = BlockPage(session, inside)
        self.node_page = NodePage(session, inside)
        self.several_page = SeveralPage(session, inside)
        # Not a QStackedWidget: that is always as high as its highest page.
        padding = QVBoxLayout(inside)
        padding.setContentsMargins(20, 14, 20, 20)
        for page in (self.project_page, self.block_page, self.node_page, self.several_page):
            padding.addWidget(page)
            page.hide()
        self.node_page.path.wanted.connect(self.node_wanted)
        self._page: NodePage | SeveralPage | ProjectPage | BlockPage = self.project_page
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setAccessibleName(self.tr("Inspector"))
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.scroll_area, 1)
        self.hint = HintStrip(self)
        layout.addWidget(self.hint)
        session.selection_changed.connect(self._selection_changed)
        session.project_changed.connect(self._project_changed)
        session.answers_changed.connect(self._answers_changed)
        session.problems_changed.connect(self.node_page.refresh_problems)
        session.graph_opened.connect(self._selection_changed)
        session.use_changed.connect(self.refresh_facts)
        theme.notifier.changed.connect(self.node_page.refresh_problems)
        self._selection_changed()

    def focus_parameter(self, name: str = "") -> None:
        """Put the cursor into the field of a parameter of the selected node; without a name into the first one."""
        form = self.node_page.form
        if self._page is self.node_page and form is not None:
            row = form.row(name) if name else next(iter(form.rows.values()), None)
            if row is not None:
                row.editor.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.scroll_area.ensureWidgetVisible(row)

    def _selection_changed(self, _graph: str = "") -> None:
        before = self._page, self.node_page.node_id
        chosen = self.session.selection
        if len(chosen) == 1:
            self.node_page.show_node(next(iter(chosen)))
            self._turn_to(self.node_page)
        elif chosen:
            self.several_page.refresh()
            self._turn_to(self.several_page)
        elif self.session.graph_key != MAIN:
            self.block_page.refresh()
            self._turn_to(self.block_page)
        else:
            self.project_page.refresh()
            self._turn_to(self.project_page)
        if before != (self._page, self.node_page.node_id):
            self.scroll_area.verticalScrollBar().setValue(0)

    def _turn_to(self, page: NodePage | SeveralPage | ProjectPage | BlockPage) -> None:
        if page is not self._page:
            self._page.hide()
        self._page = page
        page.show()

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        # Nodes that are dragged change at every move of the pointer.
        if change.is_layout_only and not change.direction_changed:
            self.node_page.refresh_note()
        else:
            self._page.refresh()

    def _answers_changed(self, ids: frozenset[str]) -> None:
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Show what Keras said, or said of another use of the open block."""
        self._page.refresh_facts()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:  # no field had a use for it
            self.left.emit()
        else:
            super().keyPressEvent(event)
