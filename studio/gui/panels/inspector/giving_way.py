"""Values that only Keras refuses give way, with the reason beside the field.

Which of them: those with which a layer cannot be made at all, whatever it takes (``Answer.is_refused``), such as an
even number of groups for odd filters. The step that set such a value is taken back as if it had never been, so that
undo never meets it. What is wrong only together with what arrives (a kernel larger than the picture, an axis that is
not there) stays and marks the node: the other end may be what is to be mended. So does what came otherwise than from
this form (a file, code, a paste), and layers that were refused already: the fault is elsewhere then.

Every life of what is changed counts: all nodes that share the layer, all uses of the block in which it stands, the
layers inside of a block whose use or whose default gets a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from studio.core import edits
from studio.core.project import MAIN, Project
from studio.core.uses import prefix_of
from studio.immutable import immutable
from studio.workbench.naming import call_names

if TYPE_CHECKING:
    from studio.gui.session import Session


@immutable
class Setting:
    """A value that a form changes: its name, and of which nodes of which graph; None where the block has it itself."""

    name: str
    graph: str
    nodes: frozenset[str] | None

    @property
    def merge_key(self) -> str:
        """The merge key of the steps that change it."""
        if self.nodes is None:
            return f"default/{self.graph}/{self.name}"
        return f"param/{self.graph}/{' '.join(sorted(self.nodes))}/{self.name}"

    def reaches(self, project: Project, call: str) -> bool:
        """Whether a call of the flat graph may be another one because of the value."""
        graph = MAIN
        for step in call.split("/"):
            if graph == self.graph and (self.nodes is None or step in self.nodes):
                return True
            node = project.graph(graph).nodes.get(step)
            if node is None or node.block is None or node.block not in project.blocks:
                return False
            graph = node.block
        return False


class GivingWay:
    """Watches the value that a form changed last."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._value: Setting | None = None
        self._is_waiting = False
        self._good: Project | None = None
        self._refused: frozenset[str] = frozenset()

    def begin(self, nodes: Sequence[str], name: str) -> str:
        """A parameter of these nodes of the open graph is about to be changed; gives the merge key of the step."""
        sharing = [each.id for node in nodes for each in edits.sharing(self._session.graph, node)]
        return self._begin(Setting(name, self._session.graph_key, frozenset(sharing)))

    def begin_default(self, block: str, name: str) -> str:
        """The default of a block's parameter is about to be changed; gives the merge key of the step."""
        return self._begin(Setting(name, block, None))

    def hear(self, tell: Callable[[str, str], None]) -> None:
        """Keras has answered: where it refuses the value, ``tell`` its name and why, and take the change back."""
        session, value = self._session, self._value
        if value is None or not self._is_waiting or session.is_judging:
            return
        reason = next(self._reasons(value), "")
        past = session.document.history.past
        if not reason or not past or past[-1].after is not session.project or past[-1].merge_key != value.merge_key:
            return
        self._is_waiting = False
        tell(value.name, reason)
        session.document.retract()

    def _begin(self, value: Setting) -> str:
        past = self._session.document.history.past
        goes_on = value == self._value and bool(past) and past[-1].merge_key == value.merge_key
        if not (goes_on and self._is_waiting) and not (value == self._value and self._good is self._session.project):
            # The answers are those to the last good value; when it has just come back, Keras was not asked again yet.
            self._good = self._session.project
            self._refused = frozenset(key for key, answer in self._session.answers.items() if answer.is_refused)
        self._value, self._is_waiting = value, True
        return value.merge_key

    def _reasons(self, value: Setting) -> Iterator[str]:
        session = self._session
        here = prefix_of(session.use)
        for key, answer in session.answers.items():
            if answer.is_refused and key not in self._refused and value.reaches(session.project, key):
                is_here = value.nodes is not None and key.removeprefix(here) in value.nodes
                name = call_names(session.project).get(key, key)
                yield answer.problem if is_here else f"{name}: {answer.problem}"
