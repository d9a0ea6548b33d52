"""What a searched text means that is no layer and no action: a sentence about it, and where it is found today."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from studio.catalog.old_names import LAYER, Told
from studio.catalog.spec import ObjectKind
from studio.core.snippets import KINDS
from studio.immutable import immutable

if TYPE_CHECKING:
    from studio.gui.training.plan import PlanPanel
    from studio.gui.window import MainWindow


@immutable
class Place:
    """A place of the program that an old name leads to: ``wish`` is a kind of object, or "learning_rate"."""

    text: str
    wish: str


def sentence(told: Told) -> str:
    """What became of it, or what it is."""
    if told.says:
        return told.says
    noun = KINDS[told.kind].noun if told.kind in KINDS else told.kind
    return _tr("{0} is {1}: it is chosen in the training plan.").format(told.today, noun)


def place(told: Told) -> Place | None:
    """Where it is found today, if not among the layers."""
    if told.field == "learning_rate":
        return Place(_tr("Learning rate, in the training plan"), told.field)
    if told.kind and told.kind != LAYER:
        return Place(_tr("{0}, in the training plan").format(told.today or told.called.rpartition(".")[2]), told.kind)
    return None


def show(window: MainWindow, wish: str, text: str) -> None:
    """Go to the place, with the list there open for what was searched."""
    window.workspaces.show("train")
    panel = window.panels["plan"]
    panel.setVisible(True)
    panel.raise_()
    plan = cast("PlanPanel", panel.content)
    window.activateWindow()
    if wish == "learning_rate":
        field: QWidget = plan.steps.learning_rate
        plan.bring_into_view(field)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        plan.steps.learning_rate.selectAll()
    else:
        plan.search(cast(ObjectKind, wish), text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("OldNames", text)
