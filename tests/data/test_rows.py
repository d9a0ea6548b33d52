"""Rows: parts, previews, pictures, counts, and the problems that rows can have."""

from dataclasses import replace

import numpy as np
import pytest

from studio import data
from studio.core.project import Split


def test_the_parts_cover_each_row_once_and_keep_the_shares():
    source = replace(data.choose("bundled", "iris"), split=Split(validation=0.2, test=0.1))
    parts = data.split_indices(source)
    assert sorted(np.concatenate(parts)) == list(range(150))
    assert [len(part) for part in parts] == [105, 30, 15]
    assert data.class_counts(source, "species", part="test") == {"setosa": 5, "versicolor": 5, "virginica": 5}


def test_rows_with_gaps_in_used_columns_are_in_no_part():
    source = data.choose("bundled", "penguins")
    gaps = data.read(source).gap("bill_length_mm")
    rows = np.concatenate(data.split_indices(source))
    assert len(rows) == 342
    assert not gaps[rows].any()
    filled = replace(source, gaps="mean")
    assert len(np.concatenate(data.split_indices(filled))) == 344


def test_gaps_that_are_refused_are_told_with_their_place():
    source = replace(data.choose("bundled", "penguins"), gaps="refuse")
    assert data.check(source)[0].message.startswith("2 rows have gaps, the first is row 5, column “bill_length_mm”.")


def test_sorted_rows_without_shuffling_are_told():
    source = replace(data.choose("bundled", "iris"), split=Split(shuffle=False))
    assert data.check(source)[0].message == (
        "The validation part contains only “virginica”. Shuffle the rows before splitting."
    )


def test_an_empty_training_part_is_told():
    source = replace(data.choose("bundled", "iris"), split=Split(validation=0.5, test=0.5))
    assert "No row is left for training" in data.check(source)[0].message


def test_unlike_scales_are_a_hint():
    assert "“proline” reaches 1680" in data.scale_hint(data.choose("bundled", "wine")).message
    assert "Rescaling layer of 1/255" in data.scale_hint(data.choose("bundled", "mnist5k")).message
    assert data.scale_hint(data.choose("bundled", "iris")) is None


def test_a_preview_has_the_rows_as_a_spreadsheet_has_them():
    table = data.preview(data.choose("bundled", "penguins"), None, 3, 2)
    assert table.numbers == (5, 6)
    assert table.rows[0] == ("Adelie", "Torgersen", "", "", "", "", "", "2007")
    assert table.rows[1][2] == "36.7"
    assert data.preview(data.choose("bundled", "iris"), None, 149, 10).numbers == (151,)
    assert data.preview(data.choose("bundled", "iris"), None, 500, 10).rows == ()


def test_pictures_are_stretched_to_the_full_range():
    source = data.choose("bundled", "digits8x8")
    shown = data.pictures(source, None, [0, 5])
    assert shown.shape == (2, 8, 8)
    assert shown.dtype == np.uint8
    assert shown.max() > 220
    assert data.preview(source, None, 0, 1).rows == (("8 × 8", "0"),)
    with pytest.raises(data.DataError, match="no pictures"):
        data.pictures(data.choose("bundled", "iris"), None, [0])
