"""``check``: shapes, parameters and problems of every node, as Keras sees them."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from studio.catalog.spec import TIME_DISTRIBUTED
from studio.cli import consenting
from studio.cli.errors import CannotAsk
from studio.cli.opening import catalog_of, complain, load
from studio.core.problem import Problem
from studio.core.project import BLOCK, MAIN, OUTPUT, Node, Project
from studio.immutable import immutable
from studio.protocol import Answer
from studio.workbench.asking import infer_anew
from studio.workbench.engine_client import Engine, EngineEnded
from studio.workbench.inference import InferenceState
from studio.workbench.naming import call_names
from studio.workbench.own_code import Gate
from studio.workbench.problems import all_problems


@immutable
class Report:
    """What is known of one file. ``error`` is why nothing is, or ""."""

    file: str
    nodes: dict[str, dict[str, Any]]
    total: int
    trainable: int
    problems: tuple[Problem, ...]
    names: dict[str, str]
    error: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing stands against training it."""
        return not self.error and all(problem.severity != "error" for problem in self.problems)

    def as_json(self) -> str:
        """One line of JSON, as design.md section 9 has it."""
        problems = [
            {
                "code": problem.code,
                "severity": problem.severity,
                "message": problem.message,
                "node": self.names.get(problem.node or ""),
            }
            for problem in self.problems
        ]
        if self.error:
            problems.append({"code": "file", "severity": "error", "message": self.error, "node": None})
        return json.dumps(
            {
                "file": self.file,
                "nodes": self.nodes,
                "total_parameters": self.total,
                "trainable_parameters": self.trainable,
                "problems": problems,
            },
            ensure_ascii=False,
        )


class Inspector:
    """Checks one project after another with one engine, which starts with the first of them."""

    def __init__(self, stack: ExitStack, options: Namespace) -> None:
        self._stack = stack
        self._options = options
        self._engine: Engine | None = None
        self._consent = consenting.consent_of(options)
        self._inference = InferenceState(Gate(self._consent))

    def report(self, file: str) -> Report:
        """What there is to say about a file; why it cannot be opened is part of that."""
        path = Path(file)
        try:
            project = load(path)
        except CannotAsk as error:
            return Report(file, {}, 0, 0, (), {}, str(error))
        consenting.ask(project, file, self._consent, self._options)
        self._engine = infer_anew(self._start, self._inference, project, catalog_of(project), self._engine)
        answers = self._inference.answers
        return Report(
            file=file,
            nodes=_nodes(project, answers),
            total=self._inference.total_parameters(project),
            trainable=self._inference.trainable_parameters(project),
            problems=all_problems(project, catalog_of(project), self._inference, path.resolve().parent),
            names=call_names(project),
        )

    def _start(self) -> Engine:
        return self._stack.enter_context(Engine("checker"))


def do(options: Namespace) -> int:
    """Check the files in one go; a bad one does not stop the others."""
    reports: list[Report] = []
    with ExitStack() as stack:
        inspector = Inspector(stack, options)
        for file in options.files:
            try:
                report = inspector.report(file)
            except EngineEnded as error:
                raise CannotAsk(str(error)) from None
            print(report.as_json() if options.json else "\n".join(_lines(report)), flush=True)
            if report.error:
                complain(report.error)
            reports.append(report)
    if any(report.error for report in reports):
        return 2
    return 0 if all(report.is_fine for report in reports) else 1


def _nodes(project: Project, answers: Any) -> dict[str, dict[str, Any]]:
    names = call_names(project)
    found: dict[str, dict[str, Any]] = {}
    for call_id, name in names.items():
        node = _node(project, call_id)
        if node.type == BLOCK:
            inner = [answer for other, answer in answers.items() if other.startswith(f"{call_id}/")]
            parameters = sum(answer.parameters for answer in inner)
            outputs = _block_outputs(project, node, call_id, answers)
            if node.is_time_distributed:
                outputs = answers.get(call_id, Answer()).outputs
        else:
            answer = answers.get(call_id, Answer())
            parameters, outputs = answer.parameters, answer.outputs
        found[_told(project, node, name)] = {
            "type": TIME_DISTRIBUTED if node.is_time_distributed else node.type,
            "outputs": [{"shape": list(shape), "dtype": dtype} for shape, dtype in outputs],
            "parameters": parameters,
        }
    return found


def _told(project: Project, node: Node, name: str) -> str:
    """The name of a call in the table; an Output may be called as a layer is."""
    is_layer_too = node.type == OUTPUT and any(
        each.name == name and each.type != OUTPUT for each in project.main.nodes.values()
    )
    return f"{name} (Output)" if is_layer_too else name


def _node(project: Project, call_id: str) -> Node:
    key = MAIN
    *uses, last = call_id.split("/")
    for use in uses:
        key = project.graph(key).nodes[use].block or MAIN
    return project.graph(key).nodes[last]


def _block_outputs(project: Project, use: Node, call_id: str, answers: Any) -> list[Any]:
    outputs = []
    for inner in project.graph(use.block or MAIN).nodes.values():
        if inner.type == OUTPUT:
            outputs += answers.get(f"{call_id}/{inner.id}", Answer()).outputs
    return outputs


def _lines(report: Report) -> Iterable[str]:
    if report.error:
        yield f"{report.file}: not checked"
        return
    yield f"{report.file}: {report.total:,} parameters ({report.trainable:,} trainable)"
    name_width = max((len(name) for name in report.nodes), default=0)
    type_width = max((len(node["type"]) for node in report.nodes.values()), default=0)
    for name, node in report.nodes.items():
        shapes = ", ".join(_shape(output["shape"], output["dtype"]) for output in node["outputs"]) or "?"
        count = f"{node['parameters']:,}" if node["parameters"] else ""
        yield f"  {name:<{name_width}}  {node['type']:<{type_width}}  {shapes:<20}  {count:>12}".rstrip()
    for problem in report.problems:
        yield f"  {problem.severity}: {problem.message}"


def _shape(sizes: list[int | None], dtype: str) -> str:
    one = "one text" if dtype == "string" else "one number"
    return " × ".join("?" if size is None else str(size) for size in sizes[1:]) or one
