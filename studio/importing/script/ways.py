"""What calls and models of a script are made of: all that lead to a tensor, the one use of a block in a model."""

from __future__ import annotations

from studio.importing.script.things import BlockMade, Call, Network, Tensor


def size_of(block: BlockMade) -> int:
    """How many calls one use of a block stands for, blocks in it taken apart."""
    if not block.size:
        calls = [each for each in block.made if isinstance(each, Call)]
        block.size = sum(1 if each.block is None else size_of(each.block) for each in calls) + 1
    return block.size


def use_in(network: Network | None) -> Call | None:
    """The one use of a block of which a model is made: the model is that use then, so that it can be called again."""
    ends = [tensor for _, tensor in network.outputs] if network is not None else []
    if network is None or network.stack is not None or not ends or ends[0].call.block is None:
        return None
    use = ends[0].call
    is_whole = [(id(each.call), each.index) for each in ends] == [(id(use), at) for at in range(len(use.outputs))]
    given = [id(tensor.call) for _, tensor in use.takes]
    return use if is_whole and given == [id(tensor.call) for _, tensor in network.inputs] else None


def calls_in(network: Network) -> list[Call]:
    """The calls that a model which is one use of a block is made of."""
    use = use_in(network)
    return [] if use is None else [use, *[tensor.call for _, tensor in network.inputs]]


def leading_to(*tensors: Tensor) -> list[Call]:
    """The calls that lead to some tensors, those of the first one first, each after all that it takes."""
    found: list[Call] = []
    seen: set[int] = set()
    waiting = [(tensor.call, False) for tensor in reversed(tensors)]
    while waiting:
        call, is_ready = waiting.pop()
        if is_ready:
            found.append(call)
        elif id(call) not in seen:
            seen.add(id(call))
            waiting.append((call, True))
            waiting += [(tensor.call, False) for _, tensor in reversed(call.takes)]
    return found
