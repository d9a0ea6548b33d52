"""Where one is while the inside of a block is shown, from which use of it, and the way out."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from studio.core import uses
from studio.core.change import Change
from studio.core.project import MAIN, Project
from studio.gui import icons, theme
from studio.gui.panels import plain
from studio.gui.session import Session, going


class Breadcrumb(QFrame):
    """A strip above the canvas, seen only inside a block: the graphs around it, its name, and whose shapes it shows."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        theme.set_role(self, "panel")
        self.steps: list[QPushButton] = []
        """The graphs around the block, the whole network first; a click goes there."""
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self._name, "strong")
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        theme.set_role(self.note, "secondary")
        self.uses_box = QComboBox(self)
        plain.named(self.uses_box, self.tr("Use of the block whose shapes are shown"))
        self.uses_box.setToolTip(self.tr("Show the shapes of another use"))
        self.uses_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.uses_box.activated.connect(lambda number: going.look_from(session, self.uses_box.itemData(number)))
        theme.set_role(self.uses_box, "quiet")
        self._warning = QLabel(self.tr("What you change here changes every use of this block."))
        theme.set_role(self._warning, "secondary")
        self._steps_row = QHBoxLayout()
        self._steps_row.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 16, 6)
        row.setSpacing(8)
        row.addLayout(self._steps_row)
        row.addWidget(self._name)
        row.addSpacing(16)
        row.addWidget(self.note)
        row.addWidget(self.uses_box)
        row.addStretch(1)
        row.addWidget(self._warning)
        session.graph_opened.connect(self._refresh)
        session.use_changed.connect(self._refresh)
        session.project_changed.connect(self._project_changed)
        self._refresh()

    def _project_changed(self, _old: Project, _new: Project, change: Change) -> None:
        if not change.is_layout_only:
            self._refresh()

    def _refresh(self, _key: str = "") -> None:
        session, project = self._session, self._session.project
        key, use = session.graph_key, session.use
        self.setVisible(key != MAIN)
        if key == MAIN:
            return
        keys = [uses.graph_of(project, use[:number]) or MAIN for number in range(max(len(use), 1))]
        titles = [project.title if each == MAIN else project.blocks[each].name for each in keys]
        paths = uses.paths_to(project, key)
        words = [uses.words_of(project, path) for path in paths]
        name = project.blocks[key].name
        shown = (titles, name, paths, words, use)
        if shown == self._shown:
            return
        self._shown = shown
        self._show_steps(titles)
        self._name.setText(f"›  {name}")
        self._show_uses(paths, words, use)

    def _show_steps(self, titles: list[str]) -> None:
        for step in self.steps:
            self._steps_row.removeWidget(step)
            step.hide()
            step.deleteLater()
        self.steps = []
        for number, title in enumerate(titles):
            step = QPushButton(title if not number else f"›  {title}")
            theme.set_role(step, "link")
            if not number:
                icons.attach(step, "back", "accent")
            is_next = number == len(titles) - 1
            told = self.tr("Leave the block (Alt+Up)") if is_next else self.tr("Go to {name}").format(name=title)
            step.setToolTip(told)
            step.clicked.connect(partial(self._go, len(titles) - number))
            self.steps.append(step)
            self._steps_row.addWidget(step)

    def _go(self, levels: int) -> None:
        for _ in range(levels):
            going.leave(self._session)

    def _show_uses(self, paths: tuple[uses.Path, ...], words: list[str], use: uses.Path) -> None:
        self.uses_box.setVisible(len(paths) > 1)
        if not paths:
            self.note.setText(self.tr("Not used anywhere, so it has no shapes."))
        elif len(paths) == 1:
            self.note.setText(self.tr("Shapes of its only use, {name}").format(name=words[0]))
        else:
            self.note.setText(self.tr("Shapes of the use"))
            self.uses_box.clear()
            for path, text in zip(paths, words, strict=True):
                self.uses_box.addItem(text, path)
            self.uses_box.setCurrentIndex(paths.index(use) if use in paths else -1)
