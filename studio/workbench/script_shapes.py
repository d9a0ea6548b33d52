"""What shapes the tensors of a script have, asked of Keras in an engine: ``x.shape[-1]`` in a script needs a number."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType

from studio.catalog import Catalog
from studio.core.project import OUTPUT, Project
from studio.layout.arrangement import Question, never
from studio.workbench.asking import infer
from studio.workbench.engine_client import Engine, EngineEnded
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
