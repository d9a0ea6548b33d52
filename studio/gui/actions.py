"""The actions of the window, made from the rows of one table; so are menus, tooltips and the search for actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from studio.gui import keymap
from studio.gui.action_rows import MENU_TITLES, MENUS, SHEET, TABLE, ActionRow, Group, Named, Sub
from studio.gui.panels.plain import tool_tip

_CONTEXT = "Actions"
_ROWS = {row.id: row for row in TABLE}

__all__ = ["MENUS", "MENU_TITLES", "SHEET", "TABLE", "ActionRow", "Actions", "Commands"]


class Commands(Protocol):
    """Who can do what the table names."""

    def run(self, action: str) -> None:
        """Do it."""

    def why_not(self, action: str) -> str:
        """Why it cannot be done now, in one sentence; "" where it can."""

    def is_checked(self, action: str) -> bool:
        """Whether a switch is on."""


class Actions(QObject):
    """The QActions of the table. ``refresh`` sets what can be done now; a disabled action says why in its tip."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self._actions: dict[str, QAction] = {}
        self._told: dict[str, str] = {}  # why not, as the tips say now
        for row in TABLE:
            # not a child of the window: Qt asks each of its children four times whether it is a dock, whenever panels
            # are arranged anew
            action = QAction(text_of(row), self)
            action.setObjectName(row.id)
            action.setCheckable(row.is_checkable)
            if not row.is_canvas_key:
                parent.addAction(action)
            action.triggered.connect(self._runner(row.id))
            self._actions[row.id] = action
        self.follow_keymap()

    def follow_keymap(self) -> None:
        """Give the actions the keys that the person wants them to have."""
        self._told.clear()
        for row, action in self:
            if row.is_canvas_key:
                action.changed.emit()  # the menus show its keys
            else:
                action.setShortcuts([QKeySequence(keys) for keys in keymap.keys_of(row)])

    def _runner(self, action: str) -> Callable[[], None]:
        return lambda *_: self._commands.run(action)

    def __getitem__(self, action: str) -> QAction:
        return self._actions[action]

    def __iter__(self) -> Iterator[tuple[ActionRow, QAction]]:
        return ((row, self._actions[row.id]) for row in TABLE)

    def refresh(self) -> None:
        """Enable what can be done now, tick what is on."""
        for row, action in self:
            why_not = self._commands.why_not(row.id)
            # A key on its way would be lost with a disabled action, and with it the reason why not.
            action.setEnabled(not why_not)
            if self._told.get(row.id) != why_not:
                self._told[row.id] = why_not
                keys = f" ({keys})" if (keys := shown_keys(row)) else ""
                action.setToolTip(tool_tip(why_not) or text_of(row).rstrip(".") + keys)
            if row.is_checkable:
                action.setChecked(self._commands.is_checked(row.id))

    def fill_context_menu(self, menu: QMenu, groups: Sequence[Group]) -> None:
        """Put into ``menu`` what can be done with what was clicked."""
        menu.setToolTipsVisible(True)
        for group in groups:
            if menu.actions():
                menu.addSeparator()
            for entry in group:
                if isinstance(entry, Sub):
                    inner = menu.addMenu(QCoreApplication.translate(_CONTEXT, entry.text))
                    self.fill_context_menu(inner, [entry.entries])
                else:
                    name, text = (entry.action, entry.text) if isinstance(entry, Named) else (entry, "")
                    self._put(menu, _ROWS[name], self._actions[name], QCoreApplication.translate(_CONTEXT, text))

    def fill_menu(self, menu: QMenu, name: str) -> None:
        """Put all actions of one menu into ``menu``."""
        menu.setToolTipsVisible(True)
        for row, action in self:
            if row.menu != name:
                continue
            if row.starts_group:
                menu.addSeparator()
            self._put(menu, row, action)

    def _put(self, menu: QMenu, row: ActionRow, action: QAction, text: str = "") -> None:
        if not row.is_canvas_key and not text:
            menu.addAction(action)
            return
        # shown but not live: the canvas itself takes the key while it has the focus
        entry = menu.addAction("")
        entry.triggered.connect(action.trigger)

        def refresh() -> None:
            keys = shown_keys(row)
            words = text or action.text()
            entry.setText(f"{words}\t{keys}" if keys else words)
            entry.setEnabled(action.isEnabled())
            entry.setToolTip(action.toolTip())

        following = action.changed.connect(refresh)
        # A context menu goes, the action stays: what follows it must not reach an entry that is gone.
        entry.destroyed.connect(lambda: QObject.disconnect(following))
        refresh()


def text_of(row: ActionRow) -> str:
    """The words of an action in the person's language."""
    return QCoreApplication.translate(_CONTEXT, row.text)


def other_words_of(row: ActionRow) -> str:
    """Other words for an action in the person's language, "" for most."""
    return QCoreApplication.translate(_CONTEXT, row.also) if row.also else ""


def menu_title(menu: str) -> str:
    """The words of a menu in the person's language."""
    return QCoreApplication.translate(_CONTEXT, MENU_TITLES[menu])


def shown_keys(row: ActionRow) -> str:
    """The first shortcut as this system writes it, "" where there is none."""
    return next(iter(all_shown_keys(row)), "")


def all_shown_keys(row: ActionRow) -> tuple[str, ...]:
    """All shortcuts as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(QKeySequence(text).toString(native) for text in keymap.keys_of(row))
