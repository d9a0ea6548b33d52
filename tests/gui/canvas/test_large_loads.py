"""A large graph is shown a turn of the loop after it was opened, and shown as it is then."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from studio import catalog as catalogs
from studio.core import edits
from studio.gui.canvas.canvas import Canvas
from studio.gui.session import Session
from studio.workbench import starting
from tests.support.large import large_project


def test_an_edit_between_opening_and_showing_is_shown(qtbot: QtBot) -> None:
    session = Session(catalogs.load(), starting.new_project())
    canvas = Canvas(session)
    qtbot.addWidget(canvas)
    project = large_project()
    stem = next(node.id for node in project.main.nodes.values() if node.name == "stem")

    session.load(project, None)
    assert len(canvas.scene) == 0, "the handler that opened the file must not make 1,000 rows, too"
    session.apply(lambda old: edits.rename(old, stem, "renamed"), "Rename")
    session.set_selection((stem,))
    qtbot.waitUntil(lambda: len(canvas.scene) == len(project.main.nodes))

    assert canvas.scene.cards[canvas.scene.slot[stem]].title == "renamed"
    assert canvas.scene.selected_ids() == {stem}
    assert set(canvas.scene.edge_ids) == set(project.main.edges)

    session.load(starting.new_project(), None)
    assert len(canvas.scene) == 2, "a small one is there at once"
    session.close()
