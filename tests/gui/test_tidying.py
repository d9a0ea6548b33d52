"""Tidying from the window: off the event loop, one step; a button, Esc, asking again or another project cancels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton, QWidget

from studio import catalog, layout
from studio.core import edits
from studio.gui.session import Session
from studio.gui.tidying import Tidying
from tests.support.graphs import graph, node
from tests.support.long_work import arrange_for_ever


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


@pytest.fixture
def tidying(qtbot, session: Session) -> Iterator[Tidying]:
    """For a window that is shown."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = Tidying(session, window)
    yield made
    made.close()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    return arrange_for_ever(monkeypatch)


def box() -> QProgressDialog | None:
    """The box in which the work can be cancelled, where one is shown."""
    found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QProgressDialog)]
    return next((each for each in found if each.isVisible()), None)


def test_a_heap_becomes_a_column_in_one_step(qtbot, tidying: Tidying, session: Session) -> None:
    before = session.project
    with qtbot.waitSignals([tidying.arranged, tidying.finished]):
        tidying.tidy()
    nodes = [node(session.project, name) for name in "abcd"]
    assert len({entry.x for entry in nodes}) == 1
    assert [entry.y for entry in nodes] == sorted(entry.y for entry in nodes)
    assert box() is None
    session.undo()
    assert session.project is before


def test_only_the_selection_moves(qtbot, tidying: Tidying, session: Session) -> None:
    chosen = {node(session.project, name).id for name in "bc"}
    session.set_selection(chosen)
    before = session.project
    with qtbot.waitSignal(tidying.arranged) as arranged:
        tidying.tidy()
    assert set(arranged.args[0]) == chosen
    for name in "ad":
        assert node(session.project, name) is node(before, name)


@pytest.mark.parametrize(
    "cancel",
    [
        lambda tidying, shown: QTest.mouseClick(shown.findChild(QPushButton), Qt.MouseButton.LeftButton),
        lambda tidying, shown: QTest.keyClick(shown, Qt.Key.Key_Escape),
        lambda tidying, shown: QTest.keyClick(shown.parentWidget(), Qt.Key.Key_Escape),
        lambda tidying, shown: shown.close(),
        lambda tidying, shown: tidying.tidy(),
    ],
    ids=["button", "Esc", "Esc in the window", "closed", "asked again"],
)
def test_the_box_and_asking_again_cancel(
    qtbot,
    tidying: Tidying,
    session: Session,
    slow: threading.Event,
    cancel: Callable[[Tidying, QProgressDialog], object],
) -> None:
    before = session.project
    tidying.tidy()
    assert slow.wait(5)
    qtbot.waitUntil(lambda: box() is not None)
    shown = box()
    assert shown is not None
    assert not shown.isModal()
    assert "4 layers" in shown.labelText()
    said: list[str] = []
    tidying.told.connect(said.append)
    with qtbot.waitSignal(tidying.finished):
        cancel(tidying, shown)
    assert said[-1] == "The drawing stays as it was."
    assert session.project is before
    assert not session.document.can_undo
    assert not tidying.is_busy
    assert box() is None


def test_another_project_ends_what_is_arranged_for_this_one(
    qtbot, tidying: Tidying, session: Session, slow: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    tidying.tidy()
    assert slow.wait(5)
    qtbot.waitUntil(lambda: box() is not None)
    other = graph("a:Input -> b:Dense(units=3) -> c:Output")
    session.load(other, None)
    assert box() is None
    assert not tidying.is_busy
    monkeypatch.undo()
    with qtbot.waitSignal(tidying.finished):
        tidying.tidy()
    session.undo()
    assert session.project is other


def test_what_was_drawn_while_it_was_arranged_stays(
    qtbot, tidying: Tidying, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, go = threading.Event(), threading.Event()
    usual = layout.places_for

    def places_for(project, **options):
        began.set()
        assert go.wait(5)
        return usual(project, **options)

    monkeypatch.setattr(layout, "places_for", places_for)
    tidying.tidy()
    assert began.wait(5)
    gone = node(session.project, "c").id
    session.apply(lambda project: edits.delete(project, session.catalog, (gone,)), "Delete c")
    less = session.project
    with qtbot.waitSignal(tidying.finished):
        go.set()
    assert gone not in session.graph.nodes
    assert node(session.project, "a").x == node(session.project, "b").x
    session.undo()
    assert session.project is less


def test_closing_the_window_waits_for_the_thread(qtbot, tidying: Tidying, slow: threading.Event) -> None:
    tidying.tidy()
    assert slow.wait(5)
    qtbot.waitUntil(lambda: box() is not None)
    tidying.close()
    assert box() is None
    assert not tidying.is_busy
