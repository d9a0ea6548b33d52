"""Models of Keras in the window: a drawing, a sentence, and a report of what was replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from studio import catalog
from studio.gui.models_in import ModelsIn, dropped_file
from studio.gui.session import Session

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


@pytest.mark.parametrize(("name", "is_taken"), [("a.studio", True), ("a.keras", True), ("a.png", False)])
def test_which_files_may_be_dropped(name: str, is_taken: bool, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    assert (dropped_file(data) is not None) == is_taken


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

    def choose(parent, title, label, names, current, editable):
        asked.append([*names, names[current]])
        return "decoder", True

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    with qtbot.waitSignal(models.opened):
        models.open(SCRIPTS / "autoencoder.py")
    assert asked == [["encoder", "decoder", "autoencoder", "autoencoder"]]
    assert [node.type for node in session.graph.nodes.values()][1:3] == ["Reshape", "Conv2DTranspose"]
