"""What of the drawing is in view, asked for by what is drawn: all of it, some nodes, what was in view before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from studio.gui.canvas.view import View

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.canvas.following import Following


class Sight:
    """Knows where things are and has the camera look there.

    The rows of a large drawing are made some turns of the loop after it was opened; what shall be looked at meanwhile
    is looked at when they are there.
    """

    def __init__(self, canvas: Canvas, following: Following) -> None:
        self._canvas = canvas
        self._camera = canvas.camera
        self._following = following
        self._when_there: Callable[[], None] | None = None

    def fit(self) -> None:
        """Show the whole drawing, also when the canvas gets another size, until someone moves the view."""
        self._camera.show_box(self._following.whole, follows_size=True)

    def fit_selection(self) -> None:
        """Show what is selected, or everything where nothing is."""
        box = self._following.box_of(self._canvas.session.chosen)
        if box is not None:
            self._camera.show_box(box)
        else:
            self.fit()

    def show(self, *ids: str) -> None:
        """Bring nodes (or notes) into view, moving no further than needed."""
        box = self._following.box_of(ids)
        if box is not None:
            self._camera.show_point(box)
        elif self._following.is_loading:
            self._when_there = lambda: None if self.has(ids) else self.show(*ids)

    def has(self, ids: Iterable[str]) -> bool:
        """Whether at least one of these nodes or notes is in view."""
        canvas = self._canvas
        return self._following.is_any_in(ids, canvas.view.scene_box(0, 0, canvas.width(), canvas.height()))

    def jump_to(self, node_id: str) -> None:
        """As ``show``, for a jump from elsewhere, from which one can come back."""
        self._canvas.places.note()
        self.show(node_id)

    def go_to(self, view: View) -> None:
        """Show what was in view before."""
        if self._following.is_loading:
            self._when_there = lambda: self._camera.set_view(view)
        else:
            self._camera.go_to(view)

    # What happens to the drawing and the widget

    def begin(self) -> None:
        """Another graph is open."""
        self._camera.look_first(self._following.whole, self._following.beginning)
        self._rows_are_there()

    def follow_rows(self) -> None:
        """Nodes came to an empty drawing, or all stand elsewhere: they are looked at, unless someone has chosen the
        place and something is there."""
        if self._camera.follows_size or not self.has(self._canvas.scene.ids):
            self.follow_size()
        self._rows_are_there()

    def follow_size(self) -> None:
        """The canvas has another size, and shows the whole drawing."""
        self._camera.look_again(self._following.whole, self._following.beginning)

    def _rows_are_there(self) -> None:
        then, self._when_there = self._when_there, None
        if then is not None:
            then()
