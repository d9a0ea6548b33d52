"""What the code says where it can build no model yet."""

from __future__ import annotations

import pytest

from studio.codegen import STYLES, generate
from tests.support.catalog import CATALOG
from tests.support.graphs import graph


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "drawing",
    [
        "x:Input(shape=(4,)) -> plus:Lambda -> c:Dense(units=2) -> y:Output",
        "x:Input(shape=(4,)) -> c:Dense(units=2)\nd:Dense(units=2) -> y:Output",
    ],
    ids=["a layer without its function", "an edge is missing"],
)
def test_what_is_said_of_an_unfinished_network_is_true(drawing: str, style: str) -> None:
    """Where a Lambda of a file had no function, it said that Input and Output were not connected: they were."""
    text = generate(graph(drawing), CATALOG, style=STYLES[style]).text
    assert "The network needs an Input and an Output that finished layers connect." in text
