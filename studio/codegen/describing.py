"""One line that says what a block does, for the docstring of its function: read off the layers and how they meet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from studio.catalog.spec import OPERATION, shown_type
from studio.codegen.drawing import Drawing
from studio.codegen.wiring import Wired
from studio.core.project import BLOCK, INPUT

WIDEST = 76
"""Letters that fit on the line beside its indentation and its quotes."""

_MOST_STEPS = 4
"""Steps that are named one by one; of more, those that matter most."""

_BESIDES = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax", "Flatten", "Reshape", "Permute"})
"""What goes along with other layers. Where there is not room for all, nobody misses it, nor normalization."""

_TIMES = {2: "twice", 3: "three times", 4: "four times"}

_MERGES = {
    "Add": ("add the input", "Add"),
    "Concatenate": ("concatenate with the input", "Concatenate"),
    "Multiply": ("multiply by the input", "Multiply"),
    "Average": ("average with the input", "Average"),
}
"""What a merge does with a result and the input of the block, and what it does with branches."""

_WITH_ITSELF = {"Add": "add a branch of the result", "Multiply": "gate the result"}
"""What a merge does with a tensor and what a side path makes of it."""


class _Told(NamedTuple):
    """One step in words; a clause stands for a merge and its side path."""

    word: str
    is_clause: bool = False
    is_beside: bool = False


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
    """The steps by name, as many as there is room for: of many, those that matter most."""
    words = [_word(drawing, each) for each in steps]
    text = _in_turn(words)
    if text and len(text) <= room:
        return text
    if len(words) <= _MOST_STEPS and len(_list(words)) <= room:
        return _list(words)
    text = _of_many(_gated(drawing, steps), room)
    if text:
        return text
    kinds = list(dict.fromkeys(words))
    for number in range(min(len(kinds), _MOST_STEPS), 0, -1):
        named = _list(kinds) if number == len(kinds) else f"{', '.join(kinds[:number])} and others"
        text = f"{len(words)} steps ({named})"
        if len(text) <= room:
            return text
    return f"{len(words)} steps"


def _of_many(told: Sequence[_Told], room: int) -> str:
    """Those of many steps that matter most; "" where they are still too many."""
    main = [each for each in told if not each.is_beside]
    text = "" if any(each.is_clause for each in main) else _in_turn([each.word for each in main])
    text = text or _sentence(main)
    if not text or len(main) > _MOST_STEPS:
        return ""
    beside = list(dict.fromkeys(each.word for each in told if each.is_beside))
    more = f"{text}, with {_list(beside)}" if len(beside) in (1, 2) else text
    is_whole = not any(each.is_clause for each in main)
    return more if is_whole and len(more) <= room else text if len(text) <= room else ""


def _in_turn(words: Sequence[str]) -> str:
    """What is done several times over, "" where nothing is."""
    for period in range(1, _MOST_STEPS):
        if len(words) >= 2 * period and all(word == words[at % period] for at, word in enumerate(words)):
            turns, rest = divmod(len(words), period)
            if not rest:
                return f"{_list(words[:period])} {_TIMES.get(turns, f'{turns} times')}"
            left_out = words[rest:period]
            if len(left_out) == 1 and words[0] != left_out[0]:
                times = _TIMES.get(turns + 1, f"{turns + 1} times")
                return f"{_list(words[:period])} {times}, the last time without {left_out[0]}"
            return f"{_list(words[:period])} in turn, {len(words)} steps in all"
    return ""


def _gated(drawing: Drawing, steps: Sequence[Wired]) -> list[_Told]:
    """The steps in words. A side path that comes back to the tensor from which it went off is one clause."""
    told: list[tuple[str, _Told]] = []
    for each in steps:
        node = each.node
        does, start = _WITH_ITSELF.get(node.type, ""), drawing.inputs[0].id if drawing.inputs else ""
        sources = [source for source, _ in each.tensors]
        keys = [key for key, _ in told]
        if does and len(sources) == 2 and set(sources) <= set(keys) and start not in sources:
            first, last = sorted(keys.index(source) for source in sources)
            path = keys[first : last + 1]
            if len(path) > 1 and all(_takes_only(drawing.wired[key], one) for one, key in pairwise(path)):
                told[first + 1 :] = [(node.id, _Told(does, is_clause=True))]
                continue
        told.append((node.id, _Told(_word(drawing, each), is_beside=_is_beside(drawing, each))))
    return [each for _, each in told]


def _takes_only(each: Wired, source: str) -> bool:
    return [key for key, _ in each.tensors] == [source]


def _is_beside(drawing: Drawing, each: Wired) -> bool:
    type = each.node.type
    spec = drawing.catalog.layer(type)
    is_regularization = spec is not None and spec.family == "regularization"
    return type in _BESIDES or type.startswith(OPERATION) or is_regularization


def _sentence(told: Sequence[_Told]) -> str:
    """What follows on "Apply"; a clause interrupts the list. "" where it begins with one."""
    text, names = "", [""] * 0
    for each in told:
        if not each.is_clause:
            names.append(each.word)
            continue
        if not names and not text:
            return ""
        text += f", then apply {_list(names)}" if text and names else _list(names) if names else ""
        text, names = f"{text}, {each.word}", []
    if names:
        text += f", then apply {_list(names)}" if text else _list(names)
    return text


def _word(drawing: Drawing, each: Wired) -> str:
    node = each.node
    return drawing.functions[node.block or ""].name if node.type == BLOCK else shown_type(node.type)


def _list(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
