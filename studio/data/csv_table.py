"""Read a CSV file strictly: every cell as text, and a sentence with row and column for everything that is wrong.

What is accepted here is what ``pandas.read_csv(path)`` reads in the same way in an exported file: comma, UTF-8 (a
byte order mark is skipped), empty lines skipped, a column without a name called ``Unnamed: 0``. Where pandas would
guess, fill up or rename in silence (ragged rows, the same name twice), this reader refuses and says where.

Rows are counted as a spreadsheet counts them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from studio.data.errors import DataError
from studio.immutable import immutable

MAX_BYTES = 64 * 2**20
"""Larger tables are refused: reading them as text takes about ten times their size in memory."""

MAX_COLUMNS = 2_000
_SHOWN = 40
"""How many characters of a cell or a name a message quotes."""


@immutable
class TextTable:
    """The cells of a CSV file as text, column by column; ``numbers`` are the spreadsheet rows of the data rows."""

    header: tuple[str, ...]
    numbers: tuple[int, ...]
    columns: tuple[tuple[str, ...], ...]


def read_csv(path: Path) -> TextTable:
    """Read ``path`` or raise a DataError that says what is wrong in which row and column."""
    text = _decode(_bytes(path), path.name)
    records = _records(text, path.name)
    number, header = next(records, (0, []))
    if not header:
        raise DataError(f"{path.name} is empty. A table needs a first row with column names and rows below it.")
    names = _names(header, path.name)
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, record in records:
        if len(record) != len(names):
            raise DataError(_ragged(number, record, names))
        numbers.append(number)
        rows.append(record)
    if not rows:
        raise DataError(f"{path.name} has column names but no rows below them.")
    return TextTable(names, tuple(numbers), tuple(zip(*rows, strict=True)))


def quoted(text: str) -> str:
    """A cell or a name as a message shows it: in quotes, cut where it is long, without control characters."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    return f"“{clean[:_SHOWN]}…”" if len(clean) > _SHOWN else f"“{clean}”"


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{path.name} is not a file.")
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                f"{path.name} is larger than {MAX_BYTES // 2**20} MB, the most that is read as a table. "
                "Keep fewer rows, or store the numbers as an .npz file."
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"The file {path.name} is not there any more. Put it back, or choose another.") from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or 'the system refused'}.") from error


def _decode(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{name} is saved as UTF-16. Save the table as “CSV UTF-8” and open it again.")
    nul = content.find(b"\0")
    if nul >= 0:
        raise DataError(
            f"{_place(content, nul)} has a NUL byte, which no table may hold. "
            "The file is damaged, or it is not a CSV file."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = error.start + (len(content) - len(error.object))  # utf-8-sig may have cut the byte order mark off
        raise DataError(
            f"{_place(content, start)} has a character that is not UTF-8, as older Windows programs write it. "
            "Save the table as “CSV UTF-8” and open it again."
        ) from error


def _place(content: bytes, offset: int) -> str:
    """Row and column of a byte, by counting lines and commas: near enough while the text cannot be parsed."""
    head = content[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    row = head.count(b"\n") + 1
    column = head.rsplit(b"\n", 1)[-1].count(b",")
    names = content.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].rstrip(b"\r").split(b",")
    if row > 1 and column < len(names):
        return f"Row {row}, column {quoted(names[column].decode('utf-8', 'replace').strip(chr(34)))}"
    return f"Row {row}, column {column + 1}"


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their row numbers, without empty lines. Offsets are kept to find the column of a broken quote."""
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in io.StringIO(text, newline=""):
            taken += len(line)
            yield line

    reader = csv.reader(lines(), strict=True)
    number = 0
    header: list[str] = []
    while True:
        start = taken
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(_broken(text[start:], number, header)) from error
        if not record or (len(record) == 1 and not record[0].strip() and text[start : start + 1] != '"'):
            continue  # pandas skips lines that are empty or blank as well
        header = header or record
        yield number, record


def _broken(text: str, number: int, header: list[str]) -> str:
    """What is wrong in the record at the start of ``text``: a quote that stays open, text after one, a huge cell."""
    column = start = 0
    limit = csv.field_size_limit()
    while True:
        cell = _cell(number, column, header)
        if text[start : start + 1] == '"':
            end = _closing_quote(text, start + 1)
            if end < 0:
                return f"{cell} opens a quote that is never closed."
            after = text[end + 1 : end + 2]
            if after not in {",", "\n", "\r", ""}:
                if "\n" in text[start:end]:
                    return f"{cell} opens a quote that is never closed."
                return f'{cell} has text after its closing quote. Write a quote inside a cell twice: "".'
            end += 1
        else:
            found = re.compile(r"[,\r\n]").search(text, start)
            end = found.start() if found else len(text)
        if end - start > limit or text[end : end + 1] != ",":
            return f"{cell} holds more than {limit // 1024} KB of text in one cell."
        column, start = column + 1, end + 1


def _closing_quote(text: str, position: int) -> int:
    """Where the quoted cell ends whose text begins at ``position``; two quotes in a row are one in the cell. Or -1."""
    while (found := text.find('"', position)) >= 0 and text[found + 1 : found + 2] == '"':
        position = found + 2
    return found


def _cell(number: int, column: int, header: list[str]) -> str:
    name = quoted(header[column]) if column < len(header) else str(column + 1)
    return f"Row {number}, column {name}"


def _names(header: list[str], file: str) -> tuple[str, ...]:
    if len(header) == 1:
        for separator, word in ((";", "semicolons"), ("\t", "tabs")):
            if separator in header[0]:
                raise DataError(
                    f"The columns of {file} are separated by {word}. Save the table with commas between the columns "
                    "and points in the numbers, then open it again."
                )
    if len(header) > MAX_COLUMNS:
        raise DataError(f"{file} has {len(header):,} columns; {MAX_COLUMNS:,} is the most.")
    names = tuple(name if name else f"Unnamed: {index}" for index, name in enumerate(header))
    for index, name in enumerate(names):
        if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in name):
            raise DataError(f"Row 1, column {index + 1}: the name {quoted(name)} has an invisible character.")
        if name in names[:index]:
            raise DataError(
                f"Two columns are called {quoted(name)}: columns {names.index(name) + 1} and {index + 1}. "
                "Give each column a name of its own."
            )
    return names


def _ragged(number: int, record: list[str], names: tuple[str, ...]) -> str:
    cells = "1 cell" if len(record) == 1 else f"{len(record):,} cells"
    if len(record) < len(names):
        return (
            f"Row {number} has {cells}, but there are {len(names):,} columns: "
            f"column {quoted(names[len(record)])} is missing there."
        )
    return (
        f"Row {number} has {cells}, but there are {len(names):,} columns: {quoted(record[len(names)])} stands after "
        f"the last column, {quoted(names[-1])}. Put cells that contain a comma in quotes."
    )
