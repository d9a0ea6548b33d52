"""``import``: models of Keras become projects. Nothing in the files is run, unless the person wants a script run."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from studio import storage
from studio.cli import consenting
from studio.cli.errors import CannotAsk
from studio.cli.new import SUFFIX
from studio.cli.opening import complain, one_line, the_catalog
from studio.core.parts import find_parts
from studio.workbench.consent import WARNING
from studio.workbench.opening_models import ModelFileError, NeedsRunning, import_model
from studio.workbench.parts import part_sentence, with_parts

if TYPE_CHECKING:
    from studio.importing import Imported

MOST_LINES = 200
"""Lines of a script's own output that are shown."""


def do(options: Namespace) -> int:
    """Import the models in one go; a bad one does not stop the others."""
    codes = []
    taken: set[Path] = set()
    for source in options.sources:
        try:
            target = _target(options, Path(source), taken)
            _import(Path(source), target, options)
            codes.append(0)
        except CannotAsk as error:
            complain(str(error))
            codes.append(2)
    return max(codes)


def _target(options: Namespace, source: Path, taken: set[Path]) -> Path:
    out = Path(options.out)
    if len(options.sources) > 1 or out.is_dir() or options.out.endswith(("/", "\\")):
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotAsk(f"{out} cannot be made a folder: {error.strerror}.") from None
        target = out / f"{source.stem}{SUFFIX}"
        if target in taken:
            # net.keras and net.h5 would both be net.studio: the second is net_h5.studio.
            target = out / f"{source.stem}_{source.suffix.removeprefix('.')}{SUFFIX}"
    elif out.suffix != SUFFIX:
        raise CannotAsk(f"{out.name} should end with {SUFFIX}, so that it is known as a project.")
    else:
        target = out
    if target in taken or target.exists():
        raise CannotAsk(f"{target} is there already; choose another name.")
    taken.add(target)
    return target


def _import(source: Path, target: Path, options: Namespace) -> None:
    told: list[str] = []
    try:
        imported = _read(source, options)
        project = imported.project
        if options.find_parts:
            found = find_parts(project, the_catalog())
            project = with_parts(found, the_catalog())
            told = [part_sentence(part) for part in found.parts] or ["No part comes again often enough for a block."]
        storage.save(project, target)
    except NeedsRunning as error:
        raise CannotAsk(f"{source.name} was not imported: {error.message} {_how_to_run(options)}") from None
    except ModelFileError as error:
        raise CannotAsk(f"{source.name} was not imported: {error.message}") from None
    except storage.ProjectFileError as error:
        raise CannotAsk(error.message) from None
    print(target)
    if imported.unread:
        told.append(f"Lines were passed over. {_how_to_run(options)}")
    for sentence in (*imported.report.sentences, *told):
        print(f"  {one_line(sentence)}")


def _read(source: Path, options: Namespace) -> Imported:
    """The model in a file; a script that cannot be read is run where the person wants that."""
    model = options.model or ""
    try:
        found = import_model(source, the_catalog(), model=model)
        if found.unread and options.trust_code:
            return _run(source, found.unread, model)
        return found
    except NeedsRunning as error:
        consent = consenting.consent_of(options)
        print(f"{source.name} cannot be read without being run. {one_line(error.message)}", file=sys.stderr)
        if not consenting.may_run_script(error.text, source.name, consent, options):
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


def _how_to_run(options: Namespace) -> str:
    if options.never_run_code:
        return "The script is not run because of --never-run-code."
    return f"With --run the script is run to see its model. {WARNING}"
