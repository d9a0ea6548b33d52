"""What stands fixed over the drawing, whatever part of it is shown: status line, zoom bar, map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from studio.core.project import MAIN
from studio.gui import theme
from studio.gui.canvas.heat_legend import HeatLegend
from studio.gui.canvas.minimap import Minimap
from studio.gui.canvas.overlay import ZoomBar, status_text

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas

_MARGIN_PX = 16


class Furniture:
    """Places the pieces and keeps them up to date."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.status = QLabel(canvas)
        self.status.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.set_role(self.status, "over_drawing")
        self.zoom_bar = ZoomBar(canvas)
        self.zoom_bar.zoom_requested.connect(self._zoom)
        self.zoom_bar.fit_requested.connect(canvas.sight.fit)
        self.zoom_bar.tidy_requested.connect(canvas.tidy_requested)
        canvas.camera.scale_changed.connect(self.zoom_bar.show_scale)
        self.minimap = Minimap(canvas)
        self.legend = HeatLegend(canvas)
        self.legend.closed.connect(lambda: canvas.reading.set_measure(""))
        self.legend.pressed.connect(lambda: canvas.reading.measure_wanted.emit())
        theme.notifier.changed.connect(self.legend.fit_type)
        self._focus_line = QFrame(canvas)
        theme.set_role(self._focus_line, "focus")
        self._focus_line.hide()
        self._told_soon = QTimer(canvas, singleShot=True, interval=0)
        self._told_soon.timeout.connect(self._tell)
        theme.notifier.changed.connect(self._told_soon.start)  # type may be larger; the timer ends with the canvas
        self._is_plain_chain = False
        canvas.session.source_changed.connect(self._source_changed)

    @property
    def pieces(self) -> tuple[QWidget, ...]:
        """All that are seen."""
        changing = (self.minimap, self.legend, self._focus_line)
        return (self.status, self.zoom_bar, *(each for each in changing if each.isVisible()))

    def place(self) -> None:
        """Stand where they belong in a canvas of this size, and show what it shows."""
        width, height = self._canvas.width(), self._canvas.height()
        self.status.move(_MARGIN_PX - 6, 10)  # its padding
        self._focus_line.setGeometry(0, 0, width, 2)
        bar = self.zoom_bar.sizeHint()
        self.zoom_bar.setGeometry(_MARGIN_PX, height - bar.height() - 14, bar.width(), bar.height())
        self.minimap.move(width - self.minimap.width() - _MARGIN_PX, height - self.minimap.height() - 14)
        self.minimap.follow()
        self.legend.move(width - self.legend.width() - _MARGIN_PX, 12)

    def show_focus(self, reason: Qt.FocusReason | None) -> None:
        """Mark the drawing when the keyboard leads into it; who clicks there knows. None: the focus is elsewhere."""
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._focus_line.setVisible(reason in keys)

    def show_heat(self) -> None:
        """Tell what the colours of the cards mean."""
        session = self._canvas.session
        self.legend.show_heat(self._canvas.scene.heat, session.project.training.batch_size, self._canvas.reading.told)
        self.place()

    def tell_soon(self) -> None:
        """Write the status line anew, once for all that happens until then."""
        self._told_soon.start()

    def _source_changed(self) -> None:
        self._is_plain_chain = self._canvas.session.source.is_plain_chain
        self.tell_soon()

    def _tell(self) -> None:
        session = self._canvas.session
        is_chain = session.graph_key == MAIN and self._is_plain_chain
        text = status_text(
            session.graph, session.answers, session.problems, self._canvas.scene.prefix, is_plain_chain=is_chain
        )
        self.status.setText(text)
        self.status.adjustSize()
        if self.zoom_bar.size() != self.zoom_bar.sizeHint():
            self.place()

    def _zoom(self, factor: float) -> None:
        camera = self._canvas.camera
        camera.zoom_to(camera.view.scale * factor if factor else 1.0)
