"""The checker answers for half-drawn graphs as Keras would, and only for what has changed."""

from __future__ import annotations

from typing import Any

import pytest

from studio.protocol import Answer, Call, UpdateGraph

pytestmark = pytest.mark.keras


def call(call_id: str, expression: str, *sources: str, port: str = "inputs", shares: str | None = None) -> Call:
    """A layer that takes output 0 of each source; "n3.1" is output 1."""
    pairs = tuple((name, int(index or 0)) for name, _, index in (source.partition(".") for source in sources))
    return Call(call_id, "layer", expression, ((port, pairs),) if pairs else (), shares)


def source(call_id: str, shape: str, more: str = "") -> Call:
    return Call(call_id, "input", f"keras.Input(shape={shape}{more})")


def output(call_id: str, taken: str) -> Call:
    return Call(call_id, "output", "", (("inputs", ((taken, 0),)),))


class Drawing:
    """A checker with its revision counter; ``set`` gives the news, ``answers`` everything told so far."""

    def __init__(self, *calls: Call) -> None:
        from studio.engine.checker import Checker

        self.checker = Checker()
        self.answers: dict[str, Answer] = {}
        self.set(*calls)

    def set(
        self, *calls: Call, remove: tuple[str, ...] = (), reset: bool = False, policy: str = "float32"
    ) -> dict[str, Answer]:
        self.checker.update(UpdateGraph(1, 1, reset, calls, remove, dtype_policy=policy))
        news = self.checker.infer()
        assert self.checker.is_settled
        for gone in remove:
            self.answers.pop(gone, None)
        self.answers.update(news)
        return news

    def shape(self, call_id: str) -> Any:
        return self.answers[call_id].outputs[0][0]


def test_shapes_and_exact_parameter_counts() -> None:
    drawing = Drawing(
        source("n1", "(28, 28, 1)"),
        call("n2", "layers.Conv2D(8, 3)", "n1"),
        call("n3", "layers.BatchNormalization()", "n2"),
        call("n4", "layers.Flatten()", "n3"),
        call("n5", "layers.Dense(2**3)", "n4"),
        output("n6", "n4"),
    )
    assert drawing.answers["n1"] == Answer(((((None, 28, 28, 1)), "float32"),))
    assert drawing.answers["n2"] == Answer((((None, 26, 26, 8), "float32"),), 80, 80)
    assert drawing.answers["n3"] == Answer((((None, 26, 26, 8), "float32"),), 32, 16)
    assert "not allowed" in drawing.answers["n5"].problem
    assert drawing.shape("n6") == (None, 5408)


def test_another_policy_asks_all_again_and_a_layer_that_says_its_own_dtype_keeps_it() -> None:
    import keras

    drawing = Drawing(
        source("n1", "(10,)"),
        call("n2", "layers.Dense(8)", "n1"),
        call("n3", 'layers.Dense(2, dtype="float32")', "n2"),
        output("n4", "n2"),
    )

    def dtypes() -> list[str]:
        return [drawing.answers[each].outputs[0][1] for each in ("n1", "n2", "n3", "n4")]

    assert dtypes() == ["float32"] * 4
    assert drawing.set(policy="mixed_float16").keys() == {"n2", "n4"}
    assert dtypes() == ["float32", "float16", "float32", "float16"]
    assert drawing.checker.try_calls((call("t", "layers.Dense(1)", "n1"),))[0].outputs == (((None, 1), "float16"),)
    assert keras.config.dtype_policy().name == "float32", "nothing is left of it for what is built otherwise"
    assert drawing.set(policy="mixed_float16") == {}
    drawing.set(policy="mixed_bfloat16")
    assert dtypes() == ["float32", "bfloat16", "float32", "bfloat16"]
    drawing.set()
    assert dtypes() == ["float32"] * 4


def test_a_layer_larger_than_any_memory_costs_none() -> None:
    drawing = Drawing(source("n1", "(10,)"), call("n2", "layers.Dense(1000000000000)", "n1"))
    assert drawing.answers["n2"].parameters == 11 * 10**12


def test_a_large_layer_leaves_no_variables_behind_for_the_next_ordinary_build() -> None:
    import keras
    from keras.src.backend.common import global_state

    Drawing(source("n1", "(10,)"), call("n2", "layers.Dense(1000000000000)", "n1"))
    assert not global_state.get_global_attribute("uninitialized_variables")
    assert keras.layers.Dense(3)(keras.ops.zeros((1, 2))).shape == (1, 3)


def test_one_bad_node_blocks_its_dependants_and_nothing_else() -> None:
    drawing = Drawing(
        source("n1", "(10,)"),
        call("n2", "layers.Dense(-1)", "n1"),
        call("n3", "layers.Dense(4)", "n2"),
        call("n4", "layers.Dense(5)", "n1"),
        call("n5", "layers.Add()", "n3", "n4"),
    )
    assert drawing.answers["n2"].problem == "units has to be a whole number above 0, not -1."
    assert "units=-1" in drawing.answers["n2"].details
    assert drawing.answers["n3"] == Answer(blocked_by=("n2",))
    assert drawing.answers["n5"] == Answer(blocked_by=("n2",))
    assert drawing.shape("n4") == (None, 5)
    news = drawing.set(call("n2", "layers.Dense(5)", "n1"), call("n3", "layers.Dense(5)", "n2"))
    assert set(news) == {"n2", "n3", "n5"}
    assert drawing.shape("n5") == (None, 5)


def test_what_lacks_an_input_is_blocked_by_itself() -> None:
    drawing = Drawing(source("n1", "(10,)"), call("n2", "layers.Dense(3)"), call("n3", "layers.Dense(3)", "n2"))
    assert drawing.answers["n2"] == Answer(blocked_by=("n2",))
    assert drawing.answers["n3"] == Answer(blocked_by=("n2",))
    assert drawing.set(call("n2", "layers.Dense(3)", "n1")).keys() == {"n2", "n3"}
    assert drawing.set(remove=("n1",)).keys() == {"n2", "n3"}
    assert drawing.answers["n3"] == Answer(blocked_by=("n2",))


def test_a_cycle_blocks_and_its_end_frees() -> None:
    drawing = Drawing(
        source("n1", "(3,)"),
        call("n2", "layers.Add()", "n1", "n4"),
        call("n3", "layers.Dense(3)", "n2"),
        call("n4", "layers.Dense(3)", "n3"),
    )
    assert {drawing.answers[name].blocked_by for name in ("n2", "n3", "n4")} == {("n2",), ("n3",), ("n4",)}
    drawing.set(call("n2", "layers.Add()", "n1"))
    assert drawing.shape("n4") == (None, 3)
    drawing.set(call("n2", "layers.Add()", "n1", "n4"))
    assert drawing.answers["n3"].blocked_by == ("n3",)


def test_an_edit_that_changes_no_shape_stops_at_its_node() -> None:
    drawing = Drawing(source("n1", "(10,)"), call("n2", "layers.Dense(4)", "n1"), call("n3", "layers.Dense(3)", "n2"))
    assert drawing.set(call("n2", "layers.Dense(4, use_bias=False)", "n1")).keys() == {"n2"}
    assert drawing.set(call("n2", 'layers.Dense(4, use_bias=False, activation="relu")', "n1")) == {}
    assert drawing.set(call("n2", "layers.Dense(5)", "n1")).keys() == {"n2", "n3"}


def test_a_reset_tells_everything_again() -> None:
    calls = source("n1", "(10,)"), call("n2", "layers.Dense(4)", "n1")
    drawing = Drawing(*calls)
    assert drawing.set(*calls) == {}
    assert drawing.set(*calls, reset=True).keys() == {"n1", "n2"}


def test_several_outputs_and_named_ports() -> None:
    drawing = Drawing(
        source("n1", "(5, 3)"),
        call("n2", "layers.LSTM(4, return_state=True)", "n1", port="sequence"),
        Call("n3", "layer", "layers.LSTM(4)", (("sequence", (("n1", 0),)), ("initial_state", (("n2", 1), ("n2", 2))))),
        Call("n4", "layer", "layers.MultiHeadAttention(2, 2)", (("query", (("n1", 0),)), ("value", (("n1", 0),)))),
        Call("n5", "layer", "layers.Attention()", (("query", (("n1", 0),)), ("value", (("n1", 0),)))),
        call("n6", "layers.Concatenate()", "n1"),
        call("n7", "layers.Dense(2)", "n2.5"),
        call("n8", "layers.MultiHeadAttention(2, 2)", "n1", port="query"),
    )
    assert [shape for shape, _ in drawing.answers["n2"].outputs] == [(None, 4)] * 3
    assert drawing.shape("n3") == (None, 4)
    assert drawing.shape("n4") == drawing.shape("n5") == drawing.shape("n6") == (None, 5, 3)
    assert drawing.answers["n7"].problem == "This takes output 6 of a layer that has 3 outputs now."
    assert drawing.answers["n8"].problem == "Nothing is connected to the port value of this layer yet."


def test_a_shared_layer_counts_once_and_has_to_accept_every_input() -> None:
    drawing = Drawing(
        source("n1", "(10,)"),
        source("n2", "(10,)"),
        source("n3", "(7,)"),
        call("n4", "layers.Dense(4)", "n1"),
        call("n5", "", "n2", shares="n4"),
        call("n6", "", "n3", shares="n4"),
    )
    assert drawing.answers["n4"].parameters == 44
    assert drawing.answers["n5"] == Answer((((None, 4), "float32"),))
    assert "10" in drawing.answers["n6"].problem
    assert drawing.set(call("n4", "layers.Dense(6)", "n1")).keys() == {"n4", "n5"}
    assert drawing.set(call("n4", "layers.Dense(6)", "n3")).keys() == {"n4", "n5", "n6"}
    assert drawing.shape("n6") == (None, 6)
    drawing.set(remove=("n4",))
    assert drawing.answers["n5"] == Answer(blocked_by=("n5",))


def test_a_shared_layer_called_first_on_what_its_own_origin_takes() -> None:
    drawing = Drawing(source("n1", "(4,)"), call("n2", "layers.Dense(4)", "n3"), call("n3", "", "n1", shares="n2"))
    assert drawing.answers["n2"].parameters == 20
    assert drawing.shape("n2") == drawing.shape("n3") == (None, 4)
    assert drawing.answers["n3"].parameters == 0


def test_a_stateful_layer_is_inferred_too() -> None:
    drawing = Drawing(
        source("n1", "(5, 3)", ", batch_size=2"),
        call("n2", "layers.LSTM(4, stateful=True)", "n1", port="sequence"),
        call("n3", "layers.Bidirectional(layers.GRU(4, stateful=True))", "n1", port="sequence"),
        source("n4", "(5, 3)"),
        call("n5", "layers.LSTM(4, stateful=True)", "n4", port="sequence"),
    )
    assert (drawing.shape("n2"), drawing.answers["n2"].parameters) == ((2, 4), 128)
    assert drawing.shape("n3") == (2, 8)
    assert "batch size" in drawing.answers["n5"].problem


def test_trying_calls_changes_nothing() -> None:
    drawing = Drawing(source("n1", "(10,)"), call("n2", "layers.Dense(4)", "n1"))
    tried = drawing.checker.try_calls(
        (call("n3", "layers.Dense(7)", "n2"), call("n2", "layers.Dense(9)", "n1"), call("n4", "layers.Dense(1)", "n2"))
    )
    assert [answer.outputs[0][0] for answer in tried] == [(None, 7), (None, 9), (None, 1)]
    assert tried[2].parameters == 10
    assert drawing.set(call("n2", "layers.Dense(4)", "n1")) == {}
    assert drawing.checker.try_calls((call("x", "layers.Dense(3)", "n9"),)) == (Answer(blocked_by=("x",)),)


def test_a_pause_loses_nothing() -> None:
    from studio.engine.checker import Checker

    checker = Checker()
    chain = [source("n0", "(3,)"), *(call(f"n{i}", f"layers.Dense({i})", f"n{i - 1}") for i in range(1, 20))]
    checker.update(UpdateGraph(1, 1, True, tuple(chain)))
    told: dict[str, Answer] = {}
    rounds = 0
    while not checker.is_settled:
        budget = iter([False] * 6)
        told |= checker.infer(lambda budget=budget: next(budget, True))  # type: ignore[misc]
        rounds += 1
    assert rounds > 2
    assert told == Drawing(*chain).answers
