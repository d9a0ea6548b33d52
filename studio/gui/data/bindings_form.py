"""Which columns each Input of the drawing takes, and with which each Output is compared."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from studio.core import bindings
from studio.core.bindings import Binding
from studio.core.project import INPUT, OUTPUT, Node, Project
from studio.gui import theme
from studio.gui.panels.plain import hairline, label, tool_tip


class BindingsForm(QWidget):
    """One line per Input and Output; ``bind_wished`` carries the node and its columns, None for automatic."""

    bind_wished = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QPushButton] = {}
        self.popup: ColumnChoice | None = None
        self._shown: object = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def show_project(self, project: Project) -> None:
        """Show the Inputs and Outputs of the main graph."""
        found = bindings.resolve(project)
        nodes = [*bindings.ends(project, INPUT), *bindings.ends(project, OUTPUT)]
        wanted = ([(node.id, node.name) for node in nodes], found, project.data)
        if wanted == self._shown:
            return
        self._shown = wanted
        while item := self._grid.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.buttons = {}
        for row, node in enumerate(nodes):
            self._line(row, node, found.get(node.id), project)
        if not nodes:
            text = self.tr("The drawing has no Input and no Output yet. Once it has, their columns appear here.")
            self._grid.addWidget(label(text, "secondary", wraps=True), 0, 0, 1, 3)

    def _line(self, row: int, node: Node, binding: Binding | None, project: Project) -> None:
        name = label(node.name, "strong")
        name.setToolTip(tool_tip(self.tr("Input") if node.type == INPUT else self.tr("Output")))
        button = QPushButton(self._state(node, binding, project))
        theme.set_role(button, "link")
        button.setAccessibleName(self.tr("Columns of {}").format(node.name))
        button.setToolTip(self.tr("Choose which columns it takes"))
        button.clicked.connect(lambda: self._open(node, binding, project, button))
        self.buttons[node.id] = button
        if binding is None or not binding.columns:
            what = label(self.tr("no columns yet: choose them"), "problem", wraps=True)
        else:
            what = label(self._columns(binding), "secondary", wraps=True)
            what.setToolTip(tool_tip(", ".join(column.name for column in binding.columns[:60])))
        for column, widget in enumerate((name, what, button)):
            self._grid.addWidget(widget, row, column)

    def _state(self, node: Node, binding: Binding | None, project: Project) -> str:
        if node.id in project.data.bindings:
            return self.tr("chosen")
        return self.tr("automatic") if binding is not None else self.tr("choose…")

    def _columns(self, binding: Binding) -> str:
        count = len(binding.columns)
        if count == 1:
            return binding.columns[0].name
        return self.tr("{} columns").format(count) if count > 2 else ", ".join(c.name for c in binding.columns)

    def _open(self, node: Node, binding: Binding | None, project: Project, button: QPushButton) -> None:
        data = project.data
        offered = data.features if node.type == INPUT else data.targets
        ticked = [column.name for column in binding.columns] if binding else []
        names = list(dict.fromkeys([*offered, *data.bindings.get(node.id, ())]))
        self.popup = ColumnChoice(node.name, names, ticked, node.id in data.bindings, self)
        self.popup.chosen.connect(lambda columns: self.bind_wished.emit(node.id, columns))
        self.popup.show_below(button)


class ColumnChoice(QFrame):
    """A pop-up with a tick per column. What is ticked counts when it closes; Esc leaves everything as it was."""

    chosen = Signal(object)  # tuple of names, or None for automatic

    def __init__(
        self, title: str, names: Iterable[str], ticked: Iterable[str], is_chosen: bool, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("column_choice")
        self.setStyleSheet(_choice_sheet())
        self._was = tuple(ticked)
        self._result: tuple[str, ...] | None = self._was
        self.list = QListWidget()
        self.list.setMinimumWidth(240)
        for name in names:
            item = QListWidgetItem(name)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if name in self._was else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setFixedHeight(min(max(self.list.count(), 1), 12) * 28 + 4)
        self.automatic = QPushButton(self.tr("Automatic"))
        self.automatic.setEnabled(is_chosen)
        self.automatic.setToolTip("" if is_chosen else self.tr("The program has chosen these columns already"))
        self.automatic.clicked.connect(self._leave_to_program)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(label(self.tr("Columns of {}").format(title), "strong"))
        layout.addWidget(hairline())
        layout.addWidget(self.list)
        layout.addWidget(self.automatic)
        self._is_cancelled = False

    def show_below(self, anchor: QWidget) -> None:
        """Open under a button, its right edge aligned with it."""
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height() + 2))
        self.move(corner)
        self.show()
        self.list.setFocus()

    def ticked(self) -> tuple[str, ...]:
        """The columns that are ticked now."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(item.text() for item in items if item.checkState() == Qt.CheckState.Checked)

    def _leave_to_program(self) -> None:
        self._is_cancelled = True
        self.chosen.emit(None)
        self.close()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._is_cancelled = True
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not self._is_cancelled and self.ticked() != self._was and self.ticked():
            self._is_cancelled = True
            self.chosen.emit(self.ticked())


def _choice_sheet() -> str:
    """The frame of the pop-up and its tick boxes, in the colours of the theme."""
    colours = theme.current()
    return f"""
    #column_choice {{ background: {colours.surface}; border: 1px solid {colours.border}; }}
    QListView::indicator {{
        width: 14px; height: 14px; border: 1px solid {colours.edge}; border-radius: 4px; background: {colours.surface};
    }}
    QListView::indicator:checked {{
        background: {colours.accent}; border-color: {colours.accent}; image: url(icons:check_{colours.name}.svg);
    }}
    """
