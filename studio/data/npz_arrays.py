"""Read arrays from an .npz file without running anything in it and without trusting its size.

The headers are read first: a file of 3 MB can unfold to 3 GB. Pickled objects are never loaded.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from studio.core.project import Column
from studio.data.csv_table import quoted
from studio.data.errors import DataError
from studio.data.reading import Reading, number_column, of_texts

MAX_BYTES = 2**30
"""All arrays of a file together, unpacked. The pictures of MNIST are 47 MB."""

Array = NDArray[Any]


def read_npz(path: Path) -> Reading:
    """Read and describe ``path``, or raise a DataError with a sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            headers = _headers(archive, path.name)
        with np.load(path, allow_pickle=False) as loaded:
            arrays = {name: np.asarray(loaded[name]) for name in headers}
    except FileNotFoundError as error:
        raise DataError(f"The file {path.name} is not there any more. Put it back, or choose another.") from error
    except (zipfile.BadZipFile, ValueError, EOFError, KeyError, zlib.error, NotImplementedError, MemoryError) as error:
        raise DataError(f"{path.name} is damaged, or it is not an .npz file of NumPy.") from error
    except OSError as error:
        raise DataError(f"{path.name} cannot be read: {error.strerror or 'the system refused'}.") from error
    return from_arrays(arrays, path.name)


def from_arrays(arrays: dict[str, Array], origin: str) -> Reading:
    """Describe arrays whose first axis counts rows; arrays of other lengths than the longest are left aside."""
    rows = max((len(array) for array in arrays.values() if array.ndim), default=0)
    if not rows:
        raise DataError(f"{origin} holds no rows.")
    columns: dict[str, Column] = {}
    kept: dict[str, Array] = {}
    gaps: dict[str, NDArray[np.bool_]] = {}
    faults: dict[str, str] = {}
    left: list[str] = []
    for name, array in arrays.items():
        if not array.ndim or len(array) != rows:
            left.append(quoted(name))
            continue
        kept[name] = array
        columns[name], gaps[name], fault = _column(name, array)
        if fault:
            faults[name] = fault
    notes = (f"{', '.join(left)} left aside: only arrays with {rows:,} rows go together.",) if left else ()
    return Reading(rows, columns, kept, gaps, faults, notes)


def _headers(archive: zipfile.ZipFile, file: str) -> list[str]:
    names: list[str] = []
    total = 0
    for info in archive.infolist():
        if not info.filename.endswith(".npy"):
            continue
        name = info.filename.removesuffix(".npy")
        with archive.open(info) as stream:
            version = npy.read_magic(stream)
            if version == (1, 0):
                shape, _, dtype = npy.read_array_header_1_0(stream)
            elif version == (2, 0):
                shape, _, dtype = npy.read_array_header_2_0(stream)
            else:
                raise ValueError("unknown version")
        if dtype.hasobject:
            raise DataError(
                f"Array {quoted(name)} of {file} holds Python objects, which could run code when they are read. "
                "Store plain numbers or text instead."
            )
        size = dtype.itemsize
        for length in shape:
            size *= int(length)
        total += size
        if total > MAX_BYTES:
            raise DataError(f"{file} unfolds to more than {MAX_BYTES // 2**20:,} MB, the most that is read.")
        names.append(name)
    if not names:
        raise DataError(f"{file} holds no arrays.")
    return names


def _column(name: str, array: Array) -> tuple[Column, NDArray[np.bool_], str]:
    no_gap: NDArray[np.bool_] = np.zeros(len(array), bool)
    shape = tuple(int(length) for length in array.shape[1:])
    if array.dtype.kind == "U" and array.ndim == 1:
        return of_texts(name, array, no_gap), no_gap, ""
    if array.dtype.kind not in "biuf":
        return Column(name, "category", shape), no_gap, f"Array {quoted(name)} holds neither numbers nor text."
    if not array.size:
        return Column(name, "number", shape), no_gap, f"Array {quoted(name)} is empty."
    missing: NDArray[np.bool_] = no_gap
    fault = ""
    if array.dtype.kind == "f":
        flat = array.reshape(len(array), -1)
        missing = np.asarray(np.isnan(flat).any(axis=1))
        strange = missing | np.asarray(np.isinf(flat).any(axis=1))
        if strange.any():
            row = int(np.argmax(strange))
            what = "is missing (NaN)" if missing[row] else "is infinite"
            fault = (
                f"Row {row + 1}, array {quoted(name)}: a number {what}, and nothing can be learned from that. "
                "Arrays are used as they are: leave such rows out of the file."
            )
    column = replace(number_column(name, array, missing, shape), gaps=0)
    return (replace(column, kind="image") if is_picture(array) else column), no_gap, fault


def is_picture(array: Array) -> bool:
    """Whether rows are height x width, or height x width x 1, 3 or 4 channels."""
    return (array.ndim == 3 or (array.ndim == 4 and array.shape[3] in (1, 3, 4))) and min(array.shape[1:3]) > 1
