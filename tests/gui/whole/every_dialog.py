"""Opens each dialog of the window beside it, so that it can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from studio.core import edits
from studio.core.project import Snippet
from studio.gui import asking
from studio.gui.own_code.review import ReviewDialog
from studio.gui.own_code.scripts import RunDialog
from studio.gui.recovery import RecoveryDialog
from studio.gui.window import MainWindow
from studio.importing.report import Report
from studio.storage.autosave import Autosave
from studio.workbench.examples import example
from studio.workbench.library import Kept

CODE = "import keras\n\n\ndef own_loss(y_true, y_pred):\n    return keras.ops.mean(keras.ops.square(y_true - y_pred))\n"


def _action(name: str) -> Callable[[MainWindow], object]:
    return lambda window: window.actions_table[name].trigger()


def _review(window: MainWindow) -> None:
    ReviewDialog([Snippet("s1", "own_loss", "loss", CODE)], "a_project_of_somebody_else.studio", window).exec()


def _recovery(window: MainWindow) -> None:
    path = Path("/networks/two_branches.studio")
    copies = [Autosave(Path("/a/copy"), 1, "s", path, "Two branches", 0.0, 4000, "")]
    RecoveryDialog(copies, window).exec()


LONG = "a_rather_long_name_that_somebody_gave_to_the_network_of_the_second_branch"


def _save_question(window: MainWindow) -> None:
    window.session.apply(lambda project: edits.set_title(project, LONG.replace("_", " ")), "Rename")
    window.files.may_leave()


def _complaint(window: MainWindow) -> None:
    window.files.open(Path(f"/no/such/folder/{LONG}/{LONG}.studio"))


def _replace_question(window: MainWindow) -> None:
    window.files._may_replace((Path(f"{LONG}.py"), Path(f"{LONG}.npz")))


def _kept_question(window: MainWindow) -> None:
    kept = Kept(
        LONG, LONG, LONG, edits.block_fragment(window.session.project, next(iter(window.session.project.blocks)))
    )
    window.palette_panel.kept_menu.remove(kept)


def _second(window: MainWindow) -> None:
    window.files._open_second(window.session.project, Path(f"{LONG}.studio"))


def _report(window: MainWindow) -> None:
    words = (f"{LONG} is a layer that nobody knows, and stands as a layer of its own.",) * 3
    window.files.models._report(Report(came_in="9 layers came in.", replaced=words, unknown=words), may_run=True)


_OPEN: dict[str, Callable[[MainWindow], object]] = {
    **{
        name: _action(name)
        for name in ("export", "figure", "shortcuts", "change_shortcuts", "find_parts", "gallery", "about")
    },
    "review": _review,
    "recovery": _recovery,
    "save_question": _save_question,
    "complaint": _complaint,
    "replace_question": _replace_question,
    "name": lambda window: asking.NameDialog(window, "Make a block", "What shall it be called?", LONG, "Make").exec(),
    "choice": lambda window: asking.ChoiceDialog(
        window, "Open a model", f"{LONG}.py has several models. Which one?", ["encoder", LONG], 1, "Open"
    ).exec(),
    "kept_question": _kept_question,
    "second": _second,
    "report": _report,
    "run_script": lambda window: RunDialog(CODE, Path("train_the_network.py"), window).exec(),
}
DIALOGS = tuple(_OPEN)


@contextmanager
def opened(name: str, window: MainWindow) -> Iterator[QDialog]:
    """The dialog, shown; it is closed afterwards."""
    residual = example("residual")
    assert residual is not None
    window.session.load(residual.project(), None)
    QApplication.processEvents()
    window.refresh_actions()
    before = set(window.findChildren(QDialog))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QDialog, "exec", lambda dialog: dialog.show() or 0)
        patch.setattr(QMessageBox, "exec", lambda box: box.show() or QMessageBox.StandardButton.Cancel)
        _OPEN[name](window)
    QApplication.processEvents()
    (dialog,) = (each for each in set(window.findChildren(QDialog)) - before if each.isVisible())
    try:
        yield dialog
    finally:
        dialog.reject()
        dialog.deleteLater()
        window.session.document.mark_saved()
        QApplication.processEvents()
