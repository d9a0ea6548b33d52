"""What is made when somebody asks for it: names of a package, and things of a table."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, Generic, TypeVar

_Item = TypeVar("_Item")


def names_from(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of a package (PEP 562): ``homes`` says in which of its modules each name is.

    For packages that are not needed until a window is open. No name may be that of a module of the package: importing
    the module would put it in the name's place.
    """

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, found)  # not asked for again
        return found

    return find


class LazyMapping(Mapping[str, _Item], Generic[_Item]):
    """Things by name, each built when it is first asked for: opening a window needs few of them."""

    def __init__(self, names: Mapping[str, object], build: Callable[[str], _Item]) -> None:
        self._names = names
        self._build = build
        self._built: dict[str, _Item] = {}

    def __getitem__(self, name: str) -> _Item:
        found = self._built.get(name)
        if found is None:
            if name not in self._names:
                raise KeyError(name)
            found = self._built[name] = self._build(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        found = self._built.get(name)
        return found if found is not None else self[name] if name in self._names else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
