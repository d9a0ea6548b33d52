"""Values of ours are what frozen dataclasses with slots are, but for what Python checks when they are changed."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.immutable import immutable


@immutable
class Ours:
    name: str
    size: float = 1.0
    note: str = field(default="", compare=False)
    tags: tuple[int, ...] = field(default=(), hash=False)
    secret: int = field(default=0, repr=False)


@dataclass(frozen=True, slots=True)
class Pythons:
    name: str
    size: float = 1.0
    note: str = field(default="", compare=False)
    tags: tuple[int, ...] = field(default=(), hash=False)
    secret: int = field(default=0, repr=False)


@immutable
class One:
    number: float


@immutable
class Nothing:
    pass


@immutable
class Under(Ours):
    more: int = 0


@immutable
class OwnWords:
    number: int

    def __repr__(self) -> str:
        return "own"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnWords) and self.number % 2 == other.number % 2

    def __hash__(self) -> int:
        return self.number % 2


PARTS = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from([0.0, 1.0, float("inf")]),
    st.sampled_from(["", "x"]),
    st.sampled_from([(), (1,)]),
    st.sampled_from([0, 1]),
)


@given(PARTS, PARTS)
def test_they_compare_hash_and_read_as_dataclasses_do(one: tuple, other: tuple) -> None:
    assert (Ours(*one) == Ours(*other)) is (Pythons(*one) == Pythons(*other))
    if Ours(*one) == Ours(*other):
        assert hash(Ours(*one)) == hash(Ours(*other))
    assert repr(Ours(*one)) == repr(Pythons(*one)).replace("Pythons", "Ours")
    assert replace(Ours(*one), name=other[0]) == Ours(other[0], *one[1:])
    assert pickle.loads(pickle.dumps(Ours(*one))) == copy.deepcopy(Ours(*one)) == Ours(*one)


def test_only_values_of_the_same_class_are_equal() -> None:
    assert Ours("a") != Pythons("a")
    assert Ours("a") != Under("a")
    assert Under("a", more=1) != Under("a", more=2)
    assert repr(Under("a", more=1)).endswith("tags=(), more=1)")


def test_what_is_not_a_number_equals_itself_and_no_other() -> None:
    nan = float("nan")
    assert One(nan) == One(nan)
    assert One(nan) != One(float("nan") + 1)


def test_those_without_parts_are_equal() -> None:
    assert Nothing() == Nothing()
    assert len({Nothing(), Nothing()}) == 1


def test_what_a_class_says_itself_is_kept() -> None:
    assert repr(OwnWords(1)) == "own"
    assert OwnWords(1) == OwnWords(3)
    assert hash(OwnWords(1)) == hash(OwnWords(3))


def test_they_have_slots_and_take_patterns() -> None:
    with pytest.raises(AttributeError):
        Ours("a").other = 1  # type: ignore[attr-defined]
    match Ours("a", 2.0):
        case Ours(name, size):
            assert (name, size) == ("a", 2.0)
