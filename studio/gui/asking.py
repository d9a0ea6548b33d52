"""Small questions: a name, or one of several. The window's own, so that they look and are heard as all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QVBoxLayout, QWidget

from studio.core.naming import complaint
from studio.gui import theme
from studio.gui.panels import plain


def name(parent: QWidget, title: str, question: str, usual: str, yes: str) -> str:
    """Ask for a name, ``usual`` unless another is typed; "" where none is wanted."""
    dialog = NameDialog(parent, title, question, usual, yes)
    found = dialog.name if dialog.exec() else ""
    dialog.deleteLater()
    return found


def one_of(parent: QWidget, title: str, question: str, names: Sequence[str], usual: int, yes: str) -> str:
    """Ask for one of several names; "" where none is wanted."""
    dialog = ChoiceDialog(parent, title, question, names, usual, yes)
    found = dialog.chosen if dialog.exec() else ""
    dialog.deleteLater()
    return found


class _Question(QDialog):
    def __init__(self, parent: QWidget | None, title: str, question: str, answer: QWidget, yes: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        heading = plain.label(question, "title", wraps=True, parent=self)
        answer.setAccessibleName(question)
        self.message = plain.label("", "problem", wraps=True, parent=self)
        self.message.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.yes = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        self.yes.setDefault(True)
        theme.set_role(self.yes, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        for widget in (heading, answer, self.message):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(buttons)
        answer.setFocus()


class NameDialog(_Question):
    """A field for a name. What cannot be one is said below it, and cannot be taken."""

    def __init__(self, parent: QWidget | None, title: str, question: str, usual: str, yes: str) -> None:
        self.field = QLineEdit(usual)
        super().__init__(parent, title, question, self.field, yes)
        self.field.selectAll()
        self.field.textChanged.connect(self._judge)
        self._judge()

    @property
    def name(self) -> str:
        """What is typed, without spaces around it."""
        return self.field.text().strip()

    def _judge(self) -> None:
        reason = (complaint(self.name) or "") if self.name else ""
        self.message.setText(reason)
        self.message.setVisible(bool(reason))
        self.field.setAccessibleDescription(reason)
        self.yes.setEnabled(bool(self.name) and not reason)
        wanted = QCoreApplication.translate("Asking", "Type a name first.") if not self.name else reason
        self.yes.setToolTip(plain.tool_tip(wanted))
        layout = self.layout()
        if layout is not None:  # a dialog that is shown does not grow by itself
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))


class ChoiceDialog(_Question):
    """A list, in which one is always chosen."""

    def __init__(
        self, parent: QWidget | None, title: str, question: str, names: Sequence[str], usual: int, yes: str
    ) -> None:
        self.list = QListWidget()
        super().__init__(parent, title, question, self.list, yes)
        self.list.addItems(list(names))
        self.list.setCurrentRow(usual)
        self.list.itemDoubleClicked.connect(self.accept)

    @property
    def chosen(self) -> str:
        """The name that is chosen."""
        item = self.list.currentItem()
        return item.text() if item is not None else ""
