"""What a person is told about a model that came in, in whole sentences."""

from __future__ import annotations

import pytest

from studio.importing.report import other_models, renamed


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["critic"], "The script has other models too, which did not come in: critic."),
        (["a", "b"], "The script has other models too, which did not come in: a and b."),
        (["part", "part", "head", "part"],
         "The script has other models too, which did not come in: head and 3 called part."),
        (list("abcdefg"), "The script has other models too, which did not come in: a, b, c and 4 others."),
    ],
)  # fmt: skip
def test_other_models_are_told_each_once(labels: list[str], sentence: str) -> None:
    assert other_models(labels) == sentence


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [("a_b", "a/b", "a_b (was a/b)"), ("layer", " ", "layer"), ("d", "d", "d"), ("ab", "a\nb", "ab (was a?b)")],
)
def test_another_name_is_told_with_the_one_before(now: str, before: str, told: str) -> None:
    assert renamed(now, before) == told
