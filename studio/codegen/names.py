"""Names that are free in a piece of code."""

from __future__ import annotations

import re
from collections.abc import Iterable

from studio.codegen.expressions import RESERVED, TRUNK
from studio.core.naming import unused

BRANCH_STEM = "branch_"
"""What the variable of a branch that nobody named starts with."""

_OF_BRANCH = re.compile(r"b(\d{1,9})(_l\d{1,9})?", re.ASCII)


def branch_in(variable: str) -> str:
    """The number of the branch in a variable that is named by it, as the book does: "2" of b2 and b2_l1; else ""."""
    found = _OF_BRANCH.fullmatch(variable)
    return found[1] if found else ""


class Names:
    """Gives each wanted name once, and no reserved one."""

    def __init__(self, taken: Iterable[str] = RESERVED) -> None:
        self._taken = {*taken, TRUNK}
        self._last: dict[str, str] = {}

    def inner(self, taken: Iterable[str]) -> Names:
        """Names for the inside of a function: what is taken outside stays so, and ``taken`` too."""
        return Names({*self._taken, *taken})

    def taken(self) -> frozenset[str]:
        """All names that are given."""
        return frozenset(self._taken)

    def take_all(self, names: Iterable[str]) -> None:
        """Give away these names."""
        self._taken.update(names)

    def is_free(self, name: str) -> bool:
        """Whether nobody has the name yet."""
        return name not in self._taken

    def take(self, wanted: str) -> str:
        """``wanted``, or the same with a number."""
        # Whatever lies between a wish and what was given for it last is taken: a hundred wishes for "skip" stay quick.
        name = unused(self._last.get(wanted, wanted), self._taken)
        self._last[wanted] = name
        self._taken.add(name)
        return name
