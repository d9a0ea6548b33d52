"""No export gets a name that breaks the script, no machine is left waiting by a place where no file can be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli import run
from studio.workbench.file_names import USED_BY_EXPORTS, file_stem, why_not_file_name, why_not_place
from tests.cli.test_export import copy

ASKED = """\
import sys


class Asked:
    def find_spec(self, name, path=None, target=None):
        if path is None and "." not in name:
            print(name, file=names)


names = open(sys.argv[1], "w")
sys.meta_path.insert(0, Asked())
import keras, numpy, pandas, tensorflow

model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(numpy.zeros((4, 2)), numpy.zeros(4), verbose=2)
model.save(sys.argv[1] + ".keras")
"""


@pytest.mark.keras
def test_whatever_a_script_asks_for_is_no_name_of_an_export(tmp_path: Path) -> None:
    """Also what is not installed: a file rich.py beside the script ends it in Keras, far from its own lines."""
    found = tmp_path / "names"
    subprocess.run([sys.executable, "-c", ASKED, str(found)], check=True, capture_output=True, timeout=300)
    asked = {name for name in found.read_text(encoding="utf-8").split() if name.isidentifier() and name[0] != "_"}
    assert "keras" in asked
    unknown = {name for name in asked - set(sys.stdlib_module_names) - USED_BY_EXPORTS if not _is_digest(name)}
    assert unknown == set()


def _is_digest(name: str) -> bool:
    """A module that mypyc made is called by a digest."""
    return len(name) > 20 and all(letter in "0123456789abcdef_" for letter in name.removesuffix("mypyc"))


@pytest.mark.parametrize("name", ["keras.py", "random.py", "rich.py", "h5py.py", "matplotlib.py", "pandas.PY"])
def test_a_module_is_not_shadowed(name: str) -> None:
    assert why_not_file_name(name).startswith(f"“{name}” would stand in the way of the Python module ")
    assert file_stem(Path(name).stem).endswith("_model")


@pytest.mark.parametrize("name", ["con.py", "NUL.ipynb", "com1.py"])
def test_a_device_of_windows_is_no_file(name: str) -> None:
    assert "is no file on Windows" in why_not_file_name(name)
    assert why_not_file_name(f"a_{name}") == ""


def test_a_title_gives_a_name_that_a_disk_takes() -> None:
    assert len(file_stem("x" * 5_000)) == 100
    assert file_stem("CON") == "con_model"
    assert file_stem("../../etc/passwd\x00") == "etc_passwd"
    assert file_stem("名前") == "network"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes in a folder and links of anybody")
def test_places_where_no_file_can_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clear sentence each, and nothing is written, read or waited for."""
    project = str(copy("xor", tmp_path))
    os.mkfifo(tmp_path / "pipe.py")
    os.symlink(tmp_path / "keras.py", tmp_path / "link.py")
    os.symlink(tmp_path / "loop.py", tmp_path / "loop.py")
    before = sorted(path.name for path in tmp_path.iterdir())
    told = {
        "pipe.py": "“pipe.py” is no ordinary file but a device or a pipe. Choose another name.",
        "link.py": "“keras.py” would stand in the way of the Python module “keras”. Choose another name.",
        "loop.py": f"“loop.py” cannot be the name of a file: {_reason(tmp_path / 'loop.py')}.",
        f"{'x' * 300}.py": f"“{'x' * 100}...” cannot be the name of a file: {_reason(tmp_path / ('x' * 300))}.",
        "a\0b.py": "“a?b.py” cannot be the name of a file: it has a character that none may have.",
    }
    capsys.readouterr()
    for name, sentence in told.items():
        assert run(["export", project, "-o", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err == f"layer-studio: {sentence}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert why_not_place(tmp_path) == f"“{tmp_path.name}” is a folder. Choose another name."
    assert why_not_place(tmp_path / "new.py") == ""


def _reason(path: Path) -> str:
    """What this system says about a path."""
    try:
        os.stat(path)
    except OSError as error:
        return str(error.strerror)[:1].lower() + str(error.strerror)[1:]
    return ""
