from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.core.project import Block
from studio.gui.panels.palette import MIME, PalettePanel, block_of

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def shown(panel) -> list[str]:
    return [row.text for row in panel.model.rows if row.kind == "layer"]


def make(qtbot, session) -> PalettePanel:
    panel = PalettePanel(session)
    qtbot.addWidget(panel)
    panel.resize(230, 600)
    panel.show()
    return panel


def point_of(panel, wish):
    return panel.list.visualRect(panel.model.index(panel.model.row_of(wish), 0)).center()


def test_common_layers_first_and_the_rest_on_request(qtbot, session) -> None:
    panel = make(qtbot, session)
    before = shown(panel)
    assert "Output" in before
    assert len(before) < 80
    for number in reversed(range(len(panel.model.rows))):
        if panel.model.rows[number].kind == "more":
            index = panel.model.index(number, 0)
            panel.list.scrollTo(index)
            point = panel.list.visualRect(index).center()
            QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert set(shown(panel)) == {spec.shown for _, specs in session.catalog.palette() for spec in specs}


def test_search_ranks_and_enter_asks_for_the_best(qtbot, session) -> None:
    panel = make(qtbot, session)
    panel.focus_search()
    QTest.keyClicks(panel.search_field, "dens")
    assert shown(panel)[0] == "Dense"
    with qtbot.waitSignal(panel.layer_requested) as asked:
        QTest.keyClick(panel.search_field, Qt.Key.Key_Return)
    assert asked.args == ["Dense"]


def test_arrow_keys_in_the_field_choose_another(qtbot, session) -> None:
    panel = make(qtbot, session)
    QTest.keyClicks(panel.search_field, "pooling2d")
    second = shown(panel)[1]
    QTest.keyClick(panel.search_field, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.layer_requested) as asked:
        QTest.keyClick(panel.search_field, Qt.Key.Key_Return)
    assert asked.args == [second]
    QTest.keyClick(panel.search_field, Qt.Key.Key_Escape)
    assert panel.search_field.text() == ""


def test_a_search_that_finds_nothing_says_so(qtbot, session) -> None:
    panel = make(qtbot, session)
    QTest.keyClicks(panel.search_field, "qqqq")
    assert shown(panel) == []
    assert "qqqq" in panel.model.rows[0].text
    QTest.keyClick(panel.search_field, Qt.Key.Key_Return)


def test_double_click_adds(qtbot, session) -> None:
    panel = make(qtbot, session)
    point = point_of(panel, shown(panel)[0])
    with qtbot.waitSignal(panel.layer_requested) as asked:
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
        QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert asked.args == [shown(panel)[0]]


def test_a_drag_carries_the_type_and_a_picture(qtbot, session, monkeypatch) -> None:
    dragged = []
    monkeypatch.setattr(
        "studio.gui.panels.palette.panel.QDrag.exec",
        lambda drag, *_: dragged.append((bytes(drag.mimeData().data(MIME).data()), drag.pixmap().isNull())),
    )
    panel = make(qtbot, session)
    viewport, start = panel.list.viewport(), point_of(panel, shown(panel)[0])
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in (4, 12, 24):
        QTest.mouseMove(viewport, start + QPoint(step, 0))
    if not dragged:  # some platforms deliver no moves while nothing is pressed for real
        panel.list.startDrag(Qt.DropAction.CopyAction)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start)
    assert dragged[0] == (shown(panel)[0].encode(), False)


def test_blocks_of_the_project_stand_in_a_group(qtbot, session) -> None:
    panel = make(qtbot, session)

    def with_block(project):
        return replace(project, blocks={"b9": Block("b9", "<b>twice</b>")})

    session.apply(with_block, "Make a block")
    assert panel.model.rows[0].kind == "heading"
    assert shown(panel)[0] == "<b>twice</b>"
    assert block_of(panel.model.rows[1].wish) == "b9"
    assert block_of("Dense") is None
    session.undo()
    assert "<b>twice</b>" not in shown(panel)
