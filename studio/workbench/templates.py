"""Code to begin with, for each kind: ``resources/snippets``, which a teacher can add to."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from studio.assets import resource


@dataclass(frozen=True, slots=True)
class Template:
    """A piece of code that works. ``names`` are names of older books under which it is found."""

    kind: str
    title: str
    name: str
    source: str
    names: tuple[str, ...] = ()


@cache
def templates() -> tuple[Template, ...]:
    """All of them; the first of a kind is the plainest."""
    index = tomllib.loads(resource("snippets", "index.toml").read_text(encoding="utf-8"))
    return tuple(
        Template(
            each["kind"],
            each["title"],
            each["name"],
            resource("snippets", each["file"]).read_text(encoding="utf-8"),
            tuple(each.get("names", ())),
        )
        for each in index["template"]
    )


def first_of(kind: str) -> Template:
    """What a field of this kind begins with."""
    return next(template for template in templates() if template.kind == kind)


def template_for(old_name: str, kind: str) -> Template | None:
    """The template for a name of an older book, or None."""
    wanted = _plain(old_name)
    return next(
        (each for each in templates() if each.kind == kind and any(_plain(name) == wanted for name in each.names)), None
    )


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
