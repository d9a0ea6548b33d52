"""Typing into the code: live marks, one step of undo when it is applied, nothing lost when it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.background import Background
from studio.gui.panels import plain
from studio.gui.panels.code.view import CodeView
from studio.importing import script
from studio.workbench.code_editing import with_code

if TYPE_CHECKING:
    from studio.gui.session import Session

CHECK_AFTER_MS = 400
"""Typing pauses for longer than this between two thoughts."""


class CodeEditing(QWidget):
    """The strip below the code while it is edited: what is wrong, Revert, Apply.

    Text and drawing change at Apply, or when the keyboard goes elsewhere in the window. What cannot be drawn then
    stays as it was typed.
    """

    ended = Signal()

    def __init__(self, parent: QWidget, view: CodeView, session: Session) -> None:
        super().__init__(parent)
        self._view = view
        self._session = session
        self._background = Background(self)
        self._base = session.project
        self._source = session.source
        self.is_active = False
        self.message = plain.label("", "secondary")
        self.message.setWordWrap(True)
        self.message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.revert_button = QPushButton(self.tr("Revert"), self)
        self.revert_button.setToolTip(self.tr("Give up what was typed (Esc)"))
        self.apply_button = QPushButton(self.tr("Apply"), self)
        theme.set_role(self.apply_button, "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self.message, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.apply_button)
        self.setVisible(False)
        self._soon = QTimer(self, singleShot=True, interval=CHECK_AFTER_MS)
        self._soon.timeout.connect(self._check)
        self.revert_button.clicked.connect(self.revert)
        self.apply_button.clicked.connect(self.apply)
        view.apply_requested.connect(self.apply)
        view.revert_requested.connect(self.revert)
        view.edited.connect(self._edited)
        view.left.connect(self._leave, Qt.ConnectionType.QueuedConnection)  # when the keyboard is where it goes
        session.loaded.connect(self.revert)

    def toggle(self) -> None:
        """Begin, or apply what was typed."""
        if self.is_active:
            self.apply()
            return
        self._base = self._session.project
        self._source = self._session.current_source()
        self._view.show_text(self._source.text)
        self.is_active = True
        self._begin()
        self.setVisible(True)
        self._view.set_editable(True)
        self._view.setFocus()

    def revert(self) -> None:
        """Give up what was typed; the code of the drawing comes back."""
        if self.is_active:
            self._end()

    def apply(self) -> None:
        """Put what was typed into the drawing, as one step; where it cannot be, it stays and says why."""
        if self.is_active:
            self._ask(self._applied)

    def _begin(self) -> None:
        self.message.setText(self.tr("Change layers, their arguments and how they are joined. Ctrl+Enter applies."))
        self._allow(self.tr("Nothing was changed yet."))

    def _edited(self) -> None:
        self._soon.start()
        if self._is_changed():
            self._allow()

    def _is_changed(self) -> bool:
        return self._view.toPlainText() != self._source.text

    def _allow(self, why_not: str = "") -> None:
        """Let Apply be pressed, or let it say why there is nothing to press it for."""
        self.apply_button.setEnabled(not why_not)
        self.apply_button.setToolTip(why_not or self.tr("Put what was typed into the drawing (Ctrl+Enter)"))

    def _leave(self) -> None:
        """Whoever goes on elsewhere has done typing: as in any field, what was typed counts, if it can be drawn."""
        focus = QApplication.focusWidget()
        if not self.is_active or focus is None or focus is self._view or self.isAncestorOf(focus):
            return
        if self._is_changed():
            self.apply()
        else:
            self._end()

    def _check(self) -> None:
        if self.is_active:
            self._ask(self._checked)

    def _ask(self, then) -> None:  # type: ignore[no-untyped-def]
        self._soon.stop()
        catalogs = (self._session.catalog, self._session.catalogs.keras)
        arguments = (self._session.project, self._base, self._source, self._view.toPlainText(), *catalogs)
        self._background.ask(lambda: with_code(*arguments), lambda found: then(arguments[0], found))

    def _checked(self, _project: object, found: object) -> bool:
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, script.Edited)
        self._view.underline({
            line: each.reason
            for each in reversed(found.complaints)
            for line in range(each.line, max(each.line, each.end_line) + 1)
        })  # fmt: skip
        if found.complaints:
            first = found.complaints[0]
            self.message.setText(self.tr("Line {0}: {1}").format(first.line, first.reason))
            self._allow(self.message.text())
        elif not self._is_changed():
            self._begin()
        elif found.project is self._session.project:
            self.message.setText(self.tr("This is drawn as it was."))
            self._allow(self.tr("Nothing in the drawing changes by that."))
        else:
            self.message.setText(self.tr("This can be drawn. Ctrl+Enter applies."))
            self._allow()
        return not found.complaints

    def _applied(self, project: object, found: object) -> None:
        if not self.is_active or not self._checked(project, found):
            return
        assert isinstance(found, script.Edited)
        if self._session.project is not project:
            self._ask(self._applied)  # the drawing was changed meanwhile
            return
        self._session.apply(lambda _: found.project, self.tr("Edit the code"))
        self._end()

    def _end(self) -> None:
        self.is_active = False
        self._soon.stop()
        self._background.forget()
        self._view.set_editable(False)
        self.setVisible(False)
        self.ended.emit()
