"""``new``: an empty project, or a copy of a gallery example."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from studio import storage
from studio.cli.errors import CannotAsk
from studio.workbench.examples import example, examples
from studio.workbench.starting import new_project

SUFFIX = ".studio"


def do(options: Namespace) -> int:
    """Write the file; one that is there already stays as it is."""
    out = Path(options.out)
    if out.suffix != SUFFIX:
        raise CannotAsk(f"{out.name} should end with {SUFFIX}, so that it is known as a project.")
    if out.exists():
        raise CannotAsk(f"{out} is there already; choose another name.")
    if options.example is None:
        project = new_project(out.stem)
    else:
        found = example(options.example)
        if found is None:
            names = ", ".join(entry.name for entry in examples())
            raise CannotAsk(f"There is no example {options.example!r}; there are {names}.")
        project = found.project()
    try:
        storage.save(project, out)
    except storage.ProjectFileError as error:
        raise CannotAsk(error.message) from None
    return 0
