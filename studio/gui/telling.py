"""What hovering would tell, by a key: of what has the focus, and why what is beside it is disabled."""

from __future__ import annotations

import re
from html import unescape

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QMainWindow,
    QToolTip,
    QWidget,
)

from studio.gui.canvas import tooltip
from studio.gui.canvas.canvas import Canvas
from studio.gui.panels.plain import tool_tip

SHOWN_MS = 120_000
"""It stays until a key or a click: two minutes are enough to read it."""
_MOST_LINES = 24
_TIP = Qt.ItemDataRole.ToolTipRole


def _tr(text: str) -> str:
    return QCoreApplication.translate("Telling", text)


def install(dialog: QDialog) -> None:
    """Let the key tell in a dialog too: the actions of the window mean nothing while it is open."""
    shortcut = QShortcut(QKeySequence("Shift+F1"), dialog)
    shortcut.activated.connect(show)


def show() -> str:
    """Show what is told of what has the focus, at its place, and say it to assistive technology; gives the text."""
    here = QApplication.focusWidget()
    text = told(here) if here is not None else ""
    if here is None:
        return ""
    text = text or _tr("Nothing more is known here.")
    QToolTip.showText(_place(here), tool_tip(text).replace("\n", "<br>"), here, here.rect(), SHOWN_MS)
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(here, text))
    return text


def told(here: QWidget) -> str:
    """The tips of a widget that has the focus, and of what is around it and can have no focus; lines of plain text."""
    lines = [*_own(here)]
    around = _around(here)
    if around is not None:
        known = {*lines, *(_plain(each.toolTip()) for each in around.findChildren(QWidget) if _takes_focus(each))}
        for each in around.findChildren(QWidget):
            tip = _plain(each.toolTip())
            if tip and tip not in known and each.isVisible() and not _takes_focus(each):
                known.add(tip)
                name = _name(each)
                lines.append(f"{name}: {tip}" if name and name not in tip else tip)
    return "\n".join(lines[:_MOST_LINES])


def _own(here: QWidget) -> list[str]:
    if isinstance(here, Canvas):
        return [text for text in (tooltip.of_selected(here),) if text]
    found = [here.toolTip()]
    if isinstance(here, QAbstractItemView) and here.currentIndex().isValid():
        found.insert(0, str(here.currentIndex().data(_TIP) or ""))
    if isinstance(here, QComboBox) and here.currentIndex() >= 0:
        found.append(str(here.itemData(here.currentIndex(), _TIP) or ""))
    parent = here.parentWidget()
    if parent is not None and parent.focusProxy() is here:  # a field in a field: the outer one has the tip
        found.append(parent.toolTip())
    return list(dict.fromkeys(filter(None, map(_plain, found))))


def _around(here: QWidget) -> QWidget | None:
    """The dialog or the part of the window in which a widget stands: what belongs together."""
    above: QWidget | None = here
    while above is not None and not isinstance(above, (Canvas, QDockWidget, QDialog)):
        if isinstance(above.parentWidget(), QMainWindow):
            return above
        above = above.parentWidget()
    return above


def _takes_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.isVisible()


def _name(widget: QWidget) -> str:
    name = widget.accessibleName()
    if not name and isinstance(widget, (QAbstractButton, QLabel)):
        name = widget.text()
    return name.replace("&", "").strip()


def _plain(tip: str) -> str:
    """The text of a tip without the marks that say that it is text."""
    return unescape(re.sub(r"</?(?:span|p)[^>]*>", "", tip)).strip()


def _place(here: QWidget) -> QPoint:
    if isinstance(here, Canvas):
        return here.mapToGlobal(tooltip.place_of_selected(here))
    if isinstance(here, QAbstractItemView) and here.currentIndex().isValid():
        return here.viewport().mapToGlobal(here.visualRect(here.currentIndex()).bottomLeft())
    return here.mapToGlobal(here.rect().bottomLeft())
