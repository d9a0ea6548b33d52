"""Code of the person's own in the checker: run once per text, in a module of its own, and watched while it runs.

Only pieces that the person agreed to run ever come here. This is no sandbox: what runs here can do what the person can.
"""

from __future__ import annotations

import importlib
import linecache
import math
import re
import sys
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from studio.engine import explanations
from studio.protocol import Piece

_AT_HAND: Final[dict[str, Any]] = {
    "keras": keras,
    "layers": keras.layers,
    "L": keras.layers,
    "ops": keras.ops,
    "np": np,
    "tf": tf,
    "math": math,
    "Path": Path,
}
"""What an exported file imports for such code, by the names that it has there; pandas is loaded when it is named."""

MOST_MODULES: Final = 200
"""Each text that was run is kept until so many were; somebody who types makes a new one every second."""

LONGEST_CHAIN: Final = 20
"""Errors that one error came from; code of a stranger's may chain them in a circle."""


class OwnCodeError(Exception):
    """Code of the person's own raised something. The message is a sentence, ``details`` the traceback."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class OwnCode:
    """The pieces by digest, and the modules that came of them. ``tell`` hears when running begins and ends."""

    def __init__(self, tell: Callable[[tuple[str, ...], bool], None] = lambda digests, is_running: None) -> None:
        self._tell = tell
        self._pieces: dict[str, Piece] = {}
        self._modules: dict[tuple[str, ...], types.ModuleType | OwnCodeError] = {}
        self._is_running = False

    def learn(self, pieces: Iterable[Piece]) -> None:
        """Take pieces that may be run."""
        self._pieces |= {piece.digest: piece for piece in pieces}

    @contextmanager
    def running(self, digests: tuple[str, ...]) -> Iterator[None]:
        """While this lasts the window may end the process, and knows whose fault it is."""
        if self._is_running or not digests:
            yield
            return
        self._is_running = True
        self._tell(digests, True)
        try:
            yield
        finally:
            self._is_running = False
            self._tell(digests, False)

    def names(self, digests: tuple[str, ...]) -> dict[str, Any]:
        """What these pieces define, run one after the other in one module, once. OwnCodeError if that fails."""
        if not digests:
            return {}
        if digests not in self._modules:
            if len(self._modules) >= MOST_MODULES:
                self._forget()
            try:
                self._modules[digests] = self._run(digests)
            except OwnCodeError as error:
                self._modules[digests] = error
        made = self._modules[digests]
        if isinstance(made, OwnCodeError):
            raise made
        return {self._pieces[digest].name: made.__dict__.get(self._pieces[digest].name) for digest in digests}

    def explained(self, error: BaseException, digests: tuple[str, ...]) -> OwnCodeError | None:
        """The error as one of these pieces, with name and line; None where it passed none of them."""
        files = {_file(self._pieces[digest]): self._pieces[digest].name for digest in digests if digest in self._pieces}
        frames: list[traceback.FrameSummary] = []
        for each in _chain(error):  # Keras raises errors of its own over those of a Lambda's function
            frames = [frame for frame in traceback.extract_tb(each.__traceback__) if frame.filename in files]
            if frames:
                error = each
                break
        if not frames:
            # TensorFlow traces functions of the person and tells the places in the text of its error only.
            told = [
                place for place in re.findall(r'File "(<own code [^"]+>)", line (\d+)', str(error)) if place[0] in files
            ]
            if not told:
                return None
            name, line = files[told[-1][0]], int(told[-1][1])
        else:
            name, line = files[frames[-1].filename], frames[-1].lineno or 0
        text = explanations.plain_text(error).partition("\n")[0]
        kind = type(error).__name__
        said = kind if text == kind else f"{kind}: {text}"
        details = "".join(traceback.format_exception(error))
        return OwnCodeError(f"Line {line} of {name} raises {said}", details)

    def _run(self, digests: tuple[str, ...]) -> types.ModuleType:
        missing = [digest for digest in digests if digest not in self._pieces]
        if missing:
            raise OwnCodeError("This needs code that may not be run yet.")
        module = types.ModuleType(f"own_code_{len(self._modules)}_{digests[-1][:8]}")
        module.__dict__.update(_AT_HAND)
        sys.modules[module.__name__] = module  # where a class of this module is looked for by dataclasses and Keras
        for digest in digests:
            piece = self._pieces[digest]
            file = _file(piece)
            linecache.cache[file] = (len(piece.source), None, piece.source.splitlines(keepends=True), file)
            if re.search(r"\bpd\b", piece.source):
                module.__dict__["pd"] = importlib.import_module("pandas")
            try:
                exec(compile(piece.source, file, "exec", dont_inherit=True), module.__dict__)
            except BaseException as error:  # sys.exit() included: one bad piece is no dead engine
                found = self.explained(error, digests)
                if found is None:
                    said = f"{type(error).__name__}: {explanations.plain_text(error)}"
                    found = OwnCodeError(f"{piece.name} raises {said}")
                raise found from None
        return module

    def _forget(self) -> None:
        for module in self._modules.values():
            if isinstance(module, types.ModuleType):
                sys.modules.pop(module.__name__, None)
        self._modules.clear()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it came from."""
    each: BaseException | None = error
    for _ in range(LONGEST_CHAIN):
        if each is None:
            return
        yield each
        each = each.__cause__ or each.__context__


def _file(piece: Piece) -> str:
    """The name under which a piece is compiled: what is raised in it tells its line."""
    return f"<own code {piece.name} {piece.digest[:12]}>"
