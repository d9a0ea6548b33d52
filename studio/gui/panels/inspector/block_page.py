"""The page that stands inside a block while nothing is selected: its name, its uses, its parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.catalog.spec import Parameter
from studio.catalog.values import Value
from studio.core import edits
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.panels.inspector.editors import Words
from studio.gui.panels.inspector.fields import LineField
from studio.gui.panels.inspector.giving_way import GivingWay
from studio.gui.panels.inspector.head import Head
from studio.gui.panels.inspector.row import ParameterRow

if TYPE_CHECKING:
    from studio.gui.session import Session


class BlockPage(QWidget):
    """What holds of all uses of the block that is open. Each use has the values of its own in its own form."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self._giving_way = GivingWay(session)
        session.judged.connect(self._hear_keras)
        self.head = Head(self.tr("Name of the block"), self)
        self.head.named.connect(self._rename)
        self.head.left.connect(session.document.end_merge)
        self.uses = plain.label("", "secondary", wraps=True, parent=self)
        self.hint = plain.label("", "secondary", wraps=True, parent=self)
        self.hint.setText(
            self.tr("To let each use choose a value, select a layer in here and take “Make this a parameter of the "
                    "block” from the menu of the value's row.")
        )  # fmt: skip
        self.message = plain.label("", "problem", wraps=True, parent=self)
        self.message.hide()
        self.rows: dict[str, BlockParameterRow] = {}
        self._shown_key = ""
        self._shown: tuple[Parameter, ...] = ()
        self._place = QVBoxLayout()
        self._place.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.head)
        layout.addWidget(self.uses)
        layout.addWidget(plain.hairline(self))
        layout.addWidget(plain.label(self.tr("Parameters and their defaults"), "strong", parent=self))
        layout.addLayout(self._place)
        layout.addWidget(self.message)
        layout.addWidget(self.hint)
        layout.addStretch(1)

    @property
    def key(self) -> str:
        """The id of the block that is open."""
        return self.session.graph_key

    def refresh(self) -> None:
        """Show the block as it is now."""
        project = self.session.project
        block = project.blocks.get(self.key)
        if block is None:
            return
        self.head.show_name(block.name)
        self.head.show_kind(self.tr("Block"), "")
        uses = edits.uses_of(project, self.key)
        names = ", ".join(node.name for _, node in uses[:4]) + (", …" if len(uses) > 4 else "")
        count = self.tr("Used once: {names}.") if len(uses) == 1 else self.tr("Used {count} times: {names}.")
        told = count.format(count=len(uses), names=names) if uses else self.tr("Not used anywhere yet.")
        self.uses.setText(told)
        self._show_parameters(edits.parameters_of(project, self.session.catalog, self.key))

    def refresh_facts(self) -> None:
        """Nothing here depends on what Keras said."""

    def _show_parameters(self, parameters: tuple[Parameter, ...]) -> None:
        if self.key != self._shown_key:
            self._shown_key = self.key
            self.message.hide()
            for row in self.rows.values():
                row.default.forget()
        if list(map(_without_default, parameters)) != list(map(_without_default, self._shown)):
            for row in self.rows.values():
                self._place.removeWidget(row)
                row.hide()
                row.deleteLater()
            self.rows = {}
            for parameter in parameters:
                row = self.rows[parameter.name] = BlockParameterRow(self, parameter)
                self._place.addWidget(row)
            self.message.hide()
        self._shown = parameters
        for parameter in parameters:
            self.rows[parameter.name].default.show_value(parameter.default, is_changed=False)

    def refuse(self, reason: str) -> None:
        """Say why a text is no name; "" if it is one."""
        self.message.setText(reason)
        self.message.setVisible(bool(reason))

    # Edits

    def _rename(self, text: str) -> None:
        key, name = self.key, text.strip()
        project = self.session.project
        taken = any(block.name == name for block in project.blocks.values() if block.id != key)
        reason = ""
        if taken:
            reason = self.tr("There is a block called {name} already.").format(name=name)
        elif not name:
            reason = self.tr("A block needs a name; type at least one letter.")
        self.head.refuse(reason)
        if not reason:
            self.session.apply(
                lambda project: edits.rename_block(project, key, name), self.tr("Rename the block"), f"block/{key}"
            )

    def set_default(self, name: str, value: object) -> None:
        """Give a parameter another default."""
        key, default = self.key, cast(Value, value)
        merge_key = self._giving_way.begin_default(key, name)
        self.session.apply(
            lambda project: edits.set_parameter_default(project, key, name, default),
            self.tr("Change {name}").format(name=name),
            merge_key,
        )

    def _hear_keras(self) -> None:
        if self.isVisible():
            self._giving_way.hear(lambda name, reason: self.rows[name].default.refuse(reason))

    def rename_parameter(self, old: str, new: str) -> None:
        """Give a parameter another name."""
        key, new = self.key, new.strip()
        if new == old:
            self.refuse("")
            return
        problem = edits.why_not_call_parameter(self.session.project, key, old, new)
        self.refuse(problem.message if problem is not None else "")
        if problem is None:
            self.session.apply(
                lambda project: edits.rename_parameter(project, key, old, new),
                self.tr("Rename {name}").format(name=old),
            )

    def remove_parameter(self, name: str) -> None:
        """Take a parameter away."""
        key = self.key
        self.session.apply(
            lambda project: edits.remove_parameter(project, key, name),
            self.tr("Remove the parameter {name}").format(name=name),
        )


def _without_default(parameter: Parameter) -> Parameter:
    return replace(parameter, default=None, initial=None)


class BlockParameterRow(QWidget):
    """The name of a parameter with a button that takes it away, and its default below."""

    def __init__(self, page: BlockPage, parameter: Parameter) -> None:
        super().__init__(page)
        name = parameter.name
        layer = self.tr("{name} (layer)")
        words = Words(self.tr("none"), self.tr("yes"), self.tr("no"), "", add=self.tr("Add"), layer=layer)
        self.name = LineField(self)
        self.name.show_text(name)
        self.name.setAccessibleName(self.tr("Name of the parameter {name}").format(name=name))
        self.name.editingFinished.connect(lambda: page.rename_parameter(name, self.name.text()))
        self.default = ParameterRow(page.session.catalog, parameter, words, 0, self)
        self.default.why_no_references = self.tr("A default is a value, and not another parameter.")
        self.default.label.setText(self.tr("Default"))
        self.default.editor.field.setAccessibleName(self.tr("Default of {name}").format(name=name))
        self.default.changed.connect(page.set_default)
        self.default.left.connect(page.session.document.end_merge)
        self.remove = QToolButton(self)
        theme.set_role(self.remove, "small")
        self.remove.setFixedSize(QSize(20, 20))
        self.remove.setIconSize(QSize(12, 12))
        icons.attach(self.remove, "close")
        tip = self.tr("Remove the parameter: the layers keep its default").format(name=name)
        self.remove.setToolTip(plain.tool_tip(tip))
        self.remove.setAccessibleName(self.tr("Remove {name}").format(name=name))
        self.remove.clicked.connect(lambda: page.remove_parameter(name))
        named = QHBoxLayout()
        named.setSpacing(8)
        named.addWidget(self.name, 1)
        named.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(named)
        layout.addWidget(self.default)
