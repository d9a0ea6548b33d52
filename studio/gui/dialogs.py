"""Two sheets to read: the shortcuts, and what this program is made of."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.assets import resource
from studio.gui import theme
from studio.gui.actions import SHEET, TABLE, all_shown_keys, menu_title, text_of

_CANVAS = (
    ("Wheel", "Zoom at the pointer"),
    ("Middle drag, Space + drag", "Move the view"),
    ("Drag from a port", "Draw an edge; drop it on empty space to search a layer that fits"),
    ("Double click on empty space", "Add a layer here"),
    ("Alt + click on an edge, a port", "Cut it, or all edges of the port"),
    ("Ctrl + right drag", "Cut all edges on the way"),
    ("Shift + drag of an edge's end", "Copy the edge"),
    ("Ctrl + drag from an output", "Move all edges of it to another output"),
    ("Double click on an edge", "Lead it by a point; a drag moves the point, a double click takes it away"),
    ("Drag of a frame's title", "Move all that is in it; a double click renames it"),
    ("Drop a layer in a frame", "Put it in; Alt keeps it out"),
    ("Alt + drag of a layer, or shake it", "Take it out of its chain and its frame"),
    ("Ctrl + Alt + click", "Select a layer and all that follows"),
    ("Shift + Alt + click", "Select a layer and all that leads to it"),
    ("Alt + Left and Right", "Walk along the edges; where nothing is selected, back to where you were"),
    ("Back and forward of the mouse", "To the place before the last jump, and forward again"),
    ("Tab", "Walk through the layers in the order of the code"),
    ("Esc", "Cancel what you are dragging; from the parameters back to the drawing"),
)

_PRESENTATION = (
    ("Page Down, Right, Down", "To the next bookmark; without bookmarks to the next layer in the order of the code"),
    ("Page Up, Left, Up", "To the one before"),
    ("Home", "Show the whole drawing"),
    ("Esc", "End the presentation"),
)

KEYS_PX = 250
"""The longest way to use the mouse stands on one line."""


def _sheet(parent: QWidget, title: str, content: QWidget, width: int = 560) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.resize(width, 640)
    content.setAccessibleName(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    heading = QLabel(title)
    theme.set_role(heading, "title")
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 20, 20, 16)
    layout.setSpacing(12)
    layout.addWidget(heading)
    layout.addWidget(content, 1)
    layout.addWidget(buttons)
    return dialog


def show_shortcuts(parent: QWidget) -> None:
    """Every shortcut of the action table, by menu, and what the mouse does on the canvas."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    grid.setColumnMinimumWidth(0, KEYS_PX)
    row = 0

    def heading(text: str) -> None:
        nonlocal row
        label = QLabel(text.upper())
        theme.set_role(label, "heading")
        label.setContentsMargins(0, 12 if row else 0, 0, 0)
        grid.addWidget(label, row, 0, 1, 2)
        row += 1

    def entry(keys: str, text: str) -> None:
        nonlocal row
        key = QLabel(keys)
        theme.set_role(key, "mono")
        words = QLabel(text)
        for label in (key, words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, row, 1)
        row += 1

    for menu in SHEET:
        heading(menu_title(menu))
        for action in TABLE:
            if action.menu == menu and (shortcuts := all_shown_keys(action)):
                entry(", ".join(shortcuts), text_of(action).rstrip("."))
    heading(QCoreApplication.translate("Dialogs", "On the canvas"))
    for keys, text in _CANVAS:
        entry(keys, QCoreApplication.translate("Dialogs", text))
    heading(QCoreApplication.translate("Dialogs", "In a presentation"))
    for keys, text in _PRESENTATION:
        entry(keys, QCoreApplication.translate("Dialogs", text))
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(row, 1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setWidget(page)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    _sheet(parent, QCoreApplication.translate("Dialogs", "Shortcuts"), scroll, 720).exec()


def show_about(parent: QWidget) -> None:
    """The licences of the program, its fonts and its data."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setFont(theme.mono_font(11))
    parts = ["Layer Studio: draw neural networks, see their shapes, read their code, watch them learn.\n"]
    for path in sorted(resource("licenses").glob("*.txt")):
        parts.append(f"{path.stem}\n{'=' * len(path.stem)}\n\n{path.read_text(encoding='utf-8')}\n")
    text.setPlainText("\n".join(parts))
    _sheet(parent, QCoreApplication.translate("Dialogs", "About Layer Studio"), text, 720).exec()
