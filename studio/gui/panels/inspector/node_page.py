"""The page of one selected node."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.catalog.spec import Parameter, shown_type
from studio.catalog.values import KerasObject, Value
from studio.core import edits
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Node
from studio.core.rules import why_not_rename
from studio.gui.panels import plain
from studio.gui.panels.inspector import facts
from studio.gui.panels.inspector.cards import ProblemCards, TipCard
from studio.gui.panels.inspector.editors import Words
from studio.gui.panels.inspector.ends import InputPart, OutputPart
from studio.gui.panels.inspector.fields import TextField
from studio.gui.panels.inspector.form import ParameterForm
from studio.gui.panels.inspector.giving_way import GivingWay
from studio.gui.panels.inspector.head import Head
from studio.gui.panels.inspector.keras_text import KerasText
from studio.gui.panels.inspector.shape_path import ShapePath
from studio.gui.panels.inspector.steps_part import StepsPart
from studio.workbench.templates import first_of

if TYPE_CHECKING:
    from studio.gui.session import Session

KEPT_FORMS: Final = 8
"""Forms of other layer types that are kept: going to and fro between nodes builds nothing."""


class NodePage(QWidget):
    """Name, parameters, facts, problems and note of one node. Never rebuilt while typing."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.node_id = ""
        self._forms: OrderedDict[object, ParameterForm] = OrderedDict()
        self.form: ParameterForm | None = None
        self._giving_way = GivingWay(session)
        session.judged.connect(self._hear_keras)
        session.catalog_changed.connect(self._forget_forms)
        self.head = Head(self.tr("Name"), self)
        self.head.named.connect(self._rename)
        self.head.left.connect(self._end_step)
        self.problems = ProblemCards(session, self)
        self.kept = plain.label("", "mono", wraps=True, parent=self)
        self.kept.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.kept.setToolTip(self.tr("What came in with this layer. It is kept and saved; this Keras cannot check it."))
        self._form_place = QVBoxLayout()
        self._form_place.setContentsMargins(0, 0, 0, 0)
        self.steps_part = StepsPart(session, self)
        self.input_part = InputPart(session, self)
        self.output_part = OutputPart(session, self)
        self.shared = plain.label("", "secondary", wraps=True, parent=self)
        self.weights = plain.label("", "strong", parent=self)
        self.sum = plain.label("", "mono", parent=self)
        self.flow = plain.label("", "mono", wraps=True, parent=self)
        self.path = ShapePath(session, self)
        self.tip = TipCard(self)
        self.note = TextField(1, self)
        self.note.setPlaceholderText(self.tr("Add a note"))
        self.note.setAccessibleName(self.tr("Note"))
        self.note.typed.connect(self._set_note)
        self.note.left.connect(self._end_step)
        self.keras_text = KerasText(session, self)
        weights = QHBoxLayout()
        weights.setSpacing(8)
        weights.addWidget(self.weights)
        weights.addStretch(1)
        weights.addWidget(self.sum)
        self._lower_line = plain.hairline(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.head)
        layout.addWidget(plain.hairline(self))
        layout.addWidget(self.problems)
        layout.addWidget(self.shared)
        layout.addWidget(self.kept)
        layout.addWidget(self.steps_part)
        layout.addLayout(self._form_place)
        layout.addWidget(self.input_part)
        layout.addWidget(self.output_part)
        layout.addWidget(self._lower_line)
        told = QVBoxLayout()
        told.setSpacing(6)
        told.addLayout(weights)
        told.addWidget(self.flow)
        layout.addLayout(told)
        layout.addWidget(self.path)
        layout.addWidget(self.tip)
        layout.addWidget(self.note)
        layout.addWidget(self.keras_text)
        layout.addStretch(1)

    @property
    def node(self) -> Node | None:
        """The node that the page shows, as it is now."""
        return self.session.graph.nodes.get(self.node_id)

    def show_node(self, node_id: str) -> None:
        """Show this node of the open graph."""
        if node_id != self.node_id:
            self._end_step()
            self.head.refuse("")
            if self.form is not None:
                self.form.forget()
        self.node_id = node_id
        self.refresh()

    def refresh(self) -> None:
        """Show the node as it is now, in the same fields."""
        node = self.node
        if node is None:
            return
        spec = self.session.catalog.layer(node.type)
        self.head.show_name(node.name)
        block = self.session.project.blocks.get(node.block or "")
        kind = (
            shown_type(node.type)
            if node.type != BLOCK
            else self._kind_of_use(node).format(name=block.name if block else "?")
        )
        if spec is None and node.type != BLOCK:
            kind = self.tr("{type} (unknown)").format(type=node.type)
        self.head.show_kind(kind, spec.summary if spec is not None else "")
        self.kept.setText(facts.kept_text(node) if spec is None and node.type != BLOCK else "")
        self.kept.setVisible(bool(self.kept.text()))
        self._show_form(node)
        self.steps_part.show_node(node)
        sharing = edits.sharing(self.session.graph, node.id)
        others = ", ".join(other.name for other in sharing if other.id != node.id)
        self.shared.setText(self.tr("Shares its weights with {names}.").format(names=others))
        self.shared.setVisible(bool(others))
        self.input_part.setVisible(node.type == INPUT and self.session.graph_key == MAIN)
        self.output_part.setVisible(node.type == OUTPUT and self.session.graph_key == MAIN)
        if not self.input_part.isHidden():
            self.input_part.show_node(node)
        if not self.output_part.isHidden():
            self.output_part.show_node(node)
        self.keras_text.show_type(node.type if spec is not None and node.type != OUTPUT else "")
        self.tip.show_text(spec.try_it if spec is not None else "")
        self.refresh_note()
        self.refresh_facts()
        self.refresh_problems()

    def _kind_of_use(self, node: Node) -> str:
        if node.is_time_distributed:
            return self.tr("TimeDistributed of the block {name}")
        return self.tr("Block {name}")

    def refresh_note(self) -> None:
        """Show the note as it is now."""
        if self.node is not None:
            self.note.show_text(self.node.note)

    def refresh_facts(self) -> None:
        """Show what Keras said."""
        node = self.node
        if node is None:
            return
        answer = facts.shown_answer(self.session, node)
        inputs = facts.inputs_of(self.session, node)
        others = [call for call in (answer.blocked_by if answer else ()) if call.rpartition("/")[2] != node.id]
        waits = [name for name in map(self._name_of, others) if name]
        if answer is None or (answer.problem and not answer.outputs):
            self.weights.setText("")
            self.sum.setText("")
            self.flow.setText("")
        else:
            learned, count = answer.trainable_parameters, answer.parameters
            text = self.tr("{count:,} weights").format(count=count) if count != 1 else self.tr("1 weight")
            self.weights.setText(text if answer.outputs else "")
            words = facts.weights_sum(node, node.params, [shape for shape, _ in inputs], count)
            if learned != count:
                words = self.tr("{count:,} of them learn").format(count=learned) if learned else self.tr("frozen")
            self.sum.setText(words)
            outputs = [(tuple(shape), dtype) for shape, dtype in answer.outputs]
            self.flow.setText(facts.flow_text(inputs, outputs) if outputs else "")
        if waits:
            self.flow.setText(self.tr("waits for {names}").format(names=", ".join(waits)))
        is_layer = node.type not in (INPUT, OUTPUT)
        self.weights.setVisible(is_layer and bool(self.weights.text()))
        self.sum.setVisible(is_layer and bool(self.sum.text()))
        self.flow.setVisible(bool(self.flow.text()))
        self.path.show_node(node.id)
        self._show_lower_line()

    def _show_lower_line(self) -> None:
        """It parts what is above from what is below, where there is something of both."""
        above = (
            self.problems, self.shared, self.kept, self.steps_part, self.form, self.input_part, self.output_part
        )  # fmt: skip
        below = (self.weights, self.flow)
        has = [any(part is not None and not part.isHidden() for part in parts) for parts in (above, below)]
        self._lower_line.setVisible(all(has))

    def refresh_problems(self) -> None:
        """Show the problems of the node."""
        self.problems.show_problems(self.session.problems_of(self.node_id))
        self._show_lower_line()

    def _name_of(self, call: str) -> str:
        node = self.session.graph.nodes.get(call.rpartition("/")[2])
        return node.name if node is not None else ""

    # The form

    def _show_form(self, node: Node) -> None:
        parameters: tuple[Parameter, ...] = ()
        is_inside = node.type == INPUT and self.session.graph_key != MAIN
        key: object = (node.type, is_inside)
        if node.type == BLOCK and node.block is not None:
            parameters = edits.parameters_of(self.session.project, self.session.catalog, node.block)
            key = (node.block, repr(parameters))
        if key not in self._forms:
            self._forms[key] = self._make_form(node.type, parameters, is_inside=is_inside)
            if len(self._forms) > KEPT_FORMS:
                _, oldest = self._forms.popitem(last=False)
                self._form_place.removeWidget(oldest)
                oldest.deleteLater()
        self._forms.move_to_end(key)
        form = self._forms[key]
        if form is not self.form:
            if self.form is not None:
                self.form.hide()
            self.form = form
        form.setVisible(bool(form.parameters))
        block = self.session.project.blocks.get(self.session.graph_key)
        references = [parameter.name for parameter in block.parameters] if block else []
        form.show_values(node.params, references, can_promote=block is not None)

    def _make_form(self, type_name: str, parameters: tuple[Parameter, ...], *, is_inside: bool) -> ParameterForm:
        spec = self.session.catalog.layer(type_name)
        parameters = spec.parameters if spec is not None else parameters
        nothing = self.tr("what arrives") if is_inside else self.tr("from the data")
        empty = dict.fromkeys(("shape", "dtype"), nothing) if type_name == INPUT else {}
        words = Words(self.tr("none"), self.tr("yes"), self.tr("no"), self.tr("several values"), empty, self.tr("Add"),
                      self.tr("New code of your own..."), self.tr("{name} (layer)"))  # fmt: skip
        form = ParameterForm(self.session.catalog, parameters, words, self)
        form.changed.connect(self._set_param)
        form.reset.connect(self._reset_param)
        form.left.connect(self._end_step)
        form.promoted.connect(self._promote)
        form.code_wanted.connect(self._new_code)
        self._form_place.addWidget(form)
        return form

    # Edits

    def _set_param(self, name: str, value: Value) -> None:
        node, key, catalog = self.node, self.session.graph_key, self.session.catalog
        if node is None:
            return
        merge_key = self._giving_way.begin((node.id,), name)
        self.session.apply(
            lambda project: edits.set_param(project, node.id, name, value, catalog=catalog, graph=key),
            self.tr("Change {name}").format(name=name),
            merge_key=merge_key,
        )

    def _hear_keras(self) -> None:
        if self.form is not None and self.isVisible():
            self._giving_way.hear(self.form.refuse)

    def _promote(self, name: str) -> None:
        node, key, catalog = self.node, self.session.graph_key, self.session.catalog
        if node is not None:
            self.session.apply(
                lambda project: edits.promote(project, catalog, node.id, name, graph=key),
                self.tr("Make {name} a parameter of the block").format(name=name),
            )

    def _new_code(self, name: str) -> None:
        """Begin code of one's own that is the value of a parameter, and open it."""
        node, key, catalog = self.node, self.session.graph_key, self.session.catalog
        spec = catalog.layer(node.type) if node is not None else None
        parameter = spec.parameter(name) if spec is not None else None
        if node is None or parameter is None or parameter.object_kind is None:
            return
        self._end_step()
        template = first_of(parameter.object_kind, node.type, name)
        self.session.new_code(
            template.kind,
            template.name,
            template.source,
            lambda code: (
                lambda project: edits.set_param(project, node.id, name, KerasObject(code), catalog=catalog, graph=key)
            ),
        )

    def _forget_forms(self) -> None:
        """Another catalog has other parameters and other values to choose from."""
        for form in self._forms.values():
            self._form_place.removeWidget(form)
            form.hide()
            form.deleteLater()
        self._forms.clear()
        self.form = None
        if self.node is not None:
            self.refresh()

    def _reset_param(self, name: str) -> None:
        node, key, catalog = self.node, self.session.graph_key, self.session.catalog
        known = self.form.parameters if self.form is not None else ()
        parameter = next((each for each in known if each.name == name), None)
        if node is None or parameter is None:
            return
        self._end_step()
        if parameter.is_required and parameter.initial is not None:
            self._set_param(name, parameter.initial)
        else:
            self.session.apply(
                lambda project: edits.reset_param(project, node.id, name, catalog=catalog, graph=key),
                self.tr("Reset {name}").format(name=name),
            )
        self._end_step()

    def _rename(self, text: str) -> None:
        node, key = self.node, self.session.graph_key
        if node is None:
            return
        name = text.strip()
        reason = why_not_rename(self.session.project, node.id, name, graph=key)
        self.head.refuse(reason.message if reason is not None else "")
        if reason is None:
            self.session.apply(
                lambda project: edits.rename(project, node.id, name, graph=key),
                self.tr("Rename {name}").format(name=node.name),
                merge_key=f"name/{node.id}",
            )

    def _set_note(self, text: str) -> None:
        node, key = self.node, self.session.graph_key
        if node is not None:
            self.session.apply(
                lambda project: edits.set_note(project, node.id, text, graph=key),
                self.tr("Change the note"),
                merge_key=f"note/{node.id}",
            )

    def _end_step(self) -> None:
        self.session.document.end_merge()
