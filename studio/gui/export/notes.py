"""What the Export dialog tells of a choice: what comes with it, and why something else cannot be chosen beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from studio.core.runs_on import SEVERAL_HOSTS
from studio.gui.session import Session
from studio.gui.training.readiness import why_not_train
from studio.workbench import exporting
from studio.workbench.file_names import why_not_place


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportDialog", text)


def notes(session: Session, target: str, scope: str) -> list[str]:
    """Sentences about what is written, where to, and what it needs."""
    said = []
    source, project, is_whole = session.source, session.project, scope == exporting.WHOLE
    if session.style.is_sequential and source.not_stacked:
        said.append(_tr("It is written in the functional form, since {0}.").format(source.not_stacked))
    if is_whole and source.data_files and target != "clipboard":
        said.append(_tr("{0} is written beside it.").format(", ".join(source.data_files)))
    weights = project.training.starts_from
    if is_whole and weights is not None:
        said.append(_tr("It reads the weights in {0}, which is not copied.").format(weights.path))
    if target == "notebook" and project.training.runs_on in SEVERAL_HOSTS:
        said.append(_tr("A notebook runs on one computer, so this one trains on one device."))
    if target == "notebook":
        said.append(why_no_scope(target))
    if not is_whole:
        said.append(why_no_place(scope))
    said += [reason for reason in [why_no_check(target, scope)] if reason]
    return said


def why_unfinished(session: Session, scope: str) -> str:
    """Why what is exported does not train as it is; "" where it does. What is unfinished is exported all the same."""
    if scope != exporting.WHOLE:
        return ""
    if session.project.main.nodes and session.project.data.kind == "none":
        return _tr("No data is chosen, so load_data() is yours to write.")
    reason = why_not_train(session)
    return _tr("It does not train yet: {0}").format(reason) if reason else ""


def why_no_scope(target: str) -> str:
    """Why no part of the script can be chosen."""
    return _tr("A notebook holds the whole script.") if target == "notebook" else ""


def why_no_place(scope: str) -> str:
    """Why it cannot be chosen where it runs."""
    return _tr("Only the whole script trains, so it is open where it runs.") if scope != exporting.WHOLE else ""


def why_no_check(target: str, scope: str) -> str:
    """Why it cannot be checked."""
    if scope.startswith(exporting.ONE_BLOCK):
        return _tr("A block alone builds no model that could be compared.")
    return _tr("The clipboard is no file that could be run, so it is not checked.") if target == "clipboard" else ""


def why_not_path(text: str, path: Path) -> str:
    """Why code cannot be written to what was typed; ``path`` is what it stands for."""
    if not text.strip() or not path.stem.strip("."):
        return _tr("Give the file a name.")
    typed = Path(text.strip()).expanduser()
    if text.strip().endswith(("/", "\\")) or (not typed.suffix and typed.is_absolute() and typed.is_dir()):
        return _tr("{0} is a folder. Give the file in it a name.").format(typed)
    reason = why_not_place(path)
    if not reason and not path.parent.is_dir():
        reason = _tr("There is no folder {0}.").format(path.parent)
    return reason
