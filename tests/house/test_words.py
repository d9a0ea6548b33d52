"""One word for one thing, and nothing in the repository that belongs to somebody's machine."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# design.md section 10: "Never box or widget for node, link or connection for edge", and no names that say nothing.
BANNED = re.compile(r"(?:^|_)(?:utils?|helpers?|misc|managers?|wires?|workflows?|pipelines?)(?:_|$)", re.IGNORECASE)
BANNED_FILE = re.compile(r"(?:^|_)(?:utils?|helpers?|misc|common|managers?)(?:_|$)")
BANNED_IN_CAMEL = re.compile(r"Manager|Utils?(?![a-z])|Helper|Wire[A-Z]|Workflow")
ALLOWED = {
    "wire",  # studio.engine.wire: the line between two processes, not an edge of a graph
    "Wire",
}

LONGEST_FILE = 400
"""design.md section 2: at 400 lines look for the second noun."""

SOURCES = ("*.py", "*.toml", "*.md", "*.sh", ".ci/run")


def tracked(root: Path, *patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=root, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not in a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := root / name).is_file()]


def own_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that the file itself gives: classes, functions, arguments, variables, attributes."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def test_no_banned_words_in_names(root: Path) -> None:
    found = []
    for path in (root / "studio").rglob("*.py"):
        if BANNED_FILE.search(path.stem):
            found.append(f"{path.relative_to(root)}: the file's own name")
        for line, name in own_names(ast.parse(path.read_text(encoding="utf-8"))):
            if name not in ALLOWED and (BANNED.search(name) or BANNED_IN_CAMEL.search(name)):
                found.append(f"{path.relative_to(root)}:{line}: {name}")
    assert found == []


def test_the_search_for_banned_words_finds_them() -> None:
    tree = ast.parse("class NodeManager: pass\ndef make_wire(): pass\nwire_color = 1\nself.link_utils = 2\nwired = 3")
    found = {name for _, name in own_names(tree) if BANNED.search(name) or BANNED_IN_CAMEL.search(name)}
    assert found == {"NodeManager", "make_wire", "wire_color", "link_utils"}


def test_files_stay_short_enough_to_read(root: Path) -> None:
    long = {
        str(path.relative_to(root)): lines
        for path in (root / "studio").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_every_package_says_what_belongs_there(root: Path) -> None:
    for path in (root / "studio").rglob("__init__.py"):
        if "_resources" not in path.parts:
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path


def test_every_folder_with_code_is_a_package(root: Path) -> None:
    folders = {path.parent for path in (root / "studio").rglob("*.py")}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_nothing_of_a_machine_is_committed(root: Path) -> None:
    # Put together, so that this file does not find itself.
    marks = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/", "py" + "pi.org/simple", "index-" + "url"]
    allowed = {root / "studio" / "machine.py"}
    found = [
        f"{path.relative_to(root)}: {mark}"
        for path in tracked(root, *SOURCES)
        if path not in allowed
        for mark in marks
        if mark in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
