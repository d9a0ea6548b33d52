"""One-click repairs of problems: each is an ordinary edit with a label that says what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from studio.catalog.values import KerasObject
from studio.core import edits
from studio.core.bindings import resolve
from studio.core.edits import Edit
from studio.core.edits.rebuild import with_graph
from studio.core.naming import names_in, unused
from studio.core.plan import resolved, suited_to, task_of
from studio.core.ports import Catalog, input_port, output_port, ports_of
from studio.core.problem import Problem
from studio.core.project import INPUT, MAIN, OUTPUT, Edge, Graph, OutputPlan, PortRef, Project
from studio.core.rules.training import BINARY, WATCHERS
from studio.core.rules.width import wanted_width
from studio.core.tail import tail
from studio.core.topology import cycles, edges_from, edges_into, order

GAP_PX = 96.0
"""From the top of a node to the top of one that a fix puts below it: a card and some air."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair: ``label`` stands on the button, ``edit`` does it in one step."""

    label: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class _Case:
    project: Project
    catalog: Catalog
    problem: Problem
    key: str
    graph: Graph

    @property
    def id(self) -> str:
        return self.problem.node or ""

    @property
    def name(self) -> str:
        return self.graph.nodes[self.id].name if self.id in self.graph.nodes else ""


def fixes(project: Project, catalog: Catalog, problem: Problem) -> tuple[Fix, ...]:
    """What a click can do about ``problem``, best first. Only edits that change something are offered."""
    graphs = project.graphs()
    key = next((key for key, graph in graphs.items() if problem.node in graph.nodes), MAIN)
    case = _Case(project, catalog, problem, key, graphs[key])
    make = _FIXES.get(problem.code)
    found = tuple(make(case)) if make is not None else ()
    return tuple(fix for fix in found if fix.edit(project) is not project)


def _delete(case: _Case) -> Iterator[Fix]:
    key, node = case.key, case.id
    yield Fix(f"Delete {case.name}", lambda project: edits.delete(project, case.catalog, [node], graph=key))


def _add_output(case: _Case) -> Iterator[Fix]:
    yield Fix(f"Add an Output after {case.name}", lambda project: _with_output(project, case, case.id))
    yield from _delete(case)


def _add_last_output(case: _Case) -> Iterator[Fix]:
    ends = [node for node in order(case.graph) if not edges_from(case.graph, node)
            and ports_of(case.project, case.catalog, case.graph.nodes[node])[1]]  # fmt: skip
    if ends:
        name = case.graph.nodes[ends[-1]].name
        yield Fix(f"Add an Output after {name}", lambda project: _with_output(project, case, ends[-1]))
    else:
        yield Fix("Add an Output", lambda project: edits.add_node(project, OUTPUT, graph=case.key))


def _with_output(project: Project, case: _Case, node: str) -> Project:
    above = project.graph(case.key).nodes.get(node)
    if above is None:
        return project
    outputs = ports_of(project, case.catalog, above)[1]
    if not outputs:
        return project
    is_down = project.direction == "down"
    x, y = (above.x, above.y + GAP_PX) if is_down else (above.x + 2 * GAP_PX, above.y)
    target = PortRef(f"n{project.next_id}", "inputs")
    project = edits.add_node(project, OUTPUT, x=x, y=y, graph=case.key)
    return edits.connect(project, case.catalog, PortRef(node, outputs[0].name), target, graph=case.key)


def _add_input(case: _Case) -> Iterator[Fix]:
    yield Fix("Add an Input", lambda project: edits.add_node(project, INPUT, graph=case.key))


def _cut(case: _Case) -> Iterator[Fix]:
    if case.problem.edge:
        edge = case.problem.edge
        yield Fix("Cut the edge", lambda project: edits.disconnect(project, [edge], graph=case.key))


def _cut_surplus(case: _Case) -> Iterator[Fix]:
    at_port: dict[str, list[Edge]] = {}
    for edge in edges_into(case.graph, case.id):
        at_port.setdefault(edge.target.port, []).append(edge)
    surplus: list[str] = []
    for found in at_port.values():
        port = input_port(case.project, case.catalog, case.graph, found[0].target)
        most = port.most if port is not None and port.takes_many else 1
        if most is not None:
            surplus += [edge.id for edge in found[most:]]
    yield Fix("Cut the others", lambda project: edits.disconnect(project, surplus, graph=case.key))


def _cut_circle(case: _Case) -> Iterator[Fix]:
    circle = next((circle for circle in cycles(case.graph) if case.id in circle), frozenset[str]())
    inside = [edge for edge in case.graph.edges.values() if {edge.source.node, edge.target.node} <= circle]
    if inside:
        edge = inside[-1]
        names = case.graph.nodes[edge.source.node].name, case.graph.nodes[edge.target.node].name
        label = f"Cut the edge from {names[0]} to {names[1]}"
        yield Fix(label, lambda project: edits.disconnect(project, [edge.id], graph=case.key))


def _rename(case: _Case) -> Iterator[Fix]:
    taken = names_in(case.graph)
    wanted = "".join(letter if letter.isalnum() else "_" for letter in case.name.strip()).strip("_")[:60] or "layer"
    name = unused(wanted if wanted != case.name else f"{wanted}_1", taken) if wanted in taken else wanted
    yield Fix(f"Rename to {name}", lambda project: edits.rename(project, case.id, name, graph=case.key))


def _unshare(case: _Case) -> Iterator[Fix]:
    def unshare(project: Project) -> Project:
        graph = project.graph(case.key)
        nodes = {**graph.nodes, case.id: replace(graph.nodes[case.id], shares=None)}
        return with_graph(project, case.key, nodes=nodes)

    yield Fix(f"Give {case.name} weights of its own", unshare)


def _reset(case: _Case) -> Iterator[Fix]:
    parameter = case.problem.parameter
    node = case.graph.nodes.get(case.id)
    if parameter is None or node is None:
        return
    initial = case.catalog.initial_params(node.type) if case.catalog.layer(node.type) is not None else {}
    if parameter in initial:
        value = initial[parameter]
        label = f"Set {parameter} to {value}"
        yield Fix(label, lambda project: edits.set_param(project, case.id, parameter, value, graph=case.key))
    else:
        label = f"Take out {parameter}"
        yield Fix(label, lambda project: edits.reset_param(project, case.id, parameter, graph=case.key))


def _set(parameter: str, value: int | float | str | None, label: str) -> Callable[[_Case], Iterator[Fix]]:
    def make(case: _Case) -> Iterator[Fix]:
        yield Fix(
            label.format(name=case.name),
            lambda project: edits.set_param(
                project, case.id, parameter, value, catalog=case.catalog, graph=case.key
            ),
        )  # fmt: skip

    return make


def _no_activation(case: _Case) -> Iterator[Fix]:
    node = case.graph.nodes.get(case.id)
    if node is not None and node.type == "Activation":
        yield from _delete(case)
    elif node is not None:
        label = f"Let {case.name} have no activation"
        yield Fix(label, lambda project: edits.reset_param(project, case.id, "activation", graph=case.key))


def _data_shape(case: _Case) -> Iterator[Fix]:
    binding = resolve(case.project).get(case.id)
    if binding is not None and binding.data_shape is not None:
        shape = binding.data_shape
        yield Fix("Use the shape of the data", lambda project: edits.reset_param(project, case.id, "shape"))
        yield Fix(f"Set the shape to {shape}", lambda project: edits.set_param(project, case.id, "shape", shape))


def _choose_again(case: _Case) -> Iterator[Fix]:
    yield Fix(f"Let the program choose for {case.name}", lambda project: edits.bind(project, case.id, None))


def _set_width(case: _Case) -> Iterator[Fix]:
    project = case.project
    bindings = resolve(project)
    for output in (node for node in project.main.nodes.values() if node.type == OUTPUT):
        end, binding = tail(project, output.id), bindings.get(output.id)
        if end.layer == case.id and end.is_editable and binding is not None:
            wanted = wanted_width(binding, task_of(binding, end))
            if wanted is not None:
                yield Fix(f"Set units to {wanted}", lambda project: edits.set_param(project, case.id, "units", wanted))
                return


def _suited_loss(case: _Case) -> Iterator[Fix]:
    suited = suited_to(case.project, case.id, resolve(case.project).get(case.id))
    yield Fix(f"Use {suited.loss.type}", lambda project: _plan(project, case.id, loss=None, metrics=None))


def _suited_metrics(case: _Case) -> Iterator[Fix]:
    suited = suited_to(case.project, case.id, resolve(case.project).get(case.id))
    label = f"Use {', '.join(metric.type for metric in suited.metrics)}"
    yield Fix(label, lambda project: _plan(project, case.id, metrics=None))


def _add_probabilities(case: _Case) -> Iterator[Fix]:
    loss = resolved(case.project)[case.id].loss
    end = tail(case.project, case.id)
    if loss is None:
        return
    activation = "sigmoid" if loss.type in BINARY else "softmax"
    maker = case.project.main.nodes.get(end.maker or "")
    if maker is not None and maker.type in ("Dense", "Activation"):
        label = f"Give {maker.name} the activation {activation}"
        yield Fix(label, lambda project: edits.set_param(project, maker.id, "activation", activation))
    with_scores = KerasObject(loss.type, {**loss.params, "from_logits": True})
    yield Fix("Tell the loss: from_logits=True", lambda project: _plan(project, case.id, loss=with_scores))


def _take_probabilities(case: _Case) -> Iterator[Fix]:
    loss = resolved(case.project)[case.id].loss
    if loss is not None:
        params = {name: value for name, value in loss.params.items() if name != "from_logits"}
        plain = KerasObject(loss.type, params)
        yield Fix("Tell the loss: from_logits=False", lambda project: _plan(project, case.id, loss=plain))


def _plan(project: Project, output: str, **changes: object) -> Project:
    plan = project.training.outputs.get(output, OutputPlan())
    return edits.set_output_plan(project, output, replace(plan, **changes))  # type: ignore[arg-type]


def _keep_validation(case: _Case) -> Iterator[Fix]:
    split = replace(case.project.data.split, validation=0.2)
    if case.project.data.split.validation == 0:
        yield Fix("Keep 20 % for validation", lambda project: edits.set_split(project, split))

    def watch_loss(project: Project) -> Project:
        callbacks = tuple(
            KerasObject(found.type, {**found.params, "monitor": "loss"}) if found.type in WATCHERS else found
            for found in project.training.callbacks
        )
        return edits.set_training(project, replace(project.training, callbacks=callbacks))

    yield Fix("Watch loss", watch_loss)


def _default_split(case: _Case) -> Iterator[Fix]:
    split = replace(case.project.data.split, validation=0.2, test=0.0)
    yield Fix("Keep 20 % for validation", lambda project: edits.set_split(project, split))


def _batch_of_32(case: _Case) -> Iterator[Fix]:
    plan = replace(case.project.training, batch_size=32)
    yield Fix("Batches of 32", lambda project: edits.set_training(project, plan))


def _flatten(case: _Case) -> Iterator[Fix]:
    edges = edges_into(case.graph, case.id)
    if edges and output_port(case.project, case.catalog, case.graph, edges[0].source) is not None:
        yield Fix("Insert Flatten", lambda project: insert_new(project, case.catalog, "Flatten", edges[0].id, case.key))


def insert_new(project: Project, catalog: Catalog, type: str, edge_id: str, graph: str = MAIN) -> Project:
    """Put a new layer of this type on an edge, half way between its ends."""
    drawn = project.graph(graph)
    edge = drawn.edges.get(edge_id)
    if edge is None:
        return project
    one, other = drawn.nodes[edge.source.node], drawn.nodes[edge.target.node]
    node = f"n{project.next_id}"
    bigger = edits.add_node(
        project,
        type,
        x=(one.x + other.x) / 2,
        y=(one.y + other.y) / 2,
        params=catalog.initial_params(type),
        graph=graph,
    )
    inserted = edits.insert_on_edge(bigger, catalog, node, edge_id, graph=graph)
    return project if inserted is bigger else inserted


_FIXES: dict[str, Callable[[_Case], Iterator[Fix]]] = {
    "after_softmax": _delete,
    "bad_name": _rename,
    "batch_in_shape": _data_shape,
    "batch_of_one": _batch_of_32,
    "batch_size": _batch_of_32,
    "block_recursion": _delete,
    "crowded_port": _cut_surplus,
    "cycle": _cut_circle,
    "dead_end": _add_output,
    "drops_all": _set("rate", 0.5, "Set the rate of {name} to 0.5"),
    "duplicate_name": _rename,
    "input_shape": _data_shape,
    "lost_share": _unshare,
    "loss": _suited_loss,
    "metric": _suited_metrics,
    "missing_column": _choose_again,
    "missing_parameter": _reset,
    "missing_port": _cut,
    "monitor": _keep_validation,
    "no_activation": _set("activation", "relu", "Give {name} relu"),
    "no_input": _add_input,
    "no_output": _add_last_output,
    "not_flat": _flatten,
    "parameter": _reset,
    "range": _no_activation,
    "raw_scores": _add_probabilities,
    "scores_twice": _take_probabilities,
    "single_merge": _delete,
    "softmax_of_one": _set("activation", "sigmoid", "Give {name} sigmoid"),
    "softmax_twice": _no_activation,
    "split": _default_split,
    "unknown_block": _delete,
    "unknown_parameter": _reset,
    "unused_input": _delete,
    "width": _set_width,
}
