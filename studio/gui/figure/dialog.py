"""Asking a person what the picture of the drawing shall show, with a preview."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.gui import telling, theme
from studio.gui.figure.drawer import Drawer
from studio.gui.figure.drawing import Figure
from studio.gui.figure.writing import PREVIEW_PX, small
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.workbench.figures import ENDINGS, LOOKS, FigureError, FigureLook, Order

MOST_IN_PREVIEW = 800
"""Above this many nodes a preview shows nothing that can be read."""

MOST_AT_ONCE = 30
"""So many nodes are drawn within half a frame, and need not be drawn beside the event loop."""

FOLLOW_AFTER_MS = 150


class FigureDialog(QDialog):
    """What the figure shows. The preview is drawn by the same code as the file."""

    def __init__(self, parent: QWidget, session: Session, drawer: Drawer) -> None:
        """``drawer`` makes the previews of larger drawings."""
        super().__init__(parent)
        telling.install(self)
        self._session, self._drawer = session, drawer
        self.setWindowTitle(self.tr("Save a picture of the drawing"))
        self.style_choice = self._choice(
            self.tr("Like the canvas, light"),
            self.tr("Like the canvas, dark"),
            self.tr("For print"),
            self.tr("Tables, as plot_model"),
        )
        self.format_choice = self._choice(*(ending[1:].upper() for ending in ENDINGS))
        self.shapes = QCheckBox(self.tr("Output shapes"))
        self.parameters = QCheckBox(self.tr("Parameter counts"))
        self.dtypes = QCheckBox(self.tr("Types of numbers (float32)"))
        self.folded = QCheckBox(self.tr("Folded as a U"))
        self.folded.setToolTip(self.tr("An encoder goes down, its decoder up, and skips run straight across."))
        self.transparent = QCheckBox(self.tr("Nothing behind the drawing"))
        self.selected_only = QCheckBox(self.tr("Only the selected layers"))
        self.selected_only.setEnabled(bool(session.selection))
        if not session.selection:
            self.selected_only.setToolTip(self.tr("No layer is selected."))
        self.dpi = plain.inset(QSpinBox())
        self.dpi.setRange(24, 1200)
        self.dpi.setSingleStep(24)
        self.dpi.setValue(LOOKS["light"].dpi)
        self.dpi.setSuffix(self.tr(" pixels per inch"))
        self.preview = QLabel()
        self.preview.setFixedSize(*PREVIEW_PX)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.setWordWrap(True)
        theme.set_role(self.preview, "quiet")
        self.note = plain.label("", "secondary", wraps=True)
        self._arrange()
        for check in self._checks():
            check.toggled.connect(self._show_preview)
        self.style_choice.currentIndexChanged.connect(self._take_style)
        self.format_choice.currentIndexChanged.connect(self._take_format)
        self._take_format()
        self._take_style()
        # Keras answers for one layer after the other; the picture follows when it has paused.
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_AFTER_MS)
        self._follow.timeout.connect(self._show_preview)
        session.answers_changed.connect(self._follow_soon)
        session.engine_state_changed.connect(self._follow_soon)

    def _choice(self, *texts: str) -> QComboBox:
        choice = QComboBox(self)
        choice.addItems(list(texts))
        return choice

    def _checks(self) -> tuple[QCheckBox, ...]:
        return (self.shapes, self.parameters, self.dtypes, self.folded, self.transparent, self.selected_only)

    def _arrange(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save_button.setText(self.tr("Save..."))
        theme.set_role(self.save_button, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        fields = QGridLayout()
        fields.setHorizontalSpacing(12)
        fields.setVerticalSpacing(8)
        rows = (
            (self.tr("Style"), self.style_choice),
            (self.tr("Format"), self.format_choice),
            (self.tr("Resolution"), self.dpi),
        )
        for row, (text, field) in enumerate(rows):
            label = QLabel(text)
            theme.set_role(label, "quiet")
            label.setBuddy(field)
            fields.addWidget(label, row, 0)
            fields.addWidget(field, row, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addLayout(fields)
        right.addSpacing(12)
        for check in self._checks():
            right.addWidget(check)
        right.addSpacing(8)
        right.addWidget(self.note)
        right.addStretch(1)
        right.addWidget(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(20)
        layout.addWidget(self.preview)
        layout.addLayout(right, 1)

    def begin_with(self, look: FigureLook, ending: str) -> None:
        """Begin with what was chosen the last time; but another drawing may not be one that can be folded."""
        self.style_choice.setCurrentIndex(list(LOOKS).index(look.theme))
        self.format_choice.setCurrentIndex(ENDINGS.index(ending))
        self.shapes.setChecked(look.shows_shapes)
        self.parameters.setChecked(look.shows_parameters)
        self.dtypes.setChecked(look.shows_dtypes)
        self.transparent.setChecked(look.is_transparent)
        self.dpi.setValue(look.dpi)

    # What was chosen

    def look(self) -> FigureLook:
        """How the figure shall look."""
        return replace(
            self._style(),
            shows_shapes=self.shapes.isChecked(),
            shows_parameters=self.parameters.isChecked(),
            shows_dtypes=self.dtypes.isChecked(),
            is_transparent=self.transparent.isChecked(),
            is_folded=self.folded.isChecked(),
            dpi=self.dpi.value(),
        )

    def order(self, path: Path | None = None) -> Order:
        """The figure as it shall be written to ``path``; without one, its preview."""
        session, only = self._session, self.only()
        return Order(
            session.project, dict(session.answers), self.look(), session.graph_key,
            None if only is None else tuple(only),
            session.catalog.facts, "" if path is None else str(path.absolute()), self.devicePixelRatioF(),
        )  # fmt: skip

    def only(self) -> Collection[str] | None:
        """The nodes and notes that are drawn; None means all."""
        return self._session.chosen if self.selected_only.isChecked() else None

    def ending(self) -> str:
        """The ending of the file."""
        return ENDINGS[self.format_choice.currentIndex()]

    def _style(self) -> FigureLook:
        return tuple(LOOKS.values())[self.style_choice.currentIndex()]

    # What follows

    def _take_style(self) -> None:
        style = self._style()
        shown = (style.shows_shapes, style.shows_parameters, style.shows_dtypes)
        for check, is_on in zip((self.shapes, self.parameters, self.dtypes), shown, strict=True):
            check.blockSignals(True)
            check.setChecked(is_on)
            check.blockSignals(False)
        self._show_preview()

    def _take_format(self) -> None:
        has_pixels = self.ending() == ".png"
        self.dpi.setEnabled(has_pixels)
        self.dpi.setToolTip("" if has_pixels else self.tr("SVG and PDF are sharp at every size."))

    def _follow_soon(self, _: object) -> None:
        self._follow.start()

    def _show_preview(self) -> None:
        session, only = self._session, self.only()
        count = len(session.graph.nodes if only is None else only)
        is_open = self.look().needs_answers and session.engine_state in ("starting", "busy")
        self.note.setText(self.tr("Keras has not told everything yet: what is missing follows.") if is_open else "")
        self.save_button.setEnabled(True)
        self.save_button.setToolTip("")
        if count > MOST_IN_PREVIEW:
            self._drawer.forget()
            self.preview.setText(self.tr("No preview: {0} layers would be too small to be read here.").format(count))
            return
        if count > MOST_AT_ONCE:
            if self.preview.pixmap().isNull():
                self.preview.setText(self.tr("Drawing..."))
            self._drawer.draw(self.order(), self._take_preview)
            return
        self._drawer.forget()
        try:
            figure = Figure(
                session.project, session.catalog, session.answers, graph=session.graph_key, only=only, look=self.look()
            )
        except FigureError as error:
            self._take_preview(error)
        else:
            self._take_preview(small(figure, self.devicePixelRatioF()))

    def _take_preview(self, found: QImage | bytes | FigureError) -> None:
        if isinstance(found, FigureError):
            self.preview.setText(str(found))
            self.save_button.setEnabled(False)
            self.save_button.setToolTip(str(found))
            return
        image = QImage.fromData(found) if isinstance(found, bytes) else found
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.preview.setPixmap(QPixmap.fromImage(image))

    # Qt

    def done(self, result: int) -> None:
        """From now on the drawer is for the file: a preview would take its place."""
        self._session.answers_changed.disconnect(self._follow_soon)
        self._session.engine_state_changed.disconnect(self._follow_soon)
        self._follow.stop()
        self._drawer.forget()
        super().done(result)
