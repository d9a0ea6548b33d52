"""One dialog takes the code away: where to, which part, how it reads; and the file is proved to be the drawing."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from studio.core import edits
from studio.core.project import BLOCK, DataSource, OutputPlan
from studio.gui.export.dialog import ExportDialog
from studio.gui.window import MainWindow
from studio.workbench.examples import example
from tests.journeys.fake_window import Dialogs

pytestmark = pytest.mark.journey


def load(window: MainWindow, name: str) -> None:
    found = example(name)
    assert found is not None
    window.session.load(found.project(), None, is_saved=True)
    window.settings.export_target = "script"


def opened(window: MainWindow, action: str = "export") -> ExportDialog:
    window.refresh_actions()
    assert window.actions_table[action].isEnabled(), window.actions_table[action].toolTip()
    window.actions_table[action].trigger()
    dialog = window.findChildren(ExportDialog)[-1]
    assert dialog.isVisible()
    return dialog


def click(button: QAbstractButton) -> None:
    assert button.isEnabled(), button.toolTip()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(box: QComboBox, data: object) -> None:
    index = box.findData(data)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def name_it(dialog: ExportDialog, path: Path) -> None:
    dialog.path.setFocus()
    dialog.path.selectAll()
    QTest.keyClicks(dialog.path, str(path))


def test_an_exported_file_is_proved_and_the_proof_grows_old(qtbot, window: MainWindow, tmp_path: Path) -> None:
    load(window, "wine_regularized")
    qtbot.waitUntil(lambda: not window.session.is_judging)
    dialog = opened(window)
    name_it(dialog, tmp_path / "wine.py")
    click(dialog.export_button)
    assert dialog.prover.is_running
    assert dialog.bar.isVisible()
    assert "going on" in dialog.export_button.toolTip()
    click(dialog.cancel_button)
    assert not dialog.prover.is_running
    assert dialog.verdict.text() == "Exported wine.py. The check was cancelled."
    click(dialog.export_button)
    with qtbot.waitSignal(dialog.prover.ended, timeout=120_000):
        pass
    said = dialog.verdict.text()
    assert said.startswith("Exported wine.py. Checked just now. Run in a clean process: ")
    assert "are the same." in said
    qtbot.waitUntil(lambda: " s ago." in dialog.verdict.text())
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["wine.csv", "wine.py"]
    dialog.proves.setChecked(False)
    choose(dialog.style_box, "book")
    assert dialog.verdict.text() == ""
    click(dialog.export_button)
    assert dialog.verdict.text() == "Exported wine.py."
    assert "import keras.layers as L" in (tmp_path / "wine.py").read_text(encoding="utf-8")
    dialog.close()


def test_a_notebook_holds_the_whole_script_and_its_picture_and_lies_beside_its_data(
    qtbot, faked_window: MainWindow, tmp_path: Path
) -> None:
    load(faked_window, "penguins")
    dialog = opened(faked_window)
    dialog.proves.setChecked(False)
    assert dialog.path.text().endswith(".py")
    choose(dialog.scope, "model")
    assert dialog.path.text().endswith("_model.py")
    assert not dialog.runs_on.field.isEnabled()
    assert dialog.runs_on.field.toolTip() in dialog.note.text()
    choose(dialog.target, "notebook")
    assert not dialog.scope.isEnabled()
    assert "whole script" in dialog.scope.toolTip()
    assert dialog.scope.toolTip() in dialog.note.text()
    name_it(dialog, tmp_path / "book")
    click(dialog.export_button)
    assert dialog.bar.isVisible()
    assert "still being drawn" in dialog.export_button.toolTip()
    click(dialog.cancel_button)
    assert dialog.verdict.text() == "Nothing was exported."
    assert not (tmp_path / "book.ipynb").exists()
    click(dialog.export_button)
    qtbot.waitUntil(lambda: dialog.verdict.text() == "Exported book.ipynb.", timeout=60_000)
    cells = json.loads((tmp_path / "book.ipynb").read_text(encoding="utf-8"))["cells"]
    (shown,) = [line for cell in cells for line in cell["source"] if line.startswith("[picture]:")]
    image = QImage.fromData(base64.b64decode(shown.partition(",")[2]), "PNG")
    assert image.width() > 400
    assert image.height() > 400
    written = {path.name for path in tmp_path.iterdir() if path.suffix != ".studio"}
    assert written == {"book.ipynb", "penguins.csv"}
    dialog.close()
    again = opened(faked_window)
    assert again.target.currentData() == "notebook"
    choose(again.target, "script")
    again.close()  # a modal dialog would stand in the way of the tests that come after


def test_where_it_runs_is_a_setting_of_the_project(faked_window: MainWindow) -> None:
    load(faked_window, "spirals")
    dialog = opened(faked_window)
    choose(dialog.target, "clipboard")
    assert dialog.export_button.text() == "Copy"
    choose(dialog.runs_on.field, "host")
    assert faked_window.session.project.training.runs_on == "host"
    assert "MirroredStrategy" in dialog.runs_on.note.text()
    click(dialog.export_button)
    assert "MirroredStrategy" in QGuiApplication.clipboard().text()
    assert "lines are on the clipboard" in dialog.verdict.text()
    assert not dialog.path.isEnabled()
    assert not dialog.proves.isEnabled()
    dialog.close()
    faked_window.session.undo()
    assert faked_window.session.project.training.runs_on == "device"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("keras.py", "would stand in the way of the Python module “keras”"),
        ("nowhere/net.py", "There is no folder"),
        ("", "Give the file a name."),
        ("here", "is a folder. Give the file in it a name."),
        ("here/", "is a folder. Give the file in it a name."),
    ],
)
def test_a_name_that_cannot_be_says_why_and_disables(
    faked_window: MainWindow, tmp_path: Path, name: str, reason: str
) -> None:
    load(faked_window, "xor")
    (tmp_path / "here").mkdir()
    dialog = opened(faked_window)
    choose(dialog.target, "script")
    dialog.path.selectAll()
    QTest.keyClick(dialog.path, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.path, f"{tmp_path}/{name}" if name else "")
    assert not dialog.export_button.isEnabled()
    assert reason in dialog.reason.text()
    assert dialog.export_button.toolTip() == dialog.reason.text()
    dialog.close()


def test_the_style_is_that_of_the_code_panel_and_is_remembered(qtbot, faked_window: MainWindow) -> None:
    window = faked_window
    load(window, "xor")
    dialog = opened(window)
    choose(dialog.style_box, "tf")
    assert dialog.style_note.text() == "from tensorflow import keras"
    assert (window.session.style.name, window.settings.code_style) == ("tf", "tf")
    qtbot.waitUntil(lambda: window.code.style_box.currentData().name == "tf")
    choose(dialog.style_box, "default")
    dialog.close()


def test_what_is_unfinished_is_exported_and_told(faked_window: MainWindow, tmp_path: Path) -> None:
    window = faked_window
    load(window, "xor")
    window.session.apply(lambda project: edits.set_data(project, DataSource()), "no data")
    dialog = opened(window)
    dialog.proves.setChecked(False)
    assert dialog.unfinished.text() == "No data is chosen, so load_data() is yours to write."
    choose(dialog.scope, "model")
    assert dialog.unfinished.isHidden()
    choose(dialog.scope, "script")
    name_it(dialog, tmp_path / "net.py")
    click(dialog.export_button)
    assert "NotImplementedError" in (tmp_path / "net.py").read_text(encoding="utf-8")
    dialog.close()
    window.session.undo()


def test_keys_stay_with_the_buttons_while_a_notebook_is_drawn(qtbot, faked_window: MainWindow, tmp_path: Path) -> None:
    load(faked_window, "xor")
    dialog = opened(faked_window)
    choose(dialog.target, "notebook")
    dialog.proves.setChecked(False)
    name_it(dialog, tmp_path / "xor")
    dialog.export_button.setFocus()
    QTest.keyClick(dialog.export_button, Qt.Key.Key_Return)
    assert dialog.focusWidget() is dialog.cancel_button
    qtbot.waitUntil(lambda: dialog.verdict.text() == "Exported xor.ipynb.", timeout=60_000)
    assert dialog.focusWidget() is dialog.export_button
    choose(dialog.target, "script")
    QTest.keyClick(dialog.export_button, Qt.Key.Key_Backtab)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)  # Close has the keys, and Enter closes
    assert not dialog.isVisible()
    assert not (tmp_path / "xor.py").exists()


def test_a_block_is_exported_alone_and_not_proved(faked_window: MainWindow, tmp_path: Path) -> None:
    window, session = faked_window, faked_window.session
    load(window, "residual")
    use = next(node for node in session.graph.nodes.values() if node.type == BLOCK)
    session.set_selection([use.id])
    dialog = opened(window, "export_block")
    assert dialog.scope.currentText() == "the block residual"
    assert not dialog.proves.isEnabled()
    assert "builds no model" in dialog.proves.toolTip()
    name_it(dialog, tmp_path / "part.py")
    click(dialog.export_button)
    assert "def residual(" in (tmp_path / "part.py").read_text(encoding="utf-8")
    assert not dialog.prover.is_running
    dialog.close()


def test_code_of_others_is_exported_and_not_run(
    faked_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studio.catalog.values import KerasObject

    window, session = faked_window, faked_window.session
    found = example("xor")
    assert found is not None
    project = edits.add_snippet(found.project(), "loss", "odd_loss", "def odd_loss(y, p):\n    return (y - p) ** 2\n")
    output = next(node.id for node in project.main.nodes.values() if node.type == "Output")
    session.load(edits.set_output_plan(project, output, OutputPlan(loss=KerasObject("odd_loss"))), None)
    window.settings.export_target = "script"
    asked: list[bool] = []
    monkeypatch.setattr("studio.gui.export.dialog.may_run_code", lambda _: asked.append(True))
    dialog = opened(window)
    dialog.proves.setChecked(True)
    name_it(dialog, tmp_path / "odd.py")
    click(dialog.export_button)
    assert (tmp_path / "odd.py").is_file()
    assert asked
    assert dialog.verdict.text() == "Exported odd.py. Not checked: its code may not run."
    assert not dialog.prover.is_running
    dialog.close()
    session.load(found.project(), None, is_saved=True)


def test_a_changed_file_is_asked_about(faked_window: MainWindow, dialogs: Dialogs, tmp_path: Path) -> None:
    load(faked_window, "xor")
    (tmp_path / "mine.py").write_text("mine = 1\n", encoding="utf-8")
    dialog = opened(faked_window)
    dialog.proves.setChecked(False)
    name_it(dialog, tmp_path / "mine.py")
    dialogs.pressed = "Cancel"
    click(dialog.export_button)
    assert "holds something else than the last export" in dialogs.said[-1]
    assert dialog.verdict.text() == ""
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == "mine = 1\n"
    dialog.close()
