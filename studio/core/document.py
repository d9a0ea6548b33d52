"""The one mutable thing: which project is open, how it came about, and who wants to know when it changes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace

from studio.core.change import Change, diff
from studio.core.edits import Edit
from studio.core.history import History, Selection, Step
from studio.core.project import Project

Listener = Callable[[Project, Project, Change], None]
"""Hears of every change: the project before, the project after, and what is different."""


class Document:
    """Holds the project, its history, the selection and the saved point, and tells listeners of every change.

    Listeners hear changes one after the other and in order: an edit that a listener makes is told when all have heard
    the edit before. They should look at the projects they are given, ``.project`` may be ahead.
    """

    def __init__(self, project: Project | None = None) -> None:
        self._project = project if project is not None else Project()
        self._saved: Project | None = self._project
        self._history = History()
        self._selection: Selection = frozenset()
        self._listeners: list[Listener] = []
        self._untold: deque[tuple[Project, Project]] = deque()
        self._is_telling = False

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def history(self) -> History:
        """What can be undone and redone."""
        return self._history

    @property
    def selection(self) -> Selection:
        """Ids of the selected nodes and notes; undo and redo bring back the selection of their step."""
        return self._selection

    def select(self, ids: Iterable[str]) -> None:
        """Remember another selection. This is no step and tells nobody."""
        self._selection = frozenset(ids)

    def apply(
        self, edit: Edit, name: str, *, merge_key: str | None = None, selection: Iterable[str] | None = None
    ) -> bool:
        """Do ``edit`` as one step called ``name``; tells whether anything changed.

        Consecutive steps with the same ``merge_key`` are one step. ``selection`` is what is selected afterwards. If
        the edit raises, nothing has happened.
        """
        return self._step(self._project, edit(self._project), name, merge_key, selection)

    def undo(self) -> bool:
        """Take back the last step; tells whether there was one."""
        found = self._history.undone()
        if found is None:
            return False
        step, self._history = found
        self._selection = step.selection_before
        self._show(step.before)
        return True

    def retract(self) -> bool:
        """Take back the last step as if it had never been: it cannot be done again."""
        if not self.undo():
            return False
        self._history = replace(self._history, future=self._history.future[:-1])
        return True

    def redo(self) -> bool:
        """Do the step again that was taken back last; tells whether there was one."""
        found = self._history.redone()
        if found is None:
            return False
        step, self._history = found
        self._selection = step.selection_after
        self._show(step.after)
        return True

    def travel(self, steps_done: int) -> bool:
        """Go to where the first ``steps_done`` steps are done and the others are not; tells whether that is elsewhere.

        As undoing or redoing so many steps, but listeners hear of one change.
        """
        shown, history, selection = self._project, self._history, self._selection
        while len(history.past) > max(0, steps_done) and (found := history.undone()) is not None:
            step, history = found
            shown, selection = step.before, step.selection_before
        while len(history.past) < steps_done and (found := history.redone()) is not None:
            step, history = found
            shown, selection = step.after, step.selection_after
        is_elsewhere = len(history.past) != len(self._history.past)
        if is_elsewhere:
            self._history, self._selection = history, selection
            self._show(shown)
        return is_elsewhere

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._history.past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._history.future)

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, as it stands in the menu."""
        return self._history.past[-1].name if self._history.past else None

    @property
    def redo_name(self) -> str | None:
        """What redo would do again."""
        return self._history.future[-1].name if self._history.future else None

    def end_merge(self) -> None:
        """Let the next step be one of its own even with the same merge key (the field lost the focus)."""
        self._history = self._history.closed()

    def mark_saved(self, project: Project | None = None) -> None:
        """The project (or the one given, which a thread has just written) is now in the file."""
        self._saved = self._project if project is None else project
        self._history = self._history.closed()

    @property
    def saved_project(self) -> Project | None:
        """The project as it was saved or opened last; None for one that is in no file."""
        return self._saved

    @property
    def is_saved(self) -> bool:
        """Whether the file has exactly this project."""
        return self._project is self._saved

    def load(self, project: Project, *, is_saved: bool = True) -> None:
        """Take another project with a new history. Listeners hear the difference, as of any edit."""
        self._history = History()
        self._selection = frozenset()
        self._saved = project if is_saved else None
        self._show(project)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Let ``listener`` hear every change from now on; call the result to stop that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def _step(
        self, before: Project, after: Project, name: str, merge_key: str | None, selection: Iterable[str] | None
    ) -> bool:
        if after is before:
            return False
        selected_before = self._selection
        if selection is not None:
            self._selection = frozenset(selection)
        else:
            there = {
                id
                for graph in after.graphs().values()
                for id in self._selection
                if id in graph.nodes or id in graph.notes
            }
            self._selection = frozenset(there)
        last = self._history.past[-1] if self._history.is_open and self._history.past else None
        if last is not None and merge_key is not None and last.merge_key == merge_key and after == last.before:
            return self.retract()  # Typed and taken back: as if it had never been.
        step = Step(name, before, after, selected_before, self._selection, merge_key)
        self._history = self._history.with_step(step)
        self._show(after)
        return True

    def _show(self, project: Project) -> None:
        old, self._project = self._project, project
        if old is project:
            return
        self._untold.append((old, project))
        if self._is_telling:
            return
        self._is_telling = True
        errors: list[Exception] = []
        while self._untold:
            before, after = self._untold.popleft()
            change = diff(before, after)
            for listener in tuple(self._listeners):
                try:
                    listener(before, after, change)
                except Exception as error:
                    errors.append(error)  # The others must hear of it all the same, or their views drift apart.
        self._is_telling = False
        if errors:
            raise errors[0]
