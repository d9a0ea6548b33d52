"""Code to begin with, for each kind: ``resources/snippets``, which a teacher can add to."""

from __future__ import annotations

import re
from functools import cache

from studio.assets import resource, table
from studio.immutable import immutable


@immutable
class Template:
    """A piece of code that works. ``names`` are names of older books under which it is found.

    ``fits`` are parameters, such as "LambdaCallback.on_epoch_end", for which a function has the right arguments.
    """

    kind: str
    title: str
    name: str
    source: str
    names: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()


@cache
def templates() -> tuple[Template, ...]:
    """All of them; the first of a kind is the plainest."""
    index = table("snippets", "index.toml")
    return tuple(
        Template(
            each["kind"],
            each["title"],
            each["name"],
            resource("snippets", each["file"]).read_text(encoding="utf-8"),
            tuple(each.get("names", ())),
            tuple(each.get("fits", ())),
        )
        for each in index["template"]
    )


def first_of(kind: str, owner: str = "", parameter: str = "") -> Template:
    """What a field of this kind begins with: the parameter of an object, or any."""
    mine = [template for template in templates() if template.kind == kind]
    return next((template for template in mine if f"{owner}.{parameter}" in template.fits), mine[0])


def found_templates(kind: str, text: str) -> list[Template]:
    """The templates of a kind that ``text`` may mean, by their names, titles and names of older books; best first."""
    wanted = _plain(text)
    bare = _plain(text.strip().rpartition(".")[2])
    ranked = []
    for template in templates():
        if template.kind == kind and (rank := _rank(template, wanted, bare)) is not None:
            ranked.append((rank, template))
    return [template for _, template in sorted(ranked, key=lambda pair: pair[0])]


def _rank(template: Template, wanted: str, bare: str) -> int | None:
    old = [_plain(name) for name in template.names]
    last = [_plain(name.rpartition(".")[2]) for name in template.names]
    words = _plain(template.name), _plain(template.title)
    claims = {
        0: wanted in old or bare in last or bare in words,
        1: not wanted,
        2: len(wanted) > 2 and any(wanted in each for each in (*old, *words)),
    }
    return next((rank for rank, holds in claims.items() if holds), None)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()
