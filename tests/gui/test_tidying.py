"""Tidying from the window: off the event loop, one step, cancelled by asking again."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject

from studio import catalog, layout
from studio.core import edits
from studio.gui.session import Session
from studio.gui.tidying import Tidying
from studio.layout import Cancelled
from tests.support.graphs import graph, node


@pytest.fixture
def session(qapp) -> Iterator[Session]:
    """A chain whose nodes lie about; no engine is started."""
    project = graph("a:Input -> b:Dense(units=3) -> c:Dense(units=2) -> d:Output")
    places = {
        node(project, name).id: place for name, place in zip("abcd", ((300, 9), (0, 0), (70, 5), (9, 90)), strict=True)
    }
    made = Session(catalog.load(), edits.move(project, places))
    yield made
    made.close()


def test_a_heap_becomes_a_column_in_one_step(qtbot, session: Session) -> None:
    parent = QObject()
    tidying = Tidying(session, parent)
    before = session.project
    with qtbot.waitSignal(tidying.finished):
        tidying.tidy()
    nodes = [node(session.project, name) for name in "abcd"]
    assert len({entry.x for entry in nodes}) == 1
    assert [entry.y for entry in nodes] == sorted(entry.y for entry in nodes)
    session.undo()
    assert session.project is before
    tidying.close()


def test_only_the_selection_moves(qtbot, session: Session) -> None:
    parent = QObject()
    tidying = Tidying(session, parent)
    chosen = {node(session.project, name).id for name in "bc"}
    session.set_selection(chosen)
    before = session.project
    with qtbot.waitSignal(tidying.finished):
        tidying.tidy()
    for name in "ad":
        assert node(session.project, name) is node(before, name)
    tidying.close()


def test_asking_again_cancels(qtbot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    began = threading.Event()

    def slow(project, *, cancelled, **_):
        began.set()
        while not cancelled():
            pass
        raise Cancelled

    monkeypatch.setattr(layout, "places_for", slow)
    parent = QObject()
    tidying = Tidying(session, parent)
    before = session.project
    tidying.tidy()
    assert began.wait(5)
    with qtbot.waitSignal(tidying.finished):
        tidying.tidy()
    assert session.project is before
    assert not tidying.is_busy
    tidying.close()
