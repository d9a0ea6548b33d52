"""Models of Keras in the window: a drawing, a sentence, and a report of what was replaced."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QProgressDialog, QPushButton, QWidget
from shiboken6 import isValid

from studio import catalog, importing
from studio.gui import asking, models_in, patience
from studio.gui.models_in import ModelsIn
from studio.gui.own_code.review import ReviewDialog
from studio.gui.own_code.scripts import RunDialog
from studio.gui.session import Session
from studio.workbench import opening_models
from tests.importing.running import CLASSES, FLOOD, KILL, LINE_OF_ERROR, script

CONFIG = {
    "class_name": "Sequential",
    "config": {
        "name": "net",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "input"}},
            {"class_name": "Dense", "config": {"name": "hidden", "units": 3, "activation": "relu"}},
        ],
    },
}


@pytest.fixture
def session(qapp) -> Iterator[Session]:
    made = Session(catalog.load())
    yield made
    made.close()


@pytest.fixture
def models(qtbot, session: Session) -> ModelsIn:
    window = QWidget()
    qtbot.addWidget(window)
    return ModelsIn(session, window)


def test_a_config_becomes_a_drawing_that_is_not_saved_yet(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    with qtbot.waitSignal(models.opened):
        models.open(path)
        assert models.is_busy
    hidden = next(node for node in session.graph.nodes.values() if node.name == "hidden")
    assert hidden.params["units"] == 3
    assert session.path is None
    assert not session.document.is_saved


def test_what_is_no_model_leaves_the_project_alone(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    path = tmp_path / "photo.keras"
    path.write_bytes(b"\x89PNG\r\n")
    before = session.project
    models.open(path)
    qtbot.waitUntil(lambda: bool(shown))
    assert "photo.keras" in shown[0]
    assert session.project is before


MARK = "\n• "


def test_the_report_says_what_is_unknown_under_a_heading(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    own = {"class_name": "Own", "module": "mine", "registered_name": "mine>Own", "config": {"name": "doubled"}}
    strange = {"class_name": "Dense", "config": {"name": "out", "units": 3, "strange": 1}}
    layers = [*CONFIG["config"]["layers"], own, strange]
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": layers}}))
    shown: list[str] = []
    when(qtbot, QMessageBox, lambda box: (shown.extend((box.text(), box.informativeText())), box.accept()))
    with qtbot.waitSignal(models.opened):
        models.open(path)
    came_in, found = shown
    assert came_in.startswith("A Sequential model came in: ")
    heading, *sentences = found.split(MARK)
    assert heading == "Unknown or left out"
    assert len(sentences) == 2
    assert any("doubled" in each for each in sentences)
    assert any("strange" in each for each in sentences)


SCRIPTS = Path(__file__).parents[1] / "importing" / "scripts"


def test_a_script_becomes_a_drawing(qtbot, models: ModelsIn, session: Session) -> None:
    with qtbot.waitSignal(models.opened):
        models.open(SCRIPTS / "residual_network.py")
    assert sum(node.type == "block" for node in session.graph.nodes.values()) == 7
    assert session.project.training.batch_size == 64


def test_of_several_models_the_person_chooses(
    qtbot, models: ModelsIn, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def choose(parent, title, label, names, current, yes):
        asked.append([*names, names[current]])
        return "decoder"

    monkeypatch.setattr(asking, "one_of", choose)
    with qtbot.waitSignal(models.opened):
        models.open(SCRIPTS / "autoencoder.py")
    assert asked == [["encoder", "decoder", "autoencoder", "autoencoder"]]
    assert [node.type for node in session.graph.nodes.values()][1:3] == ["Reshape", "Conv2DTranspose"]


def when(qtbot, kind: type[QDialog], act: Callable[[QDialog], object]) -> list[str]:
    """When a dialog of this kind has come, note what stands in its labels and do ``act`` with it."""
    seen: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind):
            seen.append(dialog.windowTitle())
            act(dialog)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
    return seen


def click(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


RUNS = "import pathlib\nimport keras\npathlib.Path({0!r}).touch()\nmodel = made()\n"


@pytest.mark.parametrize("is_never", [False, True])
def test_a_script_that_must_run_is_shown_first_and_not_run_unasked(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_never: bool
) -> None:
    path = script(tmp_path, RUNS.format(str(tmp_path / "it_ran")))
    before = session.project
    session.consent.never = is_never
    told: list[str] = []
    boxes: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: boxes.append(box.text()))
    models.told.connect(lambda sentence, is_bad: told.append(sentence))
    texts: list[str] = []

    def refuse(dialog: ReviewDialog) -> None:
        texts.extend([dialog.origin.text(), dialog.text.toPlainText()])
        QTest.keyClick(dialog, Qt.Key.Key_Return)  # means no

    if not is_never:
        when(qtbot, ReviewDialog, refuse)
    models.open(path)
    qtbot.waitUntil(lambda: "was not opened" in (told or [""])[-1])
    assert "Line 4: made is not defined in the script." in told[-1]
    assert texts == ([] if is_never else ["Line 4: made is not defined in the script.", path.read_text()])
    assert len(boxes) == is_never
    assert session.project is before
    assert not (tmp_path / "it_ran").exists()


def test_a_run_can_be_stopped_and_leaves_all_as_it_was(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    path = script(tmp_path, FLOOD.replace("len(", "amount("))
    before = session.project
    when(qtbot, ReviewDialog, lambda dialog: click(dialog.once))
    runs: list[RunDialog] = []
    when(qtbot, RunDialog, lambda dialog: (runs.append(dialog), click(dialog.button)))
    told: list[str] = []
    models.told.connect(lambda sentence, is_bad: told.append(sentence))
    models.open(path)
    qtbot.waitUntil(lambda: "net.py was not opened." in told)
    assert session.project is before
    qtbot.waitUntil(lambda: not isValid(runs[0]))


@pytest.mark.keras
def test_a_script_is_run_after_the_person_has_read_it(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    asked: list[list[str]] = []
    path = script(tmp_path, CLASSES)
    when(qtbot, ReviewDialog, lambda dialog: click(dialog.always))

    def choose(parent, title, label, names, current, yes):
        asked.append([*names, names[current]])
        when(qtbot, QMessageBox, lambda box: (shown.append(box.informativeText()), box.accept()))
        return "net"

    monkeypatch.setattr(asking, "one_of", choose)
    models.open(path)
    qtbot.waitUntil(lambda: bool(shown), timeout=60_000)
    assert asked == [["net", "unbuilt", "inner", "net"]]
    types = [node.type for node in session.graph.nodes.values()]
    assert types == ["Input", "Dense", "ops.multiply", "ops.add", "Dense", "Output"]
    assert f"Line {LINE_OF_ERROR}: ValueError: no more." in shown[0]
    assert session.consent.may_run(path.read_text())
    assert not session.document.is_saved


def test_lines_that_were_passed_over_may_be_run_after_all(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    text = (
        "import keras\nfrom keras import layers\n"
        "model = keras.Sequential([layers.Input((4,)), layers.Dense(3)])\n"
        "other = keras.Sequential([layers.Input((2,)), layers.Dense(amount())])\n"
    )
    asked: list[str] = []

    def refuse(dialog: ReviewDialog) -> None:
        asked.append(dialog.origin.text())
        QTest.keyClick(dialog, Qt.Key.Key_Return)  # means no

    when(qtbot, QMessageBox, lambda box: click(next(each for each in box.buttons() if "Run" in each.text())))
    when(qtbot, ReviewDialog, refuse)
    models.open(script(tmp_path, text))
    qtbot.waitUntil(lambda: bool(asked))
    assert "amount is not defined" in asked[0]
    assert [node.type for node in session.graph.nodes.values()] == ["Input", "Dense", "Output"]


@pytest.mark.keras
def test_what_a_script_died_of_stands_in_the_window(qtbot, tmp_path: Path) -> None:
    dialog = RunDialog(KILL, script(tmp_path, KILL))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.is_over, timeout=60_000)
    assert dialog.isVisible()
    assert dialog.ran is None
    assert "ended from outside" in dialog.told.text()
    assert dialog.button.text() == "Close"
    dialog.reject()


ASKS = """\
import keras
from keras import layers
x = layers.Dense(3)(keras.Input((4,)))
model = keras.Model(x, layers.Dense(x.shape[-1] * 2)(x))
"""


def test_waiting_for_shapes_shows_and_ends_on_a_click(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "asks.py"
    path.write_text(ASKS, encoding="utf-8")
    before = session.project
    models.open(path)

    def box() -> QProgressDialog | None:
        found = [each for each in QApplication.topLevelWidgets() if isinstance(each, QProgressDialog)]
        return next((each for each in found if each.isVisible()), None)

    qtbot.waitUntil(lambda: (shown := box()) is not None and "shapes" in shown.labelText())
    shown = box()
    assert shown is not None
    assert not shown.isModal()
    with qtbot.waitSignal(models.told) as told:
        QTest.mouseClick(shown.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert told.args == ["asks.py was not opened.", False]
    assert not models.is_busy
    assert session.project is before
    assert box() is None


@pytest.mark.parametrize("is_shown_before", [True, False])
def test_the_box_does_not_cover_a_question(
    qtbot, models: ModelsIn, monkeypatch: pytest.MonkeyPatch, is_shown_before: bool
) -> None:
    may_read = threading.Event()
    if not is_shown_before:
        may_read.set()

    def held(*asked) -> importing.Imported:
        may_read.wait()
        return opening_models.import_model(*asked)

    def boxes() -> list[QProgressDialog]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, QProgressDialog) and each.isVisible()
        ]

    covering: list[QProgressDialog] = []

    def look(dialog: QDialog) -> None:
        covering.extend(boxes())
        # The time at which the box would come passes while the question stands there.
        QTimer.singleShot(patience.PATIENCE_MS * 2, lambda: (covering.extend(boxes()), dialog.reject()))

    monkeypatch.setattr(models_in, "import_model", held)
    monkeypatch.setattr(patience, "PATIENCE_MS", 0 if is_shown_before else 100)
    models._window.show()
    asked = when(qtbot, asking.ChoiceDialog, look)
    with qtbot.waitSignal(models.told, check_params_cb=lambda text, _: text.endswith("was not opened.")):
        models.open(SCRIPTS / "autoencoder.py")
        if is_shown_before:
            qtbot.waitUntil(lambda: bool(boxes()))
        may_read.set()
    assert asked == ["Open a model"]
    assert not covering


def test_the_box_has_no_clock_of_its_own(qtbot, models: ModelsIn) -> None:
    """After 4 s it lay over the output of the script, which was run in a loop that does not delete what is over."""
    models._patience.begin("Title", "Sentence", lambda: None)
    (box,) = models._window.findChildren(QProgressDialog)
    assert [timer.interval() for timer in box.findChildren(QTimer) if timer.isActive()] == [patience.PATIENCE_MS]
    models._patience.end()


OWN = """\
import keras
from keras import layers
class Half(layers.Layer):
    def call(self, inputs):
        return inputs / 2
x = keras.Input((4,))
model = keras.Model(x, Half()(x))
"""


def test_code_of_the_script_comes_in_and_is_asked_about(
    qtbot, models: ModelsIn, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "own.py"
    path.write_text(OWN, encoding="utf-8")
    shown: list[str] = []

    def read(dialog: ReviewDialog) -> None:
        shown.append(dialog.text.toPlainText())
        click(dialog.once)

    when(qtbot, QMessageBox, lambda box: click(next(each for each in box.buttons() if "Review" in each.text())))
    when(qtbot, ReviewDialog, read)
    models.open(path)
    qtbot.waitUntil(lambda: bool(shown))
    (half,) = session.project.snippets.values()
    assert shown == [half.source]
    assert [node.type for node in session.graph.nodes.values()] == ["Input", "Half", "Output"]
    qtbot.waitUntil(lambda: session.consent.may_run(half.source))
