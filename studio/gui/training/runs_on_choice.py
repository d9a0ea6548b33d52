"""Where the exported script runs: one device, several, or several computers; what cannot be says why."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core import edits
from studio.core.project import RunsOn
from studio.core.runs_on import why_not_on
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField
from studio.gui.session import Session
from studio.gui.training.form_rows import TIP, choice


def words_of(runs_on: RunsOn) -> str:
    """What such a place is called."""
    return _WORDS()[runs_on][0]


def note_of(runs_on: RunsOn) -> str:
    """What a person should know about it."""
    return _WORDS()[runs_on][1]


def _WORDS() -> dict[RunsOn, tuple[str, str]]:
    tr = QCoreApplication.translate
    return {
        "device": (tr("RunsOn", "one device"), tr("RunsOn", "The window itself always trains on one device, too.")),
        "host": (
            tr("RunsOn", "one computer, all devices"),
            tr(
                "RunsOn",
                "MirroredStrategy of TensorFlow divides each batch among the graphics cards. The losses are those of"
                " one device; a last batch that does not divide evenly counts a little differently.",
            ),
        ),
        "hosts": (
            tr("RunsOn", "several computers"),
            tr(
                "RunsOn",
                "MultiWorkerMirroredStrategy of TensorFlow; the script is started on each computer and tells how."
                " Keras 3 fails there unless it is mended, so the script mends two private names of it.",
            ),
        ),
        "ray": (
            tr("RunsOn", "several computers, by Ray"),
            tr(
                "RunsOn",
                "As with TensorFlow alone, and Ray starts the workers: WORKERS in the script says how many. It needs"
                " pip install “ray[train]”.",
            ),
        ),
        "jax": (
            tr("RunsOn", "JAX, all devices"),
            tr(
                "RunsOn",
                "keras.distribution divides each batch among all devices; it needs pip install jax. JAX draws other"
                " first weights than TensorFlow from the same seed.",
            ),
        ),
    }


def _not_offered() -> tuple[tuple[str, str], ...]:
    tr = QCoreApplication.translate
    return (
        (
            tr("RunsOn", "parameter servers: Keras 3 does not train with them"),
            tr("RunsOn", "Keras 3 does not train with ParameterServerStrategy."),
        ),
        (
            tr("RunsOn", "central storage: the loss is nan from the first epoch on"),
            tr("RunsOn", "With CentralStorageStrategy the loss is no number from the first epoch on (nan)."),
        ),
        (
            tr("RunsOn", "keras.distribution with TensorFlow: does nothing there"),
            tr("RunsOn", "It does nothing there: one device trains, and nothing tells so. With JAX it works."),
        ),
    )


class RunsOnChoice(QWidget):
    """The choice.

    ``note``, for the row below, is what the chosen place is, or why this drawing cannot run there; then which places
    are not for it, and why: keys pass over what cannot be chosen, so nobody would hear of it from the list.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.field: ChoiceField = choice(self.tr("Where the script runs"))
        for runs_on, (words, note) in _WORDS().items():
            self.field.addItem(words, runs_on)
            self.field.setItemData(self.field.count() - 1, note, TIP)
        for words, reason in _not_offered():
            self.field.addItem(words)
            self._enable(self.field.count() - 1, reason)
        self.field.activated.connect(self._take)
        self.note = plain.label("", "secondary", wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)
        plain.named(self.field, self.field.accessibleName())
        self.setFocusProxy(self.field)

    def refresh(self) -> None:
        """Show what the project says, and what it allows."""
        project = self._session.project
        chosen = project.training.runs_on
        refused: dict[str, list[str]] = {}
        for index, (runs_on, (words, note)) in enumerate(_WORDS().items()):
            self._enable(index, reason := why_not_on(project, runs_on))
            if reason and runs_on != chosen:
                refused.setdefault(reason, []).append(words)
            self.field.setItemText(index, self.tr("{0}: not for this network").format(words) if reason else words)
            self.field.setItemData(index, plain.tool_tip(reason or note), TIP)
        self.field.setCurrentIndex(self.field.findData(chosen))
        told = [why_not_on(project, chosen) or note_of(chosen)]
        told += [
            self.tr("{0}: not for this network. {1}").format("; ".join(places), why) for why, places in refused.items()
        ]
        self.note.setText("\n".join(told))
        self.field.setAccessibleDescription(self.note.text())

    def _enable(self, index: int, reason: str) -> None:
        model = self.field.model()
        assert isinstance(model, QStandardItemModel)
        model.item(index).setEnabled(not reason)
        if reason:
            self.field.setItemData(index, plain.tool_tip(reason), TIP)

    def _take(self) -> None:
        chosen = cast(RunsOn, self.field.currentData())
        training = self._session.project.training
        if chosen and chosen != training.runs_on:
            training = replace(training, runs_on=chosen)
            self._session.apply(lambda project: edits.set_training(project, training), self.tr("Change where it runs"))
