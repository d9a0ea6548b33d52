"""How much the rows of each class count in the training loss."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QWidget

from studio.core import edits
from studio.core.class_weights import weighed
from studio.core.project import ClassWeights, TrainingPlan
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import LABEL_PX, ChoiceWithNote, FormRows

OFF, BALANCED, TYPED = "off", "balanced", "typed"
MOST_TYPED = 40
"""Fields for more classes than these nobody fills in, and they would make the panel slow."""


class Weights(ChoiceWithNote):
    """The form of ``training.class_weights``: a choice, and a field for each class where they are typed.

    It is only there for a network with classes, or where there are weights that have to go.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Class weights"), parent)
        self._session = session
        self.kind = self.choice
        self.kind.addItem(self.tr("off: each row the same"), OFF)
        self.kind.addItem(self.tr("balanced: rare ones more"), BALANCED)
        self.kind.addItem(self.tr("typed for each class"), TYPED)
        self.kind.activated.connect(self._set_kind)
        self.numbers: list[NumberField] = []
        self._rows: FormRows | None = None
        self._shown: tuple[str, ...] = ()

    def refresh(self) -> None:
        """Show what the project says."""
        known, weights = weighed(self._session.project), self._training.class_weights
        self.setVisible(bool(known.classes) or weights is not None)
        self.kind.setCurrentIndex(self.kind.findData(_kind(weights)))
        self._allow(known.classes, known.reason)
        self.kind.setToolTip(
            plain.tool_tip(
                known.reason
                or self.tr(
                    "Weights change the loss of training, so that rare classes are not passed over. "
                    "The validation loss counts each row once."
                )
            )
        )
        self.say(self._words(known.reason, known.classes, weights))
        self._show_numbers(known.classes, weights)

    @property
    def _training(self) -> TrainingPlan:
        return self._session.project.training

    def _words(self, reason: str, classes: tuple[str, ...], weights: ClassWeights) -> str:
        if weights is None:
            return ""
        if reason:
            return reason
        if weights == "balanced":
            return self.tr("The script counts the training rows: half as many rows, twice the weight.")
        if len(weights) > MOST_TYPED:
            return self.tr("{0} weights from the file.").format(len(weights))
        if len(weights) != len(classes):
            return self.tr("There were {0} classes when these were typed.").format(len(weights))
        return ""

    def _allow(self, classes: tuple[str, ...], why_none: str) -> None:
        too_many = self.tr("{0} classes are too many to type a weight for each.").format(len(classes))
        reasons = {BALANCED: "", TYPED: too_many if len(classes) > MOST_TYPED else ""}
        if self._session.project.data.sample_weights is not None:
            reasons = dict.fromkeys(reasons, not_both())
        for kind, reason in reasons.items():
            self.allow(self.kind.findData(kind), reason or why_none)

    def _show_numbers(self, classes: tuple[str, ...], weights: ClassWeights) -> None:
        typed = weights if isinstance(weights, tuple) and len(weights) <= MOST_TYPED else ()
        # A class that came with other data has the weight 1 until something is typed.
        names = classes if typed and 0 < len(classes) <= MOST_TYPED else ()
        if names != self._shown:
            self._build(names)
        for number, field in enumerate(self.numbers):
            field.show_value(typed[number] if number < len(typed) else 1.0)

    def _build(self, names: tuple[str, ...]) -> None:
        if self._rows is not None:
            self.box.removeWidget(self._rows)
            self._rows.hide()
            self._rows.deleteLater()
        self._rows = rows = FormRows()
        self._shown, self.numbers = names, []
        for number, name in enumerate(names):
            field = NumberField(is_whole=False, low=0.0)
            field.setAccessibleName(self.tr("Weight of class {0}").format(name))
            field.set_tip(self.tr("How much a row of {0} counts").format(name))
            field.changed.connect(lambda value, number=number: self._set_number(number, float(value)))
            field.left.connect(self._session.document.end_merge)
            _shorten(rows.add_row("", field), name)
            self.numbers.append(field)
        self.add(rows)
        rows.show()

    # What the person wants

    def _apply(self, weights: ClassWeights, words: str, merge_key: str | None = None) -> None:
        training = replace(self._training, class_weights=weights)
        self._session.apply(lambda project: edits.set_training(project, training), words, merge_key=merge_key)

    def _set_kind(self) -> None:
        kind = self.kind.currentData()
        if kind == _kind(self._training.class_weights):
            return
        classes = weighed(self._session.project).classes
        weights: ClassWeights = None
        if kind == BALANCED:
            weights = "balanced"
        elif kind == TYPED:
            weights = (1.0,) * len(classes)
        self._apply(weights, self.tr("Choose class weights"))

    def _set_number(self, number: int, value: float) -> None:
        weights = self._training.class_weights
        typed = list(weights) if isinstance(weights, tuple) else []
        typed = (typed + [1.0] * len(self._shown))[: len(self._shown)]
        typed[number] = value
        self._apply(tuple(typed), self.tr("Change class weight"), f"class_weight.{number}")


def not_both() -> str:
    """Why there are no class weights beside sample weights."""
    return QCoreApplication.translate("Weights", "Keras takes class weights or sample weights, but not both at once.")


def _kind(weights: ClassWeights) -> str:
    return OFF if weights is None else BALANCED if weights == "balanced" else TYPED


def _shorten(label: QLabel, name: str) -> None:
    """Classes are called what a file calls them: as long as they like, and with any signs."""
    text = " ".join(name.split())
    metrics = label.fontMetrics()
    label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, LABEL_PX - 4).replace("&", "&&"))
    label.setToolTip(plain.tool_tip(name))
