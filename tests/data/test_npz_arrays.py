"""Array files: headers first, no pickles, pictures recognized."""

import io
import zipfile

import numpy as np
import pytest

from studio import data
from studio.data.errors import DataError
from studio.data.npz_arrays import read_npz


def sentence(path):
    with pytest.raises(DataError) as raised:
        read_npz(path)
    return raised.value.message


def test_pictures_and_labels(tmp_path):
    path = tmp_path / "set.npz"
    rng = np.random.default_rng(0)
    np.savez(path, x=rng.integers(0, 255, (30, 8, 6), "uint8"), c=np.zeros((30, 8, 6, 3)), y=np.arange(30) % 3)
    reading = read_npz(path)
    assert reading.rows == 30
    assert reading.columns["x"].kind == "image"
    assert reading.columns["x"].shape == (8, 6)
    assert reading.columns["c"].shape == (8, 6, 3)
    assert reading.columns["y"].kind == "number"
    assert reading.columns["y"].is_integer
    source = data.choose("file", data.pick(path, tmp_path), folder=tmp_path)
    assert source.name == "set.npz"
    assert source.features == ("x",)
    assert source.targets == ("y",)
    assert source.column("y").classes == ("0", "1", "2")


def test_arrays_of_another_length_are_left_aside_and_told(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=np.zeros((6, 4, 4)), y_train=np.zeros(6), x_test=np.zeros((2, 4, 4)), n=np.int64(3))
    reading = read_npz(path)
    assert set(reading.columns) == {"x_train", "y_train"}
    assert "“x_test”" in reading.notes[0]


def test_pickles_are_refused_before_anything_is_loaded(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, x=np.array([{"a": 1}], dtype=object))
    assert "Python objects" in sentence(path)


def test_a_header_that_promises_too_much_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (10**6, 10**4)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", head.getvalue())
    assert "unfolds to more than 1,024 MB" in sentence(path)


@pytest.mark.parametrize("cut", [0, 1, 30, 100, 300])
def test_damaged_files_are_a_sentence(tmp_path, cut):
    path = tmp_path / "set.npz"
    np.savez(path, x=np.arange(100.0))
    path.write_bytes(path.read_bytes()[:cut])
    assert "is damaged" in sentence(path)


def test_gaps_and_infinite_numbers(tmp_path):
    path = tmp_path / "set.npz"
    np.savez(path, a=np.array([1.0, np.nan, 3.0]), b=np.array([1.0, np.inf, 3.0]), t=np.array(["x", "y", "x"]))
    reading = read_npz(path)
    assert reading.columns["a"].gaps == 0, "exported code takes arrays as they are"
    assert "Row 2, array “a”: a number is missing" in reading.faults["a"]
    assert "Row 2, array “b”" in reading.faults["b"]
    assert reading.columns["t"].classes == ("x", "y")
