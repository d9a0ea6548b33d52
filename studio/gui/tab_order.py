"""The way of Tab through a page whose fields came at different times: as they are read, not as they were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def follow_layout(page: QWidget) -> None:
    """Let Tab go through the fields of a page in the order of its layouts."""
    layout = page.layout()
    if layout is not None:
        for before, after in pairwise(_fields(layout)):
            QWidget.setTabOrder(before, after)


def _fields(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        assert item is not None
        if (inner := item.layout()) is not None:
            yield from _fields(inner)
        elif (widget := item.widget()) is not None:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                yield widget
            if (held := widget.layout()) is not None:
                yield from _fields(held)
