"""The code writer: small drawings at once, large ones in a thread, and never an old text after a new wish."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.codegen import GeneratedSource, generate
from studio.core import edits
from studio.core.project import Project
from studio.gui.session import code_writer
from studio.gui.session.code_writer import AT_ONCE_NODES, CodeWriter
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


def chain(layers: int) -> Project:
    steps = " -> ".join(f"d{n}:Dense(units={n + 1})" for n in range(layers))
    return graph(f"x:Input(shape=(3,)) -> {steps} -> y:Output")


LARGE = chain(AT_ONCE_NODES + 5)


@pytest.fixture
def writer(qtbot: QtBot) -> Iterator[CodeWriter]:
    made = CodeWriter()
    yield made
    made.close()


def test_small_drawings_follow_in_the_same_turn(qtbot: QtBot, writer: CodeWriter) -> None:
    project = chain(3)
    with qtbot.waitSignal(writer.written) as told:
        writer.write(project, CATALOG)
    assert told.args == [generate(project, CATALOG)]


def test_large_ones_are_written_in_another_thread(
    qtbot: QtBot, writer: CodeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noting(project: Project, catalog: object, **_: object) -> GeneratedSource:
        threads.append(threading.current_thread())
        return generate(project, CATALOG)

    monkeypatch.setattr(code_writer.codegen, "generate", noting)
    with qtbot.waitSignal(writer.written) as told:
        writer.write(LARGE, CATALOG)
    assert told.args == [generate(LARGE, CATALOG)]
    assert threads != [threading.main_thread()]


def slow_writing(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Let writing wait in its middle: what tells that it has begun, and what lets it go on."""
    begun, may_go_on = threading.Event(), threading.Event()

    def slow(project: Project, catalog: object, **_: object) -> GeneratedSource:
        begun.set()
        assert may_go_on.wait(10)
        return generate(project, CATALOG)

    monkeypatch.setattr(code_writer.codegen, "generate", slow)
    return begun, may_go_on


def test_a_text_that_is_out_of_date_when_it_is_done_is_dropped(
    qtbot: QtBot, writer: CodeWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on = slow_writing(monkeypatch)
    written: list[GeneratedSource] = []
    writer.written.connect(written.append)
    newer = edits.rename(LARGE, "n2", "renamed")
    newest = edits.rename(LARGE, "n2", "renamed_again")
    writer.write(LARGE, CATALOG)
    qtbot.waitUntil(begun.is_set)
    writer.write(newer, CATALOG)
    writer.write(newest, CATALOG)
    may_go_on.set()
    qtbot.waitUntil(lambda: bool(written))
    assert written == [generate(newest, CATALOG)]


@pytest.mark.parametrize("project", [chain(2), LARGE], ids=["small", "large"])
def test_a_fault_keeps_the_last_text_and_the_next_wish_is_heard(
    qtbot: QtBot,
    writer: CodeWriter,
    monkeypatch: pytest.MonkeyPatch,
    project: Project,
    caplog: pytest.LogCaptureFixture,
) -> None:
    calls: list[Project] = []

    def broken(project: Project, catalog: object, **_: object) -> GeneratedSource:
        calls.append(project)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(code_writer.codegen, "generate", broken)
    with qtbot.assertNotEmitted(writer.written):
        writer.write(project, CATALOG)
        qtbot.waitUntil(lambda: len(calls) == 1)
    monkeypatch.setattr(code_writer.codegen, "generate", generate)
    with qtbot.waitSignal(writer.written):
        writer.write(project, CATALOG)
    assert "a fault of ours" in caplog.text


def test_nothing_is_told_after_closing(qtbot: QtBot, writer: CodeWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_go_on = slow_writing(monkeypatch)
    writer.write(LARGE, CATALOG)
    qtbot.waitUntil(begun.is_set)
    with qtbot.assertNotEmitted(writer.written, wait=20):
        may_go_on.set()
        writer.close()
