"""The code panel: header, code, and the bond between lines and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.codegen import STYLES
from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.code.editing import CodeEditing
from studio.gui.panels.code.same_lines import moved
from studio.gui.panels.code.styles import styles_in_words
from studio.gui.panels.code.view import CodeView

if TYPE_CHECKING:
    from studio.gui.session import Session


class CodePanel(QWidget):
    """Shows ``session.source``. The lines of the selected nodes are marked; a click on a line selects its node."""

    copy_requested = Signal()
    export_requested = Signal()
    style_chosen = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._is_clicking = False
        self._wants_reveal = False
        self._is_new = True
        theme.set_role(self, "panel")
        self.view = CodeView(self)
        self.view.setAccessibleName(self.tr("Code"))
        self.edit_button = self._link(
            self.tr("Edit"), self.tr("Type into the code; Ctrl+Enter puts it into the drawing, Esc gives it up")
        )
        self.copy_button = self._link(self.tr("Copy"), self.tr("Copy the whole code to the clipboard"))
        self.export_button = self._link(self.tr("Export"), self.tr("Write the code to a Python file"))
        self.copy_button.clicked.connect(self.copy_requested)
        self.export_button.clicked.connect(self.export_requested)
        header = QHBoxLayout()
        header.setContentsMargins(20, 8, 12, 4)
        header.setSpacing(8)
        header.addWidget(plain.label(self.tr("Code"), "strong"))
        self.style_box = self._style_box()
        header.addWidget(self.style_box)
        header.addStretch(1)
        header.addWidget(self.edit_button)
        header.addWidget(self.copy_button)
        header.addWidget(self.export_button)
        self.note = plain.label("", "secondary", wraps=True, parent=self)
        self.note.setContentsMargins(20, 0, 12, 6)
        self.note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(self.note)
        layout.addWidget(self.view, 1)
        self.editing = CodeEditing(self, self.view, session)
        layout.addWidget(self.editing)
        self.edit_button.clicked.connect(self.editing.toggle)
        self.editing.ended.connect(self._source_changed)
        self.view.line_clicked.connect(self._line_clicked)
        self.view.edited.connect(self._mark)
        session.source_changed.connect(self._source_changed)
        session.selection_changed.connect(self._selection_changed)
        self._source_changed()
        self._selection_changed()

    def _style_box(self) -> QComboBox:
        box = QComboBox(self)
        for style, text, tip in styles_in_words():
            box.addItem(text, style)
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        plain.named(box, self.tr("Style of the code"))
        box.setToolTip(self.tr("How the code reads; what it does stays the same"))
        theme.set_role(box, "quiet")
        box.setCurrentIndex(max(0, box.findData(self.session.style)))
        box.activated.connect(self._choose_style)
        return box

    def _choose_style(self) -> None:
        style = self.style_box.currentData()
        self._is_new = True  # the same network, but its lines are elsewhere
        self.session.set_style(style)
        self.style_chosen.emit(style.name)

    def _tell_chain(self) -> None:
        """Say whether the network can be a Sequential, and where that was chosen and cannot be, why."""
        reason = self.session.source.not_stacked
        tip = self.tr("keras.Sequential: the network is a plain chain")
        if reason:
            tip = self.tr("Not possible for this network: {reason}").format(reason=reason)
        number = next(n for n, style in enumerate(STYLES.values()) if style.is_sequential)
        self.style_box.setItemData(number, tip, Qt.ItemDataRole.ToolTipRole)
        self.note.setText(self.tr("In the functional form, since {reason}.").format(reason=reason))
        self.note.setVisible(bool(reason) and self.session.style.is_sequential)

    def _link(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        theme.set_role(button, "link")
        button.setToolTip(tip)
        return button

    def _source_changed(self) -> None:
        if self.editing.is_active:
            return  # what is typed stays until it is applied or given up
        index = self.style_box.findData(self.session.style)
        if index != self.style_box.currentIndex():  # chosen elsewhere, when it was exported
            self.style_box.setCurrentIndex(index)
            self._is_new = True
        self.view.show_text(self.session.source.text)
        self._tell_chain()
        lines = self._mark()
        if self._wants_reveal and lines:
            self._reveal(lines)
        elif self._is_new:
            self._is_new = False
            self.view.verticalScrollBar().setValue(first_line_of_network(self.session.source.text) - 1)

    def show_network(self) -> None:
        """Another project was opened: with its text, show the network and not the imports."""
        self._is_new = True

    def _selection_changed(self) -> None:
        lines = self._mark()
        # A node that was just added has no lines yet; they come with the next text.
        self._wants_reveal = bool(self.session.selection) and not lines
        if lines and not self._is_clicking:
            self._reveal(lines)

    def _reveal(self, lines: frozenset[int]) -> None:
        self._wants_reveal = False
        self.view.reveal(min(lines), max(lines))

    def _mark(self) -> frozenset[int]:
        chosen = self.session.selection
        lines = frozenset(
            line
            for span in (self.session.source.spans if chosen else ())
            if span.node in chosen
            for line in range(span.first_line, span.last_line + 1)
        )
        if self.editing.is_active and lines:  # what is typed above them has moved them
            source = self.session.source.text.split("\n")
            lines = frozenset(filter(None, (moved(source, self.view.lines, line) for line in lines)))
        self.view.mark(lines)
        return lines

    def _line_clicked(self, line: int) -> None:
        if self.editing.is_active:
            line = moved(self.view.lines, self.session.source.text.split("\n"), line)
        spans = [span for span in self.session.source.spans if span.first_line <= line <= span.last_line]
        if not spans:
            return
        narrowest = min(span.last_line - span.first_line for span in spans)
        nodes = {span.node for span in spans if span.last_line - span.first_line == narrowest}
        graphs = self.session.project.graphs()
        key = next((key for key, graph in graphs.items() if nodes & graph.nodes.keys()), None)
        if key is None:  # the code of a moment ago; its node is gone
            return
        self._is_clicking = True  # what was clicked is in sight: nothing may scroll under the pointer
        try:
            self.session.open_graph(key)
            self.session.set_selection(nodes)
        finally:
            self._is_clicking = False


def first_line_of_network(text: str) -> int:
    """The line (from 1) where the network is built; 1 where it is not in the text."""
    head, found, _ = text.partition("\ndef build_model(")
    return head.count("\n") + 2 if found else 1
