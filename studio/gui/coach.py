"""The first minute: one sentence at a time above the drawing, that leads from a finished network to one's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from studio.core.change import Change
from studio.core.project import MAIN, OUTPUT, Project
from studio.gui import icons, theme
from studio.gui.session import Session
from studio.immutable import immutable


@immutable
class _Say:
    """A sentence and the buttons under it: (action, text)."""

    sentence: str
    buttons: tuple[tuple[str, str], ...] = ()


class Coach(QFrame):
    """A strip with one sentence. Never modal; its cross sends it away for good.

    It watches what happens and moves on by itself: train, take a layer away, put one back, done.
    """

    action_requested = Signal(str)
    finished = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.step = ""
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        close = QToolButton()
        icons.attach(close, "close")
        close.setToolTip(self.tr("Hide these hints for good (Esc)"))
        close.setAccessibleName(self.tr("Hide hints"))
        close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        close.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self._label, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(close)
        theme.set_role(self, "tip_card")
        session.project_changed.connect(self._project_changed)
        session.loaded.connect(self._leave)
        self.hide()

    def begin(self) -> None:
        """Say the first sentence."""
        self._go("train")
        self.show()

    def dismiss(self) -> None:
        """Go away and do not come again."""
        if self.step:
            self._go("")
            self.hide()
            self.finished.emit()

    def _leave(self) -> None:
        """Another project is open; what was said about the first one does not hold for it."""
        self._go("")
        self.hide()

    def run_started(self) -> None:
        """A run begins."""
        if self.step == "train":
            self._go("watch")

    def run_ended(self, all_right: bool) -> None:
        """A run is over; ``all_right`` tells whether every cell of the table is predicted right."""
        if self.step in ("train", "watch"):
            self._go("remove" if all_right else "again")
        elif self.step == "retrain":
            self._go("insert")
        elif self.step == "last":
            self._go("done")

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if not self.step or change.is_empty:
            return
        layers_before = sum(node.type != OUTPUT for node in old.main.nodes.values())
        layers_after = sum(node.type != OUTPUT for node in new.main.nodes.values())
        if self.step == "remove" and layers_after < layers_before:
            self._go("retrain")
        elif self.step == "retrain" and layers_after > layers_before:
            self._go("remove")
        elif self.step == "insert" and layers_after > layers_before:
            self._go("last")

    def _go(self, step: str) -> None:
        self.step = step
        if not step:
            return
        say = self._script(step)
        self._label.setText(say.sentence)
        while self._buttons.count():
            item = self._buttons.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.deleteLater()
        for index, (action, text) in enumerate(say.buttons):
            button = QPushButton(text)
            if index == 0 and action == "train":
                theme.set_role(button, "primary")
            button.clicked.connect(lambda _=False, action=action: self.action_requested.emit(action))
            self._buttons.addWidget(button)

    def hidden_layer(self) -> str:
        """The id of a Dense layer in the middle of the main graph whose going is worth seeing, or ""."""
        graph = self._session.project.graph(MAIN)
        dense = [node for node in graph.nodes.values() if node.type == "Dense"]
        return dense[1].id if len(dense) > 2 else ""

    def _script(self, step: str) -> _Say:
        train = ("train", self.tr("Train"))
        if step == "train":
            return _Say(self.tr("This network does not know the table yet. Press Train."), (train,))
        if step == "watch":
            return _Say(self.tr("It learns: watch the loss fall, and the numbers in the table become ticks."))
        if step == "again":
            return _Say(self.tr("Not all of the table is right yet. Train again: a new run starts afresh."), (train,))
        if step == "remove":
            name = self._name(self.hidden_layer())
            return _Say(
                self.tr("It knows the table. What did the hidden layer buy you? Delete one and press Train again."),
                ((("delete_hidden", self.tr("Delete {0}").format(name)),) if name else ()),
            )
        if step == "retrain":
            undo = ("undo", self.tr("Undo"))
            return _Say(
                self.tr("Now press Train and compare the two runs; the earlier one stays, pale."), (train, undo)
            )
        if step == "insert":
            return _Say(
                self.tr(
                    "Drag a Dense from the palette onto an edge: the edge lights up, the layer snaps in, and shapes and"
                    " code follow."
                )
            )
        if step == "last":
            return _Say(self.tr("That is your own network now. Press Train."), (train,))
        doors = (("gallery", self.tr("Gallery")), ("new", self.tr("Empty canvas")))
        return _Say(self.tr("You built and trained a network. Where to next?"), doors)

    def _name(self, node_id: str) -> str:
        node = self._session.project.main.nodes.get(node_id)
        return node.name if node is not None else ""

    # Qt

    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)
