"""How long the engine takes for an edit of one node of a 1,000-node drawing, from message to answer."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from studio import protocol
from studio.protocol import Call, Inferred, UpdateGraph
from tests.support.engine_client import EngineClient

pytestmark = [pytest.mark.keras]

NODES = 1000


def call(index: int, units: int) -> Call:
    expression = f'layers.Dense({units}, activation="relu")'
    return Call(f"n{index}", "layer", expression, (("inputs", ((f"n{index - 1}", 0),)),))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with EngineClient("checker", tmp_path_factory.mktemp("checker")) as client:
        client.wait_for(protocol.Ready, timeout=120)
        yield client


def ask(engine: EngineClient, revision: int, calls: tuple[Call, ...], *, reset: bool = False) -> int:
    engine.messages.clear()
    engine.send(UpdateGraph(revision, revision, reset, calls))
    engine.wait_for(Inferred, lambda inferred: inferred.revision == revision and inferred.is_last)
    return sum(len(inferred.answers) for inferred in engine.of(Inferred))


def test_a_whole_drawing(benchmark: Any, engine: EngineClient) -> None:
    """Each layer another one, so that nothing is remembered."""
    units = itertools.count(10)
    revision = itertools.count(1)

    def whole() -> int:
        calls = tuple(call(index, next(units)) for index in range(1, NODES))
        return ask(engine, next(revision), (Call("n0", "input", "keras.Input(shape=(10,))"), *calls), reset=True)

    assert benchmark.pedantic(whole, rounds=5, iterations=1) == NODES


def test_an_edit_of_one_node(benchmark: Any, engine: EngineClient) -> None:
    """The units of a layer in the middle change: its answer and that of the next layer are new."""
    calls = tuple(call(index, 10) for index in range(1, NODES))
    ask(engine, 1000, (Call("n0", "input", "keras.Input(shape=(10,))"), *calls), reset=True)
    counter = itertools.count(1001)

    def edit() -> int:
        revision = next(counter)
        return ask(engine, revision, (call(500, revision),))

    assert benchmark.pedantic(edit, rounds=60, iterations=1) == 2
