"""Reading a model of Keras that the command line names. A script is run only where the person wants that."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli import consenting
from studio.cli.errors import CannotAsk
from studio.cli.opening import one_line, the_catalog
from studio.workbench.consent import WARNING
from studio.workbench.opening_models import ModelFileError, NeedsRunning, import_model

if TYPE_CHECKING:
    from studio.importing import Imported

MOST_LINES = 200
"""Lines of a script's own output that are shown."""


def read(source: Path, options: Namespace, done: str) -> Imported:
    """The model in a file; a script that cannot be read is run where the person wants that.

    CannotAsk with what was not ``done`` ("imported", "drawn") and why.
    """
    try:
        return _read(source, options)
    except NeedsRunning as error:
        raise CannotAsk(f"{source.name} was not {done}: {error.message} {how_to_run(options)}") from None
    except ModelFileError as error:
        raise CannotAsk(f"{source.name} was not {done}: {error.message}") from None


def how_to_run(options: Namespace) -> str:
    """What has to be said for a script to be run; or that it was said not to."""
    if options.never_run_code:
        return "The script is not run because of --never-run-code."
    return f"With --run the script is run to see its model. {WARNING}"


def _read(source: Path, options: Namespace) -> Imported:
    """The model in a file; a script that cannot be read is run where the person wants that."""
    model = options.model or ""
    try:
        found = import_model(source, the_catalog(), model=model)
        if found.unread and options.trust_code:
            return _run(source, found.unread, model)
        if model and not found.models:
            raise ModelFileError("The file holds one model; --model chooses among those of a script.")
        return found
    except NeedsRunning as error:
        consent = consenting.consent_of(options)
        why = f"{source.name} cannot be read without being run. {one_line(error.message)}"
        if not consenting.may_run_script(error.text, source.name, why, consent, options):
            raise
        return _run(source, error.text, model)


def _run(source: Path, text: str, wanted: str) -> Imported:
    from studio.workbench.script_running import as_project, run_script

    ran = run_script(text, source)
    lines = ran.output.splitlines()
    for line in lines[-MOST_LINES:]:
        print(f"  | {one_line(line)}", file=sys.stderr)
    model = next((each for each in ran.models if wanted in (each.label, each.told.get("name"))), None)
    if wanted and model is None:
        names = ", ".join(each.label for each in ran.models)
        raise ModelFileError(f"The script makes no model called {wanted}; it makes: {names}.")
    return as_project(model or ran.usual, ran, the_catalog(), source.stem, text=text)
