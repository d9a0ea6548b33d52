"""The person's own library of blocks, kept across projects: one project file for each block in a folder.

A file of the library is an ordinary project that holds one use of the block. So it can be opened, copied, sent to
somebody and put under version control; and it is read as strictly as any project, without running code from it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from studio import storage
from studio.core import edits
from studio.core.edits import Fragment
from studio.core.naming import is_valid_name, unused
from studio.core.project import INPUT, OUTPUT, Project
from studio.immutable import immutable
from studio.storage import ProjectFileError
from studio.storage.places import state_folder

SUFFIX = ".studio"
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # no file may be called so on Windows


_BAD_NAME = "The name of a block has no slash and is not very long; take another one."
_NO_NAME = "A block needs a name; type at least one letter."


class LibraryError(Exception):
    """What was wanted of the library cannot be done; ``str`` of it is one sentence for the person."""


@immutable
class Kept:
    """One block of the library. ``key`` is the stem of its file; ``summary`` says what is in it."""

    key: str
    name: str
    fragment: Fragment
    summary: str = ""


@immutable
class Shelf:
    """What the folder held when it was read: blocks by name, and a sentence for each file that holds none."""

    blocks: tuple[Kept, ...] = ()
    damaged: tuple[str, ...] = ()

    def block(self, key: str) -> Kept | None:
        """The block in the file with this stem."""
        return next((kept for kept in self.blocks if kept.key == key), None)

    def found(self, text: str) -> list[Kept]:
        """The blocks whose name or content has the text, those that begin with it first."""
        wanted = text.casefold()
        hits = [kept for kept in self.blocks if wanted in kept.name.casefold() or wanted in kept.summary.casefold()]
        return sorted(hits, key=lambda kept: (not kept.name.casefold().startswith(wanted), kept.name.casefold()))


class Library:
    """The folder of the library. Every method reads what is there now: another window may have changed it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else state_folder() / "library"

    def read(self) -> Shelf:
        """All blocks. A damaged file costs its own block and one sentence."""
        kept, damaged = [], []
        for path in self._paths():
            try:
                kept.append(_kept(path))
            except ProjectFileError as error:
                damaged.append(f"A block of your library is left out: {error}")
            except LibraryError as error:
                damaged.append(f"A block of your library is left out: {error}")
        return Shelf(tuple(sorted(kept, key=lambda each: (each.name.casefold(), each.key))), tuple(damaged))

    def put(self, project: Project, block: str, name: str = "") -> Kept:
        """Keep a block of a project, under a free name."""
        return self._write(edits.block_fragment(project, block), name.strip() or project.blocks[block].name)

    def bring_in(self, path: Path) -> list[Kept]:
        """Keep the block of a file of a library, or all outer blocks of any other project."""
        try:
            project = storage.load(path)
        except ProjectFileError as error:
            raise LibraryError(str(error)) from None
        alone = Fragment.of_project(project)
        if edits.block_in(alone) is not None:
            return [self._write(alone, project.title)]
        outer = edits.outer_blocks(project)
        if not outer:
            raise LibraryError(f"{path.name} holds no block; make one in it first, by Ctrl+G.")
        return [self.put(project, block) for block in outer]

    def take_out(self, key: str, path: Path) -> Path:
        """Write a block to a file of the person's choice; returns it."""
        try:
            storage.save(storage.load(self._path(key)), path)
        except ProjectFileError as error:
            raise LibraryError(str(error)) from None
        return path

    def rename(self, key: str, name: str) -> str:
        """Call a block otherwise; its file keeps its name. Returns the name that it got: a free one."""
        name = name.strip()
        if not is_valid_name(name):
            raise LibraryError(_BAD_NAME if name else _NO_NAME)
        try:
            project = storage.load(self._path(key))
            others = {kept.name for kept in self.read().blocks if kept.key != key}
            name = unused(name, others)
            storage.save(_titled(project, name), self._path(key))
        except ProjectFileError as error:
            raise LibraryError(str(error)) from None
        return name

    def remove(self, key: str) -> Path:
        """Take a block out of the library; its file is kept as the backup that is returned."""
        path = self._path(key)
        backup = path.with_name(path.name + ".bak")
        try:
            return path.replace(backup)
        except OSError as error:
            raise LibraryError(f"{path.name} was not removed: {error.strerror}.") from None

    def _write(self, fragment: Fragment, name: str) -> Kept:
        shelf = self.read()
        name = unused(name, {kept.name for kept in shelf.blocks})
        stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:60].strip("_") or "block"
        if _RESERVED.fullmatch(stem):
            stem = f"block_{stem}"
        key = unused(stem.casefold(), {path.stem.casefold() for path in self._paths()})
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            storage.save(_titled(fragment.as_project(), name), self._path(key))
        except ProjectFileError as error:
            raise LibraryError(str(error)) from None
        except OSError as error:
            raise LibraryError(f"The library cannot be written: {error.strerror}.") from None
        return _kept(self._path(key))

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"

    def _paths(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return sorted(path for path in self.folder.iterdir() if path.suffix == SUFFIX)
        return []


def _titled(project: Project, name: str) -> Project:
    """The library's project under a name, which is its block's name too."""
    block = edits.block_in(Fragment.of_project(project))
    if block is not None and block.name != name:
        inner = [other for other in project.blocks.values() if other.id != block.id and other.name == name]
        for other in inner:  # the outer one is known by the name
            taken = {name, *(each.name for each in project.blocks.values())}
            project = edits.rename_block(project, other.id, unused(name, taken))
        project = edits.rename_block(project, block.id, name)
    return replace(project, title=name)


def _kept(path: Path) -> Kept:
    project = storage.load(path)
    fragment = Fragment.of_project(project)
    block = edits.block_in(fragment)
    if block is None:
        raise LibraryError(f"{path.name} does not hold exactly one use of a block.")
    return Kept(path.stem, block.name, fragment, _summary(node.type for node in block.graph.nodes.values()))


def _summary(types: Iterable[str]) -> str:
    """The layers of a block, each kind once, the commonest first: "3 Conv2D, 2 BatchNormalization, Add"."""
    counts: dict[str, int] = {}
    for type in types:
        if type not in (INPUT, OUTPUT):
            counts[type] = counts.get(type, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{count} {type}" if count > 1 else type for type, count in ordered)
