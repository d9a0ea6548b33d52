"""The form of the training plan: what each output is judged by, how steps are taken, for how long, and who watches."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from studio.catalog.spec import ObjectKind
from studio.codegen.planned import objects_of
from studio.core import edits, plan
from studio.core.change import Change
from studio.core.project import OUTPUT, OutputPlan, Project, TrainingPlan
from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.hint_strip import HintStrip
from studio.gui.session import Session
from studio.gui.tab_order import follow_layout
from studio.gui.training.execution import Execution
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import FormRows
from studio.gui.training.judges import Judge
from studio.gui.training.object_settings import ObjectSettings
from studio.gui.training.sample_weights import SampleWeights
from studio.gui.training.start import Start
from studio.gui.training.steps import Steps
from studio.gui.training.watchers import Watchers
from studio.gui.training.weights import Weights

HIGHEST_SEED = 2**32 - 1
"""NumPy takes no higher one."""
SECTION_GAP_PX = 20


class PlanPanel(QWidget):
    """Shows and edits ``project.training``. Every change is one step of undo; typing in one field is one step too.

    ``new_seed`` gives the number that the button beside the seed puts there.
    """

    def __init__(
        self,
        session: Session,
        parent: QWidget | None = None,
        new_seed: Callable[[], int] = lambda: random.randrange(1_000_000),
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._new_seed = new_seed
        self._is_behind = False
        self._outputs_shown: tuple[tuple[str, str, bool], ...] | None = None
        self.judges: dict[str, Judge] = {}
        self._judges = QVBoxLayout()
        self._judges.setSpacing(SECTION_GAP_PX)
        self.numbers: dict[str, NumberField] = {}
        self.steps = Steps(session)
        self.execution = Execution(session)
        self.weights = Weights(session)
        self.sample_weights = SampleWeights(session)
        self.start = Start(session)
        self.watchers = Watchers(session)
        self._page = QWidget()
        theme.set_role(self._page, "panel")
        layout = QVBoxLayout(self._page)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(0)
        layout.addWidget(plain.label(self.tr("Training plan"), "title"))
        layout.addSpacing(4)
        layout.addWidget(
            plain.label(self.tr("What is not chosen here is chosen from the data."), "secondary", wraps=True)
        )
        layout.addSpacing(SECTION_GAP_PX)
        layout.addLayout(self._judges)
        layout.addSpacing(8)
        weights = QVBoxLayout()  # where one of them is hidden, no gap is left
        weights.setSpacing(8)
        weights.addWidget(self.weights)
        weights.addWidget(self.sample_weights)
        layout.addLayout(weights)
        for section in (self.steps, self._length(), self.start, self.watchers, self.execution):
            layout.addSpacing(SECTION_GAP_PX)
            layout.addWidget(section)
        layout.addStretch(1)
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, 1)
        self.hint = HintStrip(self)
        outer.addWidget(self.hint)
        session.project_changed.connect(self._project_changed)
        session.catalog_changed.connect(self._catalog_changed)
        session.judged.connect(self._hear_keras)
        self._show_all()

    @property
    def training(self) -> TrainingPlan:
        """The plan as it is now."""
        return self._session.project.training

    def search(self, kind: ObjectKind, text: str) -> None:
        """Open the list in which an object of this kind is chosen, for a text; of several outputs that of the first."""
        judge = next(iter(self.judges.values()), None)
        fields = {
            "optimizer": self.steps.optimizer,
            "schedule": self.steps.schedule,
            "callback": self.watchers.others.adding,
        }
        if judge is not None:
            fields |= {"loss": judge.loss, "metric": judge.metrics.adding}
        field = fields.get(kind)
        if field is not None:
            self.bring_into_view(field)
            field.search(text)

    def bring_into_view(self, field: QWidget) -> None:
        """Scroll to a field."""
        self._scroll.ensureWidgetVisible(field)

    # Sections

    def _length(self) -> FormRows:
        form = FormRows(self.tr("For how long"))
        self.new_seed_button = QPushButton(self.tr("New seed"))
        self.new_seed_button.setToolTip(self.tr("Another chance: other first weights, another order of the rows"))
        self.new_seed_button.clicked.connect(self._take_new_seed)
        rows = (
            ("epochs", self.tr("Epochs"), self.tr("How often it sees all training rows"), 1, 10_000_000),
            ("batch_size", self.tr("Batch size"), self.tr("Rows per step"), 1, 10_000_000),
            ("seed", self.tr("Seed"), self.tr("The same seed gives the same run, digit for digit"), 0, HIGHEST_SEED),
        )
        for name, words, tip, low, high in rows:
            field = NumberField(is_whole=True, low=low, high=high)
            field.setObjectName(name)
            field.set_tip(tip)
            field.changed.connect(lambda value, name=name: self._set_number(name, int(value)))
            field.left.connect(self._session.document.end_merge)
            form.add_row(words, field, *([self.new_seed_button] if name == "seed" else []))
            self.numbers[name] = field
        return form

    # What the project says

    def _project_changed(self, old: Project, new: Project, change: Change) -> None:
        if self.isVisible():
            self._show_all()
        else:  # every edit of the drawing would pay for a form that nobody sees
            self._is_behind = True

    def _catalog_changed(self) -> None:
        self.steps.fill()
        self.watchers.fill()
        self._outputs_shown = None
        self._show_all()

    def _show_all(self) -> None:
        self._is_behind = False
        self._show_judges()
        self.steps.refresh()
        for name, field in self.numbers.items():
            field.show_value(getattr(self.training, name))
        self.watchers.refresh()
        self.execution.refresh()
        self.start.refresh()
        self.weights.refresh()
        self.sample_weights.refresh()
        follow_layout(self._page)

    def _show_judges(self) -> None:
        project = self._session.project
        outputs = [node for node in project.main.nodes.values() if node.type == OUTPUT]
        weighed = {node.id for node in outputs if len(outputs) > 1 or self._is_weighed(node.id)}
        shown = tuple((node.id, node.name, node.id in weighed) for node in outputs)
        if shown != self._outputs_shown:
            self._outputs_shown = shown
            for judge in self.judges.values():
                self._judges.removeWidget(judge)
                judge.deleteLater()
            self.judges = {node.id: Judge(self._session, node, has_weight=node.id in weighed) for node in outputs}
            for judge in self.judges.values():
                self._judges.addWidget(judge)
        if outputs:
            filled = plan.resolved(project)
            for node_id, judge in self.judges.items():
                judge.show_plan(project.training.outputs.get(node_id, OutputPlan()), filled[node_id])

    def _is_weighed(self, output: str) -> bool:
        """Whether a loss that stands alone has a weight, or had one a moment ago: the field stays while one types."""
        field = self.judges[output].weight if output in self.judges else None
        was_shown = field is not None and not field.isHidden() and len(self.judges) == 1
        return was_shown or self.training.outputs.get(output, OutputPlan()).weight != 1

    def _hear_keras(self) -> None:
        """Keras has been asked to make what was chosen. A value that it refuses at once gives way to the one before."""
        session = self._session
        if session.is_judging or not self.isVisible():
            return
        forms = self.findChildren(ObjectSettings)
        for place, value in objects_of(session.project.training):
            answer = session.answers.get(place.id)
            reason = answer.problem if answer is not None else ""
            for form in forms:
                if form.holds(value):
                    if reason and form.touched and self._takes_back(form, reason):
                        return
                    form.told_by_keras(reason)

    def _takes_back(self, form: ObjectSettings, reason: str) -> bool:
        """Take the last step back where it made what Keras refuses; False where something else was done since."""
        document = self._session.document
        past = document.history.past
        if not past or past[-1].after is not document.project or past[-1].merge_key is None:
            return False
        row = form.refused_by_keras(reason)
        if row is not None:
            QTimer.singleShot(0, row, lambda: self.bring_into_view(row))  # when the reason has its place
        return document.retract()

    # What the person wants

    def _apply(self, training: TrainingPlan, name: str, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_training(project, training), name, merge_key=merge_key)

    def _set_number(self, name: str, value: int) -> None:
        training = self.training
        match name:
            case "epochs":
                training = replace(training, epochs=value)
            case "batch_size":
                training = replace(training, batch_size=value)
            case _:
                training = replace(training, seed=value)
        self._apply(training, self.tr("Change {0}").format(name.replace("_", " ")), name)

    def _take_new_seed(self) -> None:
        self._apply(replace(self.training, seed=self._new_seed()), self.tr("New seed"))

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_behind:
            self._show_all()
