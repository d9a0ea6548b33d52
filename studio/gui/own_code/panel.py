"""The panel "Your code": the pieces of the project, the editor of one of them, and what reading it tells."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.core import edits
from studio.core.change import Change
from studio.core.project import Project, Snippet
from studio.core.snippets import KINDS, faults, uses
from studio.gui import theme
from studio.gui.own_code.editor import CodeEditor
from studio.gui.own_code.review import review
from studio.gui.panels import plain
from studio.workbench.templates import Template, templates

if TYPE_CHECKING:
    from studio.gui.session import Session

AFTER_TYPING_MS = 250
"""Longer than between two keys of a quick typist: the project gets what was typed, the engine is asked."""


class OwnCodePanel(QWidget):
    """Writes to the project a moment after the last key; all typing in one piece is one step of undo."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._shown = ""
        theme.set_role(self, "panel")
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Your code"))
        self.list.setMinimumWidth(120)
        self.list.setStyleSheet("QListWidget::item { padding-left: 14px; }")  # in line with the heading above
        self.editor = CodeEditor()
        self.editor.setAccessibleName(self.tr("Code of your own"))
        self.new_button = QPushButton(self.tr("New"))
        self.new_button.setMenu(self._new_menu())
        self.delete_button = QPushButton(self.tr("Delete"))
        self.review_button = QPushButton(self.tr("Review the code..."))
        for button in (self.delete_button, self.review_button):
            theme.set_role(button, "link")
        self.about = plain.label("", "secondary")
        self.message = plain.label("", "secondary", wraps=True)
        self.nothing = plain.label(
            self.tr("A layer, a loss, a metric or a function that Keras does not have: choose one under New."),
            "secondary",
            wraps=True,
        )
        header = QHBoxLayout()
        header.setContentsMargins(20, 8, 12, 4)
        header.setSpacing(8)
        header.addWidget(plain.label(self.tr("Your code"), "strong"))
        header.addWidget(self.about)
        header.addStretch(1)
        header.addWidget(self.review_button)
        header.addWidget(self.delete_button)
        header.addWidget(self.new_button)
        right = QWidget()
        inside = QVBoxLayout(right)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.editor, 1)
        inside.addWidget(self.message)
        self.message.setContentsMargins(16, 4, 16, 6)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.addWidget(self.list)
        self._split.addWidget(right)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([170, 600])
        self._split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        self.nothing.setContentsMargins(20, 8, 20, 8)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self._split, 1)
        self._soon = QTimer(self, singleShot=True, interval=AFTER_TYPING_MS)
        self._soon.timeout.connect(self.write)
        self.editor.typed.connect(self._soon.start)
        self.editor.left.connect(self._left)
        self.list.currentItemChanged.connect(self._choose)
        self.delete_button.clicked.connect(self._delete)
        self.review_button.clicked.connect(lambda: review(session, self.window()))
        session.project_changed.connect(self._project_changed)
        session.problems_changed.connect(self._show_message)
        self._fill()

    @property
    def snippet(self) -> Snippet | None:
        """The piece that is in the editor, or None."""
        return self.session.project.snippets.get(self._shown)

    def show_snippet(self, identifier: str) -> None:
        """Put a piece into the editor and the cursor with it."""
        self._fill()
        self._show(identifier)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        fault = faults(self.session.project, self.session.catalog).get(identifier)
        if fault is not None:
            self.editor.go_to(fault.line)

    def write(self) -> None:
        """Give the project what stands in the editor."""
        self._soon.stop()
        snippet = self.snippet
        text = self.editor.toPlainText()
        if snippet is None or self.editor.isReadOnly() or text == snippet.source:
            return
        name = self.tr("Change the code of {0}").format(snippet.name)
        identifier = snippet.id
        self.session.write_code(
            lambda project: edits.set_snippet_source(project, identifier, text), name, f"code.{identifier}"
        )

    def _new_menu(self) -> QMenu:
        menu = QMenu(self)
        kind = ""
        for template in templates():
            if kind and template.kind != kind:
                menu.addSeparator()
            kind = template.kind
            menu.addAction(template.title, partial(self._add, template))
        return menu

    def _add(self, template: Template) -> None:
        self.write()
        self.session.new_code(template.kind, template.name, template.source)

    def _delete(self) -> None:
        snippet = self.snippet
        if snippet is not None:
            self._soon.stop()
            identifier = snippet.id
            self.session.apply(
                lambda project: edits.delete_snippet(project, identifier), self.tr("Delete {0}").format(snippet.name)
            )

    def _left(self) -> None:
        self.write()
        self.session.document.end_merge()

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.write()
            self._show(str(item.data(Qt.ItemDataRole.UserRole)))

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if old.snippets is not new.snippets:
            self._fill()

    def _fill(self) -> None:
        """Show the pieces by name; the one in the editor stays, or another takes its place."""
        snippets = sorted(self.session.project.snippets.values(), key=lambda each: (each.name.lower(), each.id))
        with QSignalBlocker(self.list):
            self.list.clear()
            for snippet in snippets:
                item = QListWidgetItem(snippet.name)
                item.setData(Qt.ItemDataRole.UserRole, snippet.id)
                item.setToolTip(plain.tool_tip(_noun(snippet)))
                self.list.addItem(item)
        self._show(self._shown if self.snippet is not None else snippets[0].id if snippets else "")

    def _show(self, identifier: str) -> None:
        is_other = identifier != self._shown
        if is_other:
            self._soon.stop()
            self.session.document.end_merge()
        self._shown = identifier
        snippet = self.snippet
        with QSignalBlocker(self.list):
            for row in range(self.list.count()):
                if self.list.item(row).data(Qt.ItemDataRole.UserRole) == identifier:
                    self.list.setCurrentRow(row)
        self.nothing.setVisible(snippet is None)
        self._split.setVisible(snippet is not None)
        self.delete_button.setVisible(snippet is not None)
        # What was typed since stays; undo, and a name that follows, come from the project.
        if snippet is not None and (is_other or not self._soon.isActive()):
            self.editor.show_text(snippet.source, is_other=is_other)
        self._show_message()

    def _show_message(self) -> None:
        snippet = self.snippet
        self.review_button.hide()
        if snippet is None:
            self.about.setText("")
            return
        count = len({(use.graph, use.node) for use in uses(self.session.project) if use.name == snippet.name})
        used = self.tr("not used yet") if not count else self.tr("used once") if count == 1 else ""
        self.about.setText(f"{_noun(snippet)} · {used or self.tr('used {0} times').format(count)}")
        fault = faults(self.session.project, self.session.catalog).get(snippet.id)
        self.editor.mark_line(fault.line if fault is not None else 0)
        consent = self.session.consent
        text, role = self.tr("Reading it shows no mistake."), "secondary"
        if fault is not None:
            text, role = self.tr("Line {0}: {1}").format(fault.line, fault.sentence), "problem"
        elif consent.never:
            text = self.tr("It is not run: the program was started with --never-run-code.")
        elif not consent.may_run(snippet.source):
            text, role = self.tr("It was not written here, and runs only after you agreed."), "problem"
            self.review_button.show()
        else:
            told = [
                problem.message
                for problem in self.session.problems
                if problem.code in ("keras", "own_code_stopped") and f" {snippet.name} " in f"{problem.message} "
            ]
            if told:
                text, role = told[0], "problem"
        theme.set_role(self.message, role)
        self.message.setText(text)


def _noun(snippet: Snippet) -> str:
    return KINDS[snippet.kind].noun if snippet.kind in KINDS else snippet.kind
