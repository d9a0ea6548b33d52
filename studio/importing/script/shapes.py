"""The shapes of tensors in a script: those of Inputs stand there, all others only Keras can tell.

A question is about what lies between a tensor and those whose shapes are known: Inputs stand in for these. What code of
the script's own gives nobody can tell before it runs; Keras is asked twice then, with other sizes each time, and a size
that comes out the same depends on none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from studio.catalog.spec import Port
from studio.core.project import INPUT, Graph, Node, Project
from studio.importing.errors import ModelFileError
from studio.importing.report import Findings
from studio.importing.script.drawing import Drawer
from studio.importing.script.routines import NoBlock
from studio.importing.script.run import Run, Shape
from studio.importing.script.things import Call, MadeLayer, Network, Tensor, Thing, Unclear
from studio.importing.script.ways import leading_to

Guess = tuple[Shape, Shape]
"""A shape if code of the script's own gives one thing, and if it gives another."""

_ANY_SIZE = 8


def shape_of(run: Run, tensor: Tensor) -> tuple[Thing, ...] | None:
    """The shape of a tensor with its rows, None for each size that is open; None where nobody can tell.

    A size that only running the script would tell is Unclear. NoBlock inside a function that is being read as a block:
    the shape differs from use to use.
    """
    if run.trial is not None:
        raise NoBlock
    guess = _guess(run, tensor)
    if guess is None or guess[0] is guess[1]:
        return guess[0] if guess is not None else None
    if len(guess[0]) != len(guess[1]):
        return None
    reason = "This size depends on code of the script's own, and is known only when it runs."
    unclear = Unclear(run.line, reason, is_fault=True)
    sizes = [one if one == other and one is not None else unclear for one, other in zip(*guess, strict=True)]
    return (None, *sizes[1:])


def _guess(run: Run, tensor: Tensor) -> Guess | None:
    call = tensor.call
    if call.kind == "input":
        sizes = call.params.get("shape", ())
        if isinstance(sizes, tuple) and all(size is None or isinstance(size, int) for size in sizes):
            rows = call.params.get("batch_size")
            shape = (rows if isinstance(rows, int) else None, *cast(Shape, sizes))
            return shape, shape
    known = run.known_shapes.get((id(call), tensor.index))
    if known is None and run.shapes is not None:
        found = _worked_out(run, tensor)
        known = run.known_shapes[id(call), tensor.index] = (call, found)
    return known[1] if known is not None else None


def _worked_out(run: Run, tensor: Tensor) -> Guess | None:
    told: dict[int, tuple[Call, Guess]] = {}
    guessed: dict[int, tuple[Call, Guess]] = {}
    seen: set[int] = set()
    waiting = [tensor.call]
    while waiting:
        call = waiting.pop()
        if id(call) in seen or call.kind == "input":
            continue
        seen.add(id(call))
        _, known = run.known_shapes.get((id(call), 0), (call, None))
        if _is_own(run, call):
            guess = _of_own(run, call)
            if guess is None:
                return None
            guessed[id(call)] = (call, guess)
        elif known is not None and len(call.outputs) == 1:
            (told if known[0] is known[1] else guessed)[id(call)] = (call, known)
        else:
            waiting += [each.call for _, each in call.takes]
    one = _asked(run, tensor, {**told, **guessed}, 0)
    if one is None and told:
        one, told = _asked(run, tensor, guessed, 0), {}  # Its numbers may have another dtype than that of an Input.
    if one is None or not guessed:
        return (one, one) if one is not None else None
    other = _asked(run, tensor, {**told, **guessed}, 1)
    return (one, other) if other is not None else None


def _of_own(run: Run, call: Call) -> Guess | None:
    """What code of the script's own may give: as many axes as it takes, and any size in the last."""
    before = _guess(run, call.takes[0][1]) if call.takes and len(call.outputs) == 1 else None
    if before is None or len(before[0]) < 2:
        return None
    last = before[0][-1] or _ANY_SIZE
    open_sizes = (None,) * (len(before[0]) - 1)
    return (*open_sizes, last), (*open_sizes, 2 * last)


def _is_own(run: Run, call: Call) -> bool:
    """Whether code of the script's own decides what a call gives."""
    if call.network is not None:
        return _has_own(run, call.network)
    if call.layer is not None:
        return _is_own_layer(run, call.layer)
    if call.block is not None:
        if call.block.has_own is None:
            call.block.has_own = any(_is_own(run, each) for each in call.block.made if isinstance(each, Call))
        return call.block.has_own
    return False


def _is_own_layer(run: Run, layer: MadeLayer) -> bool:
    spec = run.catalog.layer(layer.type)
    return (
        spec is None
        or spec.is_own
        or (layer.type == "Lambda" and not isinstance(layer.params.get("output_shape"), tuple))
    )


def _has_own(run: Run, network: Network) -> bool:
    for each in network.stack or ():
        if (
            _has_own(run, each)
            if isinstance(each, Network)
            else isinstance(each, MadeLayer)
            and (_is_own_layer(run, each) if each.applied is None else _has_own(run, each.applied))
        ):
            return True
    waiting, seen = [tensor.call for _, tensor in network.outputs], set[int]()
    while waiting:
        call = waiting.pop()
        if id(call) not in seen and call.kind != "input":
            seen.add(id(call))
            if _is_own(run, call):
                return True
            waiting += [tensor.call for _, tensor in call.takes]
    return False


def _asked(run: Run, tensor: Tensor, known: Mapping[int, tuple[Call, Guess]], which: int) -> Shape | None:
    """What Keras says with Inputs in the place of ``known`` calls."""
    if id(tensor.call) in known:
        return known[id(tensor.call)][1][which]
    before = [(call, call.kind, call.params, call.takes, call.name, call.outputs) for call, _ in known.values()]
    try:
        for call, guess in known.values():
            rows, *sizes = guess[which]
            call.kind, call.takes, call.name, call.outputs = "input", [], None, (Port("output"),)
            call.params = {"shape": tuple(sizes), **({"batch_size": rows} if rows is not None else {})}
        return run.ask(_leading_to(run, tensor))
    finally:
        for call, kind, params, takes, name, outputs in before:
            call.kind, call.params, call.takes, call.name, call.outputs = kind, params, takes, name, outputs


def _leading_to(run: Run, tensor: Tensor) -> Project:
    """A drawing of all that leads to a tensor, and of nothing else that the script has made so far."""
    calls = leading_to(tensor)
    begins = [("", Tensor(call)) for call in calls if call.kind == "input"]
    network = Network(tensor.call.line, None, tuple(begins), (("", tensor),))
    before = [(each, each.inputs, each.outputs) for each in run.networks if each.stack is not None]
    drawer = Drawer(replace(run, made=[*calls]), Findings())
    try:
        graph, _ = drawer.draw(network)
    except RecursionError:
        raise ModelFileError("The models of the script are nested too deeply.") from None
    finally:
        for each, inputs, outputs in before:  # a Sequential may get further layers
            each.inputs, each.outputs = inputs, outputs
    return Project(main=_with_told_shapes(graph), blocks=drawer.blocks, next_id=drawer.next_id)


def _with_told_shapes(graph: Graph) -> Graph:
    """The same with an Input for each Lambda that tells the shape of its output: Keras takes its word, and its function
    is code that nobody runs."""
    nodes = dict(graph.nodes)
    for key, node in graph.nodes.items():
        sizes = node.params.get("output_shape")
        if node.type == "Lambda" and isinstance(sizes, tuple):
            nodes[key] = Node(key, INPUT, node.name, {"shape": sizes}, x=node.x, y=node.y)
    if nodes == graph.nodes:
        return graph
    edges = {key: edge for key, edge in graph.edges.items() if nodes[edge.target.node].type != INPUT}
    return replace(graph, nodes=nodes, edges=edges)
