"""What the code says where it can build no model yet."""

from __future__ import annotations

import pytest

from studio.codegen import STYLES, generate
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


@pytest.mark.parametrize("style", STYLES)
def test_it_names_the_layer_that_is_not_finished(style: str) -> None:
    """Where a Lambda of a file had no function, it said that Input and Output were not connected: they were."""
    chain = "x:Input(shape=(4,)) -> plus:Lambda -> c:Dense(units=2) -> y:Output"
    text = generate(graph(chain), CATALOG, style=STYLES[style]).text
    assert "The layer plus is not in the code yet: function has no value yet." in text
    assert "are connected" not in text


def test_it_says_where_nothing_is_connected() -> None:
    text = generate(graph("x:Input(shape=(4,)) -> c:Dense(units=2)\nd:Dense(units=2) -> y:Output"), CATALOG).text
    assert "The network needs an Input and an Output that are connected." in text
