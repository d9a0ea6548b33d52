"""Every message survives the way through a line of JSON; what is no message is refused with a ProtocolError."""

from __future__ import annotations

import dataclasses
import json
import math
import typing
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import protocol
from studio.protocol import messages

ALL = typing.get_args(messages.Message)


def strategy_for(hint: Any) -> st.SearchStrategy[Any]:
    """Values of an annotated field, the odd ones included."""
    if hint is float:
        return st.floats()
    if hint is Any:
        return st.one_of(st.none(), st.integers(), st.text(), st.lists(st.integers()))
    if typing.get_origin(hint) is tuple and typing.get_args(hint)[-1] is Ellipsis:
        return st.lists(strategy_for(typing.get_args(hint)[0]), max_size=4).map(tuple)
    if typing.get_origin(hint) is tuple:
        return st.tuples(*(strategy_for(argument) for argument in typing.get_args(hint)))
    if typing.get_origin(hint) is Mapping:
        return st.dictionaries(st.text(), strategy_for(typing.get_args(hint)[1]), max_size=3)
    if dataclasses.is_dataclass(hint):
        return message_of(typing.cast(type, hint))
    if hint is str:
        return st.text(st.characters())
    return st.from_type(hint)


def message_of(kind: type) -> st.SearchStrategy[Any]:
    """Messages of one kind."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{field.name: strategy_for(hints[field.name]) for field in dataclasses.fields(kind)})


@given(st.one_of(*(message_of(kind) for kind in ALL)))
def test_every_message_comes_back_as_it_went(message: Any) -> None:
    line = protocol.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    # repr, because NaN is not equal to itself; it also tells a tuple from a list.
    assert repr(protocol.decode(line)) == repr(message)


@given(st.one_of(*(message_of(kind) for kind in ALL)), st.text(min_size=1), st.integers())
def test_unknown_fields_are_ignored(message: Any, name: str, value: int) -> None:
    fields = json.loads(protocol.encode(message))
    if name not in fields:
        fields[name] = value
    assert repr(protocol.decode(json.dumps(fields).encode())) == repr(message)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_a_protocol_error(line: bytes) -> None:
    with pytest.raises(protocol.ProtocolError):
        protocol.decode(line)


def test_a_diverged_loss_is_a_value() -> None:
    points = protocol.Points("r", (1, 2), {"loss": (math.inf, math.nan)})
    back = protocol.decode(protocol.encode(points))
    assert isinstance(back, protocol.Points)
    assert back.values["loss"][0] == math.inf
    assert math.isnan(back.values["loss"][1])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b'{"tag": "Nonsense"}', "unknown tag"),
        (b'{"run": "r"}', "unknown tag"),
        (b'{"tag": ["Pause"]}', "unknown tag"),
        (b"[1, 2]", "object"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"tag": "Pause"}', "Pause.run is missing"),
        (b'{"tag": "Pause", "run": 3}', "expected str"),
        (b'{"tag": "Heartbeat", "busy": 1}', "expected bool"),
        (b'{"tag": "Warm", "id": true}', "expected int"),
        (b'{"tag": "RunState", "run": "r", "state": "asleep"}', "none of"),
        (b'{"tag": "UpdateGraph", "id": 1, "revision": 1, "remove": "n1"}', "expected a list"),
        (b'{"tag": "TryCalls", "id": 1, "calls": [{"id": "n1", "kind": "layer", "inputs": [["x"]]}]}', "list of 2"),
        (b'{"tag": "SetLearningRate", "run": "r", "value": 1' + b"0" * 400 + b"}", "too large"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(line: bytes, complaint: str) -> None:
    with pytest.raises(protocol.ProtocolError, match=complaint):
        protocol.decode(line)


def test_a_whole_number_is_a_float_where_one_is_expected() -> None:
    message = protocol.decode(b'{"tag": "SetLearningRate", "run": "r", "value": 1}')
    assert message == protocol.SetLearningRate("r", 1.0)
    assert isinstance(message.value, float)
