"""Opening what the command line names."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from studio import catalog, data, storage
from studio.catalog import Catalog
from studio.cli.errors import CannotAsk
from studio.codegen import GeneratedSource
from studio.core import rules
from studio.core.problem import Problem
from studio.core.project import Project
from studio.core.snippets import with_snippets
from studio.workbench.picked_files import weights_problems


def load(path: Path) -> Project:
    """The project in a file; CannotAsk with one line if there is none."""
    try:
        return storage.load(path)
    except storage.ProjectFileError as error:
        raise CannotAsk(one_line(error.message)) from None


@lru_cache(maxsize=1)
def the_catalog() -> Catalog:
    """The catalog that ships with the program."""
    return catalog.load()


def catalog_of(project: Project) -> Catalog:
    """The catalog with the layers and the like that are code of this project."""
    return with_snippets(the_catalog(), project)


def obstacle(project: Project, source: GeneratedSource, path: Path) -> Problem | None:
    """What stands against training the project in ``path``, as far as can be told without Keras; or None."""
    found = worst(rules.problems(project, catalog_of(project))) or worst(source.problems)
    found = found or worst(data.check(project.data, path.resolve().parent))
    return found or worst(weights_problems(project))


def worst(problems: Sequence[Problem]) -> Problem | None:
    """The first problem that is an error, or None."""
    return next((problem for problem in problems if problem.severity == "error"), None)


def complain(sentence: str) -> None:
    """One line on stderr."""
    print(f"layer-studio: {one_line(sentence)}", file=sys.stderr)


def one_line(text: str) -> str:
    """The text with every line break and control character made harmless for a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
