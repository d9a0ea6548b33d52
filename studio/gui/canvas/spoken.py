"""What is said about a node to people who hear it, as one sentence in their language."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import QCoreApplication

from studio.core.problem import Problem
from studio.core.project import Node
from studio.gui.canvas.numbers import count_text


def shape_words(shape: str) -> str:
    """A shape as it is read aloud: "any by 28 by 28"."""
    sizes = shape.strip("()").rstrip(",").replace("None", QCoreApplication.translate("Spoken", "any"))
    return sizes.replace(", ", QCoreApplication.translate("Spoken", " by "))


def marks_of(node: Node) -> tuple[str, ...]:
    """What the marks on a node's picture mean."""
    marks = (
        (QCoreApplication.translate("Spoken", "on every time step"), node.is_time_distributed),
        (QCoreApplication.translate("Spoken", "bypassed"), node.is_bypassed),
        (QCoreApplication.translate("Spoken", "shared"), node.shares is not None),
        (QCoreApplication.translate("Spoken", "folded"), node.is_folded),
        (QCoreApplication.translate("Spoken", "bookmarked"), node.is_marked),
    )
    return tuple(word for word, is_on in marks if is_on)


def sentence(
    kind: str,
    *,
    marks: Iterable[str] = (),
    shape: str = "",
    parameters: int | None = None,
    sources: Collection[str] = (),
    waits_for: str = "",
    problems: Iterable[Problem] = (),
) -> str:
    """Everything but the name: "Dense relu, output any by 10, 310 parameters, from x, error: ..."."""
    severities = {
        "error": QCoreApplication.translate("Spoken", "error"),
        "warning": QCoreApplication.translate("Spoken", "warning"),
        "hint": QCoreApplication.translate("Spoken", "hint"),
    }
    parts = [kind.replace(" · ", " "), *marks]
    parts.append(QCoreApplication.translate("Spoken", "output {0}").format(shape_words(shape)) if shape else "")
    parts.append(
        QCoreApplication.translate("Spoken", "{0} parameters").format(count_text(parameters)) if parameters else ""
    )
    parts.append(
        QCoreApplication.translate("Spoken", "from {0}").format(
            QCoreApplication.translate("Spoken", " and ").join(sources)
        )
        if sources
        else ""
    )
    parts.append(QCoreApplication.translate("Spoken", "waits for {0}").format(waits_for) if waits_for else "")
    parts += [f"{severities.get(problem.severity, problem.severity)}: {problem.message}" for problem in problems]
    return ", ".join(part for part in parts if part)
