"""The page that stands when nothing is selected: the project as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.core import edits
from studio.core.project import MAIN
from studio.gui.canvas.measures import Sizes, memory
from studio.gui.canvas.numbers import memory_text
from studio.gui.panels import plain
from studio.gui.panels.inspector.head import Head

if TYPE_CHECKING:
    from studio.gui.session import Session

AT_ONCE_ANSWERS = 200
"""The memory of more answers is added up when no more of them come: they come in many parts."""
REST_MS = 250


class ProjectPage(QWidget):
    """Title, number of weights, direction of the drawing, and what to do next."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self._sizes = Sizes()
        self.head = Head(self.tr("Title"), self)
        self.head.named.connect(self._set_title)
        self.head.left.connect(session.document.end_merge)
        self.weights = plain.label("", "strong", parent=self)
        self.memory = plain.label("", "secondary", wraps=True, parent=self)
        self.extent = plain.label("", "secondary", parent=self)
        self.hint = plain.label("", "secondary", wraps=True, parent=self)
        self._memory_soon = QTimer(self, singleShot=True, interval=REST_MS)
        self._memory_soon.timeout.connect(self._show_memory)
        self.down = QPushButton(self.tr("Down"), self)
        self.right = QPushButton(self.tr("Right"), self)
        group = QButtonGroup(self)
        direction = QHBoxLayout()
        direction.setSpacing(4)
        direction.addWidget(plain.label(self.tr("Direction"), "quiet", parent=self), 1)
        for button in (self.down, self.right):
            button.setCheckable(True)
            group.addButton(button)
            direction.addWidget(button)
        self.down.setToolTip(self.tr("Data flows from top to bottom"))
        self.right.setToolTip(self.tr("Data flows from left to right"))
        self.down.clicked.connect(lambda: self._set_direction("down"))
        self.right.clicked.connect(lambda: self._set_direction("right"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.head)
        layout.addWidget(plain.hairline(self))
        layout.addLayout(direction)
        layout.addWidget(plain.hairline(self))
        told = QVBoxLayout()
        told.setSpacing(4)
        told.addWidget(self.weights)
        told.addWidget(self.memory)
        told.addWidget(self.extent)
        layout.addLayout(told)
        layout.addWidget(self.hint)
        layout.addStretch(1)

    def refresh(self) -> None:
        """Show the project as it is now."""
        project = self.session.project
        self.head.show_name(project.title)
        block = project.blocks.get(self.session.graph_key)
        inside = self.tr("Inside the block {name}").format(name=block.name) if block else ""
        self.head.show_kind("", inside)
        self.down.setChecked(project.direction == "down")
        self.right.setChecked(project.direction == "right")
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Show how large the network is."""
        graph = self.session.project.graph(MAIN)
        answers = self.session.answers
        # A layer that is called again has its weights once.
        total = sum(answer.parameters for answer in answers.values())
        learned = sum(answer.trainable_parameters for answer in answers.values())
        words = self.tr("{count:,} weights").format(count=total)
        if learned != total:
            words = self.tr("{learned:,} of {count:,} weights learn").format(learned=learned, count=total)
        self.weights.setText(words)
        self.weights.setVisible(bool(answers))  # nothing is known before the engine has spoken, and that is not 0
        if len(answers) <= AT_ONCE_ANSWERS:
            self._show_memory()
        else:
            self._memory_soon.start()
        layers = self.tr("{nodes} nodes, {edges} edges").format(nodes=len(graph.nodes), edges=len(graph.edges))
        self.extent.setText(layers)
        if len(graph.nodes) <= 2 and not graph.edges:
            hint = self.tr("Drag a layer from the left onto the canvas, or press A and type its name.")
        else:
            hint = self.tr("Select a layer to see and change what it does.")
        self.hint.setText(hint)

    def _show_memory(self) -> None:
        """What weights and outputs take; what training adds to that depends on more than the drawing."""
        project, answers = self.session.project, self.session.answers
        batch = project.training.batch_size
        sizes, is_all = memory(project.main, answers, "", batch, self._sizes, project.blocks)
        if not sizes:
            self.memory.setText("")
            return
        weights = sum(answer.parameters for answer in answers.values())
        words = self.tr("{weights} of weights, {outputs} of outputs for a batch of {batch}")
        if not is_all:
            words = self.tr("{weights} of weights, at least {outputs} of outputs for a batch of {batch}")
        outputs = memory_text(sum(sizes.values()))
        self.memory.setText(words.format(weights=memory_text(weights * 4), outputs=outputs, batch=batch))

    def _set_title(self, text: str) -> None:
        title = text.strip()
        self.head.refuse("" if title else self.tr("A project needs a title; type at least one letter."))
        if title:
            self.session.apply(
                lambda project: edits.set_title(project, title), self.tr("Change the title"), merge_key="title"
            )

    def _set_direction(self, direction: str) -> None:
        self.session.apply(
            lambda project: edits.set_direction(project, "right" if direction == "right" else "down"),
            self.tr("Change the direction"),
        )
