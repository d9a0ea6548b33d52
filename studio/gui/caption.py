"""The caption of a presentation: what is shown, in letters that are read from the last row."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.canvas.numbers import count_text
from studio.gui.canvas.scene import Scene
from studio.gui.panels import plain
from studio.gui.session import Session

NAME_PX, WORDS_PX = 26, 20


class Caption(QFrame):
    """Name and type of a layer, its shape and weights, and a sentence about it: its note, or what its type does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_role(self, "panel")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = plain.label("", "strong")
        self.kind = plain.label("", "quiet")
        self.shape = plain.label("", "mono")
        self.place = plain.label("", "quiet")
        self.words = plain.label("", "quiet", wraps=True)
        for label, size in (
            (self.name, NAME_PX),
            (self.kind, WORDS_PX),
            (self.place, WORDS_PX),
            (self.words, WORDS_PX),
        ):
            label.setStyleSheet(f"font-size: {size}px;")
        self.shape.setStyleSheet(f"font-size: {WORDS_PX}px;")
        first = QHBoxLayout()
        first.setSpacing(20)
        for label in (self.name, self.kind, self.shape):
            first.addWidget(label)
        first.addStretch(1)
        first.addWidget(self.place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 12, 24, 14)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addWidget(self.words)

    def show_node(self, session: Session, node_id: str, scene: Scene, number: int, count: int) -> None:
        """Tell about a layer, the ``number``-th of ``count`` places."""
        node, slot = session.graph.nodes[node_id], scene.slot.get(node_id)
        card = scene.cards[slot] if slot is not None else None
        spec = session.catalog.layer(node.type)
        self.name.setText(node.name)
        self.kind.setText(card.kind if card is not None else "")
        told = [card.shape] if card is not None and card.shape else []
        if card is not None and card.parameters:
            told.append(self.tr("{0} weights").format(count_text(card.parameters)))
        self.shape.setText(" · ".join(told))
        self.place.setText(f"{number} / {count}")
        self.words.setText(node.note or (spec.summary if spec is not None else ""))
        self._show_what_there_is()

    def show_keys(self, *, has_bookmarks: bool) -> None:
        """Tell how one goes on, while the whole drawing is shown."""
        where = self.tr("from bookmark to bookmark") if has_bookmarks else self.tr("from layer to layer")
        for label in (self.name, self.kind, self.shape, self.place):
            label.setText("")
        self.words.setText(
            self.tr("Page Down and Page Up lead {0}, Home shows everything, Esc ends the presentation.").format(where)
        )
        self._show_what_there_is()

    def _show_what_there_is(self) -> None:
        for label in (self.name, self.kind, self.shape, self.place, self.words):
            label.setVisible(bool(label.text()))
