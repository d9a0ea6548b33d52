"""The field that lies over a note while its text is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from studio.core import edits
from studio.core.edits.notes import written
from studio.core.project import Note, Point
from studio.gui import theme
from studio.gui.canvas import sticky

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_LEAST_PX = (120, 40)
"""On the screen: however small the note looks, its text can be read while it is written."""


class NoteField(QPlainTextEdit):
    """A click elsewhere or Ctrl+Enter takes the text, Esc gives it up; Enter begins a new line.

    Over a note that is there already, or, with a ``place`` instead of one, over the sheet that a new one will be: it
    comes with its text, in one step, and not at all without.
    """

    def __init__(
        self, canvas: Canvas, note_id: str | None, place: Point | None, closed: Callable[[NoteField], None]
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._closed = closed
        self._id = note_id
        self._corner = place or (0.0, 0.0)
        self._key = canvas.session.graph_key
        self.is_done = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Text of the note"))
        self.setPlaceholderText(self.tr("Write a note"))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        note = self._note()
        if note is None:
            self.close_field()
            return
        self.setPlainText(note.text)
        self.textChanged.connect(self.place)
        self.place()
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Lie over the note, as high as its text needs."""
        note = self._note()
        if note is None:
            self.close_field()
            return
        view, now = self._canvas.view, theme.current()
        high = max(note.height, sticky.text_height(self.toPlainText(), note.width))
        area = QRectF(note.x, note.y, note.width, high)
        left, top = view.to_widget(area.left(), area.top())
        width, height = max(_LEAST_PX[0], area.width() * view.scale), max(_LEAST_PX[1], area.height() * view.scale)
        padding = round(sticky.PADDING * min(1.0, view.scale)) - 4  # the document has a margin of 4 px of its own
        ground, size = sticky.ground(now, note.colour), max(11, round(sticky.TEXT_PX * view.scale))
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {ground.name()}; color: {now.text}; border: 2px solid {now.accent};"
            f" border-radius: 3px; padding: {max(0, padding - 2)}px; font-size: {size}px; }}"
        )
        self.setGeometry(QRect(round(left), round(top), round(width), round(height)))

    def close_field(self) -> None:
        """Go away without a change."""
        if not self.is_done:
            self.is_done = True
            had_focus = self.hasFocus()
            self.hide()
            self.deleteLater()
            self._closed(self)
            if had_focus:
                self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self) -> Note | None:
        """The note as it is, or as it will be; None where it or its graph is not shown any more."""
        session = self._canvas.session
        if session.graph_key != self._key:
            return None
        if self._id is None:
            return Note("", "", *self._corner)
        return session.graph.notes.get(self._id) if self._id in self._canvas.scene.notes.slot else None

    def take(self) -> None:
        """Give the note its text, or add the note that has it: one step."""
        note, text = self._note(), written(self.toPlainText())
        if self.is_done or note is None:
            return
        self.close_field()
        if text == note.text:
            return
        session, key, id = self._canvas.session, self._key, self._id
        height = max(note.height, sticky.text_height(text, note.width))
        if id is None:
            new, (x, y) = f"t{session.project.next_id}", self._corner
            session.apply(
                lambda project: edits.add_note(project, text, x=x, y=y, height=height, graph=key),
                self.tr("Add a note"),
                selection=[new],
            )
        else:
            session.apply(
                lambda project: edits.change_note(project, id, text=text, size=(note.width, height), graph=key),
                self.tr("Write a note"),
            )

    # Qt

    def event(self, event: QEvent) -> bool:
        # The window would train with this key.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _takes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
        elif _takes(event):
            self.take()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu for cut and paste
            self.take()


def _takes(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
