"""A figure as the bytes of a file, and into the file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from studio.core.ports import Catalog
from studio.core.project import MAIN, Project
from studio.gui.canvas.card import AnswerLike
from studio.gui.figure.drawing import Figure
from studio.gui.figure.svg import SvgPainter
from studio.storage import atomic
from studio.workbench.figures import LOOKS, SCREEN_DPI, FigureError, FigureLook, why_not_file

PREVIEW_PX: Final = (380, 400)
"""Room for the small picture of a figure."""

MAX_SIDE_PX: Final = 32_767
"""QPainter's own limit for a picture."""

MAX_PIXELS: Final = 150_000_000
"""600 MB of memory: more would be the end of the program on a small machine."""

MAX_PDF_POINTS: Final = 14_400.0
"""The largest page that PDF readers take (PDF 1.7, annex C: 200 inches)."""

_PNG_QUALITY = 80
"""Means a little larger files, three times as quick; every pixel is the same."""

_PDF_DPI = 1_200
_POINTS_PER_INCH = 72


def write(
    path: Path,
    project: Project,
    catalog: Catalog,
    answers: Mapping[str, AnswerLike],
    *,
    graph: str = MAIN,
    only: Collection[str] | None = None,
    look: FigureLook = LOOKS["light"],
) -> None:
    """Draw ``graph``, or the nodes ``only`` of it, into an SVG, PDF or PNG file; the name's ending says which.

    Needs a QGuiApplication. FigureError with a sentence if that fails; a file that was there is then still whole.
    """
    if reason := why_not_file(path):
        raise FigureError(reason)
    figure = Figure(project, catalog, answers, graph=graph, only=only, look=look)
    written = content(figure, path.suffix.lower())
    try:
        atomic.replace(path, written, waits_for_disk=False)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FigureError(f"{path.name} was not written to {path.parent}: {reason}.") from error


def content(figure: Figure, ending: str) -> bytes:
    """The bytes of a file with this ending (one of ``ENDINGS``)."""
    make = {".svg": _svg, ".pdf": _pdf, ".png": _png}[ending]
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    make(figure, buffer)
    buffer.close()
    return bytes(buffer.data().data())


def small(figure: Figure, ratio: float = 1.0) -> QImage:
    """The figure as large as the preview has room, never above its own size, with ``ratio`` pixels for one."""
    scale = min(1.0, PREVIEW_PX[0] / figure.width, PREVIEW_PX[1] / figure.height)
    width, height = max(1, round(figure.width * scale * ratio)), max(1, round(figure.height * scale * ratio))
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    _paint(figure, QPainter(image), scale * ratio)
    image.setDevicePixelRatio(ratio)
    return image


def png_bytes(image: QImage) -> bytes:
    """A picture as the bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", _PNG_QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg(figure: Figure, buffer: QBuffer) -> None:
    painter = SvgPainter()
    figure.paint(painter)
    size = (figure.width, figure.height, figure.look.scale)
    buffer.write(painter.document(*size, title=figure.title, description=figure.described()))


def _pdf(figure: Figure, buffer: QBuffer) -> None:
    points = figure.look.scale * _POINTS_PER_INCH / SCREEN_DPI
    points = min(points, MAX_PDF_POINTS / max(figure.width, figure.height))
    writer = QPdfWriter(buffer)
    writer.setTitle(figure.title)
    writer.setCreator("Layer Studio")
    writer.setResolution(_PDF_DPI)
    size = QSizeF(figure.width * points, figure.height * points)
    page = QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    # A landscape page is its own size here, not a portrait one that was turned.
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    _paint(figure, QPainter(writer), points * _PDF_DPI / _POINTS_PER_INCH)


def _png(figure: Figure, buffer: QBuffer) -> None:
    look = figure.look
    scale = look.scale * look.dpi / SCREEN_DPI
    width, height = max(1, round(figure.width * scale)), max(1, round(figure.height * scale))
    largest = min(MAX_SIDE_PX / max(width, height), (MAX_PIXELS / (width * height)) ** 0.5)
    if largest < 1:
        raise FigureError(
            f"At {look.dpi} dpi the picture would have {width:,} × {height:,} pixels, which is too many. Take at most"
            f" {max(1, int(look.dpi * largest))} dpi, or an SVG or PDF file, which has no pixels."
        )
    form = QImage.Format.Format_ARGB32_Premultiplied if look.is_transparent else QImage.Format.Format_RGB32
    image = QImage(width, height, form)
    if image.isNull():
        raise FigureError("There is not enough memory for a picture of this size. Take fewer dpi, or an SVG file.")
    image.fill(0 if look.is_transparent else 0xFFFFFFFF)
    per_metre = round(look.dpi / 0.0254)
    _paint(figure, QPainter(image), scale)
    image.setDotsPerMeterX(per_metre)  # after painting: fonts and Qt's idea of a pixel depend on it
    image.setDotsPerMeterY(per_metre)
    image.setText("Title", figure.title)
    if not image.save(buffer, "PNG", _PNG_QUALITY):  # type: ignore[call-overload]
        raise FigureError("The picture could not be made into a PNG file.")


def _paint(figure: Figure, painter: QPainter, scale: float) -> None:
    try:
        painter.scale(scale, scale)
        figure.paint(painter)
    finally:
        painter.end()
