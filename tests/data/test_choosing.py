"""Files: which columns become features and targets, which paths may be opened, what happens when a file changes."""

from dataclasses import replace

import pytest

from studio import data
from studio.core.project import DataSource


def file(folder, content, name="table.csv"):
    (folder / name).write_text(content, encoding="utf-8")
    return data.choose("file", name, folder=folder)


def test_the_last_column_of_text_is_the_target(tmp_path):
    source = file(tmp_path, "id,name,height,kind,weight\n1,x,1.5,a,2\n2,y,2.5,b,3\n")
    assert source.targets == ("kind",)
    assert source.features == ("id", "height", "weight")


def test_without_text_the_last_column_is_the_target(tmp_path):
    source = file(tmp_path, "a,b,c\n1,2,3.5\n2,3,4.5\n")
    assert (source.features, source.targets) == (("a", "b"), ("c",))
    assert source.column("c").kind == "number"


def test_few_whole_numbers_are_classes(tmp_path):
    source = file(tmp_path, "a,c\n" + "".join(f"{row},{row % 3 + 1}\n" for row in range(9)))
    assert source.column("c").classes == ("1", "2", "3")
    assert data.class_counts(source, "c", tmp_path) == {"1": 3, "2": 3, "3": 3}


@pytest.mark.parametrize("labels", ["0 2 4", "3 4 5", "-1 0 1", "0 1 40"])
def test_other_whole_numbers_stay_numbers(tmp_path, labels):
    source = file(tmp_path, "a,c\n" + "".join(f"1,{label}\n" for label in labels.split()))
    assert source.column("c").kind == "number"


def test_a_faulty_column_is_left_out(tmp_path):
    rows = "".join(f"{row},2,x{row % 2}\n" for row in range(9))
    source = file(tmp_path, "a,b,c\n?,2,x1\n" + rows)
    assert source.features == ("b",)
    with_fault = replace(source, features=("a", "b"))
    assert "“?” is text" in data.check(with_fault, tmp_path)[0].message


def test_whole_numbers_can_be_read_as_classes_and_back(tmp_path):
    source = file(tmp_path, "a,c\n1,1.5\n5,2.5\n")
    changed = data.with_kind(source, "a", "category", tmp_path)
    assert changed.column("a").classes == ("1", "5")
    assert data.possible_kinds(changed.column("a")) == ("number", "category")
    assert data.with_kind(changed, "a", "number", tmp_path).column("a") == source.column("a")
    with pytest.raises(data.DataError, match="not whole"):
        data.with_kind(source, "c", "category", tmp_path)


def test_names_of_a_project_stay_in_its_folder(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    for name in ("../secret.csv", str(tmp_path / "secret.csv")):
        with pytest.raises(data.DataError, match="Choose the file again"):
            data.choose("file", name, folder=home)
    (home / "way.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(data.DataError, match="outside"):
        data.choose("file", "way.csv", folder=home)


def test_a_picked_file_can_be_read_and_brought_beside_the_project(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    path = tmp_path / "picked.csv"
    path.write_text("a,b\n1,2.5\n")
    source = data.choose("file", data.pick(path, home), folder=home)
    moved = data.bring_beside(source, home)
    assert moved.name == "picked.csv"
    assert data.choose("file", moved.name, folder=home).columns == source.columns
    assert data.bring_beside(moved, home) is moved
    (home / "picked.csv").write_text("a,b\n9,9.5\n")
    assert data.bring_beside(source, home).name == "picked-2.csv"


def test_before_the_first_save_a_relative_name_says_so():
    with pytest.raises(data.DataError, match="Save the project first"):
        data.choose("file", "x.csv")


def test_other_files_are_refused(tmp_path):
    (tmp_path / "x.txt").write_text("a")
    with pytest.raises(data.DataError, match="neither a table"):
        data.choose("file", "x.txt", folder=tmp_path)
    with pytest.raises(data.DataError, match="not there"):
        data.choose("file", "y.csv", folder=tmp_path)


def test_a_changed_file_is_told_and_read_again(tmp_path):
    source = file(tmp_path, "a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n")
    (tmp_path / "table.csv").write_text("a,kind\n1,x\n2,z\n3,x\n4,y\n5,x\n6,z\n7,y\n8,z\n9,y\n")
    assert "“z” was not among the classes" in data.check(source, tmp_path)[0].message
    again = data.renew(replace(source, split=replace(source.split, seed=7), bindings={"n1": ("a", "gone")}), tmp_path)
    assert again.column("kind").classes == ("x", "y", "z")
    assert again.split.seed == 7
    assert again.bindings == {"n1": ("a",)}
    (tmp_path / "table.csv").write_text("a,sort\n1,x\n2,y\n")
    assert "“kind” is gone" in data.check(source, tmp_path)[0].message


def test_the_cache_notices_a_changed_file(tmp_path):
    assert file(tmp_path, "a,b\n1,2\n").rows == 1
    assert file(tmp_path, "a,b\n1,2\n3,4\n").rows == 2


def test_nothing_chosen_is_a_sentence():
    assert data.check(DataSource()) == ()
    with pytest.raises(data.DataError, match="No data has been chosen"):
        data.read(DataSource())
