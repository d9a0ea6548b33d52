"""Code of the person's own: written, seen, trained, undone; and code of somebody else, which asks first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from studio import catalog, data, storage
from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import OutputPlan, PortRef, Project
from studio.core.snippets import with_snippets
from studio.gui.own_code.panel import OwnCodePanel
from studio.gui.own_code.review import ReviewDialog
from studio.gui.session import Session
from studio.gui.window import MainWindow
from studio.workbench.consent import SECRET, TRUSTED
from studio.workbench.starting import new_project
from tests.journeys.hands import Person, run_without_us

pytestmark = [pytest.mark.keras, pytest.mark.journey]

CATALOG = catalog.load()


def editor_of(window: MainWindow) -> OwnCodePanel:
    panel = window.panels["own"].content
    assert isinstance(panel, OwnCodePanel)
    return panel


def has_shape(session: Session, node: str) -> bool:
    """Whether the engine has said what a node gives."""
    return node in session.answers and bool(session.answers[node].outputs)


def answer(pressed: Callable[[ReviewDialog], object], seen: list[str]) -> None:
    """When the question comes, note what it shows and do ``pressed``."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ReviewDialog):
            seen.append(f"{dialog.origin.text()}\n{dialog.text.toPlainText()}\n{dialog.warning.text()}")
            pressed(dialog)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def strangers_project(folder: Path, name: str = "given.studio", source: str = "") -> Path:
    """A file that somebody sent: a Lambda whose code leaves a mark where it runs."""
    mark = folder / "it_ran"
    source = source or (
        f"from pathlib import Path\n\n\ndef shift(x):\n    Path({str(mark)!r}).write_text('ran')\n    return x + 1.0\n"
    )
    project = edits.set_data(replace(new_project(), title="Given"), data.choose("made", "moons"))
    project = edits.add_snippet(project, "function", "shift", source)
    known = with_snippets(CATALOG, project)
    start, end = project.main.nodes
    for type, params in (("Dense", {"units": 4}), ("Lambda", {"function": KerasObject("shift")}),
                         ("Dense", {"units": 1, "activation": "sigmoid"})):  # fmt: skip
        new = f"n{project.next_id}"
        project = edits.add_node(project, type, x=0, y=100)
        for parameter, value in params.items():
            project = edits.set_param(project, new, parameter, value, catalog=known)
        port = known.ports(project.main.nodes[start].type, {})[1][0].name
        project = edits.connect(project, known, PortRef(start, port), PortRef(new, "inputs"))
        start = new
    project = edits.connect(project, known, PortRef(start, "output"), PortRef(end, "inputs"))
    project = edits.set_training(project, replace(project.training, epochs=1))
    path = folder / name
    storage.save(project, path)
    return path


def test_a_lambda_is_written_seen_trained_and_undone(qtbot, window: MainWindow, tmp_path: Path) -> None:
    person = Person(qtbot, window)
    session = window.session
    window.files.new(new_project())
    window.canvas.camera.motion_ms = 0
    person.choose_data("made", "moons")
    window.canvas.sight.fit()
    person.move("output", 92, 500)
    window.canvas.sight.fit()
    person.drop("Dense", 0, 150, units="4")
    person.drop("Lambda", 0, 250, name="bend")
    person.drop("Dense", 0, 350, name="answer", units="1", activation="sigmoid")
    person.connect_chain("input", "dense", "bend", "answer", "output")
    by_name = {node.name: node.id for node in session.graph.nodes.values()}
    session.set_selection((by_name["bend"],))
    steps = len(session.document.history.past)

    field = window.inspector.node_page.form.row("function").editor.field
    assert isinstance(field, QComboBox)
    person.set_parameter("function", "New code of your own...")
    assert session.graph.nodes[by_name["bend"]].params == {"function": KerasObject("scale")}
    assert len(session.document.history.past) == steps + 1
    panel = editor_of(window)
    assert panel.isVisible()
    assert "def scale(x):" in panel.editor.toPlainText()
    qtbot.waitUntil(lambda: has_shape(session, by_name["bend"]))
    assert session.answers[by_name["bend"]].outputs[0][0] == (None, 4)

    panel.editor.setFocus()
    panel.editor.selectAll()
    QTest.keyClicks(panel.editor, "def doubled(x):")
    QTest.keyClick(panel.editor, Qt.Key.Key_Return)
    QTest.keyClicks(panel.editor, "return ops.concatenate([x, x], axis=-1)")
    qtbot.waitUntil(lambda: "doubled" in session.project.snippets[panel.snippet.id].source, timeout=2_000)
    assert panel.editor.toPlainText() == "def doubled(x):\n    return ops.concatenate([x, x], axis=-1)"
    assert session.graph.nodes[by_name["bend"]].params == {"function": KerasObject("doubled")}
    qtbot.waitUntil(lambda: session.answers[by_name["bend"]].outputs[0][0] == (None, 8))
    qtbot.waitUntil(lambda: not [p for p in session.problems if p.severity == "error"])

    person.set_plan("epochs", "1")
    person.train()
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    text = run.source_text
    assert "from keras import layers, ops" in text
    assert text.index("def doubled(x):") < text.index("def build_model")
    script = tmp_path / "mine.py"
    assert window.files.export(script)
    run_without_us(script, tmp_path / "history.json")
    assert json.loads((tmp_path / "history.json").read_text())["loss"] == pytest.approx(run.curves["loss"].epochs.y)

    while session.document.can_undo:
        session.undo()
    assert session.project == new_project()
    assert session.catalog.own == frozenset()
    while session.document.can_redo:
        session.redo()
    assert session.graph.nodes[by_name["bend"]].params == {"function": KerasObject("doubled")}


def test_mistakes_are_told_while_typing(qtbot, window: MainWindow) -> None:
    session = window.session
    session.load(new_project(), None)
    window.actions_table["own_code"].trigger()
    panel = editor_of(window)
    assert not panel.nothing.isHidden()
    next(action for action in panel.new_button.menu().actions() if action.text() == "An activation").trigger()
    qtbot.waitUntil(lambda: panel.message.text() == "Reading it shows no mistake.")
    panel.editor.selectAll()
    QTest.keyClicks(panel.editor, "def bend(x)")
    qtbot.waitUntil(lambda: panel.message.text().startswith("Line 1: "), timeout=2_000)
    assert panel.editor._bad_line == 1
    QTest.keyClicks(panel.editor, ":")
    QTest.keyClick(panel.editor, Qt.Key.Key_Return)
    QTest.keyClicks(panel.editor, "return x")
    qtbot.waitUntil(lambda: panel.message.text() == "Reading it shows no mistake.", timeout=2_000)
    assert [snippet.name for snippet in session.project.snippets.values()] == ["bend"]
    QTest.keyClick(panel.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "return x" not in panel.snippet.source, timeout=2_000)


def test_a_strangers_code_asks_before_it_runs(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = strangers_project(tmp_path)
    session, mark = window.session, tmp_path / "it_ran"
    assert window.files.open(path, ask=False)
    by_type = {node.type: node.id for node in session.graph.nodes.values()}
    qtbot.waitUntil(lambda: any(p.code == "consent" for p in session.problems))
    (problem,) = [p for p in session.problems if p.code == "consent"]
    assert problem.node == by_type["Lambda"]
    first_dense = next(node.id for node in session.graph.nodes.values() if node.params.get("units") == 4)
    assert session.answers[first_dense].outputs, "what does not need the code is inferred"
    assert session.answers[by_type["Output"]].blocked_by
    assert "def shift(x):" in session.current_source().text
    assert window.files.export(tmp_path / "shown.py")
    assert not mark.exists()

    # Train asks; Esc, Enter and the button mean no
    seen: list[str] = []
    for no in (
        lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape),
        lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return),
        lambda dialog: QTest.mouseClick(dialog.refuse, Qt.MouseButton.LeftButton),
    ):
        answer(no, seen)
        QTest.mouseClick(window.header.train_button, Qt.MouseButton.LeftButton)
    assert len(seen) == 3
    assert "given.studio" in seen[0]
    assert "def shift(x):" in seen[0]
    assert "This code can read and delete your files." in seen[0]
    assert not window.trainer.runs
    assert not mark.exists()

    # the button at the problem asks too
    session.set_selection((by_type["Lambda"],))
    card = window.inspector.node_page.problems.cards[0]
    assert card.fix_buttons[0].text() == "Review the code..."
    answer(lambda dialog: QTest.mouseClick(dialog.once, Qt.MouseButton.LeftButton), seen)
    QTest.mouseClick(card.fix_buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: has_shape(session, by_type["Lambda"]))
    assert mark.exists()
    assert not (window.settings.folder / TRUSTED).exists()
    person = Person(qtbot, window)
    person.train()
    assert window.trainer.runs[-1].outcome == "finished", window.trainer.runs[-1].details

    # a change by hand of code that was read stays allowed; one by somebody else asks again
    other = strangers_project(tmp_path, "other.studio", "def shift(x):\n    return x + 2.0\n")
    assert window.files.open(other, ask=False)
    qtbot.waitUntil(lambda: any(p.code == "consent" for p in session.problems))
    answer(lambda dialog: QTest.mouseClick(dialog.always, Qt.MouseButton.LeftButton), seen)
    session.set_selection((by_type["Lambda"],))
    qtbot.waitUntil(lambda: bool(window.inspector.node_page.problems.cards))
    QTest.mouseClick(window.inspector.node_page.problems.cards[0].fix_buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: has_shape(session, by_type["Lambda"]))
    trusted = window.settings.folder / TRUSTED
    assert len(json.loads(trusted.read_text())) == 1
    assert "shift" not in trusted.read_text()
    if os.name == "posix":
        assert (window.settings.folder / SECRET).stat().st_mode & 0o777 == 0o600


def test_code_that_never_ends_is_stopped_and_named(qtbot, fresh_window: MainWindow, tmp_path: Path) -> None:
    window, session = fresh_window, fresh_window.session
    window.session.checker._patience.setInterval(1_500)
    qtbot.waitUntil(lambda: session.engine_state == "ready", timeout=120_000)
    source = "def shift(x):\n    while True:\n        pass\n"
    assert window.files.open(strangers_project(tmp_path, source=source), ask=False)
    session.consent.allow_once([source])
    session.consent_changed()
    qtbot.waitUntil(lambda: any(p.code == "own_code_stopped" for p in session.problems), timeout=60_000)
    (problem,) = [p for p in session.problems if p.code == "own_code_stopped"]
    assert "the code of shift did not end" in problem.message
    first_dense = next(node.id for node in session.graph.nodes.values() if node.params.get("units") == 4)
    qtbot.waitUntil(lambda: bool(session.answers.get(first_dense) and session.answers[first_dense].outputs),
                    timeout=120_000)  # fmt: skip
    snippet = next(iter(session.project.snippets))
    session.write_code(
        lambda project: edits.set_snippet_source(project, snippet, "def shift(x):\n    return x\n"), "Mend it"
    )
    node = next(node.id for node in session.graph.nodes.values() if node.type == "Lambda")
    qtbot.waitUntil(lambda: has_shape(session, node), timeout=60_000)


def command_line(*arguments: str, state: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LAYER_STUDIO_STATE": str(state), "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        [sys.executable, "-m", "studio", *arguments],
        capture_output=True, text=True, timeout=300, check=False, env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_the_command_line_refuses_and_obeys(tmp_path: Path) -> None:
    path, mark, state = strangers_project(tmp_path), tmp_path / "it_ran", tmp_path / "state"
    done = command_line("train", str(path), state=state)
    assert done.returncode == 1
    assert "its code (shift) was not written here" in done.stderr
    assert "Traceback" not in done.stderr
    assert command_line("export", str(path), "-o", str(tmp_path / "out.py"), state=state).returncode == 0
    done = command_line("check", str(path), "--json", state=state)
    assert done.returncode == 1
    codes = [problem["code"] for problem in json.loads(done.stdout)["problems"]]
    assert "consent" in codes
    done = command_line("train", "--never-run-code", str(path), state=state)
    assert done.returncode == 1
    assert "--never-run-code" in done.stderr
    assert not mark.exists()
    done = command_line("check", "--trust-code", str(path), state=state)
    assert done.returncode == 0, done.stdout + done.stderr
    assert mark.exists()
    assert command_line("train", "--trust-code", str(path), state=state).returncode == 0
    assert command_line("train", str(path), state=state).returncode == 1, "it was trusted once only"


def test_a_loss_of_ones_own_is_trained(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = strangers_project(tmp_path, source="def shift(x):\n    return x\n")
    project: Project = storage.load(path)
    source = "def my_loss(y_true, y_pred):\n    return ops.mean(ops.square(y_true - y_pred), axis=-1)\n"
    project = edits.add_snippet(project, "loss", "my_loss", source)
    output = next(node.id for node in project.main.nodes.values() if node.type == "Output")
    project = edits.set_output_plan(project, output, OutputPlan(loss=KerasObject("my_loss")))
    storage.save(project, path)
    assert window.files.open(path, ask=False)
    seen: list[str] = []
    answer(lambda dialog: QTest.mouseClick(dialog.once, Qt.MouseButton.LeftButton), seen)
    qtbot.waitUntil(lambda: window.header.train_button.isEnabled())
    Person(qtbot, window).train()
    run = window.trainer.runs[-1]
    assert run.outcome == "finished", run.message + run.details
    assert "loss=my_loss" in run.source_text


def test_train_right_after_run_once_waits_for_the_engine(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = strangers_project(tmp_path, source="def shift(x):\n    return x\n")
    session = window.session
    assert window.files.open(path, ask=False)
    lambda_id = next(node.id for node in session.graph.nodes.values() if node.type == "Lambda")
    qtbot.waitUntil(lambda: any(p.code == "consent" for p in session.problems))
    reasons: list[tuple[str, str]] = []
    session.problems_changed.connect(
        lambda: reasons.extend((p.code, p.message) for p in session.problems if p.severity == "error")
    )
    seen: list[str] = []
    answer(lambda dialog: QTest.mouseClick(dialog.once, Qt.MouseButton.LeftButton), seen)
    session.set_selection((lambda_id,))
    QTest.mouseClick(window.inspector.node_page.problems.cards[0].fix_buttons[0], Qt.MouseButton.LeftButton)
    Person(qtbot, window).train()
    assert window.trainer.runs[-1].outcome == "finished"
    assert {code for code, _ in reasons} <= {"consent"}, reasons


def test_train_right_after_mending_waits_for_the_engine(qtbot, window: MainWindow, tmp_path: Path) -> None:
    path = strangers_project(tmp_path, source="def shift(x):\n    return x\n")
    session = window.session
    assert window.files.open(path, ask=False)
    lambda_id = next(node.id for node in session.graph.nodes.values() if node.type == "Lambda")
    snippet = next(iter(session.project.snippets))
    session.consent.allow_once([session.project.snippets[snippet].source])
    session.consent_changed()
    qtbot.waitUntil(lambda: has_shape(session, lambda_id))

    def write(source: str) -> None:
        session.write_code(lambda project: edits.set_snippet_source(project, snippet, source), "Change it")

    write("def shift(x):\n    return x + missing\n")
    told = "Line 2 of shift raises NameError: name 'missing' is not defined"
    qtbot.waitUntil(lambda: any(told in p.message for p in session.problems))
    write("def shift(x):\n    return x + 1\n")
    window.train()
    qtbot.waitUntil(lambda: len(window.trainer.runs) == 1)
    run = window.trainer.runs[0]
    qtbot.waitUntil(lambda: not run.is_alive, timeout=120_000)
    assert run.outcome == "finished", run.message
