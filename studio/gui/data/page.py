"""The right side of the panel: the set that was chosen, from its title down to its rows."""

from __future__ import annotations

from pathlib import Path, PurePath

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from studio import data
from studio.core.project import DataSource
from studio.gui import theme
from studio.gui.data.bindings_form import BindingsForm
from studio.gui.data.class_bars import ClassBars
from studio.gui.data.columns_table import ColumnsTable
from studio.gui.data.facts import Facts
from studio.gui.data.made_form import MadeForm
from studio.gui.data.picture_grid import PictureGrid
from studio.gui.data.rows_table import RowsTable
from studio.gui.data.section import Card, Section, TwoColumns
from studio.gui.data.split_form import SplitForm
from studio.gui.panels.plain import label

WIDE_PX = 760
SIDE_PX = 272
WAIT_MS = 300
"""Shorter waits are not told: a bar that flashes is worse than none."""


class Page(QScrollArea):
    """Shows one source. Everything that can be wished here leaves as a signal."""

    use_wished = Signal(str, str)
    kind_wished = Signal(str, str)
    params_wished = Signal(object, str)
    open_requested = Signal()
    renew_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = DataSource()
        self.title = label("", "title")
        self.amount = label("", "secondary")
        self.origin = label("", "secondary", wraps=True)
        self.description = label("", wraps=True)
        self.refusal = Card("problem_card")
        self.problem = Card("problem_card")
        self.hint = Card("tip_card")
        self.place = Card("tip_card")
        self.waiting = QProgressBar()
        self.waiting.setRange(0, 0)
        self.waiting.setTextVisible(False)
        self.waiting.hide()
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.waiting.show)
        self.made = MadeForm()
        self.columns = ColumnsTable()
        self.split = SplitForm()
        self.bars = ClassBars()
        self.bindings = BindingsForm()
        self.rows = RowsTable()
        self.pictures = PictureGrid()
        self.painted_apart = (self.columns, self.bars, self.rows, self.pictures)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(self._build())
        self._connect()

    def show_facts(self, facts: Facts, folder: Path | None) -> None:
        """Show a source and what is known about it."""
        source = self._source = facts.source
        self._show_head(source, facts)
        self._show_cards(facts, folder)
        has_data = source.kind != "none"
        self._two.setVisible(has_data)
        self.made.show_source(source)
        if not has_data:
            return
        self.columns.show_source(source, facts.faults)
        used = f"{len(source.features):,} " + (self.tr("feature") if len(source.features) == 1 else self.tr("features"))
        goals = f"{len(source.targets):,} " + (self.tr("target") if len(source.targets) == 1 else self.tr("targets"))
        self._columns.remark.setText(f"{len(source.columns):,} · {used} · {goals}")
        self.split.show_facts(facts)
        self.bars.show_counts(facts.counts)
        self._classes.setVisible(bool(facts.counts))
        self._classes.heading.setText(self.tr("Classes") if facts.counted else self.tr("Labels"))
        self._classes.remark.setText(facts.counted or self.tr("rows where the label is 1"))
        self._show_preview(facts, folder)

    def refuse(self, message: str) -> None:
        """Say why a wish was not fulfilled; an empty sentence takes that back."""
        self.refusal.say(message)

    def show_waiting(self, is_waiting: bool) -> None:
        """Show that something is being read, once that takes noticeably long."""
        if is_waiting:
            self._wait.start()
        else:
            self._wait.stop()
            self.waiting.hide()

    def _show_head(self, source: DataSource, facts: Facts) -> None:
        known = data.bundled().get(source.name) if source.kind == "bundled" else None
        made = data.made().get(source.name) if source.kind == "made" else None
        origin = ""
        if known is not None:
            title, description = known.title, known.description
            origin = f"{known.origin} · {known.licence}"
        elif made is not None:
            title, description = made.title, made.description
            origin = self.tr("Made up by a few lines of NumPy, which the exported code carries")
        elif source.kind == "none":
            title = self.tr("No data yet")
            description = self.tr(
                "Choose a set on the left: made up, brought along, or a file of your own. "
                "Its columns, its rows and how they are divided appear here."
            )
        else:
            title, description = PurePath(source.name).name, ""
            origin = source.name if source.name != title else self.tr("A file beside the project")
        self.title.setText(title)
        rows, columns = f"{len(facts.parts) or source.rows:,}", f"{len(source.columns):,}"
        amount = self.tr("{rows} rows · {columns} columns").format(rows=rows, columns=columns)
        self.amount.setText(amount if source.rows else "")
        self.origin.setText(origin)
        self.description.setText(description)
        self.origin.setVisible(bool(origin))
        self.description.setVisible(bool(description))
        self._renew.setVisible(source.kind == "file")

    def _show_cards(self, facts: Facts, folder: Path | None) -> None:
        messages = [problem.message for problem in facts.problems[:3]] + list(facts.notes)
        is_lost = any(problem.code == "data_file" for problem in facts.problems)
        self.problem.say("\n".join(messages), self.tr("Choose the file…") if is_lost else "")
        is_away = facts.source.kind == "file" and facts.is_readable and PurePath(facts.source.name).is_absolute()
        if not is_away:
            self.place.say("")
        elif folder is None:
            self.place.say(self.tr("The file lies elsewhere. When the project is saved, it needs a copy beside it."))
        else:
            text = self.tr("The file lies outside the project's folder, so the project would not find it again.")
            self.place.say(text, self.tr("Copy it here"))

    def _show_preview(self, facts: Facts, folder: Path | None) -> None:
        has_pictures = facts.is_readable and any(column.kind == "image" for column in facts.source.columns)
        self.pictures.setVisible(has_pictures)
        self._others.setVisible(has_pictures)
        self.pictures.show_source(facts.source if has_pictures else None, folder)
        self.rows.setVisible(facts.is_readable and not has_pictures)
        self.rows.show_facts(None if has_pictures else facts, folder)
        self._preview.heading.setText(self.tr("Pictures") if has_pictures else self.tr("Rows"))
        self._nothing.setVisible(not facts.is_readable)
        remark = self.tr("spread over all rows") if has_pictures else ""
        self._preview.remark.setText(remark)

    # How it is put together

    def _build(self) -> QWidget:
        inside = QWidget()
        theme.set_role(inside, "panel")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.amount, 1, Qt.AlignmentFlag.AlignBottom)
        self._columns = Section(self.tr("Columns"))
        self._renew = self._columns.add_action(self.tr("Read again"))
        self._renew.setToolTip(self.tr("Read the file again after it was changed"))
        self._columns.add(self.columns)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(24)
        self._parts = Section(self.tr("Split"))
        self._parts.add(self.split)
        self._classes = Section(self.tr("Classes"))
        self._classes.add(self.bars)
        self._ends = Section(self.tr("Inputs and outputs"))
        self._ends.add(self.bindings)
        for section in (self._parts, self._classes, self._ends):
            column.addWidget(section)
        column.addStretch(1)
        self._preview = Section(self.tr("Rows"))
        self._others = self._preview.add_action(self.tr("Other pictures"))
        self._nothing = label(self.tr("The rows appear here as soon as the data can be read."), "secondary")
        for widget in (self._nothing, self.rows, self.pictures):
            self._preview.add(widget)
        main = QWidget()
        rows = QVBoxLayout(main)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(24)
        rows.addWidget(self._columns)
        rows.addWidget(self._preview)
        rows.addStretch(1)
        self._two = TwoColumns(main, side, WIDE_PX, SIDE_PX)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(24, 20, 24, 24)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.origin)
        layout.addWidget(self.description)
        layout.addWidget(self.waiting)
        for card in (self.refusal, self.problem, self.place, self.hint):
            layout.addWidget(card)
        layout.addSpacing(4)
        layout.addWidget(self.made)
        layout.addSpacing(12)
        layout.addWidget(self._two)
        layout.addStretch(1)
        return inside

    def _connect(self) -> None:
        self.columns.columns.use_wished.connect(self.use_wished)
        self.columns.columns.kind_wished.connect(self.kind_wished)
        self.made.changed.connect(self.params_wished)
        self.problem.button.clicked.connect(self.open_requested)
        self.place.button.clicked.connect(self.copy_requested)
        self._renew.clicked.connect(self.renew_requested)
        self._others.clicked.connect(self.pictures.show_others)
