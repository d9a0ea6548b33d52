"""The reading of one script: what it has found so far, and how long it may go on."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from studio.core.project import Project
from studio.importing.script.notes import notes_of_ends
from studio.importing.script.own_code import OwnCode
from studio.importing.script.things import (
    BlockMade,
    Call,
    Complaint,
    Instance,
    MadeLayer,
    Network,
    NotPlain,
    ReadyMade,
    Routine,
    Scope,
    Thing,
)
from studio.importing.values import Catalog

MOST_STEPS = 400_000
"""Expressions that are looked at: ResNet152 written with loops takes some 30,000."""
MOST_SECONDS = 3.0
"""Of the processor's time: a busy machine makes no script longer."""
MOST_MADE = 128 * 1024 * 1024
"""Bytes, roughly, of all lists and texts that a script makes, those that it forgets again included."""
_BYTES_OF_ENTRY = 32
MOST_CALLS = 20_000
"""Nodes; as many as a project file holds."""
DEEPEST = 60
"""Functions that call each other."""


Answer = TypeVar("Answer")
Shape = tuple[int | None, ...]
Shapes = Callable[[Project], Shape | None]
"""Who knows Keras tells the shape that arrives at the one Output of a drawing, or None."""
Insides = Callable[[Project], Mapping[str, Any] | None]
"""Who knows Keras tells the config of the ready-made network that is the second node of a drawing, or None."""


class TooLong(Exception):
    """The script goes on and on; the message is a whole sentence."""


@dataclass(eq=False, slots=True)
class Trial:
    """A routine function that is being read as a block. ``made`` is what it makes, ``reads`` what it saw outside.

    ``owned`` keeps the lists that were made inside, which may be changed; those outside may not.
    """

    routine: Routine
    parent: Trial | None
    made: list[MadeLayer | Call] = field(default_factory=list)
    reads: dict[tuple[int, str], tuple[Scope, Thing]] = field(default_factory=dict)
    owned: dict[int, Thing] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Kept:
    """A routine that was read as a block, for these arguments: it is the same block when all of them are the same."""

    fixed: dict[str, Thing]
    tensors: frozenset[str]
    given: tuple[str, ...]
    reads: dict[tuple[int, str], tuple[Scope, Thing]]
    block: BlockMade


@dataclass(eq=False, slots=True)
class Run:
    """What is known while a script is read. ``made`` has all layers and calls outside blocks, in order.

    ``is_ours`` tells that this program wrote the script, ``is_book`` that it did so in a style of the book.
    ``unfinished`` stands for the model that such a script compiles though the drawing has none yet. ``inlined`` are the
    routines (by line) that are drawn in place because they are used once or cannot be a block. ``own_code`` takes code
    of the script's own, where that can come in. ``known_shapes`` remembers what was asked of Keras. ``ready`` are the
    ready-made networks by their layers; ``opened`` those (by line and column) that are drawn with all their layers,
    ``to_open`` those of which the script asks for one. ``to_inline`` are routines (by line) that can be no blocks:
    the script asks for layers that they make. ``flattened`` are models (by line) that are drawn
    in place wherever they are called. ``changed`` tells by lines what is drawn otherwise than it stands there,
    ``remarks`` what else a person should know of them,
    ``data_format`` is what layers are told that say nothing of it, ``trained`` which models of a class of the script's
    own it trains.
    """

    keras: Catalog
    notes: dict[int, str]
    inlined: frozenset[int] = frozenset()
    are_all_blocks: bool = False
    is_ours: bool = False
    is_book: bool = False
    made: list[MadeLayer | Call] = field(default_factory=list)
    networks: list[Network] = field(default_factory=list)
    unfinished: Network | None = None
    complaints: list[Complaint] = field(default_factory=list)
    blocks: list[BlockMade] = field(default_factory=list)
    kept: dict[int, list[Kept]] = field(default_factory=dict)
    cannot_be_blocks: set[int] = field(default_factory=set)
    trial: Trial | None = None
    seeds: list[Thing] = field(default_factory=list)
    policies: list[Thing] = field(default_factory=list)
    line: int = 1
    depth: int = 0
    steps: int = 0
    made_bytes: int = 0
    shapes: Shapes | None = None
    own_code: OwnCode | None = None
    known_shapes: dict[tuple[int, int], tuple[Call, tuple[Shape, Shape] | None]] = field(default_factory=dict)
    insides: Insides | None = None
    ready: dict[int, ReadyMade] = field(default_factory=dict)
    opened: frozenset[tuple[int, int]] = frozenset()
    to_open: set[tuple[int, int]] = field(default_factory=set)
    to_inline: set[int] = field(default_factory=set)
    flattened: frozenset[int] = frozenset()
    changed: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)
    data_format: str = "channels_last"
    trained: dict[int, Instance] = field(default_factory=dict)
    broken_off: float = field(default_factory=lambda: time.thread_time() + MOST_SECONDS)
    """The time of the processor at which the reading is broken off."""
    _about_ends: dict[int, str] = field(default_factory=dict)

    @property
    def catalog(self) -> Catalog:
        """What layers and objects there are, those of the script's own among them."""
        return self.keras if self.own_code is None else self.own_code.catalog

    def step(self) -> None:
        """Count one step; TooLong where there were too many."""
        self.steps += 1
        if self.steps > MOST_STEPS or (self.steps % 32 == 0 and time.thread_time() > self.broken_off):
            raise TooLong(f"Line {self.line}: the script goes on for so long that it cannot be read without being run.")

    def spent(self) -> dict[str, Any]:
        """What another round of the same script goes on with: all of them together have the time of one."""
        return {"steps": self.steps, "broken_off": self.broken_off, "made_bytes": self.made_bytes}

    def make(self, thing: MadeLayer | Call) -> None:
        """Note a layer or a call where it belongs: in the block that is being read, or outside."""
        found = self.made if self.trial is None else self.trial.made
        found.append(thing)
        if len(found) > MOST_CALLS:
            raise TooLong(f"The script makes more than {MOST_CALLS:,} layers.")

    def ask(self, project: Project) -> Shape | None:
        """The shape at the Output of a drawing, if anybody knows it. The time for that does not count."""
        return None if self.shapes is None else self._untimed(self.shapes, project)

    def look_inside(self, project: Project) -> Mapping[str, Any] | None:
        """The config of the ready-made network of a drawing, if anybody knows it. The time for that does not count."""
        return None if self.insides is None else self._untimed(self.insides, project)

    def _untimed(self, who: Callable[[Project], Answer], project: Project) -> Answer:
        began = time.thread_time()
        try:
            return who(project)
        finally:
            self.broken_off += time.thread_time() - began

    def complain(self, fault: NotPlain) -> None:
        """Remember what could not be read, once for each line."""
        if not any(each.line == fault.line and each.reason == fault.reason for each in self.complaints):
            self.complaints.append(Complaint(fault.line, fault.reason))

    def notes_of_ends(self, *lines: int, what: str = "Output") -> dict[int, str]:
        """The notes on Inputs or Outputs that stand above one of these lines, by their places."""
        for line in lines:
            text = self._about_ends.get(line) or self.notes.get(line, "")
            if text and (found := notes_of_ends(text, what)):
                self._about_ends[line] = text
                self.notes.pop(line, None)
                return dict(found)
        return {}

    def own(self, thing: Thing) -> Thing:
        """Note what was made: how large it is, and that a list or dictionary belongs to the block that is being read.

        TooLong where all that was made may fill the memory.
        """
        if isinstance(thing, str):
            self.made_bytes += len(thing)
        elif isinstance(thing, list | tuple | dict):
            self.made_bytes += _BYTES_OF_ENTRY * len(thing)
            if self.trial is not None and not isinstance(thing, tuple):
                self.trial.owned[id(thing)] = thing
        if self.made_bytes > MOST_MADE:
            raise TooLong(f"Line {self.line}: the script makes larger tables than any network needs.")
        return thing

    def may_change(self, thing: Thing) -> bool:
        """Whether a list or dictionary may be changed where the script is now."""
        return self.trial is None or id(thing) in self.trial.owned
