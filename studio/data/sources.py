"""From a description (kind, name, parameters) to what is read: paths that may be opened, and a small cache.

A project names its file relative to its own folder, and nothing outside that folder is opened because a project says
so. A file that lies elsewhere is read only after a person picked it on this machine in this session (``pick``).
"""

from __future__ import annotations

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.project import DataSource
from studio.data.csv_table import quoted, read_csv
from studio.data.errors import DataError
from studio.data.npz_arrays import from_arrays, read_npz
from studio.data.reading import Reading, from_table
from studio.data.sets import MadeSet, bundled, function, made

SUFFIXES = (".csv", ".npz")
_KEPT = 4
"""How many readings stay in memory: going back and forth between a few sets costs nothing."""

_picked: set[Path] = set()
_cache: OrderedDict[object, Reading] = OrderedDict()
_lock = threading.Lock()


def pick(path: Path, folder: Path | None) -> str:
    """Remember that a person picked this file, and return the name by which a project in ``folder`` calls it.

    Inside the folder that is a relative path; elsewhere, or before the first save, the full path, which works in this
    session only: see ``bring_beside``.
    """
    whole = Path(os.path.realpath(path))
    _picked.add(whole)
    if folder is not None and whole.is_relative_to(folder.resolve()):
        return whole.relative_to(folder.resolve()).as_posix()
    return str(whole)


def bring_beside(source: DataSource, folder: Path) -> DataSource:
    """Copy a picked file into the project's folder, so that the project can name it. Same object if it is there.

    A file of that name with other content is not overwritten: a number is added to the copy's name.
    """
    if source.kind != "file" or not Path(source.name).is_absolute():
        return source
    path = file_path(source, folder)
    assert path is not None
    home = folder.resolve()
    if path.is_relative_to(home):
        return replace(source, name=path.relative_to(home).as_posix())
    content = path.read_bytes()
    goal, number = home / path.name, 2
    while goal.exists() and not (goal.is_file() and goal.read_bytes() == content):
        goal, number = home / f"{path.stem}-{number}{path.suffix}", number + 1
    if not goal.exists():
        shutil.copyfile(path, goal)
    return replace(source, name=goal.name)


def file_path(source: DataSource, folder: Path | None) -> Path | None:
    """The file that the source reads and that stands beside an exported script. None for made-up data and no data."""
    if source.kind == "bundled":
        return _bundled_path(source.name)
    if source.kind != "file":
        return None
    name = Path(source.name)
    if name.is_absolute() or name.drive:
        whole = Path(os.path.realpath(name))  # unlike resolve() it stumbles over nothing
        if whole not in _picked:
            raise DataError(
                f"This project names the file {name.name} by a full path, which may be that of another machine. "
                "Choose the file again."
            )
        return whole
    if folder is None:
        raise DataError(f"Save the project first: {quoted(source.name)} is looked for in the project's folder.")
    try:
        home = folder.resolve()
        path = (home / name).resolve()
    except (OSError, RuntimeError, ValueError) as error:  # symbolic links that lead in a circle, a name that is none
        raise DataError(f"The file {quoted(source.name)} cannot be found. Choose it again.") from error
    if not path.is_relative_to(home):
        raise DataError(f"{quoted(source.name)} lies outside the project's folder. Choose the file again.")
    return path


def read(source: DataSource, folder: Path | None = None) -> Reading:
    """Read what ``source`` describes, or raise a DataError. What was read lately is not read again."""
    if source.kind == "none":
        raise DataError("No data has been chosen yet.")
    if source.kind == "made":
        key: object = (source.name, tuple(sorted(source.params.items())))
        return _kept(key) or _keep(key, _made(source.name, source.params))
    path = file_path(source, folder)
    assert path is not None
    try:
        state = path.stat()
    except FileNotFoundError as error:
        raise DataError(
            f"The file {quoted(path.name)} is not there. Put it into the folder {path.parent.name}, or choose another."
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(f"The file {quoted(path.name)} cannot be read.") from error
    key = (path, state.st_mtime_ns, state.st_size)
    return _kept(key) or _keep(key, _file(path))


def is_quick(source: DataSource, folder: Path | None) -> bool:
    """Whether reading takes a moment only (in memory, or below about 10 ms), so that nobody needs to wait for it."""
    if source.kind in ("none", "made"):
        return True  # what is made up has at most 20,000 rows; a sentence about odd settings comes at once
    try:
        path = file_path(source, folder)
        assert path is not None
        state = path.stat()
    except (DataError, OSError, ValueError):
        return True  # the sentence about it comes at once
    return _kept((path, state.st_mtime_ns, state.st_size)) is not None or state.st_size < 30_000


def made_set(name: str) -> MadeSet:
    """The made-up set called ``name``, or a DataError."""
    if name not in made():
        raise DataError(f"There is no made-up data set called {quoted(name)}.")
    return made()[name]


def _bundled_path(name: str) -> Path:
    if name not in bundled():
        raise DataError(f"There is no data set called {quoted(name)}. A newer version of the program may have it.")
    return bundled()[name].path


def _file(path: Path) -> Reading:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(f"{quoted(path.name)} is neither a table (.csv) nor a file of NumPy arrays (.npz).")
    if not path.is_file():  # a named pipe would make the program wait for ever
        raise DataError(f"{quoted(path.name)} is not a file.")
    return from_table(read_csv(path)) if suffix == ".csv" else read_npz(path)


def _made(name: str, params: Mapping[str, Any]) -> Reading:
    values = made_set(name).defaults()
    for parameter in made_set(name).parameters:
        value = params.get(parameter.name, parameter.default)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (parameter.is_integer and not isinstance(value, int)):
            raise DataError(f"{parameter.label} must be a {'whole ' if parameter.is_integer else ''}number.")
        if not parameter.low <= value <= parameter.high:
            raise DataError(f"{parameter.label} must be between {parameter.low:,} and {parameter.high:,}.")
        values[parameter.name] = value
    strange = sorted(set(params) - set(values))
    if strange:
        raise DataError(f"{made_set(name).title} has no setting called {quoted(strange[0])}.")
    columns = function("made", name)(**values)
    return from_arrays({key: np.asarray(column) for key, column in columns.items()}, made_set(name).title)


def _kept(key: object) -> Reading | None:
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
        return _cache.get(key)


def _keep(key: object, reading: Reading) -> Reading:
    with _lock:
        _cache[key] = reading
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return reading
