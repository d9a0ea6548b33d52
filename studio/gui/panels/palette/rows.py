"""What stands in the palette, row by row, and the model that gives it to a list view."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final, Literal, cast

from PySide6.QtCore import QAbstractListModel, QByteArray, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt

from studio.catalog import Catalog
from studio.catalog.old_names import Told
from studio.catalog.spec import SLICE, LayerSpec
from studio.core.project import BLOCK, Project
from studio.gui import old_names
from studio.gui.panels import plain
from studio.gui.session.shelf import KEPT_PREFIX
from studio.immutable import immutable
from studio.workbench.library import Kept

MIME: Final = "application/x-layer-studio-layer"
_BLOCK_PREFIX: Final = f"{BLOCK}:"

RowKind = Literal["heading", "layer", "more", "nothing", "place"]
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@immutable
class Row:
    """One row. ``wish`` is what a drag carries (a layer type, "block:b3") or the heading that "more" unfolds.

    ``sign`` is how an operation is written ("+"), or whence a found block comes. A "place" is somewhere else, where
    what was searched is chosen.
    """

    kind: RowKind
    text: str
    wish: str = ""
    family: str = ""
    tip: str = ""
    sign: str = ""


def block_of(wish: str) -> str | None:
    """The id of the block that a dragged text means, or None if it means a layer type."""
    return wish.removeprefix(_BLOCK_PREFIX) if wish.startswith(_BLOCK_PREFIX) else None


def layer_row(spec: LayerSpec) -> Row:
    """The row of one layer."""
    return Row("layer", spec.shown, spec.type, spec.family, spec.summary, _sign(spec))


def _sign(spec: LayerSpec) -> str:
    operation = spec.operation
    return "" if operation is None else "[ : ]" if spec.type == SLICE else operation.operator


def block_rows(project: Project) -> list[Row]:
    """The blocks of the project, by name."""
    blocks = sorted(project.blocks.values(), key=lambda block: (block.name, block.id))
    return [Row("layer", block.name, f"{_BLOCK_PREFIX}{block.id}", BLOCK, "") for block in blocks]


def kept_row(kept: Kept, origin: str = "") -> Row:
    """The row of a block of the person's library; ``origin`` says so where no heading does."""
    return Row("layer", kept.name, f"{KEPT_PREFIX}{kept.key}", BLOCK, kept.summary, origin)


def all_rows(
    catalog: Catalog,
    blocks: Sequence[Row],
    kept: Sequence[Row],
    unfolded: Collection[str],
    *,
    blocks_heading: str,
    kept_heading: str,
    more: str,
    fewer: str,
    enough: int = 0,
) -> list[Row]:
    """Every family under its heading: the common layers, and the others where the heading is unfolded.

    ``more`` is a text with ``{count}``, for the row that unfolds. Where ``enough`` is not 0, only the first headings:
    as many as hold so many layers.
    """
    rows: list[Row] = []
    if blocks:
        rows += [Row("heading", blocks_heading), *blocks]
    if kept:
        rows += [Row("heading", kept_heading), *kept]
    for heading in catalog.palette(unfolded, enough):
        rows.append(Row("heading", heading.title))
        rows += [layer_row(spec) for spec in heading.layers]
        if heading.total > heading.folded:
            text = fewer if heading.title in unfolded else more.format(count=heading.total - heading.folded)
            rows.append(Row("more", text, heading.title))
    return rows


def found_rows(
    catalog: Catalog, blocks: Iterable[Row], kept: Iterable[Row], text: str, nothing: str, told: Told | None = None
) -> list[Row]:
    """What a search finds, the best first; one row that says so when that is nothing. ``kept``: of the library.

    ``told`` is what the text means that is no layer; where that is found today comes first.
    """
    wanted = text.casefold()
    rows = [row for row in blocks if wanted in row.text.casefold()]
    rows += kept
    specs = catalog.search(text)
    if told is not None:
        there = old_names.place(told)
        rows += [Row("place", there.text, there.wish, tip=old_names.sentence(told))] if there is not None else []
        first = [spec for layer in told.layers if (spec := catalog.layer(layer)) is not None]
        specs = [*first, *[spec for spec in specs if spec not in first]]
    rows += [layer_row(spec) for spec in specs]
    return rows or ([] if told is not None else [Row("nothing", nothing)])


class PaletteModel(QAbstractListModel):
    """The rows, for a view. Only layers can be chosen and dragged."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        """Replace all rows, if they differ."""
        if rows != self.rows:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()

    def row_of(self, wish: str) -> int:
        """The number of the row with this wish, or -1."""
        return next((n for n, row in enumerate(self.rows) if row.kind == "layer" and row.wish == wish), -1)

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"{row.sign}, {row.tip}" if row.family == BLOCK and row.sign else row.tip
        if role == Qt.ItemDataRole.ToolTipRole and row.tip:
            return plain.tool_tip(row.tip)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        kind = self.rows[index.row()].kind if index.isValid() else "nothing"
        enabled = Qt.ItemFlag.ItemIsEnabled
        if kind == "layer":
            return enabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return enabled | Qt.ItemFlag.ItemIsSelectable if kind in ("more", "place") else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        rows = [cast(Row, index.data(ROW_ROLE)) for index in indexes]
        wishes = [row.wish for row in rows if row.kind == "layer"]
        if wishes:
            data.setData(MIME, QByteArray(wishes[0].encode()))
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction
