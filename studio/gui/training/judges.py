"""What an output is judged by: its loss and its metrics with all their parameters, and how much it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import Node, OutputPlan
from studio.gui import theme
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training import own_code
from studio.gui.training.fields import NumberField
from studio.gui.training.form_rows import FormRows, fill_choice, object_choice, show_choice
from studio.gui.training.object_list import ObjectList
from studio.gui.training.object_settings import ObjectSettings
from studio.workbench.templates import Template

AUTOMATIC = ""


class Judge(FormRows):
    """The form of one output. A loss whose parameter is changed is chosen by that, and no longer automatic.

    Where it is not the only output, or weighs something all the same, ``has_weight``, there is a field for that.
    """

    def __init__(
        self, session: Session, node: Node, parent: QWidget | None = None, *, has_weight: bool = False
    ) -> None:
        super().__init__(_tr_heading(session, node), parent)
        self._session = session
        self._node = node.id
        self._loss_now: KerasObject | None = None
        catalog = session.catalog
        self.loss = object_choice(catalog, "loss", self.tr("Loss of {0}").format(node.name))
        self.loss.addItem("", AUTOMATIC)
        fill_choice(self.loss, catalog, "loss")
        self.loss.taken.connect(self._set_loss)
        self.loss.template_wanted.connect(self._begin_loss)
        self.settings = ObjectSettings(catalog, left_out=("name", "dtype"))
        self.settings.changed.connect(self._set_loss_parameter)
        self.settings.code_shown.connect(partial(own_code.show, session))
        self.settings.left.connect(session.document.end_merge)
        self.weight = NumberField(is_whole=False, low=0.0, parent=self)
        self.weight.set_tip(self.tr("How much this loss counts beside those of the other outputs"))
        self.weight.changed.connect(self._set_weight)
        self.weight.left.connect(session.document.end_merge)
        self.metrics = self._metric_list(self.tr("Add a metric"), self.tr("Add a metric of {0}").format(node.name))
        self.metrics.changed.connect(self._change_metrics)
        self.metrics.template_wanted.connect(self._begin_metric)
        self.weighted = self._metric_list(
            self.tr("Add a weighted metric"), self.tr("Add a weighted metric of {0}").format(node.name)
        )
        self.weighted.adding.setToolTip(
            plain.tool_tip(self.tr("Counts each row by its class weight or sample weight, as the loss does"))
        )
        self.weighted.changed.connect(self._change_weighted)
        self.weighted.template_wanted.connect(self._begin_weighted)
        self.automatic_metrics = QPushButton(self.tr("Back to automatic"))
        theme.set_role(self.automatic_metrics, "link")
        self.automatic_metrics.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.automatic_metrics.clicked.connect(lambda: self._set_metrics(None, self.tr("Choose metrics")))
        self.are_automatic = plain.label(self.tr("chosen from the data"), "secondary")
        self.add_row(self.tr("Loss"), self.loss)
        self.add(self.settings)
        if has_weight:
            self.add_row(self.tr("Loss weight"), self.weight)
        else:
            self.weight.hide()
        self.add_row(self.tr("Metrics"), self.metrics.adding)
        self.add(self.metrics)
        self.add(self.are_automatic)
        self.add(self.automatic_metrics)
        self.add_row(self.tr("Weighted"), self.weighted.adding)
        self.add(self.weighted)

    def _metric_list(self, words: str, accessible: str) -> ObjectList:
        made = ObjectList(self._session.catalog, "metric", words)
        made.adding.setAccessibleName(accessible)
        made.code_shown.connect(partial(own_code.show, self._session))
        made.left.connect(self._session.document.end_merge)
        return made

    def show_plan(self, chosen: OutputPlan, filled: OutputPlan) -> None:
        """Show what a person chose, and what is used where they chose nothing."""
        automatic = filled.loss.type if filled.loss is not None and chosen.loss is None else ""
        words = self.tr("automatic: {0}").format(automatic) if automatic else self.tr("automatic")
        self.loss.setItemText(0, words)
        show_choice(self.loss, chosen.loss.type if chosen.loss is not None else AUTOMATIC)
        self._loss_now = filled.loss
        spec = self._session.catalog.object("loss", filled.loss.type) if filled.loss is not None else None
        self.loss.setToolTip(plain.tool_tip(spec.summary if spec is not None else ""))
        self.settings.show_object(spec, filled.loss)
        self.metrics.show_objects(filled.metrics or ())
        self.are_automatic.setVisible(chosen.metrics is None)
        self.automatic_metrics.setVisible(chosen.metrics is not None)
        self.weighted.show_objects(chosen.weighted_metrics)
        last: QWidget = self.metrics.items[-1].remove if self.metrics.items else self.metrics.adding
        for field in (self.automatic_metrics, self.weighted.adding):  # metrics that came later stand before them
            QWidget.setTabOrder(last, field)
            last = field
        self.weight.show_value(chosen.weight)

    def _plan(self) -> OutputPlan:
        return self._session.project.training.outputs.get(self._node, OutputPlan())

    def _set(self, plan: OutputPlan, name: str, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_output_plan(project, self._node, plan), name, merge_key=merge_key)

    def _set_loss(self) -> None:
        name = self.loss.currentData()
        now = self._plan().loss
        if name == (now.type if now is not None else AUTOMATIC):
            return
        more = self.loss.take_params()
        params = {**self._session.catalog.initial_object_params("loss", name), **more} if name else {}
        self._set(replace(self._plan(), loss=KerasObject(name, params) if name else None), self.tr("Choose the loss"))

    def _begin_loss(self, template: Template) -> None:
        self._begin(template, lambda plan, code: replace(plan, loss=code))

    def _begin_metric(self, template: Template) -> None:
        shown = self.metrics.objects
        self._begin(template, lambda plan, code: replace(plan, metrics=(*shown, code)))

    def _begin_weighted(self, template: Template) -> None:
        self._begin(template, lambda plan, code: replace(plan, weighted_metrics=(*plan.weighted_metrics, code)))

    def _begin(self, template: Template, use: Callable[[OutputPlan, KerasObject], OutputPlan]) -> None:
        own_code.begin(self._session, template, own_code.for_output(self._node, use))

    def _set_loss_parameter(self, name: str, loss: KerasObject) -> None:
        words = self.tr("Change {0}").format(name.replace("_", " "))
        self._set(replace(self._plan(), loss=loss), words, f"loss.{self._node}.{name}")

    def _set_weight(self, weight: float) -> None:
        self._set(replace(self._plan(), weight=weight), self.tr("Change loss weight"), f"weight.{self._node}")

    def _change_metrics(self, metrics: tuple[KerasObject, ...], words: str, merge_key: str) -> None:
        self._set_metrics(metrics, words, f"{self._node}.{merge_key}" if merge_key else None)

    def _change_weighted(self, metrics: tuple[KerasObject, ...], words: str, merge_key: str) -> None:
        key = f"{self._node}.weighted.{merge_key}" if merge_key else None
        self._set(replace(self._plan(), weighted_metrics=metrics), words, key)

    def _set_metrics(self, metrics: tuple[KerasObject, ...] | None, words: str, merge_key: str | None = None) -> None:
        self._set(replace(self._plan(), metrics=metrics), words, merge_key)


def _tr_heading(session: Session, node: Node) -> str:
    return session.tr("What {0} is judged by").format(node.name)
