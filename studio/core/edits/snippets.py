"""Edits of code of the person's own."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import replace

from studio.catalog.values import Dictionary, KerasObject, Value, rebuilt, types_in
from studio.core.naming import TURNING, is_given_by_keras, names_in, to_snake_case, unused
from studio.core.project import Block, Graph, Node, OutputPlan, Project, Snippet
from studio.core.snippets.kinds import KINDS
from studio.core.snippets.reading import is_possible_name, read


def add_snippet(project: Project, kind: str, name: str, source: str) -> Project:
    """Add code under a free name like ``name``; its id is ``f"s{project.next_id}"``."""
    if not is_possible_name(name):
        return project
    source = without_turning(source)
    free = unused(name, {snippet.name for snippet in project.snippets.values()})
    if free != name:
        source = renamed_in(source, name, free)
    snippet = Snippet(f"s{project.next_id}", free, kind, source)
    return replace(project, snippets={**project.snippets, snippet.id: snippet}, next_id=project.next_id + 1)


def set_snippet_source(project: Project, snippet_id: str, source: str) -> Project:
    """Give a snippet another text. Where that calls its function or class otherwise, the snippet and all its uses are
    called so too."""
    snippet = project.snippets.get(snippet_id)
    source = without_turning(source)
    if snippet is None or source == snippet.source:
        return project
    changed = _with_snippet(project, replace(snippet, source=source))
    name = _new_name(project, snippet, source)
    return changed if name == snippet.name else _renamed(changed, changed.snippets[snippet_id], name)


def without_turning(source: str) -> str:
    """``source`` with characters that turn the direction of text written out (``\\u202e``), so that a reader sees them.

    In a text of the code that means the same.
    """
    return TURNING.sub(lambda found: f"\\u{ord(found[0]):04x}", source)


def rename_snippet(project: Project, snippet_id: str, name: str) -> Project:
    """Call a snippet otherwise, in its own code and wherever it is used."""
    snippet = project.snippets.get(snippet_id)
    if snippet is None or why_not_rename_snippet(project, snippet, name):
        return project
    changed = replace(snippet, source=renamed_in(snippet.source, snippet.name, name))
    return _renamed(_with_snippet(project, changed), changed, name)


def why_not_rename_snippet(project: Project, snippet: Snippet, name: str) -> str:
    """Why a snippet cannot have this name, as a sentence, or ""."""
    if not is_possible_name(name):
        return f"“{name[:60]}” is no name that Python takes for a function or a class."
    if any(each.name == name and each.id != snippet.id for each in project.snippets.values()):
        return f"There is other code called {name} already."
    return ""


def delete_snippet(project: Project, snippet_id: str) -> Project:
    """Take code away. What used it stays, as something that Keras does not know."""
    if snippet_id not in project.snippets:
        return project
    return replace(project, snippets={key: each for key, each in project.snippets.items() if key != snippet_id})


def renamed_in(source: str, old: str, new: str) -> str:
    """``source`` with the name ``old`` replaced wherever it stands as a name: not in texts, comments or attributes."""
    if read(source).fault is not None:
        return source
    lines = source.splitlines(keepends=True)
    found: list[tuple[int, int]] = []
    tokens = list(tokenize.generate_tokens(io.StringIO(source, newline="").readline))
    depth = 0
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
        is_keyword = depth > 0 and after is not None and after.string == "="
        is_attribute = before is not None and before.string == "."
        if token.type == tokenize.NAME and token.string == old and not is_keyword and not is_attribute:
            found.append(token.start)
    for row, column in reversed(found):
        line = lines[row - 1]
        lines[row - 1] = line[:column] + new + line[column + len(old) :]
    return "".join(lines)


def _new_name(project: Project, snippet: Snippet, source: str) -> str:
    """What a new text calls the function or class that the old one called by the name of the snippet."""
    now, before = read(source), read(snippet.source)
    kind = KINDS.get(snippet.kind)
    if now.fault is not None or kind is None or snippet.name in now.functions + now.classes:
        return snippet.name
    known = set(before.functions + before.classes)
    wanted = now.functions * kind.may_be_function + now.classes * kind.may_be_class
    fresh = [name for name in dict.fromkeys(wanted) if name not in known and not name.startswith("_")]
    if len(fresh) != 1 or why_not_rename_snippet(project, snippet, fresh[0]):
        return snippet.name
    return fresh[0]


def _with_snippet(project: Project, snippet: Snippet) -> Project:
    return replace(project, snippets={**project.snippets, snippet.id: snippet})


def _renamed(project: Project, snippet: Snippet, name: str) -> Project:
    """The project with the snippet and all its uses called ``name``; names of nodes that Keras gave follow."""
    old = snippet.name
    snippets = {
        key: replace(each, source=renamed_in(each.source, old, name))
        if each.id != snippet.id and old in read(each.source).free
        else each
        for key, each in project.snippets.items()
    }
    snippets[snippet.id] = replace(snippet, name=name)

    def of(value: Value) -> Value:
        return _value(value, old, name)

    def graph(drawn: Graph) -> Graph:
        nodes: dict[str, Node] = {}
        taken = set(names_in(drawn))
        for key, node in drawn.nodes.items():
            if node.type == old and snippet.kind == "layer":
                called = node.name
                if is_given_by_keras(called, old):
                    taken.discard(called)
                    called = unused(to_snake_case(name) or "node", taken)
                    taken.add(called)
                node = replace(node, type=name, name=called)
            nodes[key] = _params(node, of)
        is_same = all(nodes[key] is node for key, node in drawn.nodes.items())
        return drawn if is_same else replace(drawn, nodes=nodes)

    def block(each: Block) -> Block:
        parameters = tuple(replace(parameter, default=of(parameter.default)) for parameter in each.parameters)
        return replace(each, graph=graph(each.graph), parameters=parameters)

    def plan(own: OutputPlan) -> OutputPlan:
        loss = _object(own.loss, old, name) if own.loss is not None else None
        metrics = None if own.metrics is None else tuple(_object(each, old, name) for each in own.metrics)
        weighted = tuple(_object(each, old, name) for each in own.weighted_metrics)
        return replace(own, loss=loss, metrics=metrics, weighted_metrics=weighted)

    training = project.training
    training = replace(
        training,
        outputs={key: plan(own) for key, own in training.outputs.items()},
        optimizer=_object(training.optimizer, old, name),
        callbacks=tuple(_object(each, old, name) for each in training.callbacks),
    )
    return replace(
        project,
        snippets=snippets,
        main=graph(project.main),
        blocks={key: block(each) for key, each in project.blocks.items()},
        training=project.training if training == project.training else training,
    )


def _params(node: Node, of: Callable[[Value], Value]) -> Node:
    if not any(isinstance(value, KerasObject | tuple | Dictionary) for value in node.params.values()):
        return node
    params: Mapping[str, Value] = {key: of(value) for key, value in node.params.items()}
    return node if params == node.params else replace(node, params=params)


def _object(value: KerasObject, old: str, name: str) -> KerasObject:
    if old not in types_in(value):
        return value
    params = {key: _value(each, old, name) for key, each in value.params.items()}
    return KerasObject(name if value.type == old else value.type, params)


def _value(value: Value, old: str, name: str) -> Value:
    def called(each: Value) -> Value:
        return replace(each, type=name) if isinstance(each, KerasObject) and each.type == old else each

    return rebuilt(value, called)
