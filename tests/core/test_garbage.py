"""Values are made without rounds of the garbage collector, and very many of them are left out of later rounds."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from studio.core import garbage
from studio.core.garbage import no_collection


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    was_on, frozen = gc.isenabled(), gc.get_freeze_count()
    gc.collect()
    gc.enable()
    yield
    if not frozen:
        gc.unfreeze()
    if not was_on:
        gc.disable()


def test_no_round_comes_inside_and_none_looks_at_very_many_values_afterwards() -> None:
    rounds: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        rounds.append(phase)

    gc.callbacks.append(note)
    try:
        before = gc.get_freeze_count()
        with no_collection():
            made: list[list[int]] = [[number] for number in range(2 * garbage.MANY)]
        assert not rounds
        assert gc.get_freeze_count() - before >= len(made)
        made += [[number] for number in range(gc.get_threshold()[0] + 1)]
        assert rounds, "rounds go on"
    finally:
        gc.callbacks.remove(note)


def test_few_values_are_looked_at_as_ever() -> None:
    before = gc.get_freeze_count()
    with no_collection():
        made = [[number] for number in range(100)]
    assert gc.get_freeze_count() == before
    assert len(made) == 100
