"""Code of the person's own in the exported file: as it was written, above its first use.

This is the one text of a project that becomes code as it stands. It does so only where ``core.snippets`` finds no fault
in it, so it is whole Python that cannot reach beyond its own lines; all else is written as a comment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from studio.codegen.ir import Function
from studio.codegen.literals import literal, plain_line
from studio.codegen.style import Style
from studio.core.naming import variable
from studio.core.ports import Catalog
from studio.core.problem import Problem
from studio.core.project import MAIN, OUTPUT, Project, Snippet
from studio.core.snippets import AT_HAND, SCRIPT_NAMES, Fault, Use, faults, needed, read, uses
from studio.core.snippets.reading import is_possible_name
from studio.immutable import immutable


@immutable
class OwnCode:
    """What a project's snippets add to its file.

    ``network`` stands above the functions that build the model, ``training`` above those that compile and train it.
    ``names`` have a meaning then, so nothing else may be called so. ``at_hand`` are modules that it takes by the short
    names that everybody knows (``np``, ``ops``).
    """

    network: tuple[Function, ...] = ()
    training: tuple[Function, ...] = ()
    names: frozenset[str] = frozenset()
    at_hand: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()

    def imports(self, style: Style) -> tuple[str, ...]:
        """The lines that bring what is at hand and no file has anyway."""
        found = []
        if "layers" in self.at_hand and style.layers != "layers":
            found.append("from keras import layers")
        if "ops" in self.at_hand:
            found.append("from tensorflow.keras import ops" if style.is_tensorflow else "from keras import ops")
        if "tf" in self.at_hand:
            found.append("import tensorflow as tf")
        if "pd" in self.at_hand:
            found.append("import pandas as pd")
        if "L" in self.at_hand and style.layers != "L":
            found.append("import keras.layers as L")
        return tuple(found)

    @property
    def standard(self) -> tuple[str, ...]:
        """The same, of Python's own library."""
        return ("from pathlib import Path",) if "Path" in self.at_hand else ()


def own_code(project: Project, catalog: Catalog, counts: Callable[[Use], bool] = lambda use: True) -> OwnCode:
    """The snippets that the drawing and the plan need, in those of their uses that count."""
    if not project.snippets:
        return OwnCode()
    used = tuple(use for use in uses(project) if counts(use))
    bad = dict(faults(project, catalog))
    inside = [use.name for use in used if _is_network(project, use.graph, use.node)]
    first = needed(project, dict.fromkeys(inside))
    second = tuple(each for each in needed(project, dict.fromkeys(use.name for use in used)) if each not in first)
    parameters = {variable(parameter.name) for block in project.blocks.values() for parameter in block.parameters}
    for snippet in (*first, *second):
        clash = next((name for name, _ in read(snippet.source).bound if name in parameters), None)
        if clash is not None and snippet.id not in bad:
            bad[snippet.id] = Fault(1, f"a block has a parameter called {clash} too; rename one of them.")
    nodes: dict[str, list[str]] = {}
    for use in used:
        for snippet in needed(project, [use.name]):
            if use.node is not None and use.node not in nodes.setdefault(snippet.id, []):
                nodes[snippet.id].append(use.node)
    good = [snippet for snippet in (*first, *second) if snippet.id not in bad]
    readings = [read(snippet.source) for snippet in good]
    names = frozenset(name for reading in readings for name, _ in reading.bound)
    free = frozenset().union(*[reading.free for reading in readings])

    def written(group: Sequence[Snippet]) -> tuple[Function, ...]:
        return tuple(_function(snippet, bad, nodes.get(snippet.id, ())) for snippet in group)

    problems = [
        Problem("left_out", f"{each.name} is left out of the code: line {bad[each.id].line}: {bad[each.id].sentence}",
                node=next(iter(nodes.get(each.id, ())), None))
        for each in (*first, *second) if each.id in bad
    ]  # fmt: skip
    return OwnCode(
        written(first), written(second), names | {each.name for each in (*first, *second)},
        free & (AT_HAND.keys() - names), tuple(problems),
    )  # fmt: skip


def without(own: OwnCode, taken: Iterable[str]) -> OwnCode:
    """``own`` where functions of the file have names that a snippet has too: the snippet gives way, with a problem."""
    clash = own.names & frozenset(taken)
    if not clash:
        return own
    problems: list[Problem] = []

    def kept(functions: tuple[Function, ...]) -> tuple[Function, ...]:
        found = []
        for function in functions:
            bound = {name for name, _ in read(function.text).bound}
            if bound & clash:
                name = min(bound & clash)
                message = f"{function.name} is left out of the code: the file has a function {name} itself; rename it."
                problems.append(Problem("left_out", message, node=next(iter(function.nodes), None)))
            else:
                found.append(function)
        return tuple(found)

    network, training = kept(own.network), kept(own.training)
    return OwnCode(network, training, own.names, own.at_hand, (*own.problems, *problems))


def _is_network(project: Project, graph: str, node: str | None) -> bool:
    if node is None:
        return graph != MAIN
    return project.graph(graph).nodes[node].type != OUTPUT


def _function(snippet: Snippet, bad: Mapping[str, Fault], nodes: Sequence[str]) -> Function:
    fault = bad.get(snippet.id)
    text = clean(snippet.source) if fault is None else _left_out(snippet, fault)
    return Function(snippet.name, text=text, nodes=tuple(nodes), snippet=snippet.id)


def clean(source: str) -> str:
    """``source`` with plain line ends, without empty lines at both ends. The lines are those of the person."""
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _left_out(snippet: Snippet, fault: Fault) -> str:
    """The text as a comment, and a stand-in that says why it cannot be called."""
    said = plain_line(f"{snippet.name}, line {fault.line}: {fault.sentence}")
    lines = [f"# Left out, because it has a mistake. {said}"]
    lines += [f"# {plain_line(line)}".rstrip() for line in clean(snippet.source).splitlines()[:200]]
    if is_possible_name(snippet.name) and snippet.name not in SCRIPT_NAMES | AT_HAND.keys():
        lines += [
            f"def {snippet.name}(*arguments, **keywords):",
            f"    raise NotImplementedError({literal(said)})",
        ]
    return "\n".join(lines)
