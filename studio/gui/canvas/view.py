"""The view transform: which part of the scene the canvas shows, and how large."""

from __future__ import annotations

import math
from typing import Final

from studio.gui.canvas.geometry import Box
from studio.immutable import immutable

SMALLEST: Final = 0.02
LARGEST: Final = 3.0


@immutable
class View:
    """Scene point (x, y) is shown at the widget's pixel (x * scale + x_offset, y * scale + y_offset)."""

    scale: float = 1.0
    x_offset: float = 0.0
    y_offset: float = 0.0

    def to_scene(self, x: float, y: float) -> tuple[float, float]:
        """The scene point at a pixel of the widget."""
        return (x - self.x_offset) / self.scale, (y - self.y_offset) / self.scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of the widget where a scene point is shown."""
        return x * self.scale + self.x_offset, y * self.scale + self.y_offset

    def scene_box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """The scene box that lies under a rectangle of the widget."""
        return (*self.to_scene(left, top), *self.to_scene(right, bottom))

    def widget_box(self, box: Box, margin: float = 0.0) -> tuple[int, int, int, int]:
        """Whole pixels (left, top, width, height) that cover a scene box, with a margin in pixels."""
        left, top = self.to_widget(box[0], box[1])
        right, bottom = self.to_widget(box[2], box[3])
        x, y = math.floor(left - margin), math.floor(top - margin)
        return x, y, math.ceil(right + margin) - x, math.ceil(bottom + margin) - y

    def moved(self, dx: float, dy: float) -> View:
        """The view after the drawing was pushed by (dx, dy) pixels."""
        return View(self.scale, self.x_offset + dx, self.y_offset + dy)

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """The view after a zoom that leaves the scene point under the pixel (x, y) where it is."""
        scale = min(LARGEST, max(SMALLEST, self.scale * factor))
        factor = scale / self.scale
        return View(scale, x - (x - self.x_offset) * factor, y - (y - self.y_offset) * factor)

    def between(self, other: View, t: float) -> View:
        """A view on the way to another one, for animations; scale goes geometrically."""
        scale = self.scale * (other.scale / self.scale) ** t
        return View(
            scale,
            self.x_offset + (other.x_offset - self.x_offset) * t,
            self.y_offset + (other.y_offset - self.y_offset) * t,
        )
