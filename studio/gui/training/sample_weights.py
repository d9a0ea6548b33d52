"""How much each row counts in the loss: a column of the data says it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.core import edits
from studio.core.project import Column
from studio.core.sample_weights import why_no_sample_weights, why_no_weights
from studio.gui.panels import plain
from studio.gui.session import Session
from studio.gui.training.form_rows import ChoiceWithNote
from studio.gui.training.weights import not_both

MOST_COLUMNS = 500
"""A list of more columns than these nobody reads, and it would make the panel slow."""


class SampleWeights(ChoiceWithNote):
    """The form of ``data.sample_weights``: a choice among the columns. Those that cannot weigh rows say why.

    It is only there where the data has columns, or where there are weights that have to go.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Sample weights"), parent)
        self._session = session
        self._columns: tuple[Column, ...] | None = None
        self.column = self.choice
        self.column.setToolTip(
            plain.tool_tip(
                self.tr(
                    "A column that says how much each row counts in the loss, in training and in validation. "
                    "Metrics count each row once. The column is no feature then."
                )
            )
        )
        self.column.activated.connect(self._set_column)

    def refresh(self) -> None:
        """Show what the project says."""
        project = self._session.project
        data = project.data
        self.setVisible(bool(data.columns) or data.sample_weights is not None)
        if data.columns is not self._columns:
            self._columns = data.columns
            self._offer(data.columns)
        index = self.column.findData(data.sample_weights) if data.sample_weights is not None else 0
        if index < 0:
            self.column.addItem(_words(data.sample_weights or ""), data.sample_weights)
            index = self.column.count() - 1
        self.column.setCurrentIndex(index)
        reason = why_no_sample_weights(project)
        if not reason and data.sample_weights is not None and project.training.class_weights is not None:
            reason = not_both()
        self.say(reason)

    def _offer(self, columns: tuple[Column, ...]) -> None:
        self.column.clear()
        self.column.addItem(self.tr("off: each row the same"), None)
        for column in columns[:MOST_COLUMNS]:
            self.column.addItem(_words(column.name), column.name)
            self.allow(self.column.count() - 1, why_no_weights(column), column.name)

    def _set_column(self) -> None:
        name = self.column.currentData()
        words = self.tr("Choose sample weights")
        self._session.apply(lambda project: edits.set_sample_weights(project, name), words)


def _words(name: str) -> str:
    """A column is called what a file calls it: on one line here."""
    return " ".join(name.split()) or "…"
