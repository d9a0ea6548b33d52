"""In which order nodes are written: straight runs stay together, so that a branch reads as one paragraph.

A chain is a run of nodes of which each takes the one tensor that the node before it gives, and nobody else takes that.
Chains are ordered as a person would write them: all that leads to the first tensor of a merge, then all that leads to
the second, so that branches stand in the order in which they are merged and what is inside of one stands together. Ends
are taken by the id of their first node. So moving a node on the canvas never changes the code.

A layer that is called several times gets its weights from the first call, so that one is the same in the code as for
the engine: the first in the order of the graph. All others wait for it. Where straight runs would then wait for each
other they are cut.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from studio.codegen.wiring import Tensor, Wired, order_of
from studio.core.project import INPUT, OUTPUT, Edge, Graph
from studio.core.remember import Remembered
from studio.core.topology import id_key
from studio.immutable import immutable


@immutable
class Chain:
    """Node ids of a run, in order, and the numbers of the chains (in writing order) whose tensors it takes."""

    nodes: tuple[str, ...]
    needs: tuple[int, ...]


@immutable
class Order:
    """All chains in writing order. ``users`` are the nodes that take a tensor; ``stuck`` wait for themselves."""

    chains: tuple[Chain, ...]
    users: Mapping[Tensor, tuple[str, ...]]
    stuck: tuple[str, ...]

    def leading_to(self, keys: Collection[str]) -> set[int]:
        """The numbers of the chains in which these nodes are, and of all from which their tensors come."""
        wanted = set(keys)
        needed: set[int] = set()
        for number in range(len(self.chains) - 1, -1, -1):
            chain = self.chains[number]
            if number in needed or not wanted.isdisjoint(chain.nodes):
                needed.add(number)
                needed.update(chain.needs)
        return needed


_orders: Remembered[Mapping[str, Edge], list[tuple[Mapping[str, Wired], Order]]] = Remembered(64)


def arrange(graph: Graph, wired: Mapping[str, Wired]) -> Order:
    """The writing order of these nodes; an Input is a chain by itself, Outputs are left out.

    It is remembered by the edges and kept as long as only names and parameters change.
    """
    memory = _orders.get(graph.edges, lambda _: [])
    if not memory or not _is_same_drawing(memory[0][0], wired):
        memory[:] = [(wired, _arrange(graph, wired))]
    return memory[0][1]


def _is_same_drawing(one: Mapping[str, Wired], other: Mapping[str, Wired]) -> bool:
    return one.keys() == other.keys() and all(
        was is each
        or (was.node.type, was.node.shares, was.inputs, was.outputs)
        == (each.node.type, each.node.shares, each.inputs, each.outputs)
        for was, each in zip(one.values(), map(other.__getitem__, one), strict=True)
    )


def _arrange(graph: Graph, wired: Mapping[str, Wired]) -> Order:
    builders = _builders(graph, wired)
    found = _arranged(wired, builders, frozenset())
    return _arranged(wired, builders, builders.keys()) if builders and found.stuck else found


def _builders(graph: Graph, wired: Mapping[str, Wired]) -> dict[str, str]:
    """For each further call of a layer the one that is first in the order of the graph."""
    found: dict[str, str] = {}
    if any(each.node.shares is not None for each in wired.values()):
        firsts: dict[str, str] = {}
        for key in [key for key in order_of(graph) if key in wired]:
            first = firsts.setdefault(_origin(wired, wired[key]), key)
            if first != key:
                found[key] = first
    return found


def _origin(wired: Mapping[str, Wired], each: Wired) -> str:
    """The node whose layer a node calls; one that is not written stands for those that share it."""
    origin, seen = each.node.id, {each.node.id}
    shares = each.node.shares
    while shares is not None and shares not in seen:
        origin = shares
        seen.add(shares)
        shares = wired[shares].node.shares if shares in wired else None
    return origin


def _arranged(wired: Mapping[str, Wired], builders: Mapping[str, str], begin: Collection[str]) -> Order:
    """``builders`` names for some nodes another one that must be written before; nodes of ``begin`` begin a run."""
    users: dict[Tensor, tuple[str, ...]] = {}
    for key, each in wired.items():
        for tensor in each.tensors:
            others = users.get(tensor)
            users[tensor] = (key,) if others is None else (*others, key)
    follows: dict[str, str] = {}
    for (source, _), found in users.items():
        key = found[0]
        if len(found) > 1 or len(wired[key].tensors) != 1 or wired[key].node.type == OUTPUT or key in begin:
            continue
        before = wired[source]
        if len(before.outputs) == 1 and before.node.type != INPUT:
            follows[source] = key
    runs, run_of, stuck = _runs(wired, follows)
    needs: dict[str, list[str | None]] = {}  # A source that is in no run is one that waits for itself.
    for head in runs:
        tensors = wired[head].tensors
        if len(tensors) == 1:
            needs[head] = [run_of.get(tensors[0][0])]
        else:
            needs[head] = [*dict.fromkeys([run_of.get(source) for source, _ in tensors])]
        if builders:
            first = [run_of.get(builders[key]) for key in runs[head] if key in builders]
            needs[head] = [*dict.fromkeys([*[each for each in first if each != head], *needs[head]])]
    chains: list[Chain] = []
    places: dict[str, int] = {}
    for head in _in_writing_order(wired, needs):
        places[head] = len(chains)
        taken = [places[run_of[source]] for source, _ in wired[head].tensors]
        chains.append(Chain(tuple(runs[head]), tuple(taken if len(taken) < 2 else dict.fromkeys(taken))))
    stuck += [key for head, run in runs.items() if head not in places for key in run]
    return Order(tuple(chains), users, tuple(stuck))


def _in_writing_order(wired: Mapping[str, Wired], needs: Mapping[str, list[str | None]]) -> list[str]:
    """The first nodes of the runs that can be written: Inputs, then for each end what leads to it, and itself."""
    found = _led_to(wired, needs, needs)
    return found if found is not None else _led_to(wired, needs, _sound(needs)) or []


def _led_to(
    wired: Mapping[str, Wired], needs: Mapping[str, list[str | None]], heads: Collection[str]
) -> list[str] | None:
    """These runs in the order in which they are written, None where one of them waits for itself."""
    inner = {need for head in heads for need in needs[head]}
    inputs = [head for head in heads if wired[head].node.type == INPUT]
    ends = [head for head in heads if head not in inner and wired[head].node.type != INPUT]
    if None in inner:
        return None
    found = dict.fromkeys(sorted(inputs, key=id_key))
    entered: set[str] = set()
    for end in sorted(ends, key=id_key):
        stack: list[tuple[str, bool]] = [(end, False)]
        while stack:
            head, is_ready = stack.pop()
            if is_ready:
                found[head] = None
            elif head not in found:
                if head in entered:
                    return None
                entered.add(head)
                stack.append((head, True))
                stack += [(need, False) for need in reversed(needs[head]) if need is not None and need not in found]
    return list(found) if len(found) == len(heads) else None


def _sound(needs: Mapping[str, list[str | None]]) -> list[str]:
    """The runs that do not wait for themselves, nor for one that does."""
    waiting = {head: len(sources) for head, sources in needs.items()}
    needed_by: dict[str, list[str]] = {}
    for head, sources in needs.items():
        for source in sources:
            if source is not None:
                needed_by.setdefault(source, []).append(head)
    found = [head for head, number in waiting.items() if not number]
    for head in found:  # It grows.
        for after in needed_by.get(head, ()):
            waiting[after] -= 1
            if waiting[after] == 0:
                found.append(after)
    return found


def _runs(
    wired: Mapping[str, Wired], follows: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, str], list[str]]:
    """The runs by their first node, the run of each node, and the nodes that only follow each other in a ring."""
    followers = set(follows.values())
    runs: dict[str, list[str]] = {}
    run_of: dict[str, str] = {}
    outputs = 0
    for key, each in wired.items():
        if key in followers:
            continue
        if each.node.type == OUTPUT:
            outputs += 1
            continue
        run = runs[key] = [key]
        run_of[key] = key
        after = follows.get(key)
        while after is not None:
            run.append(after)
            run_of[after] = key
            after = follows.get(after)
    if len(run_of) + outputs == len(wired):
        return runs, run_of, []
    stuck = [key for key, each in wired.items() if each.node.type != OUTPUT and key not in run_of]
    return runs, run_of, stuck
