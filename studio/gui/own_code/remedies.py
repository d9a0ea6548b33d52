"""What a button can do about a problem: an edit of the project, or something that only a window can do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core.fixes import Fix, fixes
from studio.core.problem import Problem
from studio.core.snippets import needed, uses
from studio.immutable import immutable
from studio.workbench.own_code import CONSENT, STOPPED

if TYPE_CHECKING:
    from studio.gui.session import Session


@immutable
class Remedy:
    """``label`` stands on the button, ``do`` does it."""

    label: str
    do: Callable[[], object]


def remedies(session: Session, problem: Problem) -> tuple[Remedy, ...]:
    """What can be done about ``problem``, best first."""
    if problem.code == CONSENT:
        return (Remedy(_tr("Review the code..."), partial(_review, session)),)
    if problem.code in ("snippet", STOPPED, "keras"):
        snippet = snippet_of(session, problem)
        if snippet:
            return (Remedy(_tr("Open the code"), partial(session.code_wanted.emit, snippet)),)
    if problem.code == "unknown_type":
        return (Remedy(_tr("Choose another type..."), partial(session.type_wanted.emit, problem.node)),)
    return tuple(
        Remedy(fix.label, partial(_apply, session, fix)) for fix in fixes(session.project, session.catalog, problem)
    )


def snippet_of(session: Session, problem: Problem) -> str:
    """The id of the snippet that a problem is about, or ""."""
    project = session.project
    if not project.snippets:
        return ""
    if problem.code == "snippet":
        named = [each.id for each in project.snippets.values() if problem.message.startswith(f"{each.name}, line")]
        return named[0] if named else ""
    names = [use.name for use in uses(project) if use.node is not None and use.node == problem.node]
    found = needed(project, names)
    told = [each.id for each in found if f" {each.name} " in f" {problem.message.replace(':', ' ')} "]
    return told[-1] if told else found[-1].id if found else ""


def _review(session: Session) -> None:
    from studio.gui.own_code.review import review

    review(session)


def _apply(session: Session, fix: Fix) -> None:
    session.apply(fix.edit, fix.label)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Remedies", text)
