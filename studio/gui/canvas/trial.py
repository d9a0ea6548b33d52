"""What Keras would say to an edge that is not drawn yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.edits import Edit
from studio.gui.canvas.card import shape_text

if TYPE_CHECKING:
    from studio.gui.session import Session
    from studio.protocol import Answer


class Trial:
    """One question at a time: what a node would give after an edit. The answer comes later, or never."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._request = -1
        self.text = ""
        self.is_bad = False

    def ask(self, edit: Edit, call_id: str) -> None:
        """Ask anew; an answer to the question before is not waited for any more.

        ``call_id`` is the node's id, inside a block with the use in front whose shapes are shown. Nothing is asked
        where there is no such call: inside a block that is not used.
        """
        # Imported here: code generation is not needed to show a window.
        from studio.codegen import flat_calls

        self.forget()
        session = self._session
        project = edit(session.project)
        if project is session.project:
            return
        call = next((call for call in flat_calls(project, session.catalog) if call.id == call_id), None)
        if call is not None:
            self._request = session.try_call(project, call)

    def forget(self) -> None:
        """Wait for nothing."""
        self._request, self.text, self.is_bad = -1, "", False

    def take(self, request: int, answers: object) -> bool:
        """Note an answer of the engine; tells whether it is the one that was waited for."""
        if request != self._request:
            return False
        found: list[Answer] = list(answers.values() if isinstance(answers, dict) else answers)  # type: ignore[call-overload]
        if not found:
            return False
        answer = found[0]
        self.is_bad = bool(answer.problem)
        if answer.problem:
            self.text = answer.problem
        elif answer.outputs:
            self.text = "→ " + shape_text(answer.outputs[0][0])
        return True
