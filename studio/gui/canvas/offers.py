"""What the search over the canvas offers, without the search: that is made when somebody opens it."""

from __future__ import annotations

from studio.immutable import immutable


@immutable
class Found:
    """One row: what is told when it is picked, what it is called, what is said about it, the family of its colour.

    ``shape`` is what would leave it, where that is known. ``is_refused`` tells that ``note`` is why it does not fit.
    ``is_place`` tells that it is elsewhere in the program: ``key`` is the wish that leads there (``gui.old_names``).
    """

    key: str
    title: str
    note: str
    family: str
    shape: str = ""
    is_refused: bool = False
    is_place: bool = False

    @property
    def spoken(self) -> str:
        """The row for people who do not see it."""
        return ", ".join(part for part in (self.title, self.shape, self.note) if part)


@immutable
class Words:
    """What the search says: in the empty field, where nothing is found, and to people who do not see it."""

    placeholder: str
    nothing: str
    rows: str
