"""What is done to frames, and to nodes that are bypassed or folded: by keys, menus and the search for actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from studio.core import edits, rules
from studio.core.project import Frame, FrameColour

if TYPE_CHECKING:
    from studio.gui.canvas.canvas import Canvas
    from studio.gui.session import Session


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


# ---- frames ----------------------------------------------------------------------------------------------------------


def selected(session: Session) -> Frame | None:
    """The frame all of whose nodes, and no others, are selected: as after a click on its title."""
    frames = session.graph.frames.values()
    return next((frame for frame in frames if set(frame.nodes) == session.selection), None)


def make(canvas: Canvas) -> None:
    """Put a frame around the selected nodes and notes, and ask for its title."""
    session, key, new = canvas.session, canvas.session.graph_key, f"f{canvas.session.project.next_id}"
    chosen = session.chosen
    title, making = _tr("Frame"), f"make {new}"
    if chosen and session.apply(
        lambda project: edits.make_frame(project, chosen, title, graph=key), _tr("Make a frame"), making
    ):
        canvas.popups.rename_frame(new, making)


def remove(canvas: Canvas) -> None:
    """Take the selected frame away; its nodes stay."""
    session, key, frame = canvas.session, canvas.session.graph_key, selected(canvas.session)
    if frame is not None:
        session.apply(lambda project: edits.remove_frame(project, frame.id, graph=key), _tr("Remove the frame"))


def leave(canvas: Canvas) -> None:
    """Take the selected nodes and notes out of their frames."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.chosen
    session.apply(lambda project: edits.leave_frame(project, chosen, graph=key), _tr("Take out of the frame"))


def paint(canvas: Canvas, colour: FrameColour) -> None:
    """Give the selected frame another colour."""
    session, key, frame = canvas.session, canvas.session.graph_key, selected(canvas.session)
    if frame is not None:
        session.apply(
            lambda project: edits.set_frame(project, frame.id, colour=colour, graph=key), _tr("Colour of the frame")
        )


def why_not_make(session: Session) -> str:
    """Why there is nothing to put a frame around, or ""."""
    if not session.selection:
        return _tr("Select the layers that the frame shall hold; notes alone have no frame.")
    frame = selected(session)
    is_same = frame is not None and session.selected_notes <= set(frame.notes)
    return _tr("These layers have a frame already.") if is_same else ""


def why_not_leave(session: Session) -> str:
    """Why there is no frame to leave, or ""."""
    framed = [{*frame.nodes, *frame.notes} for frame in session.graph.frames.values()]
    if any(not held.isdisjoint(session.chosen) for held in framed):
        return ""
    return _tr("Nothing of what is selected stands in a frame.") if session.chosen else _tr("Select a layer first.")


def why_not_change(session: Session) -> str:
    """Why no frame is meant, or ""."""
    return "" if selected(session) is not None else _tr("Click the title of a frame first.")


# ---- nodes -----------------------------------------------------------------------------------------------------------


def bypass(canvas: Canvas) -> None:
    """Bypass the selected nodes; where all of them are bypassed, let them work again."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.selection
    nodes = [session.graph.nodes[node] for node in chosen]
    able = [node.id for node in nodes if rules.why_not_bypass(session.project, node.id, graph=key) is None]
    is_on = any(not session.graph.nodes[node].is_bypassed for node in able)
    name = _tr("Bypass") if is_on else _tr("Take part again")
    session.apply(lambda project: edits.set_bypassed(project, able, is_on, graph=key), name)


def why_not_bypass(session: Session) -> str:
    """Why none of the selected nodes can be bypassed, or ""."""
    if not session.selection:
        return _tr("Select a layer first.")
    project, key, last = session.project, session.graph_key, None
    for node in session.selection:
        last = rules.why_not_bypass(project, node, graph=key)
        if last is None:
            break
    return "" if last is None else last.message


def fold(canvas: Canvas) -> None:
    """Fold the selected nodes; where all of them are folded, show all of them again."""
    session, key, chosen = canvas.session, canvas.session.graph_key, canvas.session.selection
    is_on = any(not session.graph.nodes[node].is_folded for node in chosen)
    name = _tr("Fold") if is_on else _tr("Unfold")
    session.apply(lambda project: edits.set_folded(project, chosen, is_on, graph=key), name)
