"""What is said about a node to people who hear it, as one sentence. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from studio.core.problem import Problem
from studio.core.project import Node
from studio.gui.canvas.numbers import count_text


def shape_words(shape: str) -> str:
    """A shape as it is read aloud: "any by 28 by 28"."""
    return shape.strip("()").rstrip(",").replace("None", "any").replace(", ", " by ")


def marks_of(node: Node) -> tuple[str, ...]:
    """What the marks on a node's picture mean."""
    marks = (
        ("bypassed", node.is_bypassed),
        ("shared", node.shares is not None),
        ("folded", node.is_folded),
        ("bookmarked", node.is_marked),
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
    parts = [kind.replace(" · ", " "), *marks]
    parts.append(f"output {shape_words(shape)}" if shape else "")
    parts.append(f"{count_text(parameters)} parameters" if parameters else "")
    parts.append(f"from {' and '.join(sources)}" if sources else "")
    parts.append(f"waits for {waits_for}" if waits_for else "")
    parts += [f"{problem.severity}: {problem.message}" for problem in problems]
    return ", ".join(part for part in parts if part)
