"""What a person does with the Data panel: choosing a set, and waiting until it is shown."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


def wait(panel, qtbot):
    qtbot.waitUntil(lambda: not panel.is_waiting and panel.facts.source == panel._session.project.data)


def set_row(panel, kind, name):
    """The row of a set in the list at the left."""
    rows = map(panel.sources.list.item, range(panel.sources.list.count()))
    return next(row for row in rows if row.data(Qt.ItemDataRole.UserRole) == (kind, name))


def click_set(panel, kind, name):
    item = set_row(panel, kind, name)
    rect = panel.sources.list.visualItemRect(item)
    QTest.mouseClick(panel.sources.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
