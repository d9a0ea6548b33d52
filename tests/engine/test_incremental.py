"""Whatever the order of edits: what the checker told piece by piece is what a fresh one tells of the whole."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.protocol import Answer, Call, UpdateGraph

pytestmark = pytest.mark.keras

NODES = [f"n{index}" for index in range(1, 9)]
EXPRESSIONS = [
    "layers.Dense(3)",
    "layers.Dense(4)",
    "layers.Dense(0)",
    "layers.Concatenate()",
    "layers.Add()",
    "layers.Flatten()",
    "layers.LSTM(3, return_state=True)",
    "layers.Dropout(0.5)",
]


@st.composite
def calls(draw: st.DrawFn) -> Call:
    call_id = draw(st.sampled_from(NODES))
    kind = draw(st.sampled_from(["input", "layer", "layer", "layer", "layer", "output"]))
    if kind == "input":
        return Call(call_id, "input", f"keras.Input(shape={draw(st.sampled_from(['(3,)', '(4,)', '(5, 3)', '3']))})")
    count = draw(st.sampled_from([0, 1, 1, 1, 2]))
    pairs = tuple((draw(st.sampled_from(NODES)), draw(st.sampled_from([0, 0, 0, 1]))) for _ in range(count))
    inputs = (("inputs", pairs),) if pairs else ()
    if kind == "output":
        return Call(call_id, "output", "", inputs)
    shares = draw(st.one_of(st.none(), st.none(), st.none(), st.sampled_from(NODES)))
    return Call(call_id, "layer", draw(st.sampled_from(EXPRESSIONS)), inputs, shares)


def by_id(found: list[Call]) -> tuple[Call, ...]:
    return tuple({call.id: call for call in found}.values())


updates = st.tuples(st.lists(calls(), max_size=4).map(by_id), st.sets(st.sampled_from(NODES), max_size=2))


@settings(max_examples=150, deadline=None)
@given(st.lists(calls(), max_size=12).map(by_id), st.lists(updates, max_size=6), st.randoms(use_true_random=False))
def test_step_by_step_is_as_from_scratch(
    start: tuple[Call, ...], edits: list[tuple[tuple[Call, ...], set[str]]], dice: random.Random
) -> None:
    from studio.engine.checker import Checker

    checker = Checker()
    now: dict[str, Call] = {}
    told: dict[str, Answer] = {}
    for changed, removed in [(start, set[str]()), *edits]:
        gone = removed - {call.id for call in changed}
        checker.update(UpdateGraph(1, 1, False, changed, tuple(gone)))
        for name in gone:
            now.pop(name, None)
            told.pop(name, None)
        now.update({call.id: call for call in changed})
        if dice.random() < 0.5:  # an update may come before the last one is inferred
            told |= checker.infer(lambda: dice.random() < 0.3)
    told |= checker.infer()

    fresh = Checker()
    order = list(now.values())
    dice.shuffle(order)
    fresh.update(UpdateGraph(1, 1, True, tuple(order)))
    assert told == fresh.infer()
    assert told.keys() == now.keys()
