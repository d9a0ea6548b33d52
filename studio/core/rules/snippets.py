"""What is wrong with code of the person's own, as far as reading it tells."""

from __future__ import annotations

from collections.abc import Iterator

from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.snippets import faults, needed, uses


def snippet_problems(project: Project, catalog: Catalog) -> Iterator[Problem]:
    """A mistake is told where the code is used first; one in code that nothing uses is a hint."""
    wrong = faults(project, catalog)
    if not wrong:
        return
    places: dict[str, str | None] = {}
    for use in uses(project):
        for snippet in needed(project, [use.name]):
            places.setdefault(snippet.id, use.node)
    for identifier, fault in wrong.items():
        snippet = project.snippets[identifier]
        message = f"{snippet.name}, line {fault.line}: {fault.sentence}"
        if identifier in places:
            yield Problem("snippet", message, node=places[identifier])
        else:
            yield Problem("snippet", message, "hint")
