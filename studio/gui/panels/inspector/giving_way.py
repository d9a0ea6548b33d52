"""Values that only Keras refuses give way, with the reason beside the field.

Which of them: those with which the layer cannot be made at all, whatever it takes (``Answer.is_refused``), such as an
even number of groups for odd filters. The step that set such a value is taken back as if it had never been, so that
undo never meets it. What is wrong only together with what arrives (a kernel larger than the picture, an axis that is
not there) stays and marks the node: the other end may be what is to be mended. So does what came otherwise than from
this form (a file, code, a paste), and what was set while the layer was refused already: the fault is elsewhere then.

A parameter of a block's use gives way where a layer inside cannot be made with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.core.project import BLOCK
from studio.core.uses import prefix_of
from studio.gui.panels.inspector import facts
from studio.workbench.naming import call_names

if TYPE_CHECKING:
    from studio.gui.panels.inspector.form import ParameterForm
    from studio.gui.session import Session


class GivingWay:
    """Watches the parameter that a form changed last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._nodes: tuple[str, ...] = ()
        self._name = ""

    def key(self, nodes: Sequence[str], name: str) -> str:
        """The merge key of the steps that change this parameter of these nodes."""
        return f"param/{' '.join(nodes)}/{name}"

    def begin(self, nodes: Sequence[str], name: str) -> None:
        """A parameter is about to be changed."""
        past = self._session.document.history.past
        if past and self._name == name and past[-1].merge_key == self.key(nodes, name) and self._nodes == tuple(nodes):
            return  # It goes on being typed.
        was_refused = any(self._reason(node) for node in nodes)
        self._nodes, self._name = tuple(nodes), "" if was_refused else name

    def hear(self, form: ParameterForm | None) -> None:
        """Keras has answered: take the change back if it refuses it."""
        session = self._session
        if not self._name or session.is_judging:
            return
        reason = next(filter(None, map(self._reason, self._nodes)), "")
        if not reason:
            return
        name, self._name = self._name, ""
        past = session.document.history.past
        if not past or past[-1].after is not session.project or past[-1].merge_key != self.key(self._nodes, name):
            return
        row = form.row(name) if form is not None else None
        if row is not None:
            row.refuse(reason)
        session.document.retract()

    def _reason(self, node: str) -> str:
        session = self._session
        answer = facts.answer_of(session, node)
        if answer is not None and answer.is_refused:
            return answer.problem
        drawn = session.graph.nodes.get(node)
        if drawn is None or drawn.type != BLOCK:
            return ""
        inside = f"{prefix_of(session.use)}{node}/"
        for key, inner in session.answers.items():
            if inner.is_refused and key.startswith(inside):
                return f"{call_names(session.project).get(key, key)}: {inner.problem}"
        return ""
