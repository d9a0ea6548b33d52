"""The wheel holds the program, its resources and the licences of both."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    root = Path(__file__).resolve().parents[2]
    build = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--no-deps",
            "--quiet",
            "--disable-pip-version-check",
            "-w",
            folder,
            root,
        ],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert build.returncode == 0, build.stderr
    (made,) = folder.glob("layer_studio-*.whl")
    return made


def test_it_holds_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    root = Path(__file__).resolve().parents[2]
    for path in (root / "resources").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert f"studio/_resources/{path.relative_to(root / 'resources').as_posix()}" in names
    for path in (root / "studio").rglob("*.py"):
        assert path.relative_to(root).as_posix() in names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("tests/", "resources/"))]


def test_licences_stand_in_its_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith("dist-info/METADATA")]
        text = archive.read(metadata).decode("utf-8")
        licences = {Path(name).name for name in archive.namelist() if "dist-info/licenses/" in name}
    assert "License-Expression: MIT" in text
    assert {"MIT.txt", "OFL-Inter.txt", "OFL-JetBrainsMono.txt"} <= licences
    assert "Requires-Python: <3.14,>=3.11" in text


def test_its_program_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "from studio import assets, catalog; print(assets.resources()); print(len(catalog.load().layers))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    place, layers = run.stdout.splitlines()
    assert Path(place) == tmp_path / "studio" / "_resources"
    assert int(layers) > 100


def test_the_command_is_there(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry_points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "layer-studio = studio.__main__:main" in archive.read(entry_points).decode("utf-8")
