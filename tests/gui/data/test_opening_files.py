"""Files of the person's own in the Data panel: opened, dropped, copied, missing, changed, or no data at all."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel

from studio import data
from studio.core import edits
from studio.gui.data.columns_table import NAME
from tests.gui.data.hands import click_set, set_row, wait

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # what offscreen says of windows


def test_a_file_is_opened_and_found_in_the_list(panel, session, qtbot, tmp_path, monkeypatch):
    path = tmp_path / "flowers.csv"
    path.write_text("height,kind\n1.5,a\n2.5,b\n3.5,a\n1,b\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    qtbot.mouseClick(panel.sources.open_button, Qt.MouseButton.LeftButton)
    assert session.project.data.kind == "file"
    assert session.project.data.targets == ("kind",)
    assert panel.page.title.text() == "flowers.csv"
    assert set_row(panel, "file", str(path.resolve())).isSelected()
    assert "needs a copy beside it" in panel.page.place.text.text()


def test_a_file_elsewhere_is_copied_beside_the_project(panel, session, qtbot, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    session.folder = home
    path = tmp_path / "flowers.csv"
    path.write_text("height,kind\n1.5,a\n2.5,b\n3.5,a\n1,b\n")
    panel.open_path(path)
    qtbot.mouseClick(panel.page.place.button, Qt.MouseButton.LeftButton)
    assert session.project.data.name == "flowers.csv"
    assert (home / "flowers.csv").is_file()
    assert not panel.page.place.isVisible()


def test_a_bad_file_is_refused_in_a_sentence_and_nothing_changes(panel, session, tmp_path, qtbot):
    panel.choose("bundled", "iris")
    wait(panel, qtbot)
    before = session.project
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n3\n")
    panel.open_path(path)
    assert session.project is before
    assert panel.page.refusal.isVisible()
    assert panel.page.refusal.text.text().startswith("bad.csv was not taken. Row 3 has 1 cell")
    assert set_row(panel, "bundled", "iris").isSelected()
    ready_again = set_row(panel, "file", str(path.resolve()))
    assert ready_again is not None
    click_set(panel, "made", "xor")
    assert not panel.page.refusal.isVisible()


def test_a_missing_file_is_told_and_its_columns_stay(panel, session, tmp_path):
    session.folder = tmp_path
    (tmp_path / "x.csv").write_text("a,b\n1,2.5\n2,3.5\n")
    source = data.choose("file", "x.csv", folder=tmp_path)
    (tmp_path / "x.csv").unlink()
    session.apply(lambda project: edits.set_data(project, source), "Open")
    assert "“x.csv” is not there" in panel.page.problem.text.text()
    assert panel.page.problem.button.text() == "Choose the file…"
    assert panel.page.columns.columns.rowCount() == 2
    assert not panel.page.rows.isVisible()


def test_a_changed_file_is_read_again(panel, session, tmp_path, qtbot):
    session.folder = tmp_path
    (tmp_path / "x.csv").write_text("a,b\n1,2.5\n2,3.5\n")
    panel.open_path(tmp_path / "x.csv")
    (tmp_path / "x.csv").write_text("a,b\n1,2.5\n2,3.5\n4,4.5\n")
    qtbot.mouseClick(panel.page._renew, Qt.MouseButton.LeftButton)
    assert session.project.data.rows == 3


def test_a_file_can_be_dropped(panel, session, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2.5\n2,3.5\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel.dropEvent(QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, left, none))
    assert session.project.data.kind == "file"


def test_names_are_never_markup(panel, session, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('<b>a</b>,"<img src=x>"\n1,2.5\n2,3.5\n')
    panel.open_path(path)
    for shown in panel.findChildren(QLabel):
        assert shown.textFormat() == Qt.TextFormat.PlainText
    tip = panel.page.columns.columns.index(0, NAME).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip


def test_coloured_pictures_are_shown(panel, session, tmp_path, qtbot):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "set.npz", x=rng.integers(0, 255, (12, 4, 4, 3), "uint8"), y=np.arange(12) % 2)
    panel.open_path(tmp_path / "set.npz")
    wait(panel, qtbot)
    assert panel.page.pictures.isVisible()
    assert panel.page.pictures.indices() == list(range(12))
    panel.grab()
    qtbot.mouseClick(panel.page._others, Qt.MouseButton.LeftButton)
