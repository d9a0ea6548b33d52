"""What is shown is what is trained on: rows and parts of a preview are those of the exported ``load_data``.

The exported file runs here with an empty module in the place of Keras: loading data needs none of it.
"""

import shutil
import sys
import types
from dataclasses import replace

import numpy as np
import pytest

from studio import catalog, codegen, data
from studio.core.project import INPUT, OUTPUT, Edge, Graph, Node, PortRef, Project, Split
from studio.data.rows import class_numbers

SPLITS = [Split(), Split(0.15, 0.1, 3), Split(test=0.1, shuffle=False), Split(stratify=False)]


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """Run ``load_data`` of the file that would be exported for a source."""
    keras = types.ModuleType("keras")
    for name in ("callbacks", "layers", "losses", "metrics", "optimizers", "utils"):
        part = types.ModuleType(name)
        part.PyDataset = object
        setattr(keras, name, part)
        monkeypatch.setitem(sys.modules, f"keras.{name}", part)
    keras.tree = types.SimpleNamespace(map_structure=lambda function, parts: tuple(map(function, parts)))
    keras.ops = types.SimpleNamespace(convert_to_tensor=np.asarray)
    monkeypatch.setitem(sys.modules, "keras", keras)
    known = catalog.load()
    nodes = {"n1": Node("n1", INPUT, "a"), "n2": Node("n2", "Dense", "d", {"units": 3}), "n3": Node("n3", OUTPUT, "o")}
    edges = {
        "e4": Edge("e4", PortRef("n1", "output"), PortRef("n2", "inputs")),
        "e5": Edge("e5", PortRef("n2", "output"), PortRef("n3", "inputs")),
    }

    def run(source, folder):
        project = Project(main=Graph(nodes, edges), data=source, next_id=6)
        path = data.file_path(source, folder)
        goal = tmp_path / "exported"
        goal.mkdir(exist_ok=True)
        if path is not None:
            shutil.copy(path, goal / path.name)
        scope = {"__name__": "exported", "__file__": str(goal / "model.py")}
        exec(codegen.generate(project, known).text, scope)
        return scope["load_data"]()

    return run


def agrees(exported, source, folder=None):
    reading = data.read(source, folder)
    target = source.column(source.targets[0])
    features = [name for name in source.features if source.column(name).kind == "number"]
    learned = data.split_indices(source, folder)[0]

    def filled(name):
        """The column as ``gaps="mean"`` makes it: gaps take the mean of the training rows and of no other."""
        column = reading.arrays[name]
        return np.where(np.isnan(column), np.nanmean(column[learned]), column) if source.gaps == "mean" else column

    words = [name for name in source.features if source.column(name).kind == "text"]
    for part, rows in zip(exported(source, folder), data.split_indices(source, folder), strict=True):
        if part is None:
            assert len(rows) == 0
            continue
        x, y = part
        if not source.split.validation + source.split.test:
            rows = np.sort(rows)  # A file that divides nothing leaves the rows in order.
        assert len(x) == len(y) == len(rows)
        if target.kind == "category":
            assert np.asarray(y).ravel().tolist() == class_numbers(reading, target)[rows].tolist()
        if words:
            assert words == list(source.features)
            assert np.ravel(x).tolist() == reading.arrays[words[0]][rows].tolist()
        elif features == list(source.features):
            np.testing.assert_allclose(x, np.column_stack([filled(name)[rows] for name in features]), rtol=1e-6)


@pytest.mark.parametrize("split", SPLITS, ids=["shares", "three parts", "in order", "by lot"])
@pytest.mark.parametrize("name", ["iris", "penguins", "auto_mpg", "sunspots", "digits8x8"])
def test_bundled_sets(exported, name, split):
    agrees(exported, replace(data.choose("bundled", name), split=split))


@pytest.mark.parametrize("name", list(data.made()))
def test_made_up_sets(exported, name):
    source = replace(data.choose("made", name), split=Split(0.3, 0.2, 5))
    pictures = tuple(each for each in source.features if source.column(each).kind == "image")
    for features in [(each,) for each in pictures] or [source.features]:  # Pictures feed an Input each.
        agrees(exported, replace(source, features=features))


@pytest.mark.parametrize("split", [*SPLITS, Split(0.0)], ids=["shares", "three parts", "in order", "by lot", "all"])
@pytest.mark.parametrize("name", ["penguins", "auto_mpg"])
def test_gaps_that_are_filled(exported, name, split):
    source = replace(data.choose("bundled", name), gaps="mean", split=split)
    agrees(exported, source)
    numbers = [each for each in source.features if source.column(each).kind == "number"]
    agrees(exported, replace(source, features=tuple(numbers)))


def test_a_row_without_its_target_is_dropped_even_where_gaps_are_filled(exported):
    source = replace(data.choose("bundled", "auto_mpg"), gaps="mean", split=Split(0.0))
    (x, y), _, _ = exported(source, None)
    assert len(x) == len(y) == 398
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


def test_targets_with_gaps(exported):
    agrees(exported, replace(data.choose("bundled", "penguins"), targets=("sex",)))


def test_whole_numbers_as_classes(exported):
    source = data.with_kind(data.choose("bundled", "penguins"), "year", "category")
    agrees(exported, replace(source, targets=("year",)))


@pytest.mark.parametrize("target", ["ok", "code", "word"])
def test_files_with_odd_classes(exported, tmp_path, target):
    rows = "1,True,1,x\n2,False,3,10\n3,True,2,9\n,False,1,\n5,True,2,9\n6,True,3,x\n7,False,1,10\n8,True,,x\n"
    (tmp_path / "t.csv").write_text("a,ok,code,word\n" + rows)
    source = data.choose("file", "t.csv", folder=tmp_path)
    source = data.with_kind(source, "code", "category", tmp_path)
    agrees(exported, replace(source, features=("a",), targets=(target,)), tmp_path)


def test_arrays_with_labels_from_one_on_and_with_names(exported, tmp_path):
    rng = np.random.default_rng(0)
    names = np.array(["u", "v", "w"] * 10)
    np.savez(tmp_path / "q.npz", x=rng.random((30, 4)), y=np.arange(30) % 3 + 1, t=names)
    source = data.choose("file", "q.npz", folder=tmp_path)
    assert (source.features, source.targets) == (("x",), ("t",))
    for part in ("y", "t"):
        changed = data.with_kind(source, "y", "category", tmp_path)
        parts = exported(replace(changed, targets=(part,)), tmp_path)
        expected = data.split_indices(replace(changed, targets=(part,)), tmp_path)
        assert [len(x) for x, _ in parts[:2]] == [len(rows) for rows in expected[:2]]
        assert parts[0][1].tolist() == (np.arange(30) % 3)[expected[0]].tolist()


@pytest.mark.parametrize("gaps", ["drop", "mean"])
@pytest.mark.parametrize("split", [*SPLITS, Split(0.0)], ids=["shares", "three parts", "in order", "by lot", "all"])
def test_each_part_has_the_weights_of_its_rows(exported, split, gaps):
    source = data.choose("bundled", "auto_mpg")
    source = replace(source, sample_weights="horsepower", split=split, gaps=gaps, features=("cylinders", "year"))
    weights = data.read(source, None).arrays["horsepower"]
    assert np.isnan(weights).any(), "a row without its weight is in no part"
    for part, rows in zip(exported(source, None), data.split_indices(source, None), strict=True):
        assert (part is None) is (not len(rows))
        if part is not None:
            kept = rows if split.validation + split.test else np.sort(rows)
            assert part[2].tolist() == weights[kept].tolist()
            assert len(part[0]) == len(part[1]) == len(rows)


def test_weights_of_arrays_and_made_up_sets(exported, tmp_path):
    arrays = {"x": np.ones((9, 3), "float32"), "w": np.arange(9), "y": np.arange(9) % 3}
    np.savez(tmp_path / "own.npz", **arrays)
    source = replace(data.choose("file", "own.npz", folder=tmp_path), features=("x",), targets=("y",))
    (_, _, weights), *_ = exported(replace(source, sample_weights="w", split=Split(0.0)), tmp_path)
    assert (weights.dtype, weights.tolist()) == ("float32", list(range(9)))
    made = data.choose("made", "moons")
    made = replace(made, features=made.features[:1], sample_weights=made.features[1], split=Split(0.0))
    made = replace(made, columns=tuple(replace(each, low=0.0) for each in made.columns))
    (x, _, weights), *_ = exported(made, None)
    assert weights.shape == (len(x),)


def test_weights_that_the_file_no_longer_has_are_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,w,y\n" + "1.5,2,u\n2.5,1,v\n" * 5)
    source = data.choose("file", "own.csv", folder=tmp_path)
    source = replace(source, features=("a",), sample_weights="w")
    assert data.check(source, tmp_path) == ()
    path.write_text("a,w,y\n" + "1.5,-2,u\n2.5,1,v\n" * 5)
    (problem,) = data.check(source, tmp_path)
    assert (problem.code, problem.severity) == ("data_weights", "error")
    assert problem.message.startswith("w goes down to -2; a weight is at least 0.")
    path.write_text("a,w,y\n" + "1.5,inf,u\n2.5,1,v\n" * 5)
    assert "is infinite" in data.check(source, tmp_path)[0].message
    path.write_text("a,y\n" + "1.5,u\n2.5,v\n" * 5)
    assert data.check(source, tmp_path)[0].message == "Column “w” is gone from the data. Choose again."
    assert data.renew(source, tmp_path).sample_weights is None


def test_a_target_among_other_features_is_warned_of_and_an_autoencoder_is_not(tmp_path):
    (tmp_path / "own.csv").write_text("a,b,y\n" + "1.5,2,0.5\n2.5,1,0.7\n" * 5)
    source = data.choose("file", "own.csv", folder=tmp_path)
    source = replace(source, features=("a", "b"), targets=("a",))
    assert [problem.code for problem in data.check(source, tmp_path)] == ["data_copy"]
    assert data.check(replace(source, targets=("b", "a")), tmp_path) == ()
