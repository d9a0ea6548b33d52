"""What is wrong with the drawing itself: names, edges, ports, circles, ends that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from studio.catalog.old_names import instead_of
from studio.catalog.spec import Port
from studio.core.learning import learns
from studio.core.naming import is_valid_name, may_share_name
from studio.core.ports import Catalog, is_operation, ports_of
from studio.core.problem import Problem
from studio.core.project import BLOCK, INPUT, MAIN, OUTPUT, Edge, Graph, Node, Project
from studio.core.rules.blocks import blocks_inside, why_not_time_distributed
from studio.core.topology import adjacency, cycles, id_key


def structure_problems(project: Project, graph: str) -> Iterator[Problem]:
    """Problems of one graph as a whole: its names, ends, circles and lost edges."""
    drawn = project.graph(graph)
    yield from _names(drawn, is_main=graph == MAIN)
    yield from _ends(project, drawn, graph)
    yield from _circles(drawn)
    if len(adjacency(drawn)) != len(drawn.edges):
        for edge in drawn.edges.values():
            if edge.source.node not in drawn.nodes or edge.target.node not in drawn.nodes:
                left = next((end for end in (edge.source.node, edge.target.node) if end in drawn.nodes), None)
                message = "An edge has lost the layer at one of its ends; cut it."
                yield Problem("lost_edge", message, node=left, edge=edge.id)


def is_alone(catalog: Catalog, node: Node) -> bool:
    """Whether the problems of a node follow from itself, its edges and the names of the nodes that it takes."""
    return node.shares is None and node.block is None and node.type != BLOCK and catalog.layer(node.type) is not None


def node_problems(project: Project, catalog: Catalog, node: Node, graph: str) -> Iterator[Problem]:
    """Problems of one node and its edges that the drawing alone tells."""
    drawn = project.graph(graph)
    around = adjacency(drawn)
    inputs, outputs = ports_of(project, catalog, node)
    into, out_of = around.incoming.get(node.id, ()), around.outgoing.get(node.id, ())
    if not inputs and not outputs:
        problem = _unknown(project, catalog, node)
        if problem is not None:
            yield problem
            return
    if not inputs and is_operation(node):
        message = f"{node.name} has numbers only; empty one of them and draw an edge to it."
        yield Problem("no_tensor", message, node=node.id)
    if node.type == INPUT:
        if not out_of:
            message = f"{node.name} feeds nothing; connect it to a layer or delete it."
            yield Problem("unused_input", message, "warning", node=node.id)
    elif node.type != OUTPUT and not out_of:
        message = f"{node.name} leads nowhere, so it would not be part of the model; add an Output after it."
        yield Problem("dead_end", message, "warning", node=node.id)
    if len(inputs) == 1 and len(into) == 1 and into[0].target.port == inputs[0].name and not inputs[0].takes_many:
        pass  # By far the most frequent case: one port, one edge, nothing to say.
    else:
        yield from _inputs(drawn, node, inputs, into)
    if out_of and (len(outputs) != 1 or any(edge.source.port != outputs[0].name for edge in out_of)):
        known = {port.name for port in outputs}
        yield from (_missing_port(node, edge, edge.source.port, "output") for edge in out_of
                    if edge.source.port not in known)  # fmt: skip
    if node.shares is not None:
        yield from _shares(project, drawn, node)
    if node.is_time_distributed:
        yield from _steps(project, node)
    if (
        node.block is not None
        and graph != MAIN
        and (node.block == graph or graph in blocks_inside(project, node.block))
    ):
        message = f"{node.name} uses the block in which it stands; a block cannot be made of itself."
        yield Problem("block_recursion", message, node=node.id)


def _unknown(project: Project, catalog: Catalog, node: Node) -> Problem | None:
    if node.type == BLOCK:
        if node.block in project.blocks:
            message = f"The block of {node.name} has no Input and no Output; open it and add them."
            return Problem("empty_block", message, node=node.id)
        return Problem(
            "unknown_block", f"The block that {node.name} uses is missing; delete {node.name}.", node=node.id
        )
    if catalog.layer(node.type) is None and is_operation(node):
        message = f"{node.name} is {node.type}, an operation that this Keras does not have; use another one."
        return Problem("unknown_type", message, node=node.id)
    if catalog.layer(node.type) is None:
        if any(snippet.name == node.type for snippet in project.snippets.values()):
            return None  # the code of this layer has a mistake, which is told by itself
        message = f"{node.name} is a {node.type}, a layer that this Keras does not have; choose another type."
        if advice := instead_of(node.type):
            message = f"{node.name} is a {node.type}, a layer that this Keras does not have. {advice}"
        return Problem("unknown_type", message, node=node.id)
    return None


def _names(drawn: Graph, *, is_main: bool) -> Iterator[Problem]:
    names = {node.name for node in drawn.nodes.values()}
    if len(names) == len(drawn.nodes) and all(map(is_valid_name, names)):
        return
    first: dict[str, list[Node]] = {}
    for node in drawn.nodes.values():
        others = first.setdefault(node.name, [])
        is_taken = any(not (is_main and may_share_name(node, each)) for each in others)
        others.append(node)
        if is_taken:
            message = f"Two layers are called {node.name}; give one of them another name."
            yield Problem("duplicate_name", message, node=node.id, parameter="name")
        elif not is_valid_name(node.name):
            message = f"“{node.name}” cannot be the name of a layer; use letters, digits and underscores."
            yield Problem("bad_name", message, node=node.id, parameter="name")


def _ends(project: Project, drawn: Graph, graph: str) -> Iterator[Problem]:
    where = "the drawing" if graph == MAIN else f"the block {project.blocks[graph].name}"
    types = {node.type for node in drawn.nodes.values()}
    if INPUT not in types:
        message = f"There is no Input in {where}; add one, so that it can take data."
        yield Problem("no_input", message, "error" if graph == MAIN else "warning")
    if OUTPUT not in types:
        message = f"There is no Output in {where}; add one after the last layer."
        yield Problem("no_output", message, "error" if graph == MAIN else "warning")


def _circles(drawn: Graph) -> Iterator[Problem]:
    for circle in cycles(drawn):
        nodes = sorted(circle, key=id_key)
        names = [drawn.nodes[node].name for node in nodes]
        listed = ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]
        message = f"The edges of {listed} go in a circle, so none of them could start; cut one of the edges."
        yield Problem("cycle", message, node=nodes[0])


def _inputs(drawn: Graph, node: Node, inputs: tuple[Port, ...], into: tuple[Edge, ...]) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for edge in into:
        counts[edge.target.port] = counts.get(edge.target.port, 0) + 1
    for port in inputs:
        count = counts.pop(port.name, 0)
        if count == 0 and not port.is_optional:
            what = "needs an input" if len(inputs) == 1 else f"needs something at its input {port.name}"
            instead = " or give it a number" if is_operation(node) and port.name in ("x1", "x2", "y") else ""
            message = f"{node.name} {what}; draw an edge to it{instead}."
            yield Problem("unconnected", message, node=node.id, parameter=port.name)
        elif port.takes_many and 0 < count < port.fewest:
            message = f"{node.name} needs {port.fewest} layers at its input and has {count}; connect another one."
            yield Problem("unconnected", message, node=node.id, parameter=port.name)
        elif port.takes_many and port.most is not None and count > port.most:
            message = f"{node.name} takes {port.most} layers but has {count}; cut the others."
            yield Problem("crowded_port", message, node=node.id)
        elif count == 1 and port.takes_many and not port.is_optional and not is_operation(node):
            source = drawn.nodes[next(edge for edge in into if edge.target.port == port.name).source.node]
            message = f"{node.name} merges only {source.name}, which changes nothing; connect a second layer to it."
            yield Problem("single_merge", message, "warning", node=node.id)
        elif count > 1 and not port.takes_many:
            message = f"{node.name} takes one edge at {port.name} but has {count}; cut the others."
            yield Problem("crowded_port", message, node=node.id)
    for edge in into:
        if edge.target.port in counts:
            yield _missing_port(node, edge, edge.target.port, "input")


def _missing_port(node: Node, edge: Edge, port: str, what: str) -> Problem:
    message = f"{node.name} has no {what} called {port} (any more); cut the edge or draw it to another port."
    return Problem("missing_port", message, node=node.id, edge=edge.id)


def _shares(project: Project, drawn: Graph, node: Node) -> Iterator[Problem]:
    origin = drawn.nodes.get(node.shares or "")
    if origin is None or origin.shares is not None:
        message = f"The layer that {node.name} shares is missing; give {node.name} weights of its own."
        yield Problem("lost_share", message, node=node.id)
    elif origin.type != node.type or origin.block != node.block:
        what = "another block" if node.type == BLOCK else f"a {origin.type}"
        message = f"{node.name} shares the layer of {origin.name}, which is {what}; give it weights of its own."
        yield Problem("lost_share", message, node=node.id)
    elif node.type == BLOCK and (inner := _learning_inside(project, node.block or "")):
        message = (
            f"{inner} learns from the data before training, which a block that is used twice with the same weights"
            f" cannot; put {inner} before {origin.name}, or give {node.name} weights of its own."
        )
        yield Problem("shared_learning", message, node=node.id)


def _steps(project: Project, node: Node) -> Iterator[Problem]:
    """Why a use of a block cannot be applied to every time step."""
    if why := why_not_time_distributed(project, node):
        yield Problem("time_distributed", why, node=node.id)
    elif project.training.starts_from is not None:
        return  # What such layers measured stands in the file, among the weights.
    elif node.type == BLOCK and (inner := _learning_inside(project, node.block or "")):
        message = (
            f"{inner} learns from the data before training, which a block that is applied to every time step cannot;"
            f" put {inner} before {node.name}."
        )
        yield Problem("shared_learning", message, node=node.id)


def _learning_inside(project: Project, block: str) -> str:
    """The name of a layer in a block, at whatever depth, that measures the training data; "" where there is none."""
    for key in (block, *sorted(blocks_inside(project, block))):
        graph = project.blocks[key].graph if key in project.blocks else Graph()
        for node in graph.nodes.values():
            if not node.is_bypassed and learns(node.type, node.params):
                return node.name
    return ""
