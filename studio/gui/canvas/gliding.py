"""Nodes that an edit put elsewhere glide there, so that the eye can follow: tidying, insertion, undo."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from studio.gui.canvas.camera import Camera
from studio.gui.canvas.geometry import Array, Slots
from studio.gui.canvas.scene import Scene

_NEAR_PX: Final = 24.0
"""Shorter ways are there at once: a nudge is no journey."""
_MOST_EDGES: Final = 600
"""More edges than this cannot be drawn anew within a frame."""


class Gliding(QObject):
    """``before`` and ``after`` stand around a change of the scene. What is shown lags behind, never the project."""

    moved = Signal()

    def __init__(self, scene: Scene, camera: Camera, parent: QObject) -> None:
        super().__init__(parent)
        self._scene, self._camera = scene, camera
        self._old: tuple[dict[str, int], Array] | None = None
        self._slots: Slots = np.zeros(0, np.intp)
        self._start = self._end = np.zeros((0, 2))
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._step)

    @property
    def is_under_way(self) -> bool:
        """Whether nodes are not yet where they belong."""
        return self._animation.state() != QVariantAnimation.State.Stopped

    @property
    def home(self) -> Array:
        """Where all nodes belong (n, 2)."""
        if not self.is_under_way:
            return self._scene.pos
        places = self._scene.pos.copy()
        places[self._slots] = self._end
        return places

    def before(self) -> None:
        """Bring nodes to where they belong, and remember where that is."""
        self.finish()
        self._old = (self._scene.slot, self._scene.pos.copy()) if self._camera.motion_ms else None

    def after(self) -> None:
        """Let those nodes glide that stand elsewhere now."""
        if self._old is None:
            return
        scene, (slot, pos) = self._scene, self._old
        self._old = None
        if slot is scene.slot:
            slots = old = np.flatnonzero((pos != scene.pos).any(axis=1))
        else:
            pairs = [(now, slot[id]) for id, now in scene.slot.items() if id in slot]
            slots, old = np.array(pairs, np.intp).reshape(-1, 2).T
            moved = (pos[old] != scene.pos[slots]).any(axis=1)
            slots, old = slots[moved], old[moved]
        if not len(slots) or np.abs(pos[old] - scene.pos[slots]).max() < _NEAR_PX:
            return
        if len(scene.edges_of(slots)) > _MOST_EDGES:
            return
        self._slots, self._start, self._end = slots, pos[old], scene.pos[slots].copy()
        self._animation.setDuration(self._camera.motion_ms)
        self._animation.start()
        self._put(self._start)

    def finish(self) -> None:
        """Be there at once."""
        if self.is_under_way:
            self._animation.stop()
            self._put(self._end)

    def _step(self, t: float) -> None:
        self._put(self._end if t >= 1.0 else self._start + (self._end - self._start) * t)
        self.moved.emit()

    def _put(self, places: Array) -> None:
        self._scene.place(self._slots, places)
