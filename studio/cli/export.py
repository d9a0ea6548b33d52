"""``export``: the project's Python, the same bytes that the code panel shows and that training runs."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from studio.cli.errors import CannotAsk
from studio.cli.opening import catalog_of, complain, load, obstacle, one_line
from studio.cli.proving import prove
from studio.codegen import STYLES
from studio.core.parts import find_parts
from studio.core.runs_on import SEVERAL_HOSTS, why_not_on
from studio.workbench.exporting import (
    MODEL,
    NOTEBOOK,
    SCRIPT,
    WHOLE,
    ExportError,
    export,
    in_the_way,
    source_for,
)
from studio.workbench.file_names import file_stem, why_not_path
from studio.workbench.notebook_picture import picture_of


def do(options: Namespace) -> int:
    """Export the files in one go; a bad one does not stop the others."""
    codes = []
    written: dict[Path, str] = {}
    for file in options.files:
        try:
            target = _target(options, Path(file))
            if before := written.get(target):
                raise CannotAsk(f"{file} was not exported: {target} holds the code of {before} already.")
            codes.append(_export(Path(file), target, options))
            written[target] = file
        except CannotAsk as error:
            complain(str(error))
            codes.append(2)
    return max(codes)


def _target(options: Namespace, file: Path) -> Path:
    stem = file_stem(file.stem)
    if options.scope != WHOLE:  # A part does not take the place of the script.
        stem = f"{stem}_{file_stem(options.scope.rpartition(':')[2])}"
    name = f"{stem}{NOTEBOOK if options.notebook else SCRIPT}"
    if options.out is None:
        return file.with_name(name)
    out = Path(options.out)
    if reason := why_not_path(out):
        raise CannotAsk(reason)
    if len(options.files) > 1 and out.suffix in (SCRIPT, NOTEBOOK) and not out.is_dir():
        raise CannotAsk(f"{out.name} is one file. Several projects need a folder.")
    if len(options.files) > 1 or out.is_dir() or options.out.endswith(("/", "\\")):
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotAsk(f"{out} cannot be made a folder: {error.strerror}.") from None
        return out / name
    if options.notebook and out.suffix != NOTEBOOK:
        raise CannotAsk(f"{out.name} should end with {NOTEBOOK}, since a notebook is asked for.")
    if out.suffix not in (SCRIPT, NOTEBOOK):
        raise CannotAsk(f"{out.name} should end with {SCRIPT} or {NOTEBOOK}.")
    return out


def _export(file: Path, target: Path, options: Namespace) -> int:
    project = load(file)
    if options.runs_on:
        if reason := why_not_on(project, options.runs_on):
            raise CannotAsk(f"{file.name} cannot run there: {reason}")
        project = replace(project, training=replace(project.training, runs_on=options.runs_on))
    if options.find_parts:
        project = find_parts(project, catalog_of(project)).project
    picture = None
    if target.suffix == NOTEBOOK and options.scope == WHOLE:
        picture, why_none = picture_of(project)
        if why_none:
            complain(f"{file.name}: {why_none}")
    try:
        source = source_for(project, catalog_of(project), target, STYLES[options.style], options.scope, picture)
        if options.scope == WHOLE:
            against = obstacle(project, source, file)
        else:
            against = next((problem for problem in source.problems if problem.code == "left_out"), None)
        if against is not None:
            # Nothing is exported that would not train.
            complain(f"{file.name} was not exported: {against.message}")
            return 1
        foreign = in_the_way(project, source, file.resolve(), target)
        if foreign and not options.force:
            names = " and ".join(str(path) for path in foreign)
            raise CannotAsk(f"{names} holds something else than the last export; --force writes over it.")
        written = export(project, source, file.resolve(), target)
        if STYLES[options.style].is_sequential and source.not_stacked:
            complain(f"{file.name} was written in the functional form, since {source.not_stacked}.")
    except ExportError as error:
        raise CannotAsk(str(error)) from None
    for path in written:
        print(path)
    if target.suffix == NOTEBOOK and project.training.runs_on in SEVERAL_HOSTS:
        complain(f"A notebook runs on one computer, so {target.name} trains on one device.")
    if options.scope == WHOLE and project.data.kind == "none":
        complain(f"{file.name} has no data, so load_data() in {target.name} is yours to write.")
    if not options.prove:
        return 0
    if options.scope not in (WHOLE, MODEL):
        raise CannotAsk("A block alone builds no model, so there is nothing to compare; the file was written.")
    found = prove(project, target, file.name, options)
    if found.outcome == "agrees":
        print(one_line(found.sentence))
        return 0
    complain(f"{target.name}: {found.sentence}")
    return 2 if found.outcome == "not_checked" else 1
