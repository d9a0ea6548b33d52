"""The form of the training plan: what each output is judged by, how steps are taken, for how long, and who watches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.catalog.values import KerasObject, Value
from studio.core import edits, plan
from studio.core.project import OUTPUT, OutputPlan, TrainingPlan
from studio.gui import theme
from studio.gui.session import Session
from studio.gui.training.fields import MetricsButton, NumberField

AUTOMATIC = ""
_WATCHERS: dict[str, tuple[str, ...]] = {
    "EarlyStopping": ("monitor", "patience", "restore_best_weights"),
    "ReduceLROnPlateau": ("monitor", "factor", "patience"),
    "ModelCheckpoint": ("monitor", "save_best_only"),
}
"""The callbacks offered here, and which of their parameters; all others come with the whole list of callbacks."""
_INITIAL: dict[str, dict[str, Value]] = {
    "EarlyStopping": {"patience": 5, "restore_best_weights": True},
    "ReduceLROnPlateau": {"patience": 3},
    "ModelCheckpoint": {"filepath": "best.keras", "save_best_only": True},
}


class PlanPanel(QWidget):
    """Shows and edits ``project.training``. Every change is one step of undo; typing in one field is one step too."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._refreshers: list[Callable[[], None]] = []
        self._outputs_shown: tuple[tuple[str, str], ...] = ()
        title = QLabel(self.tr("Training plan"))
        theme.set_role(title, "title")
        note = QLabel(self.tr("What is not chosen here is chosen from the data."))
        note.setWordWrap(True)
        theme.set_role(note, "secondary")
        self._page = QWidget()
        theme.set_role(self._page, "panel")
        self._layout = QVBoxLayout(self._page)
        self._layout.setContentsMargins(20, 16, 20, 16)
        self._layout.setSpacing(8)
        self._layout.addWidget(title)
        self._layout.addWidget(note)
        self._judges = QVBoxLayout()
        self._judges.setSpacing(8)
        self._layout.addLayout(self._judges)
        self._add_steps()
        self._add_length()
        self._add_watchers()
        self._layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        session.project_changed.connect(lambda old, new, change: self._project_changed(old is new))
        self._project_changed(False)

    @property
    def training(self) -> TrainingPlan:
        """The plan as it is now."""
        return self._session.project.training

    # Sections

    def _section(self, words: str) -> QFormLayout:
        heading = QLabel(words.upper())
        theme.set_role(heading, "heading")
        self._layout.addSpacing(8)
        self._layout.addWidget(heading)
        form = self._form()
        self._layout.addLayout(form)
        return form

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        return form

    def _add_steps(self) -> None:
        form = self._section(self.tr("How it takes steps"))
        self.optimizer = self._combo(self.tr("Optimizer"))
        specs = self._session.catalog.objects("optimizer")
        for name in sorted(specs, key=lambda name: (not specs[name].is_common, name)):
            self.optimizer.addItem(name, name)
            self.optimizer.setItemData(self.optimizer.count() - 1, specs[name].summary, Qt.ItemDataRole.ToolTipRole)
        self.optimizer.activated.connect(self._set_optimizer)
        form.addRow(self.tr("Optimizer"), self.optimizer)
        self.learning_rate = NumberField(is_whole=False, low=0.0, above_low=True)
        self.learning_rate.set_tip(self.tr("The length of a step. Too high and the loss jumps, too low and it crawls."))
        self.learning_rate.changed.connect(self._set_learning_rate)
        form.addRow(self.tr("Learning rate"), self.learning_rate)
        self._refreshers.append(self._refresh_steps)

    def _add_length(self) -> None:
        form = self._section(self.tr("For how long"))
        rows = (
            ("epochs", self.tr("Epochs"), self.tr("How often it sees all training rows"), 1),
            ("batch_size", self.tr("Batch size"), self.tr("Rows per step"), 1),
            ("seed", self.tr("Seed"), self.tr("The same seed gives the same run, digit for digit"), 0),
        )
        for name, words, tip, low in rows:
            field = NumberField(is_whole=True, low=low)
            field.set_tip(tip)
            field.setObjectName(name)
            field.changed.connect(lambda value, name=name: self._set(name, int(value)))
            form.addRow(words, field)
            self._refreshers.append(lambda field=field, name=name: field.show_value(getattr(self.training, name)))

    def _add_watchers(self) -> None:
        heading = QLabel(self.tr("Who watches").upper())
        theme.set_role(heading, "heading")
        self._layout.addSpacing(8)
        self._layout.addWidget(heading)
        words = {
            "EarlyStopping": (
                self.tr("Stop early"),
                self.tr("End when the watched value has not improved for a while"),
            ),
            "ReduceLROnPlateau": (
                self.tr("Reduce the learning rate"),
                self.tr("Take smaller steps when the watched value does not improve"),
            ),
            "ModelCheckpoint": (self.tr("Keep checkpoints"), self.tr("Write the model to a file while it learns")),
        }
        for name, parameters in _WATCHERS.items():
            switch = QCheckBox(words[name][0])
            switch.setToolTip(f"{name}: {words[name][1]}")
            switch.setObjectName(name)
            switch.clicked.connect(lambda on, name=name: self._switch_watcher(name, on))
            self._layout.addWidget(switch)
            box = QWidget()
            form = self._form()
            form.setContentsMargins(24, 0, 0, 4)
            box.setLayout(form)
            self._layout.addWidget(box)
            fields = [self._watcher_field(name, parameter, form) for parameter in parameters]
            self._refreshers.append(
                lambda name=name, switch=switch, box=box, fields=fields: self._refresh_watcher(
                    name, switch, box, fields
                )
            )

    def _watcher_field(self, watcher: str, parameter: str, form: QFormLayout) -> Callable[[KerasObject], None]:
        spec = self._session.catalog.object("callback", watcher)
        entry = spec.parameter(parameter) if spec is not None else None
        default = entry.default if entry is not None else None
        words = parameter.replace("_", " ").capitalize()
        if parameter == "monitor":
            combo = self._combo(words)
            combo.activated.connect(lambda _: self._set_watcher(watcher, parameter, combo.currentData(), str(default)))
            form.addRow(words, combo)

            def show_monitor(value: KerasObject) -> None:
                names = plan.monitored(self._session.project)
                current = str(value.params.get("monitor", default))
                combo.clear()
                for name in names if current in names else (*names, current):
                    combo.addItem(name, name)
                combo.setCurrentText(current)

            return show_monitor
        if isinstance(default, bool):
            box = QCheckBox(words)
            box.clicked.connect(lambda on: self._set_watcher(watcher, parameter, on, default))
            form.addRow(box)
            return lambda value: box.setChecked(bool(value.params.get(parameter, default)))
        field = NumberField(is_whole=isinstance(default, int), low=0)
        field.changed.connect(lambda value: self._set_watcher(watcher, parameter, value, default))
        form.addRow(words, field)
        return lambda value: field.show_value(value.params.get(parameter, default))

    def _combo(self, words: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(words)
        combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(12)
        return combo

    # What the project says

    def _project_changed(self, is_same: bool) -> None:
        if is_same:
            return
        self._show_judges()
        for refresh in self._refreshers:
            refresh()

    def _refresh_steps(self) -> None:
        optimizer = self.training.optimizer
        index = self.optimizer.findData(optimizer.type)
        if index < 0:
            self.optimizer.addItem(optimizer.type, optimizer.type)
            index = self.optimizer.count() - 1
        self.optimizer.setCurrentIndex(index)
        rate = optimizer.params.get("learning_rate", self._default_rate(optimizer.type))
        self.learning_rate.setEnabled(not isinstance(rate, KerasObject))
        self.learning_rate.show_value(rate if isinstance(rate, int | float) else None)

    def _default_rate(self, optimizer: str) -> Value:
        spec = self._session.catalog.object("optimizer", optimizer)
        entry = spec.parameter("learning_rate") if spec is not None else None
        return None if entry is None or entry.is_required else entry.default  # type: ignore[return-value]

    def _show_judges(self) -> None:
        project = self._session.project
        outputs = tuple((node.id, node.name) for node in project.main.nodes.values() if node.type == OUTPUT)
        if outputs != self._outputs_shown:
            self._outputs_shown = outputs
            self._rebuild_judges(outputs)
        resolved = plan.resolved(project)
        for node_id, (loss, metrics) in self._judge_fields.items():
            chosen, filled = project.training.outputs.get(node_id, OutputPlan()), resolved[node_id]
            automatic = filled.loss.type if filled.loss is not None else ""
            if chosen.loss is None:
                loss.setItemText(0, self.tr("automatic: {0}").format(automatic))
                loss.setCurrentIndex(0)
            else:
                loss.setItemText(0, self.tr("automatic"))
                loss.setCurrentIndex(max(0, loss.findData(chosen.loss.type)))
            metrics.show_metrics(filled.metrics or (), is_automatic=chosen.metrics is None)

    def _rebuild_judges(self, outputs: tuple[tuple[str, str], ...]) -> None:
        while self._judges.count():
            widget = self._judges.takeAt(0).widget()
            if widget is not None:
                widget.deleteLater()
        self._judge_fields: dict[str, tuple[QComboBox, MetricsButton]] = {}
        catalog = self._session.catalog
        losses = catalog.objects("loss")
        for node_id, name in outputs:
            box = QWidget()
            layout = QVBoxLayout(box)
            layout.setContentsMargins(0, 8, 0, 0)
            heading = QLabel(self.tr("What {0} is judged by").format(name).upper())
            heading.setTextFormat(Qt.TextFormat.PlainText)
            theme.set_role(heading, "heading")
            form = self._form()
            loss = self._combo(self.tr("Loss of {0}").format(name))
            loss.addItem(self.tr("automatic"), AUTOMATIC)
            for type_name in sorted(losses, key=lambda entry: (not losses[entry].is_common, entry)):
                loss.addItem(type_name, type_name)
                loss.setItemData(loss.count() - 1, losses[type_name].summary, Qt.ItemDataRole.ToolTipRole)
            loss.activated.connect(lambda _, node_id=node_id, loss=loss: self._set_loss(node_id, loss.currentData()))
            metrics = MetricsButton(catalog.objects("metric"))
            metrics.changed.connect(lambda chosen, node_id=node_id: self._set_metrics(node_id, chosen))
            form.addRow(self.tr("Loss"), loss)
            form.addRow(self.tr("Metrics"), metrics)
            layout.addWidget(heading)
            layout.addLayout(form)
            self._judges.addWidget(box)
            self._judge_fields[node_id] = (loss, metrics)

    def _refresh_watcher(
        self, name: str, switch: QCheckBox, box: QWidget, fields: list[Callable[[KerasObject], None]]
    ) -> None:
        callback = next((entry for entry in self.training.callbacks if entry.type == name), None)
        switch.setChecked(callback is not None)
        box.setVisible(callback is not None)
        if callback is not None:
            for show in fields:
                show(callback)

    # What the person wants

    def _apply(self, training: TrainingPlan, name: str, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_training(project, training), name, merge_key=merge_key)

    def _set(self, name: str, value: object) -> None:
        self._apply(replace(self.training, **{name: value}), self.tr("Change {0}").format(name.replace("_", " ")), name)

    def _set_optimizer(self) -> None:
        name = self.optimizer.currentData()
        if name == self.training.optimizer.type:
            return
        # the learning rate of another optimizer means something else: back to its own default
        self._apply(replace(self.training, optimizer=KerasObject(name)), self.tr("Use {0}").format(name))

    def _set_learning_rate(self, value: float) -> None:
        optimizer = self.training.optimizer
        params = dict(optimizer.params) | {"learning_rate": value}
        if value == self._default_rate(optimizer.type):
            del params["learning_rate"]
        changed = replace(self.training, optimizer=KerasObject(optimizer.type, params))
        self._apply(changed, self.tr("Change learning rate"), "learning_rate")

    def _output_plan(self, node_id: str) -> OutputPlan:
        return self.training.outputs.get(node_id, OutputPlan())

    def _set_loss(self, node_id: str, name: str) -> None:
        chosen = replace(self._output_plan(node_id), loss=KerasObject(name) if name else None)
        self._session.apply(lambda project: edits.set_output_plan(project, node_id, chosen), self.tr("Choose the loss"))

    def _set_metrics(self, node_id: str, metrics: tuple[KerasObject, ...] | None) -> None:
        chosen = replace(self._output_plan(node_id), metrics=metrics)
        self._session.apply(lambda project: edits.set_output_plan(project, node_id, chosen), self.tr("Choose metrics"))

    def _switch_watcher(self, name: str, on: bool) -> None:
        callbacks = tuple(entry for entry in self.training.callbacks if entry.type != name)
        if on:
            params = dict(_INITIAL[name])
            if "val_loss" not in plan.monitored(self._session.project):
                params["monitor"] = "loss"
            callbacks = (*callbacks, KerasObject(name, params))
        words = self.tr("Add {0}") if on else self.tr("Remove {0}")
        self._apply(replace(self.training, callbacks=callbacks), words.format(name))

    def _set_watcher(self, name: str, parameter: str, value: Value, default: object) -> None:
        def changed(entry: KerasObject) -> KerasObject:
            params = dict(entry.params) | {parameter: value}
            if value == default:
                del params[parameter]
            return KerasObject(entry.type, params)

        callbacks = tuple(changed(entry) if entry.type == name else entry for entry in self.training.callbacks)
        words = self.tr("Change {0} of {1}").format(parameter.replace("_", " "), name)
        self._apply(replace(self.training, callbacks=callbacks), words, f"{name}.{parameter}")
