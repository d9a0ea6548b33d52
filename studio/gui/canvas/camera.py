"""Which part of the scene is shown, and how that changes: zoom, pan, fit, short movements."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QTimer, QVariantAnimation, Signal
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from studio.gui.canvas import geometry
from studio.gui.canvas.view import View

LEAST_READABLE = 0.25
"""Below this scale cards are coloured strips: their names cannot be read from 0.3 down."""
FIRST_SCALE = 0.75
"""At which a drawing that is too large to be read as a whole is begun with: shapes and types can be read, too."""

FARTHEST = 1e8
"""Places beyond this are none that anybody chose; pixels cannot be counted there."""

_REFINE_MS = 100
"""After this time without another zoom step node pictures are made for the new scale."""


class Camera(QObject):
    """Holds the view of one widget. Not part of the project: moving it is never a step of undo."""

    changed = Signal()
    """Everything must be painted anew."""
    panned = Signal(int, int)
    """The drawing was pushed by whole pixels; scale and the rest are as before."""
    scale_changed = Signal(float)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.view = View()
        self.is_exact = True
        """Whether node pictures are to be made for this very scale, or those of a near scale do for now."""
        self.follows_size = True
        """Whether the whole drawing is kept in view as the widget changes its size: until someone moves the view."""
        self._begins = False
        """Whether the beginning of a large drawing is kept in view instead."""
        self.motion_ms = 150 if _system_animates() else 0
        self._refine = QTimer(self, singleShot=True)
        self._refine.timeout.connect(self._make_exact)
        self._animation = QVariantAnimation(self)
        self._animation.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._animation.valueChanged.connect(self._animate)
        self._ends = (self.view, self.view)
        self._will_follow_size = False

    @property
    def centre(self) -> QPointF:
        """The middle of the widget."""
        return QPointF(self._widget.width() / 2, self._widget.height() / 2)

    def set_view(self, view: View, *, follows_size: bool = False) -> None:
        """Change the view at once."""
        has_new_scale = view.scale != self.view.scale
        self.view = view
        self.follows_size = follows_size
        self.changed.emit()
        if has_new_scale:
            self.scale_changed.emit(view.scale)

    def go_to(self, view: View, *, follows_size: bool = False) -> None:
        """Change the view, with a short movement where the system allows motion."""
        self.stop()
        if not self.motion_ms or not self._widget.isVisible() or self.view == view:
            self.set_view(view, follows_size=follows_size)
            return
        self._ends = (self.view, view)
        self._will_follow_size = follows_size
        self._animation.setDuration(self.motion_ms)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.start()

    def stop(self) -> None:
        """End a movement where it is."""
        if self._animation.state() != QVariantAnimation.State.Stopped:
            self._animation.stop()
            self.follows_size = False
            self._make_exact()

    def pan(self, dx: int, dy: int) -> None:
        """Push the drawing by whole pixels."""
        if dx or dy:
            self.stop()
            self.view = self.view.moved(dx, dy)
            self.follows_size = False
            self.panned.emit(dx, dy)

    def centre_on(self, point: geometry.Point) -> None:
        """Bring a scene point to the middle, at the same scale."""
        x, y = self.view.to_widget(*point)
        self.pan(round(self.centre.x() - x), round(self.centre.y() - y))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom at once; what is at this pixel stays there (the middle of the widget without one)."""
        at = at or self.centre
        self.stop()
        self.is_exact = False
        self.refine_soon()
        self.set_view(self.view.zoomed(factor, at.x(), at.y()))

    def zoom_to(self, scale: float) -> None:
        """Zoom to a scale, around the middle."""
        self.go_to(self.view.zoomed(scale / self.view.scale, self.centre.x(), self.centre.y()))

    def look_first(self, whole: geometry.Box | None, beginning: geometry.Box | None) -> None:
        """Show another drawing: all of it, or how it begins where all of it would be too small to be read."""
        self._begins = True
        self.look_again(whole, beginning)

    def look_again(self, whole: geometry.Box | None, beginning: geometry.Box | None) -> None:
        """The same in another size of the widget, or the whole where that was asked for since."""
        begins, room = self._begins, (self._widget.width(), self._widget.height())
        is_near = whole is None or max(map(abs, whole)) <= FARTHEST
        if begins and whole and beginning and is_near and geometry.fit(whole, *room)[0] < LEAST_READABLE:
            scale, x, y = geometry.begin(whole, beginning, FIRST_SCALE, *room)
            self.stop()
            self.set_view(View(scale, round(x), round(y)), follows_size=True)
            return
        self.show_box(whole, at_once=True, follows_size=True)
        self._begins = begins

    def show_box(self, box: geometry.Box | None, *, at_once: bool = False, follows_size: bool = False) -> None:
        """Show a whole box of the scene; without one the origin at 100 %."""
        self._begins = False
        width, height = self._widget.width(), self._widget.height()
        if box is None:
            view = View(1.0, round(width / 2), round(height / 2))
        else:
            scale, x, y, _ = geometry.fit(box, width, height)
            view = View(scale, round(x), round(y))
        if at_once:
            self.stop()
            self.set_view(view, follows_size=follows_size)
        else:
            self.go_to(view, follows_size=follows_size)

    def show_point(self, box: geometry.Box) -> None:
        """Bring a box of the scene into view, moving no further than needed; one that is larger is shown whole."""
        x, y, width, height = self.view.widget_box(box)
        if width > self._widget.width() or height > self._widget.height():
            self.show_box(box)
            return
        is_inside = x >= 24 and y >= 40 and x + width <= self._widget.width() - 24
        if not (is_inside and y + height <= self._widget.height() - 56):
            dx, dy = self.centre.x() - x - width / 2, self.centre.y() - y - height / 2
            self.go_to(self.view.moved(round(dx), round(dy)))

    def refine_soon(self) -> None:
        """Paint again with exact pictures: at once if the view stands still, else after the last zoom step."""
        self._refine.start(0 if self.is_exact else _REFINE_MS)

    @property
    def is_refining(self) -> bool:
        """Whether exact pictures are on their way."""
        return self._refine.isActive()

    def _make_exact(self) -> None:
        self.is_exact = True
        self.changed.emit()

    def _animate(self, t: float) -> None:
        start, end = self._ends
        self.is_exact = t >= 1.0
        self.set_view(end if t >= 1.0 else start.between(end, t), follows_size=self._will_follow_size)


def _system_animates() -> bool:
    style = QApplication.style()
    return style is None or style.styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
