"""The search of actions finds what is meant by words that stand in no menu."""

from __future__ import annotations

import pytest

from studio.gui.action_rows import TABLE
from studio.gui.action_search import fit


@pytest.mark.parametrize(
    ("words", "action"),
    [("figure", "figure"), ("svg", "figure"), ("save a pic", "figure"), ("import", "open"), ("layout", "tidy")],
)
def test_words_of_other_programs_are_understood(words: str, action: str) -> None:
    found = {row.id: at for row in TABLE if (at := fit(words, row)) is not None}
    assert found[action] == min(found.values())


def test_other_words_do_not_come_before_those_of_the_menu() -> None:
    rows = {row.id: row for row in TABLE}
    assert fit("import", rows["import_block"]) is None or fit("import", rows["open"]) == 2
    assert fit("Open", rows["open"]) == 0
