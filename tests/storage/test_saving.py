"""Whatever happens while a project is saved, the old or the new file is there, whole."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studio import storage
from studio.core.project import Graph, Node, Project
from studio.storage import ProjectFileError


def project(title: str, nodes: int = 1) -> Project:
    graph = Graph({f"n{n}": Node(f"n{n}", "Dense", f"dense_{n}", {"units": n}) for n in range(1, nodes + 1)})
    return Project(title=title, main=graph, next_id=nodes + 1)


def test_the_file_before_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "net.studio"
    for title in ("one", "two", "three"):
        storage.save(project(title), path)
    assert storage.load(path).title == "three"
    assert storage.load(tmp_path / "net.studio.bak").title == "two"
    assert sorted(os.listdir(tmp_path)) == ["net.studio", "net.studio.bak"], "no temporary file stays"


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real" / "net.studio"
    real.parent.mkdir()
    storage.save(project("one"), real)
    link = tmp_path / "link.studio"
    link.symlink_to(real)
    storage.save(project("two"), link)
    assert link.is_symlink()
    assert storage.load(real).title == "two"


def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "net.studio"
    storage.save(project("one"), path)
    path.chmod(0o640)
    storage.save(project("two"), path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/net\xff.studio"))
    storage.save(project("one"), path)
    assert storage.load(path).title == "one"
    with pytest.raises(ProjectFileError) as caught:
        storage.load(path.with_name(path.name + "x"))
    caught.value.message.encode("utf-8")


def _fail(name: str, after: int) -> Callable[..., Any]:
    original = getattr(os, name)
    calls = iter(range(10**6))

    def failing(*arguments: Any, **keywords: Any) -> Any:
        if next(calls) >= after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*arguments, **keywords)

    return failing


@pytest.mark.parametrize("name", ["write", "fsync", "replace", "chmod"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / "net.studio"
    storage.save(project("old"), path)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, name, _fail(name, after=0))
        with pytest.raises(ProjectFileError, match="the disk is full"):
            storage.save(project("new"), path)
    assert path.read_bytes() == before
    assert [entry for entry in os.listdir(tmp_path) if entry.endswith(".tmp")] == []


@pytest.mark.parametrize("number", range(14))
def test_any_call_of_the_system_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The N-th call fails, whichever it is: what stands there afterwards is old or new, and whole."""
    path = tmp_path / "net.studio"
    storage.save(project("older"), path)
    storage.save(project("old"), path)
    calls = iter(range(10**6))
    with monkeypatch.context() as patch:
        for name in ("open", "write", "fsync", "chmod", "link", "replace", "close", "stat"):
            original = getattr(os, name)

            def failing(*arguments: Any, original: Callable[..., Any] = original, **keywords: Any) -> Any:
                if next(calls) == number:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                return original(*arguments, **keywords)

            patch.setattr(os, name, failing)
        try:
            storage.save(project("new"), path)
            told = ""
        except ProjectFileError as error:
            told = error.message
    assert storage.load(path).title in (("old", "new") if told else ("new",))
    storage.load(tmp_path / "net.studio.bak")


def test_short_writes_are_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: original(descriptor, bytes(content[:7])))
    storage.save(project("short"), tmp_path / "net.studio")
    assert storage.load(tmp_path / "net.studio").title == "short"


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.studio"
    storage.save(project("old"), path)
    original = os.write
    room = [100]

    def write(descriptor: int, content: bytes) -> int:
        if room[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = original(descriptor, bytes(content[: room[0]]))
        room[0] -= written
        return written

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(ProjectFileError, match="the disk is full"):
        storage.save(project("new"), path)
    monkeypatch.undo()
    assert storage.load(path).title == "old"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match=r"net\.studio was not saved: there is no such file or folder"):
        storage.save(project("x"), tmp_path / "no" / "net.studio")


SAVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from studio import storage
from studio.core.project import Graph, Node, Project
path = Path(sys.argv[1])
graph = Graph({f"n{n}": Node(f"n{n}", "Dense", f"dense_{n}") for n in range(1, 400)})
print("ready", flush=True)
count = 0
while True:
    count += 1
    storage.save(Project(title=f"save {count}", main=graph, next_id=400), path)
    print("saved", flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_kill_9_during_saves_tears_no_file(tmp_path: Path) -> None:
    path = tmp_path / "net.studio"
    storage.save(project("first"), path)
    seen = set()
    for attempt in range(12):
        command = [sys.executable, "-c", SAVER, str(path), str(Path(__file__).parents[2])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            for _ in range(attempt):
                assert process.stdout.readline() == "saved\n"
            time.sleep(0.003 * (attempt % 4))  # another moment of a save each time; nothing is waited for
            process.kill()
        seen.add(storage.load(path).title)
        if (tmp_path / "net.studio.bak").exists():
            storage.load(tmp_path / "net.studio.bak")
    assert len(seen) > 1, "the process was killed between different saves"


def test_a_change_from_outside_is_noticed_by_content(tmp_path: Path) -> None:
    path = tmp_path / "net.studio"
    assert storage.fingerprint(path) == ""
    storage.save(project("one"), path)
    first = storage.fingerprint(path)
    os.utime(path, (0, 0))
    assert storage.fingerprint(path) == first
    storage.save(project("two"), path)
    assert storage.fingerprint(path) != first


def test_ten_thousand_nodes_load_quickly(record_property: Callable[[str, object], None]) -> None:
    text = storage.dumps(project("large", 10_000))
    start = time.perf_counter()
    storage.loads(text)
    seconds = time.perf_counter() - start
    record_property("load_10000_nodes_ms", round(seconds * 1000))
    print(f"10,000 nodes load in {seconds * 1000:.0f} ms")
