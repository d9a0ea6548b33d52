"""The table beside the drawing: every row, what the network says of it, and nothing that does not belong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.project import DataSource
from studio.gui import theme
from studio.gui.training.row_table import RowTable, fitted
from studio.gui.training.table_rows import MOST_READ, Numbers, distinct_rows
from studio.workbench import examples

BITS = [(float(a), float(b), float(c)) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
INPUTS: Numbers = {"switches": tuple(BITS)}
RIGHT: Numbers = {"labels": tuple((float(sum(row) > 0), float(sum(row) > 1)) for row in BITS)}


def truth_table() -> DataSource:
    first = examples.example(examples.FIRST)
    assert first is not None
    return first.project().data


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> RowTable:
    theme.apply(qapp, "light")
    made = RowTable()
    qtbot.addWidget(made)
    made.resize(232, 300)
    made.show()
    qtbot.waitExposed(made)
    assert made.show_source(truth_table(), None)
    return made


def test_all_rows_stand_there_without_scrolling(table: RowTable) -> None:
    rows = table.table
    assert rows.rowCount() == 8
    last = rows.visualItemRect(rows.item(7, 0))
    assert last.bottom() <= rows.viewport().height()
    assert rows.verticalScrollBar().maximum() == 0
    assert rows.rowHeight(0) == 24


def test_every_column_has_its_place_in_a_narrow_panel(qtbot: QtBot, table: RowTable) -> None:
    assert table.width() == 232
    rows = table.table
    for column in range(5):
        item = rows.horizontalHeaderItem(column)
        assert item is not None
        assert item.toolTip()
    assert sum(rows.columnWidth(column) for column in range(5)) <= rows.viewport().width()
    table.resize(400, 300)
    qtbot.waitUntil(lambda: sum(rows.columnWidth(column) for column in range(5)) > 300)


@pytest.mark.parametrize("width", [232, 248, 300])
def test_no_name_is_cut(table: RowTable, width: int) -> None:
    table.resize(width, 300)
    rows = table.table
    header = rows.horizontalHeader()
    metrics = QFontMetricsF(theme.ui_font(12, QFont.Weight.Medium))
    assert header.defaultAlignment() & Qt.TextFlag.TextWordWrap
    assert header.textElideMode() == Qt.TextElideMode.ElideNone
    for column in range(5):
        item = rows.horizontalHeaderItem(column)
        assert item is not None
        room = QRectF(0, 0, rows.columnWidth(column) - 8, header.height())
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, item.text())
        assert needed.width() <= room.width(), item.text()
        assert needed.height() <= room.height(), item.text()
        assert "\N{HORIZONTAL ELLIPSIS}" not in item.text()
    assert rows.verticalScrollBar().maximum() == 0


def test_a_name_that_does_not_fit_on_two_lines_is_cut(table: RowTable) -> None:
    metrics = QFontMetricsF(theme.ui_font(12, QFont.Weight.Medium))
    assert fitted("any", 50, metrics) == ("any", False)
    assert fitted("at least two", 50, metrics) == ("at least two", True)
    for name in ("incomprehensibilities", "one two three four five six seven eight"):
        shown, is_wrapped = fitted(name, 50, metrics)
        assert shown.endswith("\N{HORIZONTAL ELLIPSIS}")
        assert metrics.horizontalAdvance(shown) <= 50
        assert not is_wrapped


def test_before_the_first_run_it_tells_what_is_to_be_learned(table: RowTable) -> None:
    assert table.score.text() == "8 rows, 2 labels to learn"
    assert not table.are_all_right


def test_predictions_are_counted_cell_by_cell(table: RowTable) -> None:
    halves: Numbers = {"labels": tuple((any_, 0.2) for any_, _ in RIGHT["labels"])}
    table.show_predictions(INPUTS, halves)
    assert table.score.text() == "12 of 16 right"
    assert not table.are_all_right
    table.show_predictions(INPUTS, RIGHT)
    assert table.score.text() == "16 of 16 right"
    assert table.are_all_right


def test_a_wrong_cell_is_an_amber_number_and_a_right_one_a_tick(table: RowTable) -> None:
    def colours(row: int, column: int) -> set[str]:
        rows = table.table
        area = rows.visualItemRect(rows.item(row, column))
        image = rows.viewport().grab(area).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    def nears(found: set[str], wanted: str) -> bool:
        hue = QColor(wanted).hue()
        return any(abs(QColor(c).hue() - hue) < 12 and QColor(c).saturation() > 90 for c in found)

    table.show_predictions(INPUTS, {"labels": tuple((0.31, float(two)) for _, two in RIGHT["labels"])})
    amber, blue = "#8A6A00", theme.current().accent
    assert nears(colours(1, 3), amber)
    assert not nears(colours(1, 3), blue)
    assert nears(colours(0, 3), blue)
    assert not nears(colours(0, 3), amber)


def test_rows_that_are_not_in_the_table_are_passed_over(table: RowTable) -> None:
    table.show_predictions({"switches": ((7.0, 7.0, 7.0), *BITS)}, {"labels": ((0.0, 0.0), *RIGHT["labels"])})
    assert table.are_all_right


def test_two_outputs_stand_side_by_side(table: RowTable) -> None:
    apart: Numbers = {
        "any": tuple((any_,) for any_, _ in RIGHT["labels"]),
        "two": tuple((two,) for _, two in RIGHT["labels"]),
    }
    table.show_predictions(INPUTS, apart)
    assert table.are_all_right


def test_another_project_forgets_what_was_said(table: RowTable) -> None:
    table.show_predictions(INPUTS, RIGHT)
    table.forget_predictions()
    assert not table.are_all_right
    assert table.score.text() == "8 rows, 2 labels to learn"
    table.show_predictions(INPUTS, RIGHT)
    assert table.are_all_right


def test_other_data_is_no_such_table(table: RowTable) -> None:
    breast_cancer = examples.example("two_branches")
    sine = examples.example("sine")
    assert breast_cancer is not None
    assert sine is not None
    for source in (DataSource(), breast_cancer.project().data, sine.project().data):
        assert distinct_rows(source, None) is None
    assert not table.show_source(DataSource(), None)
    assert not table.are_all_right
    table.show_predictions(INPUTS, RIGHT)
    table.forget_predictions()


def test_a_long_table_is_not_even_read() -> None:
    assert distinct_rows(replace(truth_table(), rows=MOST_READ + 1), None) is None
