"""The sets that the program brings along are complete, licensed, and ready to train on."""

import subprocess
import sys

import pytest

from studio import data
from studio.assets import resource


@pytest.mark.parametrize("name", list(data.bundled()))
def test_each_bundled_set_is_licensed_and_ready(name):
    known = data.bundled()[name]
    assert known.title
    assert known.origin
    assert known.path.is_file()
    licence = resource("licenses", known.licence_file).read_text(encoding="utf-8")
    assert known.file in licence
    source = data.choose("bundled", name)
    assert source.rows > 100
    assert source.features
    assert source.targets
    assert {column.name for column in source.columns} >= {*source.features, *source.targets}
    assert data.check(source) == ()
    train, validation, test = data.split_indices(source)
    assert len(test) == 0
    assert 0.15 < len(validation) / (len(train) + len(validation)) < 0.25


@pytest.mark.parametrize("name", list(data.made()))
def test_each_made_set_is_ready(name):
    known = data.made()[name]
    source = data.choose("made", name)
    assert source.features == known.features
    assert source.targets == known.targets
    assert source.params == {}
    assert data.check(source) == ()
    for parameter in known.parameters:
        assert parameter.low <= parameter.default <= parameter.high


def test_every_function_for_made_up_data_is_offered():
    assert set(data.made()) == {path.stem for path in resource("datasets", "made").glob("*.py")}


def test_parameters_reach_the_function():
    assert data.choose("made", "moons", params={"samples": 50}).rows == 50
    assert data.choose("made", "gaussians", params={"classes": 4}).column("label").classes == ("0", "1", "2", "3")


@pytest.mark.parametrize(
    ("params", "part"),
    [
        ({"samples": 10**9}, "between 10 and 20,000"),
        ({"samples": 12.5}, "whole number"),
        ({"samples": True}, "whole number"),
        ({"noise": "x"}, "must be a number"),
        ({"noise": float("nan")}, "between"),
        ({"colour": 1}, "no setting called “colour”"),
    ],
)
def test_bad_parameters_are_a_sentence(params, part):
    with pytest.raises(data.DataError, match=part):
        data.choose("made", "moons", params=params)


def test_unknown_sets_are_a_sentence():
    with pytest.raises(data.DataError, match="“nope”"):
        data.choose("bundled", "nope")
    with pytest.raises(data.DataError, match=r"“\.\./split”"):
        data.choose("made", "../split")


def test_the_truth_table_keeps_its_labels_as_numbers():
    source = data.choose("made", "truth_table")
    assert all(source.column(name).is_binary for name in source.targets)


def test_fashion_has_names_for_its_classes():
    source = data.choose("bundled", "fashion5k")
    assert source.column("y").classes[9] == "Ankle boot"
    assert data.class_counts(source, "y") == dict.fromkeys(source.column("y").classes, 500)


def test_pandas_is_not_needed():
    code = "import sys, studio.data as d; d.choose('bundled', 'iris'); assert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=resource("..").resolve())
