"""Which variable holds which tensor: ``x`` along the trunk, names of their own in branches.

Two chains are branches when one runs while the result of the other is still needed and neither leads to the other.
Everything else is trunk and reuses ``x``. Branches that nobody named are ``branch_1`` and so on, those of a branch
``branch_1a``; a name is used again once nothing needs it. Where two branches of one tensor are added, the short one is
the ``shortcut`` and the other one goes on in ``x``.

Where the trunk goes on while its result is needed again later (a residual connection), that result is kept under a name
of its own, ``skip`` unless the person named the node. The tensor that an Output takes has the Output's name, an Input
its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from studio.catalog.spec import TIME_DISTRIBUTED
from studio.codegen.branch_names import BranchNames
from studio.codegen.chains import Chain, Order
from studio.codegen.expressions import TRUNK
from studio.codegen.names import BRANCH_STEM, Names
from studio.codegen.wiring import Tensor, Wired
from studio.core.naming import is_given_by_keras, to_snake_case, variable
from studio.core.ports import is_layer, is_operation
from studio.core.project import BLOCK, INPUT, OUTPUT, Node
from studio.core.remember import Remembered
from studio.immutable import immutable

BRANCH = f"{BRANCH_STEM}1"
"""The variable of the first branch in which no node has a name of its own."""


SHORTCUT = "shortcut"
"""The variable of the short one of two branches that are added."""

_OURS = re.compile(rf"{TRUNK}|{SHORTCUT}|skip|merged|pool|{BRANCH_STEM}.*")
"""Variables that the program itself chooses: called so, a node is as good as unnamed, since nobody could tell."""
_OF_ENDS = re.compile(r"outputs?(_\d+)?")

_USE_WEIGHT = 4
"""Layers for which a use of a block counts where it is asked which branch is the short one."""

_MERGES = frozenset({"Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply"})


@immutable
class Variables:
    """``of`` tells the variable of every tensor; ``branches`` the chains (by number) that are branches."""

    of: Mapping[Tensor, str]
    branches: frozenset[int]


@immutable
class _Assigned:
    """The last choice for an order: it depends on the names of the nodes, and on those that were taken before."""

    has_own: bool
    names: Mapping[str, str]
    blocks: Mapping[str, str]
    before: frozenset[str]
    after: frozenset[str]
    variables: Variables


_NO_BLOCKS: Mapping[str, str] = {}

_assigned: Remembered[Order, list[_Assigned]] = Remembered(64)


def assign(
    wired: Mapping[str, Wired],
    order: Order,
    names: Names,
    has_own: bool = False,
    blocks: Mapping[str, str] = _NO_BLOCKS,
    is_block: bool = False,
) -> Variables:
    """Choose the variables for one function; ``has_own`` gives each node one of its own name.

    ``blocks`` are the names of the blocks by id: a use that is called as its block has no name of its own. Remembered
    by the order, which tells types and edges.
    """
    memory = _assigned.get(order, lambda _: [])
    wired = _as_written(wired, order)
    own = {key: each.node.name for key, each in wired.items()}
    before = names.taken()
    last = memory[0] if memory else None
    if last is None or (last.has_own, last.names, last.blocks, last.before) != (has_own, own, blocks, before):
        made = _assign_own(wired, order, names) if has_own else _assign(wired, order, names, blocks, is_block)
        last = _Assigned(has_own, own, blocks, before, names.taken(), made)
        memory[:] = [last]
    names.take_all(last.after)
    return last.variables


def _as_written(wired: Mapping[str, Wired], order: Order) -> Mapping[str, Wired]:
    """The same with each shared layer in the use that is written first, whichever node the drawing has it in.

    The code makes the layer there and tells its name: who reads the code takes that use for the one that has it.
    """
    if not any(each.node.shares is not None for each in wired.values()):
        return wired
    found = dict(wired)
    first: dict[str, str] = {}
    for key in itertools.chain.from_iterable([chain.nodes for chain in order.chains]):
        node = wired[key].node
        owner = wired.get(node.shares or key)
        if owner is None:
            continue
        has_layer = first.setdefault(owner.node.id, key)
        if has_layer == owner.node.id:
            continue
        is_first = has_layer == key
        name = owner.node.name if is_first else node.name if node.shares else to_snake_case(node.type)
        found[key] = replace(wired[key], node=replace(node, name=name, shares=None if is_first else has_layer))
    return found


_latest: dict[tuple[str, bool], Variables] = {}
_MOST_GRAPHS = 64


def as_before(graph: str, has_own: bool, variables: Variables) -> Variables:
    """The very object that was last chosen for a graph where the choice is the same: statements are found by it."""
    last = _latest.get((graph, has_own))
    if last == variables:
        return last
    if len(_latest) >= _MOST_GRAPHS:
        _latest.clear()
    _latest[graph, has_own] = variables
    return variables


def _assign(
    wired: Mapping[str, Wired], order: Order, names: Names, blocks: Mapping[str, str], is_block: bool
) -> Variables:
    ends, until, beside, kept = _branches_of(wired, order)
    of: dict[Tensor, str] = {}
    for chain in order.chains:
        if wired[chain.nodes[0]].node.type == INPUT:
            own = variable(wired[chain.nodes[0]].node.name)
            of[(chain.nodes[0], 0)] = names.take("inputs" if own == TRUNK else own)
    results = _result_names(wired, order, names, of, blocks, is_block)
    branches, shortcuts = _without_shortcuts(wired, order, blocks, beside, kept, until)
    branch_names = BranchNames(order, names, ends, until)
    skips: dict[str, int] = {}  # name -> until when it is needed
    for number, chain in enumerate(order.chains):
        last = chain.nodes[-1]
        if wired[last].node.type == INPUT:
            continue
        body = TRUNK
        if number in shortcuts:
            body = branch_names.take(SHORTCUT, number)
        elif number in branches:
            result = results.get((last, 0)) if len(chain.nodes) == 1 else None
            told = chain.nodes[:-1] if (last, 0) in results and not _tells_name(wired[last].node) else ()
            wanted, is_own = _branch_name(wired, told or chain.nodes, blocks)
            body = result or (names.take(wanted) if is_own else branch_names.take(wanted, number))
        for key in chain.nodes:
            of[(key, 0)] = body
        if (last, 0) in results:
            of[(last, 0)] = results[(last, 0)]
        elif number in kept:
            node = wired[last].node
            is_named = not _is_automatic(wired[last].node, blocks)
            free = next((name for name, needed in skips.items() if needed <= ends[number]), None)
            kept_name = names.take(variable(node.name)) if is_named else free or names.take("skip")
            if not is_named:
                skips[kept_name] = until[number]
            of[(last, 0)] = kept_name
        for place, port in enumerate(wired[last].outputs[1:], start=1):
            is_used = (last, place) in order.users
            of[(last, place)] = results.get((last, place)) or (names.take(variable(port.name)) if is_used else "_")
        if len(wired[last].outputs) > 1 and (last, 0) not in order.users:
            of[(last, 0)] = "_"
    return Variables(of, frozenset(branches))


def _assign_own(wired: Mapping[str, Wired], order: Order, names: Names) -> Variables:
    _, _, branches, _ = _branches_of(wired, order)
    of: dict[Tensor, str] = {}
    for chain in order.chains:
        for key in chain.nodes:
            each = wired[key]
            origin = wired.get(each.node.shares or "", each).node
            # The uses of a layer that nobody named are counted as they are written, whichever of them has the layer.
            own = variable(origin.name if _is_unnamed(each.node.name, each.node.type) else each.node.name)
            is_input = each.node.type == INPUT
            if not is_input and not _tells_name(each.node) and (own == TRUNK or _OF_ENDS.fullmatch(own)):
                # "outputs" would be taken for the name of an Output.
                own = variable(origin.name if origin is not each.node else to_snake_case(each.node.type))
            first = names.take("inputs" if is_input and own == TRUNK else own)
            if len(each.outputs) < 2:
                of[(key, 0)] = first
                continue
            for place, port in enumerate(each.outputs):
                is_used = (key, place) in order.users
                more = names.take(variable(f"{first}_{port.name}")) if is_used and place else first
                of[(key, place)] = more if is_used else "_"
    return Variables(of, frozenset(branches))


def _times(wired: Mapping[str, Wired], order: Order) -> tuple[list[int], list[int], list[int]]:
    """For each chain: the place of its first and of its last statement, and the place that last needs its result."""
    place = {key: at for at, key in enumerate(itertools.chain.from_iterable([each.nodes for each in order.chains]))}
    forever = len(place) + 1
    starts = [place[each.nodes[0]] for each in order.chains]
    ends = [place[each.nodes[-1]] for each in order.chains]
    until = []
    for each in order.chains:
        last = each.nodes[-1]
        users = order.users.get((last, 0), ())
        if len(wired[last].outputs) != 1:
            found = range(len(wired[last].outputs))
            users = tuple([user for number in found for user in order.users.get((last, number), ())])
        # A result that nobody takes yet is a branch in the making: it must not be overwritten.
        until.append(max([place.get(user, forever) for user in users], default=forever))
    return starts, ends, until


_course: Remembered[Order, list[Any]] = Remembered(64)


def _branches_of(wired: Mapping[str, Wired], order: Order) -> tuple[list[int], list[int], set[int], set[int]]:
    """For each chain where it ends and until when its result is needed; the branches, and the trunk chains kept.

    Names and parameters have no part in it.
    """
    memory = _course.get(order, lambda _: [])
    if not memory:
        starts, ends, until = _times(wired, order)
        memory.extend((ends, until, *_branches(wired, order, starts, ends, until)))
    return memory[0], memory[1], memory[2], memory[3]


def _branches(
    wired: Mapping[str, Wired], order: Order, starts: list[int], ends: list[int], until: list[int]
) -> tuple[set[int], set[int]]:
    """The chains that run beside others, and the trunk chains whose result is needed again later."""
    above: list[int] = []  # for each chain a set of the chains that lead to it, as the bits of a number
    branches: set[int] = set()
    alive: list[int] = []
    for number, chain in enumerate(order.chains):
        lead = 0
        for need in chain.needs:
            lead |= above[need] | (1 << need)
        above.append(lead)
        alive = [other for other in alive if until[other] > starts[number]]
        if wired[chain.nodes[0]].node.type == INPUT:
            continue
        beside = [other for other in alive if not lead >> other & 1]
        if beside:
            branches.add(number)
            branches.update(beside)
        alive.append(number)
    kept: set[int] = set()
    holder: int | None = None
    for number, chain in enumerate(order.chains):
        if number in branches or wired[chain.nodes[0]].node.type == INPUT:
            continue
        if holder is not None and until[holder] > starts[number]:
            kept.add(holder)
        holder = number
    return branches, kept


def _without_shortcuts(
    wired: Mapping[str, Wired],
    order: Order,
    blocks: Mapping[str, str],
    branches: set[int],
    kept: set[int],
    until: list[int],
) -> tuple[set[int], set[int]]:
    """The branches without the two of each sum that has a short and a long one, and the short ones."""
    chains = order.chains
    found: list[int] = []
    for number, chain in enumerate(chains):
        short, long = number - 2, number - 1
        is_sum = wired[chain.nodes[0]].node.type in ("Add", "ops.add") and set(chain.needs) == {short, long}
        if not is_sum or number in branches or short not in branches or long not in branches:
            continue
        needs = chains[long].needs
        taken = {user for each in (short, long) for user in order.users.get((chains[each].nodes[-1], 0), ())}
        if (
            len(needs) != 1
            or chains[short].needs != needs
            or taken != {chain.nodes[0]}
            or _weight(wired, chains[long]) <= _weight(wired, chains[short])
        ):
            continue
        is_needed = until[needs[0]] > until[short] - len(chains[long].nodes)
        is_trunk = needs[0] not in branches | kept and wired[chains[needs[0]].nodes[0]].node.type != INPUT
        is_own = any(_branch_name(wired, chains[each].nodes, blocks)[1] for each in (short, long))
        if not (is_needed and is_trunk) and not is_own:
            found.append(short)
    if not found:
        return branches, set()
    return branches - {*found} - {short + 1 for short in found}, {*found}


def _weight(wired: Mapping[str, Wired], chain: Chain) -> int:
    return sum(_USE_WEIGHT if wired[key].node.type == BLOCK else 1 for key in chain.nodes)


def _result_names(
    wired: Mapping[str, Wired], order: Order, names: Names, inputs: Mapping[Tensor, str], blocks: Mapping[str, str],
    is_block: bool,
) -> dict[Tensor, str]:  # fmt: skip
    """Tensors that Outputs take, named after the first of them, or after the node where only that was named.

    Of several results of a block the variable alone tells what they are called where the block is used.
    """
    found: dict[Tensor, str] = {}
    is_port = is_block and sum(each.node.type == OUTPUT for each in wired.values()) > 1
    for each in wired.values():
        if each.node.type == OUTPUT and each.inputs and each.inputs[0][1]:
            tensor = each.inputs[0][1][0]
            if tensor not in inputs and tensor not in found and tensor[0] in wired:
                own = variable(each.node.name if is_port else _result_name(each.node, wired[tensor[0]], blocks))
                if is_block and not is_port and own.startswith(BRANCH_STEM):
                    own = "output"  # What is returned at once has no variable that could tell that it was numbered.
                found[tensor] = names.take("outputs" if own == TRUNK else own)
    return found


def _result_name(end: Node, made: Wired, blocks: Mapping[str, str]) -> str:
    is_named = is_given_by_keras(end.name, OUTPUT) and len(made.outputs) == 1
    is_named = is_named and not _tells_name(made.node) and not _is_automatic(made.node, blocks)
    # What a reader takes for a variable of ours, or for one of the trunk, would not say whose name it is.
    is_clear = not _OF_ENDS.fullmatch(variable(made.node.name))
    return made.node.name if is_named and is_clear else end.name


def _tells_name(node: Node) -> bool:
    """Whether the code of a node says its name; else only a variable can."""
    return node.shares is None and (node.is_time_distributed or (is_layer(node) and not is_operation(node)))


def _branch_name(wired: Mapping[str, Wired], nodes: tuple[str, ...], blocks: Mapping[str, str]) -> tuple[str, bool]:
    own = []
    for key in nodes:
        node = wired[key].node
        own.append((node.name, _class_of(node, blocks)))
    return _common_name(tuple(own), wired[nodes[0]].node.type == BLOCK)


@lru_cache(maxsize=16_384)
def _common_name(nodes: tuple[tuple[str, str], ...], is_block: bool) -> tuple[str, bool]:
    """What the names of nodes have in common ("b1" of b1_l1 and b1_l2), else the name of one of them.

    With that, whether any of the names was given by a person. A node is its name and its type, a use of a block its
    name and that of the block; ``is_block`` is about the first.
    """
    named = [name for name, type in nodes if not _is_unnamed(name, type)]
    if len(nodes) == 1:
        if named:
            return variable(named[0]), True
        return (BRANCH if is_block else _role(nodes[0][1])), False
    names = [name for name, _ in nodes]
    first, last = min(names), max(names)
    same = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    common = first[:same]
    stem = common if all(len(name) == len(common) for name in names) else re.sub(r"_?[^_]*$", "", common)
    if not named or stem[:1].isdigit():
        return BRANCH, False
    if stem and not any(_is_unnamed(stem, type) for _, type in nodes):
        return variable(stem), True
    return variable(named[-1]), True


def _role(type: str) -> str:
    """What the result of one layer is, where nobody gave it a name."""
    if type in _MERGES:
        return "merged"
    return "pool" if "Pooling" in type else variable(to_snake_case(type))


def _is_automatic(node: Node, blocks: Mapping[str, str]) -> bool:
    """Whether nobody gave the node a name: it is called as its type, or as its block."""
    return _is_unnamed(node.name, _class_of(node, blocks))


def _class_of(node: Node, blocks: Mapping[str, str]) -> str:
    """What a node is called after where nobody gave it a name."""
    block = blocks.get(node.block or "", "")
    if node.is_time_distributed and not is_given_by_keras(node.name, block):
        return TIME_DISTRIBUTED
    return node.type if node.type != BLOCK else block


def _is_unnamed(name: str, type: str) -> bool:
    return is_given_by_keras(name, type) or _OURS.fullmatch(variable(name)) is not None
