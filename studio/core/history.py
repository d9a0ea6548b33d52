"""Undo as a list of projects: structural sharing makes every snapshot cheap."""

from __future__ import annotations

from dataclasses import replace

from studio.core.project import Project
from studio.immutable import immutable

Selection = frozenset[str]

MOST_STEPS = 1_000
"""Steps kept. A step of a 500-node project weighs about 13 KiB, so this is 13 MiB at most."""


@immutable
class Step:
    """One thing that was done: the project and the selection before and after it."""

    name: str
    before: Project
    after: Project
    selection_before: Selection
    selection_after: Selection
    merge_key: str | None = None


@immutable
class History:
    """Steps that can be undone, the last one at the end, and steps that can be redone, the next one at the end.

    A step may be folded into the last one while ``is_open`` and both have the same merge key: the letters typed into
    one field are one step.
    """

    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    is_open: bool = False

    def with_step(self, step: Step) -> History:
        """The history after ``step``; what could be redone is forgotten."""
        last = self.past[-1] if self.past else None
        if last is not None and self.is_open and step.merge_key is not None and last.merge_key == step.merge_key:
            folded = replace(last, after=step.after, selection_after=step.selection_after)
            return History((*self.past[:-1], folded), (), True)
        return History((*self.past, step)[-MOST_STEPS:], (), True)

    def closed(self) -> History:
        """The same history, into whose last step nothing is folded any more."""
        return replace(self, is_open=False) if self.is_open else self

    def undone(self) -> tuple[Step, History] | None:
        """The step to take back and the history then, or None."""
        if not self.past:
            return None
        return self.past[-1], History(self.past[:-1], (*self.future, self.past[-1]))

    def redone(self) -> tuple[Step, History] | None:
        """The step to do again and the history then, or None."""
        if not self.future:
            return None
        return self.future[-1], History((*self.past, self.future[-1]), self.future[:-1])
