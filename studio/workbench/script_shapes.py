"""What shapes the tensors of a script have, asked of Keras in an engine: ``x.shape[-1]`` in a script needs a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from studio.catalog import Catalog
from studio.catalog.spec import is_backbone
from studio.core.project import MAIN, OUTPUT, Project
from studio.layout.arrangement import Question, never
from studio.protocol import messages
from studio.workbench.asking import ask, infer
from studio.workbench.engine_client import Engine, EngineEnded
from studio.workbench.expanding import question
from studio.workbench.inference import InferenceState


class ScriptShapes:
    """Answers from ``with`` to its end. The engine is started at the first question, which takes some seconds.

    ``layout.Cancelled`` is raised where ``cancelled`` says yes. ``tell`` hears how many questions there were.
    """

    def __init__(
        self, catalog: Catalog, cancelled: Question = never, tell: Callable[[int], None] = lambda questions: None
    ) -> None:
        self._catalog = catalog
        self._cancelled = cancelled
        self._tell = tell
        self._questions = 0
        self._stack = ExitStack()
        self._engine: Engine | None = None
        self._inference = InferenceState()
        self._is_gone = False
        self._insides: dict[tuple[str, str, str], Mapping[str, Any] | None] = {}

    def __enter__(self) -> ScriptShapes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def of(self, project: Project) -> tuple[int | None, ...] | None:
        """The shape that arrives at the one Output of a drawing; None where Keras cannot say."""
        if self._is_gone:
            return None
        try:
            return self._asked(project)
        except EngineEnded:
            self._is_gone = True
            return None

    def inside(self, project: Project) -> Mapping[str, Any] | None:
        """The config of the ready-made network that follows the one Input of a drawing; None where Keras has none."""
        node = next(node for node in project.main.nodes.values() if is_backbone(node.type))
        key = (node.type, repr(node.params), repr(next(iter(project.main.nodes.values())).params))
        if key not in self._insides:
            self._insides[key] = self._looked(project, node.id) if self.of(project) is not None else None
        return self._insides[key]

    def _looked(self, project: Project, node_id: str) -> Mapping[str, Any] | None:
        asked = question(project, self._catalog, node_id, MAIN, self._inference.answers)
        if isinstance(asked, str) or self._engine is None:
            return None
        try:
            answer = ask(self._engine, messages.Expand(self._questions, *asked), messages.Expanded, self._cancelled)
        except EngineEnded:
            self._is_gone = True
            return None
        return answer.config if not answer.problem else None

    def _asked(self, project: Project) -> tuple[int | None, ...] | None:
        if self._engine is None:
            self._engine = self._stack.enter_context(Engine("checker"))
            self._inference.reset()
        self._questions += 1
        self._tell(self._questions)
        if not infer(self._engine, self._inference, project, self._catalog, self._cancelled):
            self._is_gone = True
            return None
        end = next(node for node in project.main.nodes.values() if node.type == OUTPUT)
        answers = self._inference.answers
        found = answers.get(end.id)
        return found.outputs[0][0] if found is not None and found.outputs else None
