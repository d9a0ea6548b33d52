"""Where the network meets the data: the columns of an Input; columns, loss and metrics of an Output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from studio.catalog.spec import ObjectKind, ObjectSpec
from studio.catalog.values import KerasObject, Value
from studio.core import bindings, edits, plan
from studio.core.project import INPUT, Node, OutputPlan
from studio.gui.panels import plain
from studio.gui.panels.inspector.fields import ChoiceField
from studio.gui.panels.inspector.form import ParameterForm
from studio.gui.training import own_code
from studio.workbench.templates import Template, found_templates

if TYPE_CHECKING:
    from studio.gui.session import Session

MOST_NAMED = 6
"""Columns whose names are told; of more only the number."""


class InputPart(QWidget):
    """Which columns of the data flow into an Input."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.columns = ColumnsRow(session, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)

    def show_node(self, node: Node) -> None:
        """Show this Input."""
        self.columns.show_node(node)


class ColumnsRow(QWidget):
    """The columns that an Input or Output takes, and a menu to choose others."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self._node: Node | None = None
        self.label = plain.label(self.tr("Columns"), "quiet", parent=self)
        self.button = QPushButton(self.tr("Choose"), self)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.button.setMenu(self.menu)
        self.names = plain.label("", "secondary", wraps=True, parent=self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.button, 0, 1)
        grid.addWidget(self.names, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_node(self, node: Node) -> None:
        """Show the columns of this Input or Output."""
        self._node = node
        data = self.session.project.data
        found = bindings.resolve(self.session.project).get(node.id)
        self.button.setEnabled(bool(data.columns))
        self.button.setToolTip("" if data.columns else self.tr("Choose a data set first."))
        if data.kind == "none":
            text = self.tr("No data yet. Choose a data set in the Data workspace.")
        elif found is None:
            text = self.tr("No columns yet. Choose those that belong here.")
        else:
            names = [column.name for column in found.columns]
            text = ", ".join(names[:MOST_NAMED])
            if len(names) > MOST_NAMED:
                text = self.tr("{count} columns: {names}, …").format(count=len(names), names=text)
            if not found.is_automatic:
                text = self.tr("{columns} (chosen)").format(columns=text)
        self.names.setText(text)

    def _fill_menu(self) -> None:
        self.menu.clear()
        node, project = self._node, self.session.project
        if node is None:
            return
        automatic = self.menu.addAction(self.tr("Automatic"))
        automatic.setCheckable(True)
        automatic.setChecked(node.id not in project.data.bindings)
        automatic.triggered.connect(partial(self._bind, None))
        self.menu.addSeparator()
        found = bindings.resolve(project).get(node.id)
        chosen = [column.name for column in found.columns] if found else []
        names = project.data.features if node.type == INPUT else project.data.targets
        for name in names[:200]:
            action = QAction(name.replace("&", "&&"), self.menu)
            action.setCheckable(True)
            action.setChecked(name in chosen)
            wanted = [other for other in names if (other in chosen) != (other == name)]
            action.triggered.connect(partial(self._bind, wanted))
            self.menu.addAction(action)

    def _bind(self, columns: list[str] | None, _checked: bool = False) -> None:
        node = self._node
        if node is not None:
            self.session.apply(lambda project: edits.bind(project, node.id, columns or None), self.tr("Choose columns"))


class OutputPart(QWidget):
    """What an Output is compared with, by which loss, told by which metrics."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self._node: Node | None = None
        self.columns = ColumnsRow(session, self)
        self.loss = ChoiceField(self)
        self.loss.setAccessibleName(self.tr("Loss"))
        self.loss.chosen.connect(self._choose_loss)
        self.loss_name = plain.label("", "secondary", wraps=True, parent=self)
        self.loss_form_place = QVBoxLayout()
        self.loss_form: ParameterForm | None = None
        self.metrics = QPushButton(self)
        self.metrics.setAccessibleName(self.tr("Metrics"))
        self.metrics.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.metrics.setMenu(self.menu)
        self.metric_names = plain.label("", "secondary", wraps=True, parent=self)
        self._entries: list[str | Template] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(38)
        grid.setVerticalSpacing(6)
        grid.addWidget(self._label(self.tr("Loss"), self.loss), 0, 0)
        grid.addWidget(self.loss, 0, 1)
        grid.addWidget(self.loss_name, 1, 1)
        grid.addLayout(self.loss_form_place, 2, 0, 1, 2)
        grid.addWidget(self._label(self.tr("Metrics"), self.metrics), 3, 0)
        grid.addWidget(self.metrics, 3, 1)
        grid.addWidget(self.metric_names, 4, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.columns)
        layout.addLayout(grid)

    def _label(self, text: str, buddy: QWidget) -> QLabel:
        label = plain.label(text, "quiet", parent=self)
        label.setBuddy(buddy)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return label

    def show_node(self, node: Node) -> None:
        """Show this Output."""
        self._node = node
        self.columns.show_node(node)
        chosen = self._chosen()
        resolved = plan.resolved(self.session.project).get(node.id, OutputPlan())
        automatic = replace(chosen, loss=None)
        suited = plan.resolved(edits.set_output_plan(self.session.project, node.id, automatic))[node.id].loss
        self._offer_losses(chosen.loss)
        self.loss_name.setText(suited.type if suited is not None else "")
        self.loss_name.setVisible(chosen.loss is None)
        self.loss.setCurrentIndex(self._entries.index(chosen.loss.type if chosen.loss is not None else ""))
        self._show_loss_form(chosen.loss)
        metrics = resolved.metrics or ()
        self.metrics.setText(self.tr("Automatic") if chosen.metrics is None else self.tr("Chosen"))
        self.metric_names.setText(", ".join(metric.type for metric in metrics) or self.tr("none"))

    def _offer_losses(self, chosen: KerasObject | None) -> None:
        """All losses, the chosen one where nobody knows it, and the templates for one of one's own."""
        types = [spec.type for spec in _sorted_specs(self.session, "loss")]
        unknown = [chosen.type] if chosen is not None and chosen.type not in types else []
        entries: list[str | Template] = ["", *types, *unknown, *found_templates("loss", "")]
        if entries != self._entries:
            self._entries = entries
            self.loss.clear()
            self.loss.addItems([self._loss_text(entry) for entry in entries])

    def _loss_text(self, entry: str | Template) -> str:
        if isinstance(entry, Template):
            return self.tr("New: {0}").format(entry.title)
        return entry or self.tr("Automatic")

    def _chosen(self) -> OutputPlan:
        node_id = self._node.id if self._node is not None else ""
        return self.session.project.training.outputs.get(node_id, OutputPlan())

    def _show_loss_form(self, loss: KerasObject | None) -> None:
        spec = self.session.catalog.object("loss", loss.type) if loss is not None else None
        parameters = tuple(item for item in spec.parameters if item.name != "name") if spec is not None else ()
        if self.loss_form is not None and self.loss_form.parameters != parameters:
            self.loss_form_place.removeWidget(self.loss_form)
            self.loss_form.hide()
            self.loss_form.deleteLater()
            self.loss_form = None
        if parameters and self.loss_form is None:
            self.loss_form = ParameterForm(self.session.catalog, parameters, parent=self, depth=1)
            self.loss_form.changed.connect(self._set_loss_param)
            self.loss_form.reset.connect(self._reset_loss_param)
            self.loss_form.left.connect(self.session.document.end_merge)
            self.loss_form_place.addWidget(self.loss_form)
        if self.loss_form is not None and loss is not None:
            self.loss_form.show_values(loss.params)

    def _choose_loss(self, number: int) -> None:
        loss = None
        name = self._entries[number]
        if isinstance(name, Template):
            self._begin(name, lambda own, code: replace(own, loss=code))
            return
        if name:
            loss = KerasObject(name, self.session.catalog.initial_object_params("loss", name))
        self._plan(replace(self._chosen(), loss=loss), self.tr("Choose the loss"))

    def _set_loss_param(self, name: str, value: Value) -> None:
        loss = self._chosen().loss
        spec = self.session.catalog.object("loss", loss.type) if loss is not None else None
        parameter = spec.parameter(name) if spec is not None else None
        if loss is None or parameter is None:
            return
        params = {**loss.params, name: value}
        if not parameter.is_required and edits.is_same_value(value, cast(Value, parameter.default)):
            del params[name]
        label = self.tr("Change {name} of the loss").format(name=name)
        self._plan(replace(self._chosen(), loss=KerasObject(loss.type, params)), label, f"loss/{name}")

    def _reset_loss_param(self, name: str) -> None:
        loss = self._chosen().loss
        if loss is not None:
            params = {key: value for key, value in loss.params.items() if key != name}
            label = self.tr("Reset {name} of the loss").format(name=name)
            self._plan(replace(self._chosen(), loss=KerasObject(loss.type, params)), label)

    def _fill_menu(self) -> None:
        self.menu.clear()
        node = self._node
        if node is None:
            return
        chosen = self._chosen()
        automatic = self.menu.addAction(self.tr("Automatic"))
        automatic.setCheckable(True)
        automatic.setChecked(chosen.metrics is None)
        automatic.triggered.connect(partial(self._choose_metrics, None))
        self.menu.addSeparator()
        now = plan.resolved(self.session.project)[node.id].metrics or ()
        for spec in _sorted_specs(self.session, "metric"):
            action = self.menu.addAction(spec.type)
            action.setCheckable(True)
            action.setChecked(any(metric.type == spec.type for metric in now))
            if action.isChecked():
                wanted = tuple(metric for metric in now if metric.type != spec.type)
            else:
                params = self.session.catalog.initial_object_params("metric", spec.type)
                wanted = (*now, KerasObject(spec.type, params))
            action.triggered.connect(partial(self._choose_metrics, wanted))

        self.menu.addSeparator()
        for template in found_templates("metric", ""):
            action = self.menu.addAction(self._loss_text(template))
            action.triggered.connect(
                lambda _=False, template=template: self._begin(
                    template, lambda own, code: replace(own, metrics=(*now, code))
                )
            )

    def _begin(self, template: Template, use: Callable[[OutputPlan, KerasObject], OutputPlan]) -> None:
        """Begin code of one's own and choose it."""
        node = self._node
        if node is not None:
            own_code.begin(self.session, template, own_code.for_output(node.id, use))

    def _choose_metrics(self, metrics: tuple[KerasObject, ...] | None, _checked: bool = False) -> None:
        self._plan(replace(self._chosen(), metrics=metrics), self.tr("Choose metrics"))

    def _plan(self, wanted: OutputPlan, name: str, merge_key: str | None = None) -> None:
        node = self._node
        if node is not None:
            key = f"{merge_key}/{node.id}" if merge_key else None
            self.session.apply(lambda project: edits.set_output_plan(project, node.id, wanted), name, merge_key=key)


def _sorted_specs(session: Session, kind: ObjectKind) -> list[ObjectSpec]:
    specs = session.catalog.objects(kind).values()
    return sorted(specs, key=lambda spec: (not spec.is_common, spec.order, spec.type))
