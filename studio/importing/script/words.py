"""What the variables of a script say about names: those of operations, shared layers, uses of blocks and Outputs.

A layer is told its name; what has none of its own in Keras is called as the variable of its result, where a person may
have chosen that. In a script of ours it is told apart from the variables that the program chooses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from studio.catalog.spec import OPERATION
from studio.catalog.values import Value
from studio.core.automatic_names import AutomaticNames
from studio.core.naming import FreeNames, is_given_by_keras, output_keys, variable
from studio.core.project import INPUT
from studio.importing.script.run import Run
from studio.importing.script.things import Call, Network

TRUNKS = frozenset({"x", "y", "z", "h", "out", "outputs", "output", "inputs", "skip", "shortcut", "_"})
"""Variables that say nothing about a layer."""
OUR_TRUNKS = frozenset({"x", "skip", "shortcut", "_", "merged", "pool"})
"""Those that our own exports choose."""


def word_of(call: Call, named: Mapping[str, Call], spoken_for: Set[str], *, is_ours: bool) -> str:
    """The variable of a call, where it says something that the layer does not, else "".

    ``named`` is what ``named_by_variable`` found; ``spoken_for`` are names that something else needs.
    """
    word = call.variable
    trunks = OUR_TRUNKS if is_ours else TRUNKS
    if word == "skip" and is_ours and any(tensor.call.variable == word for _, tensor in call.takes):
        trunks = frozenset()  # The result of a trunk is kept once and goes on as x: this is a branch.
    is_meant = named.get(word) is call
    return word if is_meant and word not in trunks | spoken_for and not word.startswith("branch_") else ""


def named_by_variable(calls: Sequence[Call], *, is_block: bool, is_by_name: bool) -> dict[str, Call]:
    """For each variable the one call that it names: the last that has no name of its own."""
    found: dict[str, Call] = {}
    told: set[str] = set()
    seen: set[int] = set()
    for call in calls:
        layer = call.layer
        if layer is None or layer.type.startswith(OPERATION) or id(layer) in seen or (is_block and not layer.name):
            found[call.variable] = call
        elif layer.name is not None:
            word = variable(layer.name)
            if word == layer.name or word == _stem(call.variable):  # no layer "a-b" in x has the variable a_b
                told.add(word)
        seen.add(id(layer))
    if is_by_name:
        return found
    return {word: call for word, call in found.items() if word not in told and not _is_pushed(word, call, told)}


def names_to_come(found: Mapping[str, Call]) -> frozenset[str]:
    """Those of the variables that ``named_by_variable`` found which somebody chose."""
    return frozenset([word for word, call in found.items() if not is_given_by_keras(word, _class_of(call))])


def _class_of(call: Call) -> str:
    if call.layer is not None:
        return call.layer.type
    return call.block.name if call.block is not None else ""


def words_of(network: Network, is_by_name: bool = False) -> list[str]:
    """What the Outputs of a model are called; ``is_by_name`` says that the variables are names of layers."""
    variables = (*(() if is_by_name else network.output_names), *[""] * len(network.outputs))
    # The variable of an Input says nothing of an Output that takes it.
    are_inputs = [tensor.call.kind == "input" for _, tensor in network.outputs]
    words = ["" if is_input else word for word, is_input in zip(variables, are_inputs, strict=False)]
    keys = [key for key, _ in network.outputs]
    # Where two would have the same key, the later one has a number behind it.
    together = output_keys([word or key for word, key in zip(words, keys, strict=False)])
    return [_output_word(key, word, other) for key, word, other in zip(keys, words, together, strict=False)]


def is_by_name(run: Run, names: Mapping[int, str], network: Network | None) -> bool:
    """Whether each layer of a script of ours has a variable of its own name: that of the book's first style."""
    made = (*run.made, *(inner for block in run.blocks for inner in block.made))
    calls = [each for each in made if isinstance(each, Call) and each.kind != "input"]
    if any(call.variable == "x" for call in calls):
        return False
    ends = {key: tensor.call.variable for key, tensor in network.outputs} if network is not None else {}
    if any(key == word or (not key and _stem(word) in ("output", "outputs")) for key, word in ends.items()):
        return False
    first: dict[int, Call] = {}
    for call in calls:
        if call.layer is not None and not call.layer.type.startswith(OPERATION):
            first.setdefault(id(call.layer), call)
    own = [(call.variable, names[key]) for key, call in first.items() if call.variable and key in names]
    return all(_stem(word) == _stem(variable(name)) for word, name in own)


def name_by_keras(count: AutomaticNames, type_name: str, name: str | None, params: Mapping[str, Value]) -> str:
    """What Keras calls the next layer that is made, which may be told a name."""
    if name is not None:
        count.needs_name(type_name, name, params)
        return name
    if type_name == INPUT:
        number = 0
        while count.needs_name(INPUT, f"input_layer_{number}" if number else "input_layer", {}):
            number += 1
        return f"input_layer_{number}" if number else "input_layer"
    return count.take(type_name, params)


_MOST_LOWER = 100


def free_name(wanted: str, names: FreeNames, kept: frozenset[str]) -> str:
    """A name that is free, with a lower number if there is one: a layer's own variable may have pushed up the rest.

    ``kept`` are names that others need.
    """
    stem, _, number = wanted.rpartition("_")
    if (wanted in names or wanted in kept) and stem and number.isdecimal():
        below = int(number) - 1
        lower = (f"{stem}_{each}" for each in range(below, max(0, below - _MOST_LOWER), -1))
        free = next((name for name in (*lower, stem) if name not in names and name not in kept), wanted)
        return names.take(free, kept)
    return names.take(wanted, kept)


def _is_pushed(word: str, call: Call, told: Set[str]) -> bool:
    """Whether an operation stands in a branch called after a layer of it, whose variable was taken already."""
    is_operation = call.layer is not None and call.layer.type.startswith(OPERATION)
    return is_operation and _stem(word) != word and _stem(word) in told


def is_renamed(word: str, name: str) -> bool:
    """Whether a layer was told another name than its node has, since Keras gives that one to something else."""
    (stem, number), (told, most) = _parts(word), _parts(name)
    return stem == told and number < most


def _parts(name: str) -> tuple[str, int]:
    stem, _, number = name.rpartition("_")
    return (stem, int(number)) if stem and number.isdecimal() and len(number) < 10 else (name, 0)


def _stem(name: str) -> str:
    """A name without the number that was put behind it since another has it."""
    return re.sub(r"_+\d*$", "", name)


def _output_word(key: str, variable: str, together: str) -> str:
    """What an Output is called: by the variable of its tensor, by its key where that says something else.

    ``together`` is the key that the variable would have among those of all Outputs.
    """
    if key:
        return variable if variable and key in (*output_keys((variable,)), together) else key
    return "" if variable == "x" else variable
