"""One line that says what a block does, for the docstring of its function: read off the layers and how they meet."""

from __future__ import annotations

from collections.abc import Sequence

from studio.catalog.spec import shown_type
from studio.codegen.drawing import Drawing
from studio.codegen.wiring import Wired
from studio.core.project import BLOCK, INPUT

WIDEST = 76
"""Letters that fit on the line beside its indentation and its quotes."""

_MOST_STEPS = 4
"""Steps that are named one by one; of more, the kinds are named."""

_TIMES = {2: "twice", 3: "three times", 4: "four times"}

_MERGES = {
    "Add": ("add the input", "Add"),
    "Concatenate": ("concatenate with the input", "Concatenate"),
    "Multiply": ("multiply by the input", "Multiply"),
    "Average": ("average with the input", "Average"),
}
"""What a merge does with a result and the input of the block, and what it does with branches."""


def described(drawing: Drawing) -> str:
    """One sentence, "" where there is nothing to say."""
    chains = [[drawing.wired[key] for key in chain.nodes] for chain in drawing.order.chains]
    chains = [chain for chain in chains if chain[0].node.type != INPUT]
    steps = [each for chain in chains for each in chain]
    if not steps:
        return ""
    merged = _merged(drawing, chains) if len(drawing.inputs) == len(drawing.outputs) == 1 else ""
    return merged or f"Apply {_steps(drawing, steps, WIDEST - len('Apply .'))}."


def _merged(drawing: Drawing, chains: Sequence[Sequence[Wired]]) -> str:
    """What a block does that ends with its only merge: what it does with its input, or how many branches it has."""
    (merge, *after), others = chains[-1], chains[:-1]
    does = _MERGES.get(merge.node.type)
    if does is None or drawing.source_of(drawing.outputs[0])[0] != chains[-1][-1].node.id:
        return ""
    before = [each for chain in others for each in chain]
    tail = f", then apply {_steps(drawing, after, 30)}" if after else ""
    (with_input, together), start = does, drawing.inputs[0].id
    roots = [chain for chain in others if any(source == start for source, _ in chain[0].tensors)]
    if len(others) == 1 and {source for source, _ in merge.tensors} == {start, others[0][-1].node.id}:
        end = f", {with_input}{tail}." if tail else f", and {with_input}."
        text = f"Apply {_steps(drawing, before, WIDEST - len(f'Apply {end}'))}{end}"
    elif len(roots) == len(merge.tensors) > 1 and all(source != start for source, _ in merge.tensors):
        text = f"{together} the results of {len(merge.tensors)} branches{tail}."
    else:
        return ""
    return text if len(text) <= WIDEST else ""


def _steps(drawing: Drawing, steps: Sequence[Wired], room: int) -> str:
    """The steps by name, or how many there are and of which kinds, as many as there is room for."""
    words = [_word(drawing, each) for each in steps]
    for period in range(1, _MOST_STEPS):
        if len(words) >= 2 * period and all(word == words[at % period] for at, word in enumerate(words)):
            turns, rest = divmod(len(words), period)
            text = f"{_list(words[:period])} {_TIMES.get(turns, f'{turns} times')}"
            if rest:
                text = f"{_list(words[:period])} in turn, {len(words)} steps in all"
            if len(text) <= room:
                return text
    if len(words) <= _MOST_STEPS and len(_list(words)) <= room:
        return _list(words)
    kinds = list(dict.fromkeys(words))
    for number in range(min(len(kinds), _MOST_STEPS), 0, -1):
        named = _list(kinds) if number == len(kinds) else f"{', '.join(kinds[:number])} and others"
        text = f"{len(words)} steps ({named})"
        if len(text) <= room:
            return text
    return f"{len(words)} steps"


def _word(drawing: Drawing, each: Wired) -> str:
    node = each.node
    return drawing.functions[node.block or ""].name if node.type == BLOCK else shown_type(node.type)


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
