"""The gallery: finished projects that ship with the program, in the order of ``resources/examples/index.toml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from studio import storage
from studio.assets import resource, table
from studio.core.project import Project
from studio.immutable import immutable

FIRST = "book_mlp"
"""What the first start shows."""


@immutable
class Example:
    """One finished project. ``name`` is its word on the command line, ``sentence`` says what it shows."""

    name: str
    title: str
    sentence: str

    @property
    def path(self) -> Path:
        """The project file; it is never written to."""
        return resource("examples", f"{self.name}.studio")

    def project(self) -> Project:
        """The project itself."""
        return storage.load(self.path)


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """All examples, the simplest first."""
    rows = table("examples", "index.toml")["example"]
    return tuple(Example(row["name"], row["title"], row["sentence"]) for row in rows)


def example(name: str) -> Example | None:
    """The example called ``name``, or None."""
    return next((entry for entry in examples() if entry.name == name), None)
