"""What assistive technology is given belongs to Qt and to Python at once: here both are kept from deleting it.

WORKAROUND(PySide: an interface belongs to Qt's cache and to Python at once). Qt deletes what is registered when its
widget dies or the program ends; Python would delete it a second time, or first, when the last reference goes. So
``_KEPT`` holds every registered interface until Qt has let go of it, and ``let_go`` is the only way out. Remove when
``registerAccessibleInterface`` takes the ownership.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleInterface,
    QAccessibleSelectionInterface,
)
from shiboken6 import Shiboken, VoidPtr

_KEPT: dict[int, QAccessibleInterface] = {}


def keep(face: QAccessibleInterface) -> int:
    """Give an interface to Qt's cache. Returns its number there."""
    number = QAccessible.registerAccessibleInterface(face)
    _KEPT[number] = face
    return number


def let_go(number: int) -> None:
    """Have Qt delete an interface, then forget it here."""
    face = _KEPT.get(number)
    if face is not None and Shiboken.isValid(face):
        QAccessible.deleteAccessibleInterface(number)
    _KEPT.pop(number, None)


def address(part: QAccessibleActionInterface | QAccessibleSelectionInterface | None) -> int:
    """What ``interface_cast`` gives to Qt for a part of an interface."""
    # Not None and not the bare number: PySide would hand on the address of that very object, and Qt crash on it.
    return cast(int, VoidPtr(Shiboken.getCppPointer(part)[0] if part is not None else 0))
