from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox

from studio.core import edits
from studio.core.project import Block
from studio.gui import asking
from studio.gui.panels.palette import MIME, PalettePanel, block_of
from studio.gui.session.shelf import KEPT_PREFIX
from studio.workbench.library import Library

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
    assert set(shown(panel)) == {spec.shown for heading in session.catalog.palette() for spec in heading.layers}


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


# ---- the library -----------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(session, tmp_path, qtbot):
    """The library with one block; its wish."""
    project = edits.make_block(session.project, session.catalog, ["n2", "n3"], "twice")
    session.library.library = Library(tmp_path / "library")
    session.library.put(project, f"b{session.project.next_id}")
    return f"{KEPT_PREFIX}twice"


def open_menu(panel, wish) -> dict[str, QAction]:
    point = point_of(panel, wish)
    panel.list.setCurrentIndex(panel.list.indexAt(point))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, panel.list.viewport().mapToGlobal(point))
    QApplication.sendEvent(panel.list.viewport(), event)
    menu = next(each for each in panel.findChildren(QMenu) if each.isVisible())
    return {action.text(): action for action in menu.actions()}


def test_blocks_of_the_library_stand_under_a_heading_and_are_found(qtbot, session, kept) -> None:
    panel = make(qtbot, session)
    headings = [row.text for row in panel.model.rows if row.kind == "heading"]
    assert headings[0] == "My library"
    row = panel.model.rows[panel.model.row_of(kept)]
    assert (row.text, row.tip) == ("twice", "2 Dense")
    data = panel.model.mimeData([panel.model.index(panel.model.row_of(kept), 0)])
    assert bytes(data.data(MIME).data()) == kept.encode()
    panel.focus_search()
    QTest.keyClicks(panel.search_field, "twic")
    assert panel.model.rows[panel.model.row_of(kept)].sign == "library", "no heading tells it there"
    with qtbot.waitSignal(panel.layer_requested) as asked:
        QTest.keyClick(panel.search_field, Qt.Key.Key_Return)
    assert asked.args == [kept]


def test_the_menu_renames_saves_and_removes(qtbot, session, kept, tmp_path, monkeypatch) -> None:
    panel = make(qtbot, session)
    said: list[str] = []
    session.library.told.connect(lambda sentence, is_bad: said.append(sentence))
    monkeypatch.setattr(asking, "name", lambda *_: "skip")
    open_menu(panel, kept)["Rename..."].trigger()
    assert "skip" in shown(panel)
    file = tmp_path / "out.studio"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    open_menu(panel, kept)["Save to a file..."].trigger()
    assert file.exists()
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Cancel)
    open_menu(panel, kept)["Remove from my library..."].trigger()
    assert "skip" in shown(panel)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: QMessageBox.StandardButton.Discard)
    open_menu(panel, kept)["Remove from my library..."].trigger()
    assert "skip" not in shown(panel)
    assert said == ["It is called skip now.", "Saved out.studio", "skip is no longer in your library."]


def test_a_damaged_file_of_the_library_is_told_once(qtbot, session, kept) -> None:
    said: list[tuple[str, bool]] = []
    session.library.told.connect(lambda *words: said.append(words))
    (session.library.library.folder / "torn.studio").write_text("{", encoding="utf-8")
    for _ in range(2):
        with qtbot.waitSignal(session.library._background.waiting_changed, check_params_cb=lambda waits: not waits):
            session.library.refresh()
    ((sentence, is_bad),) = said
    assert is_bad
    assert "torn.studio" in sentence
    assert "twice" in shown(make(qtbot, session))


def test_a_name_that_cannot_be_one_is_not_taken(qtbot) -> None:
    dialog = asking.NameDialog(None, "Rename", "What shall it be called?", "twice", "Rename")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.field.selectedText() == "twice"
    QTest.keyClicks(dialog.field, "in/out")
    assert "slash" in dialog.message.text()
    assert dialog.message.height() >= dialog.message.heightForWidth(dialog.message.width())
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.field.clear()
    assert not dialog.yes.isEnabled()
    assert dialog.message.isHidden()
    QTest.keyClicks(dialog.field, "  skip ")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.result() == dialog.DialogCode.Accepted
    assert dialog.name == "skip"
    choice = asking.ChoiceDialog(None, "Open", "Which one?", ["encoder", "decoder"], 1, "Open")
    qtbot.addWidget(choice)
    choice.show()
    QTest.keyClick(choice.list, Qt.Key.Key_Up)
    assert choice.chosen == "encoder"
    QTest.keyClick(choice.list, Qt.Key.Key_Escape)
    assert choice.result() == choice.DialogCode.Rejected
