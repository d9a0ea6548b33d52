"""What Keras itself says about a layer type: its documentation, fetched from the engine when somebody unfolds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import icons, theme
from studio.gui.panels import plain

if TYPE_CHECKING:
    from studio.gui.session import Session

TEXT_PX: Final = 260
"""Height of the text, which scrolls: some classes have three hundred lines."""
FONT_PX: Final = 11
LONGEST: Final = 200_000
"""Letters; a text that comes from a process of its own is not trusted to end."""


class KerasText(QWidget):
    """A fold at the end of a node's page. Nothing is asked before it is opened; it stays open from node to node."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._type = ""
        self._asked = ""
        self._texts: dict[str, str] = {}
        self.fold = QPushButton(self.tr("What Keras says"), self)
        theme.set_role(self.fold, "fold")
        self.fold.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold.setCheckable(True)
        self.fold.setToolTip(self.tr("Keras's own documentation of this layer, as it is installed here"))
        self.fold.toggled.connect(self._show)
        self.waiting = plain.label("", "secondary", wraps=True, parent=self)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setFixedHeight(TEXT_PX)
        # The application's sheet would give the general font; a sheet of its own is the one way past it.
        self.text.setStyleSheet(f'QPlainTextEdit {{ font-family: "JetBrains Mono"; font-size: {FONT_PX}px; }}')
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("What Keras says"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.fold)
        layout.addWidget(self.waiting)
        layout.addWidget(self.text)
        session.docs.connect(self._take)
        session.engine_state_changed.connect(self._engine_changed)
        session.catalog_changed.connect(self._forget)
        self._show()

    def show_type(self, type_name: str) -> None:
        """Be about this layer type; "" where Keras has none."""
        if type_name != self._type:
            self._type = type_name
            self.setVisible(bool(type_name))
            self._show()

    def _show(self) -> None:
        is_open = self.fold.isChecked() and bool(self._type)
        icons.attach(self.fold, "chevron_down" if is_open else "chevron_right", "accent")
        text = self._texts.get(self._type)
        self.text.setVisible(is_open and bool(text))
        self.waiting.setVisible(is_open and not text)
        if not is_open:
            return
        if text:
            if self.text.toPlainText() != text:
                self.text.setPlainText(text)
        elif text is not None:
            self.waiting.setText(self.tr("Keras has no text about it."))
        else:
            self._ask()

    def _ask(self) -> None:
        if self._session.engine_state not in ("ready", "busy"):  # what is sent now may be lost
            self.waiting.setText(self.tr("Keras is not running yet; its text comes when it is."))
            return
        self.waiting.setText(self.tr("Asking Keras..."))
        if self._asked != self._type:
            self._asked = self._type
            self._session.ask_docs(self._type)

    def _take(self, type_name: str, text: str) -> None:
        self._texts[type_name] = text[:LONGEST].strip()
        if type_name == self._asked:
            self._asked = ""
        if type_name == self._type:
            self._show()

    def _engine_changed(self, state: str) -> None:
        if state in ("off", "dead"):
            self._asked = ""  # the answer will not come
        if self._type not in self._texts:
            self._show()

    def _forget(self) -> None:
        """Another Keras is installed than was thought."""
        self._texts.clear()
        self._show()
