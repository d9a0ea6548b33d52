"""What helps to read a large drawing: heat on the cards, names of the axes on the edges. Never part of the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.compare import Kind
from studio.gui.canvas import dimensions
from studio.gui.canvas.card import Ghost
from studio.gui.canvas.heat import measured
from studio.gui.canvas.measures import Measure, Sizes

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.canvas.following import Following

_AFTER_MS = 30
"""Cards come first, and answers come in parts."""


class Told(NamedTuple):
    """What the legend says about a measurement: how old it is or how far, and what its button does.

    ``why_not`` is why the button does nothing now. ``is_old`` tells that the drawing has changed since.
    """

    line: str = ""
    button: str = ""
    why_not: str = ""
    is_old: bool = False
    rows: int = 0


class Reading(QObject):
    """Measures again, a moment after answers or cards changed; nothing is done while nothing of it is shown."""

    changed = Signal()
    measure_chosen = Signal()
    """Nodes are coloured by another measure."""
    measure_wanted = Signal()
    """The button of the legend was pressed: measure, or stop measuring."""

    def __init__(self, canvas: Canvas, following: Following) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._measure: Measure = ""
        self.told = Told()
        self._calls: dict[Measure, Mapping[str, float]] = {}
        self._calls_revision = 0
        self._names_axes = False
        self._key: object = None
        self._sizes = Sizes()
        self._soon = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._soon.timeout.connect(self._measure_now)
        following.told.connect(self._told)

    @property
    def measure(self) -> Measure:
        """By what nodes are coloured; "" for not at all."""
        return self._measure

    def set_measure(self, measure: Measure) -> None:
        """Colour nodes by their parameters, memory, time or gradient, or by their families again."""
        is_other = measure != self._measure
        self._measure, self.told = measure, Told()
        self._measure_now()
        if is_other:
            self.measure_chosen.emit()

    def show_calls(self, milliseconds: Mapping[str, float], gradients: Mapping[str, float]) -> None:
        """Take what an engine measured of each call."""
        self._calls = {"time": milliseconds, "gradients": gradients}
        self._calls_revision += 1
        self._measure_now()

    def tell(self, told: Told) -> None:
        """Say something else about the measurement."""
        if told != self.told:
            self.told = told
            self.changed.emit()

    @property
    def names_axes(self) -> bool:
        """Whether the shapes on edges have the names of their axes."""
        return self._names_axes

    def set_names_axes(self, is_on: bool) -> None:
        """Write what each axis stands for, or the bare shape."""
        self._names_axes = is_on
        self._measure_now()

    def show_versions(self, marks: Mapping[str, Kind], ghosts: Mapping[str, Sequence[Ghost]]) -> None:
        """Mark what is different from another version; nothing of it where both are empty."""
        scene = self._canvas.scene
        before = scene.versions
        scene.versions, scene.ghosts = marks, ghosts
        scene.touch(id for id in before.keys() | marks.keys() if before.get(id) != marks.get(id))
        self.changed.emit()

    def _told(self) -> None:
        if (self._measure or self._names_axes or self._canvas.scene.heat.measure) and not self._soon.isActive():
            self._soon.start()

    def _measure_now(self) -> None:
        canvas = self._canvas
        scene, session = canvas.scene, canvas.session
        if scene.graph_key != session.graph_key:
            return  # its rows are still to be made
        batch = session.project.training.batch_size
        newest = int(scene.stamp.max()) if len(scene.stamp) else 0
        wanted = (batch, self._measure, self._names_axes, scene.prefix, self._calls_revision)
        key = (scene.graph_key, scene.structure, newest, *wanted)
        if key == self._key:
            return
        parameters = {id: card.parameters for id, card in zip(scene.ids, scene.cards, strict=True) if card.parameters}
        calls = self._calls.get(self._measure, {})
        values, is_all = measured(
            self._measure, session.graph, parameters, session.answers, scene.prefix, batch, self._sizes, calls,
            session.project.blocks,
        )  # fmt: skip
        changed = scene.heat.set(self._measure, values, is_all=is_all)
        self._name_axes()
        scene.touch(changed)
        self._key = (*key[:2], int(scene.stamp.max()) if len(scene.stamp) else 0, *key[3:])
        self.changed.emit()

    def _name_axes(self) -> None:
        canvas = self._canvas
        scene, session = canvas.scene, canvas.session
        scene.named_shapes = {}
        if not self._names_axes:
            return
        shapes = {
            id: [tuple(shape) for shape, _ in answer.outputs]
            for id in scene.ids
            if (answer := session.answers.get(scene.prefix + id)) is not None and answer.outputs
        }
        found = dimensions.axes_of(session.graph, session.catalog, shapes)
        for id, axes in found.items():
            outputs = scene.cards[scene.slot[id]].outputs
            if outputs:
                scene.named_shapes[id, outputs[0].name] = dimensions.text_of(axes, shapes[id][0])
