"""The page of several selected nodes: what they have in common, changed for all at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.catalog.spec import shown_type
from studio.catalog.values import Value
from studio.core import edits
from studio.core.project import Node, Project
from studio.gui.panels import plain
from studio.gui.panels.inspector import facts
from studio.gui.panels.inspector.editors import MIXED
from studio.gui.panels.inspector.form import ParameterForm
from studio.gui.panels.inspector.giving_way import GivingWay

if TYPE_CHECKING:
    from studio.gui.session import Session


class SeveralPage(QWidget):
    """How many nodes of which types; a form where all are of one type."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.form: ParameterForm | None = None
        self._type = ""
        self._merge_key = ""
        self._giving_way = GivingWay(session)
        session.judged.connect(self._hear_keras)
        self.title = plain.label("", "title", parent=self)
        self.types = plain.label("", "secondary", wraps=True, parent=self)
        self.weights = plain.label("", "strong", parent=self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.title)
        self._layout.addWidget(self.types)
        self._layout.addWidget(plain.hairline(self))
        self._layout.addWidget(self.weights)
        self._layout.addStretch(1)

    def _nodes(self) -> list[Node]:
        nodes = self.session.graph.nodes
        return [nodes[node] for node in sorted(self.session.selection) if node in nodes]

    def refresh(self) -> None:
        """Show the selected nodes as they are now."""
        nodes = self._nodes()
        self.title.setText(self.tr("{count} nodes").format(count=len(nodes)))
        counts = Counter(shown_type(node.type) for node in nodes)
        told = [f"{count} {name}" if len(counts) > 1 else name for name, count in counts.most_common(6)]
        self.types.setText(", ".join(told) + (", …" if len(counts) > 6 else ""))
        types = {node.type for node in nodes}
        self._show_form(nodes, next(iter(types)) if len(types) == 1 else "")
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Show how many weights the selected nodes have together."""
        answers = [facts.answer_of(self.session, node.id) for node in self._nodes()]
        total = sum(answer.parameters for answer in answers if answer is not None)
        self.weights.setText(self.tr("{count:,} weights together").format(count=total) if total else "")

    def _show_form(self, nodes: list[Node], type_name: str) -> None:
        spec = self.session.catalog.layer(type_name) if type_name else None
        if type_name != self._type:
            self._type = type_name
            if self.form is not None:
                self._layout.removeWidget(self.form)
                self.form.hide()
                self.form.deleteLater()
                self.form = None
            if spec is not None and spec.parameters:
                self.form = ParameterForm(self.session.catalog, spec.parameters, parent=self)
                self.form.changed.connect(self._set_param)
                self.form.reset.connect(self._reset_param)
                self.form.left.connect(self.session.document.end_merge)
                self._layout.insertWidget(3, self.form)
        if self.form is None:
            return
        values: dict[str, object] = {}
        stored = set().union(*(node.params for node in nodes))
        for parameter in self.form.parameters:
            if parameter.name not in stored:  # a thousand nodes have fifteen parameters each, but store one or two
                continue
            found = [node.params.get(parameter.name, parameter.default) for node in nodes]
            if all(edits.is_same_value(found[0], value) for value in found[1:]):  # type: ignore[arg-type]
                values[parameter.name] = found[0]
            else:
                values[parameter.name] = MIXED
        self.form.show_values(values)

    def _set_param(self, name: str, value: Value) -> None:
        """Give them all the value; MIXED gives back those that they had before, where that was the last step."""
        if value is MIXED:
            past = self.session.document.history.past
            if past and past[-1].merge_key == self._merge_key:
                self.session.document.retract()
            return
        ids, key, catalog = sorted(self.session.selection), self.session.graph_key, self.session.catalog

        def edit(project: Project) -> Project:
            for node in ids:
                project = edits.set_param(project, node, name, value, catalog=catalog, graph=key)
            return project

        self._merge_key = self._giving_way.begin(ids, name)
        self.session.apply(edit, self.tr("Change {name} of several").format(name=name), merge_key=self._merge_key)

    def _hear_keras(self) -> None:
        if self.form is not None and self.isVisible():
            self._giving_way.hear(self.form.refuse)

    def _reset_param(self, name: str) -> None:
        ids, key = sorted(self.session.selection), self.session.graph_key
        spec = self.session.catalog.layer(self._type)
        parameter = spec.parameter(name) if spec is not None else None
        if parameter is None:
            return
        if parameter.is_required and parameter.initial is not None:
            self._set_param(name, parameter.initial)
            return

        def edit(project: Project) -> Project:
            for node in ids:
                project = edits.reset_param(project, node, name, catalog=self.session.catalog, graph=key)
            return project

        self.session.apply(edit, self.tr("Reset {name} of several").format(name=name))
