"""The data sets that the program brings along: real ones as files, made-up ones as seeded functions.

All that is said about them stands in ``resources/datasets/sets.toml``; the defaults of the parameters of a made-up
set are those of its function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from studio.assets import resource, table
from studio.immutable import immutable
from studio.late import LazyMapping

Task = Literal["classes", "labels", "numbers"]


@immutable
class Parameter:
    """One number that shapes a made-up set; an int default means that only whole numbers make sense."""

    name: str
    label: str
    default: int | float
    low: int | float
    high: int | float
    step: int | float

    @property
    def is_integer(self) -> bool:
        """Whether the parameter counts something."""
        return isinstance(self.default, int)


@immutable
class BundledSet:
    """A real data set in ``resources/datasets``; ``licence_file`` lies in ``resources/licenses``."""

    name: str
    title: str
    file: str
    origin: str
    licence: str
    licence_file: str
    description: str
    task: Task
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    class_names: tuple[str, ...] = ()

    @property
    def is_pictures(self) -> bool:
        """Whether the set holds pictures (an .npz file) and no table."""
        return self.file.endswith(".npz")

    @property
    def path(self) -> Path:
        """Where the file lies on this machine."""
        return resource("datasets", self.file)


@immutable
class MadeSet:
    """A data set that a function of ``resources/datasets/made`` draws from its parameters."""

    name: str
    title: str
    description: str
    task: Task
    parameters: tuple[Parameter, ...] = ()
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)

    def defaults(self) -> dict[str, int | float]:
        """The value of each parameter when nobody chose another."""
        return {parameter.name: parameter.default for parameter in self.parameters}


@cache
def function(*parts: str) -> Callable[..., Any]:
    """The function that gives a resource file its name: ``function("made", "moons")`` or ``function("split")``.

    Compiled from the text, not imported: importing would write byte code beside the resources. The text is our own,
    the very text that exported files carry, so a preview shows exactly what an exported file will train on.
    """
    path = resource("datasets", *parts[:-1], f"{parts[-1]}.py")
    scope: dict[str, Any] = {"__name__": f"studio_datasets_{'_'.join(parts)}"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
    made: Callable[..., Any] = scope[parts[-1]]
    return made


def _table() -> dict[str, Any]:
    return table("datasets", "sets.toml")


@cache
def bundled() -> Mapping[str, BundledSet]:
    """The real data sets by name, in the order in which they are offered."""
    return MappingProxyType({name: BundledSet(name=name, **_frozen(row)) for name, row in _table()["bundled"].items()})


@cache
def made() -> Mapping[str, MadeSet]:
    """The made-up data sets by name, in the order in which they are offered."""
    rows: Mapping[str, Mapping[str, Any]] = _table()["made"]
    return LazyMapping(rows, lambda name: _made_set(name, rows[name]))


def _made_set(name: str, row: Mapping[str, Any]) -> MadeSet:
    signature = inspect.signature(function("made", name))
    bounds = row.get("parameters", {})
    parameters = tuple(
        Parameter(name=key, default=signature.parameters[key].default, **bound) for key, bound in bounds.items()
    )
    rest = {key: value for key, value in row.items() if key != "parameters"}
    return MadeSet(name=name, parameters=parameters, **_frozen(rest))


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
