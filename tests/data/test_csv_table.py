"""Every way in which a CSV file can be wrong is told with its row and column, and what is read, pandas reads alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.data.csv_table import read_csv
from studio.data.errors import DataError
from studio.data.reading import NA_TEXTS, as_kind, from_table


def table(tmp_path, content):
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def sentence(tmp_path, content):
    with pytest.raises(DataError) as raised:
        read_csv(table(tmp_path, content))
    return raised.value.message


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", ["table.csv is empty"]),
        ("\n\n  \n", ["table.csv is empty"]),
        ("a,b\n", ["no rows below"]),
        ("a,b\n1,2\n3\n", ["Row 3 has 1 cell", "2 columns", "“b” is missing"]),
        ("a,b\n1,2\n3,4,5\n", ["Row 3 has 3 cells", "“5” stands after", "“b”"]),
        ("a,b\n1,2\n3,x\0y\n", ["Row 3, column “b”", "NUL"]),
        ('a,b\n1,2\n3,"x\n5,6\n', ["Row 3, column “b” opens a quote that is never closed"]),
        ('a,b\n1,"x\n5,"y"\n', ["Row 2, column “b” opens a quote that is never closed"]),
        ('a,b\n1,"x"y\n', ["Row 2, column “b” has text after its closing quote"]),
        (f"a,b\n1,2\n3,{'x' * 200_000}\n", ["Row 3, column “b” holds more than 128 KB"]),
        (f'a,b\n1,2\n"{"x" * 200_000}",3\n', ["Row 3, column “a” holds more than 128 KB"]),
        ("ort,note\nx,y\nKöln,z\n".encode("cp1252"), ["Row 3, column “ort”", "not UTF-8"]),
        (b"\xef\xbb\xbfa,b\n1,\xe9\n", ["Row 2, column “b”", "not UTF-8"]),
        ("a,b\n1,2\n".encode("utf-16"), ["UTF-16"]),
        ("a;b\n1,5;2\n", ["separated by semicolons"]),
        ("a\tb\n1\t2\n", ["separated by tabs"]),
        ("a,b,a\n1,2,3\n", ["Two columns are called “a”", "columns 1 and 3"]),
        ("a,b\u202e\n1,2\n", ["Row 1, column 2", "invisible"]),
        (",".join(f"c{number}" for number in range(3000)) + "\n", ["3,000 columns"]),
    ],
)
def test_a_sentence_names_row_and_column(tmp_path, content, parts):
    message = sentence(tmp_path, content)
    for part in parts:
        assert part in message


def test_missing_file_and_folder_are_sentences(tmp_path):
    with pytest.raises(DataError, match="not there any more"):
        read_csv(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="is not a file"):
        read_csv(tmp_path)


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path):
    read = read_csv(table(tmp_path, '\ufeffa,b\r\n1,"two\r\nlines"\r\n\r\n3,4\r\n'))
    assert read.header == ("a", "b")
    assert read.numbers == (2, 4)
    assert read.columns == (("1", "3"), ("two\r\nlines", "4"))


def test_a_column_without_a_name_is_called_as_pandas_calls_it(tmp_path):
    assert read_csv(table(tmp_path, ",a\n0,1\n")).header == ("Unnamed: 0", "a")


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ('"5,1"', "decimal comma"),
        ("inf", "infinite"),
        ("-Infinity", "infinite"),
        ("1e999", "too large"),
        ("?", "“?” is text, but the column holds numbers"),
        ("1_000", "is text"),
        ("0x10", "is text"),
    ],
)
def test_a_strange_cell_among_numbers_is_named(tmp_path, cell, part):
    rows = "".join(f"{number},1\n" for number in range(8))
    reading = from_table(read_csv(table(tmp_path, f"a,b\n{rows}{cell},1\n")))
    assert part in reading.faults["a"]
    assert "Row 10, column “a”" in reading.faults["a"]
    assert "b" not in reading.faults


def test_a_column_of_decimal_commas_alone_is_no_category(tmp_path):
    reading = from_table(read_csv(table(tmp_path, 'a\n"1,5"\n"2,5"\n')))
    assert reading.columns["a"].kind == "number"
    assert "Write it with a point: 1.5" in reading.faults["a"]


def test_text_with_too_many_values_is_no_category(tmp_path):
    rows = "".join(f"name{number}\n" for number in range(300))
    reading = from_table(read_csv(table(tmp_path, "a\n" + rows)))
    assert reading.columns["a"].classes == ()
    assert reading.columns["a"].kind == "text"
    assert "a" not in reading.faults
    assert as_kind(reading, "a", "category") is None


def test_classes_are_sorted_like_pandas_and_whole_numbers_by_value(tmp_path):
    reading = from_table(read_csv(table(tmp_path, "a,b\nb,x1\nB,10\nä,9\na,x2\n")))
    assert reading.columns["a"].classes == ("B", "a", "b", "ä")
    assert reading.columns["b"].classes == ("9", "10", "x1", "x2")


CELLS = st.one_of(
    st.sampled_from(sorted(NA_TEXTS)),
    st.sampled_from(
        [" ", " NA", "1", "-2.5", "+3", ".5", "7.", "1e5", " 4 ", "1_0", "０", "yes", "a,b", 'q"q', "nan "]
    ),
    st.integers(-999, 999).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
)


@settings(deadline=None)  # the first example imports pandas
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8))
def test_numbers_and_gaps_agree_with_pandas(tmp_path_factory, rows):
    import csv

    import numpy as np
    import pandas as pd

    path = tmp_path_factory.mktemp("agree") / "table.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("a", "b"), *rows])
    reading = from_table(read_csv(path))
    frame = pd.read_csv(path)
    for name in ("a", "b"):
        assert reading.gap(name).tolist() == frame[name].isna().tolist()
        column = reading.columns[name]
        if column.kind == "number" and name not in reading.faults:
            np.testing.assert_allclose(reading.arrays[name], frame[name].to_numpy("float64"), rtol=1e-12)
        elif name not in reading.faults:
            assert column.classes, "text, as pandas has it"
            assert frame[name].dtype.kind in "OUT"
