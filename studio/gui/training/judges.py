"""What an output is judged by: its loss with parameters, and its metrics."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.project import Node, OutputPlan
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training.fields import MetricsButton
from studio.gui.training.form_rows import TIP, FormRows, choice, show_choice
from studio.gui.training.object_settings import ObjectSettings

AUTOMATIC = ""


class Judge(FormRows):
    """The form of one output. A loss whose parameter is changed is chosen by that, and no longer automatic."""

    def __init__(self, session: Session, node: Node, parent: QWidget | None = None) -> None:
        super().__init__(_tr_heading(session, node), parent)
        self._session = session
        self._node = node.id
        self._loss_now: KerasObject | None = None
        catalog = session.catalog
        losses = catalog.objects("loss")
        self.loss = choice(self.tr("Loss of {0}").format(node.name))
        self.loss.addItem("", AUTOMATIC)
        for name in sorted(losses, key=lambda name: (not losses[name].is_common, name)):
            self.loss.addItem(name, name)
            self.loss.setItemData(self.loss.count() - 1, plain.tool_tip(losses[name].summary), TIP)
        self.loss.activated.connect(self._set_loss)
        self.settings = ObjectSettings(catalog, left_out=("name", "dtype"))
        self.settings.changed.connect(self._set_loss_parameter)
        self.settings.left.connect(session.document.end_merge)
        self.metrics = MetricsButton(catalog.objects("metric"))
        self.metrics.setAccessibleName(self.tr("Metrics of {0}").format(node.name))
        self.metrics.changed.connect(self._set_metrics)
        self.add_row(self.tr("Loss"), self.loss)
        self.add(self.settings)
        self.add_row(self.tr("Metrics"), self.metrics)

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
        self.metrics.show_metrics(filled.metrics or (), is_automatic=chosen.metrics is None)

    def _plan(self) -> OutputPlan:
        return self._session.project.training.outputs.get(self._node, OutputPlan())

    def _set(self, plan: OutputPlan, name: str, merge_key: str | None = None) -> None:
        self._session.apply(lambda project: edits.set_output_plan(project, self._node, plan), name, merge_key=merge_key)

    def _set_loss(self) -> None:
        name = self.loss.currentData()
        now = self._plan().loss
        if name == (now.type if now is not None else AUTOMATIC):
            return
        params = self._session.catalog.initial_object_params("loss", name) if name else {}
        self._set(replace(self._plan(), loss=KerasObject(name, params) if name else None), self.tr("Choose the loss"))

    def _set_loss_parameter(self, name: str, loss: KerasObject) -> None:
        words = self.tr("Change {0}").format(name.replace("_", " "))
        self._set(replace(self._plan(), loss=loss), words, f"loss.{self._node}.{name}")

    def _set_metrics(self, metrics: tuple[KerasObject, ...] | None) -> None:
        self._set(replace(self._plan(), metrics=metrics), self.tr("Choose metrics"))


def _tr_heading(session: Session, node: Node) -> str:
    return session.tr("What {0} is judged by").format(node.name)
