"""Losses, optimizers, metrics and callbacks of a training plan: Keras itself makes them, and says what it refuses."""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any, Final

from studio.engine import explanations
from studio.engine.expressions import ExpressionError, class_name, evaluate
from studio.engine.inference import Result, symbolic
from studio.engine.own_code import OwnCode, OwnCodeError

_MAKES_VARIABLES: Final = "create a variable while in a stateless scope"
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_LONGEST: Final = 240


class PlanObjects:
    """Makes objects and forgets them, but for what Keras said. Not to be used inside ``symbolic``."""

    def __init__(self, own: OwnCode) -> None:
        self._own = own
        self._memo: dict[tuple[str, tuple[str, ...]], Result] = {}

    def judge(self, expression: str, digests: tuple[str, ...] = ()) -> Result:
        """No problem where Keras makes the object. ``digests`` are those of the person's own code in it."""
        question = (expression, digests)
        if question not in self._memo:
            if len(self._memo) >= 1000:
                self._memo.clear()
            with self._own.running(digests):
                self._memo[question] = self._judged(expression, digests)
        return self._memo[question]

    def _judged(self, expression: str, digests: tuple[str, ...]) -> Result:
        try:
            names = self._own.names(digests)
            # A callback may make its folder at once: that becomes one which is gone in a moment.
            with _elsewhere() if expression.startswith("keras.callbacks.") else nullcontext():
                _make(expression, names)
        except ExpressionError as error:
            return Result(problem=str(error))
        except OwnCodeError as error:
            return Result(problem=str(error), details=error.details)
        except BaseException as error:  # Keras raises whatever it likes; a bad value is no dead engine
            if not isinstance(error, Exception) and not digests:
                raise
            if (told := self._own.explained(error, digests)) is not None:
                return Result(problem=str(told), details=told.details)
            text = explanations.plain_text(error)
            return Result(problem=_sentence(expression, text), details=f"{type(error).__name__}: {text}")
        return Result()


def _make(expression: str, names: Mapping[str, Any]) -> None:
    """A metric may hold a number for each pair of a million classes, so nothing is allocated where that can be."""
    try:
        with symbolic():
            evaluate(expression, names)
    except ValueError as error:
        if _MAKES_VARIABLES not in str(error):
            raise
        evaluate(expression, names)  # An optimizer makes two numbers at once, and insists on having them.


def _sentence(expression: str, text: str) -> str:
    first = _SENTENCE.split(text, maxsplit=1)[0].strip().replace("`", "")
    if len(first) > _LONGEST:
        first = f"{first[: _LONGEST - 1]}…"
    return f"Keras refuses {class_name(expression)}: {first}"


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, contextlib.chdir(folder):
        yield
