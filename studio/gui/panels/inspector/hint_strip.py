"""One line below a form that tells what the parameter is for whose field has the focus.

It stands at the edge and not below the field: rows that moved whenever the focus does would slip away under the mouse.
"""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from studio.gui.panels import plain
from studio.gui.panels.inspector.row import ParameterRow


class HintStrip(QFrame):
    """Follows the focus among the rows inside ``owner``; away, and of no height, while it is elsewhere."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.text = plain.label("", "secondary", wraps=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(plain.hairline(self))
        self.text.setContentsMargins(20, 8, 20, 10)
        layout.addWidget(self.text)
        self.hide()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        row = self._row_of(now)
        hint = row.parameter.hint if row is not None else ""
        if row is not None and hint:
            self.text.setText(f"{row.parameter.name}: {hint}")
        self.setVisible(bool(hint))

    def _row_of(self, widget: QWidget | None) -> ParameterRow | None:
        """The innermost row around a widget."""
        if widget is None or not self._owner.isAncestorOf(widget):
            return None
        while widget is not None and not isinstance(widget, ParameterRow):
            widget = widget.parentWidget()
        return widget
