"""Which layers the search over the canvas offers first: what fits, what usually stands there, what this person adds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.catalog import neighbours
from studio.catalog.searching import Liking
from studio.catalog.spec import LayerSpec
from studio.core.project import BLOCK, PortRef
from studio.gui import old_names
from studio.gui.canvas.fitting import Fitting, Tensor, tensor_of
from studio.gui.canvas.habits import Habits
from studio.gui.canvas.offers import Found

if TYPE_CHECKING:
    from studio.gui.session import Session

_HABIT: Final = 2.0
_HABIT_ANYWHERE: Final = 0.4
"""What one does oneself outweighs what is usual: after about three times."""

_REFUSED: Final = 100.0
"""What does not fit comes last, however usual it is; it is still there, for who mends the rest later."""

_ASKED: Final = 120
"""So many layers of a list are asked about: all of Keras, and of its operations those that are found."""


class Suggesting(QObject):
    """The order of the layers for one port. ``begin`` says which; ``changed`` that the engine spoke about it."""

    changed = Signal()
    place_wanted = Signal(str, str)
    """A place elsewhere in the program, and what was typed: the name of a loss, say (``gui.old_names``)."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.habits = Habits()
        self.fitting = Fitting(session, self)
        self.fitting.changed.connect(self.changed)
        self._beside: tuple[str, ...] = ()
        self._tensor: Tensor | None = None
        self._is_input = False
        self._found: Sequence[LayerSpec] = ()

    def begin(self, anchor: PortRef | None, prefix: str, *, is_input: bool) -> None:
        """From now on layers for this port are looked for: behind an output, or in front of an input (``is_input``)."""
        session = self._session
        self._is_input = is_input
        self._beside = types_beside(session, anchor, is_source=not is_input) if anchor is not None else ()
        tensor = tensor_of(session, prefix, anchor) if anchor is not None and not is_input else None
        self.fitting.ask(tensor, ())
        self._tensor = tensor

    def end(self) -> None:
        """The search is closed."""
        self.fitting.forget()

    def found(self, text: str, may_stand: Callable[[LayerSpec], bool]) -> Iterator[Found]:
        """The layers that a text may mean, those first that go best with the port."""
        catalog = self._session.catalog
        found = catalog.search(text, self._liking())
        told = catalog.told_beside_layers(text) if text else None
        if told is not None:
            there = old_names.place(told)
            if there is not None:
                yield Found(there.wish, there.text, "", "unknown", is_place=True)
            first = [spec for layer in told.layers if (spec := catalog.layer(layer)) is not None]
            found = [*first, *(spec for spec in found if spec not in first)]
        self._found = found
        for spec in found:
            if may_stand(spec):
                shape, why_not = self.fitting.of(spec)
                yield Found(spec.type, spec.shown, why_not or spec.summary, spec.family, shape, bool(why_not))

    def says(self, text: str) -> str:
        """What a text means that is no layer of today, in a sentence; "" where it is nothing else."""
        told = self._session.catalog.told_beside_layers(text)
        return "" if told is None else old_names.sentence(told)

    def ask_more(self) -> None:
        """Ask Keras about what was found, where that is not known yet."""
        if self._tensor is not None:
            self.fitting.ask(self._tensor, self._found[:_ASKED])

    def note(self, added: str, anchor: PortRef | None, *, is_input: bool) -> None:
        """A layer was added at a port; before it is done, so that the port still is what it was."""
        beside = types_beside(self._session, anchor, is_source=not is_input) if anchor is not None else ()
        if self._session.catalog.layer(added) is None or added in self._session.catalog.own:
            return  # a block of this project, or code of its own: elsewhere it is not known
        if is_input:
            for type in beside:
                self.habits.note(added, type)
        else:
            self.habits.note(beside[0] if beside else "", added)

    def _liking(self) -> Liking:
        """How much speaks for each layer at the port."""
        habits, known = self.habits, self.fitting
        usual = neighbours.preceding() if self._is_input else neighbours.following()
        likes = {type: _HABIT_ANYWHERE * habits.at_all(type) for type in habits.types}
        for other in self._beside or ("",):
            mine = {type: habits.after(*((type, other) if self._is_input else (other, type))) for type in habits.types}
            beside = usual.get(other, {})
            for type in mine.keys() | beside.keys():
                likes[type] = likes.get(type, 0.0) + _HABIT * mine.get(type, 0.0) + beside.get(type, 0.0)

        def liking(spec: LayerSpec) -> float:
            return likes.get(spec.type, 0.0) - (_REFUSED if known.refuses(spec) else 0.0)

        return liking


def types_beside(session: Session, ref: PortRef, *, is_source: bool) -> tuple[str, ...]:
    """The types of the layers at a port of the open graph; of a block those inside of it, where they are known."""
    # Imported here: nothing of it is needed to show a window.
    from studio.workbench.neighbours import types_at

    found = types_at(session.project, session.graph, ref, is_source=is_source)
    return tuple(dict.fromkeys(type for type in found if type != BLOCK))
