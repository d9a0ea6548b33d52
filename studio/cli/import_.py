"""``import``: models of Keras become projects. Nothing in the files is run, unless the person wants a script run."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from studio import storage
from studio.cli.errors import CannotAsk
from studio.cli.new import SUFFIX
from studio.cli.opening import complain, one_line, the_catalog
from studio.cli.reading import how_to_run, read
from studio.core.parts import find_parts
from studio.workbench.parts import part_sentence, with_parts


def do(options: Namespace) -> int:
    """Import the models in one go; a bad one does not stop the others."""
    codes = []
    taken: set[Path] = set()
    out = Path(options.out)
    if len(options.sources) > 1 and out.suffix == SUFFIX and not out.is_dir():
        raise CannotAsk(f"{out.name} is one file. Several models need a folder.")
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
    if source.suffix == SUFFIX:
        raise CannotAsk(f"{source.name} is a project already; open, draw or export it as it is.")
    try:
        imported = read(source, options, "imported")
        project = imported.project
        if options.find_parts:
            found = find_parts(project, the_catalog())
            project = with_parts(found, the_catalog())
            told = [part_sentence(part) for part in found.parts] or ["No part comes again often enough for a block."]
        storage.save(project, target)
    except storage.ProjectFileError as error:
        raise CannotAsk(error.message) from None
    print(target)
    if imported.unread:
        told.append(f"Lines were passed over. {how_to_run(options)}")
    for sentence in (*imported.report.sentences, *told):
        print(f"  {one_line(sentence)}")
