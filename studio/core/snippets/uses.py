"""Where snippets are used: a name of a snippet stands as the type of a node or of an object inside a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from studio.catalog.values import types_in
from studio.core.project import MAIN, Node, Project, Snippet
from studio.core.remember import Remembered
from studio.core.snippets.reading import read
from studio.immutable import immutable


@immutable
class Use:
    """One place where a snippet is used: a node of a graph, or the training plan where ``node`` is None.

    A loss or metric is used by its Output.
    """

    name: str
    graph: str
    node: str | None


_of_node: Remembered[Node, frozenset[str]] = Remembered(50_000)


def _types_of(node: Node) -> frozenset[str]:
    found = {node.type}
    for value in node.params.values():
        found.update(types_in(value))
    return frozenset(found)


def named(project: Project) -> dict[str, Snippet]:
    """The snippets by name; of two with one name the first."""
    found: dict[str, Snippet] = {}
    for snippet in project.snippets.values():
        found.setdefault(snippet.name, snippet)
    return found


def uses(project: Project) -> tuple[Use, ...]:
    """All uses of snippets in the drawing and in the plan; a snippet that another one takes is not among them."""
    if not project.snippets:
        return ()
    return tuple(_uses(project, named(project)))


def _uses(project: Project, names: Mapping[str, Snippet]) -> Iterator[Use]:
    for key, graph in project.graphs().items():
        for node in graph.nodes.values():
            for name in sorted(_of_node.get(node, _types_of) & names.keys()):
                yield Use(name, key, node.id)
    for block in project.blocks.values():
        for parameter in block.parameters:
            for name in types_in(parameter.default):
                if name in names:
                    yield Use(name, block.id, None)
    plan = project.training
    for output, own in plan.outputs.items():
        for value in (own.loss, *own.every_metric):
            for name in types_in(value):
                if name in names and output in project.main.nodes:
                    yield Use(name, MAIN, output)
    for value in (plan.optimizer, *plan.callbacks):
        for name in types_in(value):
            if name in names:
                yield Use(name, MAIN, None)


def needed(project: Project, wanted: Iterable[str]) -> tuple[Snippet, ...]:
    """The snippets of these names and those that they take, each after what it takes (as far as there is no circle)."""
    names = named(project)
    definers: dict[str, Snippet] = {}
    for snippet in names.values():
        for name, _ in read(snippet.source).bound:
            definers.setdefault(name, snippet)
    definers |= names
    found: dict[str, Snippet] = {}
    seen: set[str] = set()

    def visit(snippet: Snippet, depth: int) -> None:
        if snippet.id in seen or depth > 200:  # each visit is a new snippet; a stranger's file may chain thousands
            return
        seen.add(snippet.id)
        for name in sorted(read(snippet.source).free):
            if name in definers:
                visit(definers[name], depth + 1)
        found[snippet.id] = snippet

    for name in wanted:
        if name in names:
            visit(names[name], 0)
    return tuple(found.values())


def used_snippets(project: Project) -> tuple[Snippet, ...]:
    """The snippets that the drawing and the plan need, in the order in which they have to stand."""
    return needed(project, dict.fromkeys(use.name for use in uses(project)))
