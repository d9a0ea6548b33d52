"""Answers that follow a mapping through edits: only new values are asked about, and nothing stale is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.core.remember import Followed


class _Value:
    """Something that is told apart by identity only."""

    def __init__(self, number: int) -> None:
        self.number = number


def test_only_new_values_are_asked_about() -> None:
    asked: list[int] = []

    def make(value: _Value) -> int:
        asked.append(value.number)
        return value.number

    followed: Followed[_Value, int] = Followed(4)
    one, two, three = _Value(1), _Value(2), _Value(3)
    first = followed.get("main", None, {"a": one, "b": two}, make)
    assert dict(first) == {"a": 1, "b": 2}
    assert followed.get("main", None, {"a": one, "b": two}, make) is first
    assert dict(followed.get("main", None, {"a": one, "b": three}, make)) == {"a": 1, "b": 3}
    assert asked == [1, 2, 3]


@given(st.lists(st.tuples(st.booleans(), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)))))
def test_it_tells_what_a_fresh_one_would_tell(steps: list[tuple[bool, dict[str, int]]]) -> None:
    values, contexts = [_Value(number) for number in range(4)], (object(), object())
    followed: Followed[_Value, tuple[object, int]] = Followed(4)
    for which, numbers in steps:
        context = contexts[which]
        mapping = {key: values[number] for key, number in numbers.items()}

        def make(value: _Value, context: object = context) -> tuple[object, int]:
            return context, value.number

        told = followed.get("main", context, mapping, make)
        assert list(told.items()) == [(key, (context, value.number)) for key, value in mapping.items()]
