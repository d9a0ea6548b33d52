"""The variables of branches that nobody named: ``branch_1`` and so on, those of a branch ``branch_1a``."""

from __future__ import annotations

import re
from string import ascii_lowercase

from studio.codegen.chains import Order
from studio.codegen.names import BRANCH_STEM, Names

_BRANCH = re.compile(rf"{BRANCH_STEM}\d+")


class BranchNames:
    """Gives them out: the same ones wherever they come, as soon as they are free."""

    def __init__(self, order: Order, names: Names, ends: list[int], until: list[int]) -> None:
        self._order, self._names, self._ends, self._until = order, names, ends, until
        self._of: dict[int, str] = {}
        self._needed: dict[str, int] = {}  # name -> until when it is needed
        self._alike: dict[str, list[str]] = {}  # wanted -> names
        self._soonest: dict[str, int] = {}  # wanted -> when the first of its names may be free

    def take(self, wanted: str, number: int) -> str:
        """The variable of the chain ``number``. What branches off a branch has its name and a letter."""
        chain = self._order.chains[number]
        start = self._ends[number] - len(chain.nodes) + 1
        above = [self._of.get(need, "") for need in chain.needs] or [""]
        stems = {name[:-1] for name in above}
        if len(above) == 1 and _BRANCH.fullmatch(above[0]):
            wishes = [f"{above[0]}{letter}" for letter in ascii_lowercase]
        elif len(above) > 1 and len(stems) == 1 and _BRANCH.fullmatch(next(iter(stems))):
            wishes = [*stems]
        else:
            wishes = []
        name = next((wish for wish in wishes if self._is_free(wish, start)), None) or self._any(wanted, start)
        self._names.take_all((name,))
        self._of[number], self._needed[name] = name, self._until[number]
        return name

    def _is_free(self, name: str, start: int) -> bool:
        needed = self._needed.get(name)
        return self._names.is_free(name) if needed is None else needed <= start

    def _any(self, wanted: str, start: int) -> str:
        alike = self._alike.setdefault(wanted, [])
        if self._soonest.get(wanted, 0) <= start:
            for name in alike:
                if self._needed[name] <= start:
                    return name
            self._soonest[wanted] = min([self._needed[name] for name in alike], default=0)
        alike.append(self._names.take(wanted))
        self._soonest[wanted] = min(self._soonest[wanted], start) if len(alike) < 2 else self._soonest[wanted]
        return alike[-1]
