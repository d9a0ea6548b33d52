"""What is wrong with the parameters of a node, as far as the catalog can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.catalog.values import ParameterRef, Value, references_in
from studio.core.ports import Catalog
from studio.core.problem import Problem, Severity
from studio.core.project import BLOCK, MAIN, Node, Project
from studio.core.remember import Remembered
from studio.immutable import immutable


@immutable
class _Finding:
    """A problem without the node it belongs to; ``sentence`` goes on after "NAME: "."""

    code: str
    sentence: str
    parameter: str
    severity: Severity = "error"


@immutable
class _Facts:
    """What one mapping of parameters tells for one type; ``references`` are the block parameters it names."""

    findings: tuple[_Finding, ...] = ()
    references: tuple[tuple[str, str], ...] = ()


_of_catalog: Remembered[Catalog, Remembered[Mapping[str, Value], dict[str, _Facts]]] = Remembered(4)


def parameter_problems(project: Project, catalog: Catalog, node: Node, graph: str) -> Iterator[Problem]:
    """Problems of the node's own values. Remembered by the identity of its parameters: quick for unchanged nodes."""
    if node.is_bypassed:
        return
    if node.type == BLOCK:
        yield from _block_values(project, node)
        return
    by_type = _of_catalog.get(catalog, lambda _: Remembered(20_000)).get(node.params, lambda _: {})
    facts = by_type.get(node.type)
    if facts is None:
        facts = by_type[node.type] = _facts(catalog, node.type, node.params)
    for found in facts.findings:
        yield Problem(found.code, f"{node.name}: {found.sentence}", found.severity, node.id, parameter=found.parameter)
    if facts.references:
        known = () if graph == MAIN else {parameter.name for parameter in project.blocks[graph].parameters}
        for parameter, name in facts.references:
            if name not in known:
                message = f"{node.name}: {parameter} asks for the block's parameter {name}, which does not exist."
                yield Problem("unknown_reference", message, node=node.id, parameter=parameter)


def _facts(catalog: Catalog, type: str, params: Mapping[str, Value]) -> _Facts:
    spec = catalog.layer(type)
    if spec is None:
        return _Facts()
    findings: list[_Finding] = []
    references: list[tuple[str, str]] = []
    for name, value in params.items():
        parameter = spec.parameter(name)
        if parameter is None:
            sentence = f"{type} has no parameter {name}; take it out."
            findings.append(_Finding("unknown_parameter", sentence, name))
        elif (inner := tuple(references_in(value))) or isinstance(value, ParameterRef):
            references += [(name, found) for found in inner]
        else:
            complaint = catalog.why_not_value(parameter, value)
            if complaint is not None:
                findings.append(_Finding("parameter", complaint, name))
            elif name == "rate" and isinstance(value, float | int) and value == 1 and "Dropout" in type:
                sentence = "a rate of 1 drops everything; 0.5 means half."
                findings.append(_Finding("drops_all", sentence, name, "warning"))
    for parameter in spec.parameters:
        if parameter.is_required and parameter.name not in params:
            sentence = f"{parameter.name} has no value yet; give it one."
            findings.append(_Finding("missing_parameter", sentence, parameter.name))
    return _Facts(tuple(findings), tuple(references))


def _block_values(project: Project, node: Node) -> Iterator[Problem]:
    block = project.blocks.get(node.block or "")
    if block is None:
        return
    known = {parameter.name for parameter in block.parameters}
    for name in node.params:
        if name not in known:
            message = f"{node.name}: the block {block.name} has no parameter {name}; take it out."
            yield Problem("unknown_parameter", message, node=node.id, parameter=name)
